"""Close the accounts whose waiting week is over. Run it once a day; run twice, it does nothing more."""

from django.core.management.base import BaseCommand

from reader.operations import leaving


class Command(BaseCommand):
    """`manage.py close_accounts`."""

    help = "Closes the accounts whose waiting week is over, each in one transaction."

    def handle(self, *args, **options):
        closed = sum(leaving.carry_out(pk) for pk in list(leaving.due().values_list("pk", flat=True)))
        return f"{closed} closed."
