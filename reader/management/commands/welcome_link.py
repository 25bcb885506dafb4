"""manage.py welcome_link: the address that makes the first person to open it editor and moderator."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from reader.operations import welcoming


class Command(BaseCommand):
    help = "Print the one-time link for the first editor, while there is none."

    def handle(self, **options):
        if not welcoming.is_open():
            return "The site has its editor."
        return f"{settings.SITE_URL}{reverse('reader:welcome', args=[welcoming.new_token()])}"
