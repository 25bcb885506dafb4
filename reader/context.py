"""What every page's frame needs beside its own subject."""

from functools import cache as once

from django.conf import settings

from reader import access
from reader.models import Annotation, Notification, Proposal
from reader.models.prepared import count_for


def site(request):
    """The site's name and address, and for moderators how many things wait for them and for members how many
    things they have not read about (each asked once, and only when shown)."""
    return {
        "site_name": settings.SITE_NAME,
        "can_send_mail": settings.CAN_SEND_MAIL,
        "site_url": settings.SITE_URL,
        "waiting_count": once(lambda: _waiting_count(request.user)),
        "unread_count": once(lambda: _unread_count(request.user)),
    }


def _unread(person):
    return Notification.objects.holding(person).unread()


def _waiting(person):
    proposals = Proposal.objects.waiting().order_by().values("pk")
    return Annotation.objects.to_moderate().order_by().values("pk").union(proposals, all=True)


def _unread_count(person: access.Person) -> int:
    return count_for(person, _unread) if person.is_authenticated else 0


def _waiting_count(person: access.Person) -> int:
    return count_for(person, _waiting) if access.can_moderate(person) else 0
