"""Work that nobody should wait for. Done at once without a worker; by a worker where there is one."""

from django_tasks import task

from reader.operations import mailing


@task()
def mail_at_once(ids: list[int]) -> int:
    """Mail these notifications. Returns how many mails were sent."""
    return mailing.send_at_once(ids)
