"""What every page's frame needs beside its own subject."""

from django.conf import settings

from reader import access
from reader.models import Annotation


def site(request):
    """The site's name and address, and for moderators how many notes wait (asked only when shown)."""
    return {
        "site_name": settings.SITE_NAME,
        "can_send_mail": settings.CAN_SEND_MAIL,
        "site_url": settings.SITE_URL,
        "waiting_count": lambda: Annotation.objects.waiting().count() if access.can_moderate(request.user) else 0,
    }
