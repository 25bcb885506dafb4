"""What tests of acts and their mails may ask for."""

import pytest
from django.core import mail


@pytest.fixture
def mails(settings, people):
    """The site sends mail, and everybody has an address."""
    settings.CAN_SEND_MAIL = True
    settings.SITE_URL = "https://reader.example.org"
    for person in vars(people).values():
        person.email = f"{person.username}@example.org"
        person.save(update_fields=["email"])


@pytest.fixture
def sent(mails, django_capture_on_commit_callbacks):
    """`sent(act)`: do it, let it be kept, and give the mails that went out."""

    def run(act) -> list:
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return mail.outbox[before:]

    return run
