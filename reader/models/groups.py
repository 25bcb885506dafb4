"""Reading groups: people who read and write together, seen by nobody else."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """22 URL-safe characters that nobody can guess."""
    return secrets.token_urlsafe(16)


class ReadingGroupQuerySet(models.QuerySet["ReadingGroup"]):
    """Whose groups."""

    def of(self, person: Any) -> "ReadingGroupQuerySet":
        """Those whose notes `person` reads and where they may write."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(pk__in=Membership.objects.filter(member=person).values("group"))

    def get_by_natural_key(self, uid: str) -> "ReadingGroup":
        return self.get(uid=uid)


class ReadingGroup(models.Model):
    """A group. It has one owner until it is closed; a closed group has nobody and nothing but its name."""

    uid = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("what it is for"), max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_groups"
    )
    # Who has the link may join; without one people join by invitation only.
    join_token = models.CharField(max_length=22, unique=True, null=True, blank=True, editable=False)
    notes_wait = models.BooleanField(_("notes wait for the owner"), default=False)
    created = models.DateTimeField(auto_now_add=True)
    closed = models.DateTimeField(null=True, blank=True)

    objects = ReadingGroupQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True, owner__isnull=False)
                | Q(closed__isnull=False, owner__isnull=True, join_token__isnull=True),
                name="group_has_an_owner_until_it_is_closed",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="group_has_a_name"),
        ]
        verbose_name = _("reading group")
        verbose_name_plural = _("reading groups")

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reader:group", args=[self.uid])

    def natural_key(self):
        return (self.uid,)

    @property
    def is_open(self) -> bool:
        """True when people with the link may join without being invited."""
        return self.join_token is not None


class Membership(models.Model):
    """That somebody belongs to a group."""

    group = models.ForeignKey(ReadingGroup, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    joined = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["joined", "pk"]
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="membership_once_a_group")]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self):
        return f"{self.member.username} in {self.group}"


class Invitation(models.Model):
    """That somebody may join a group; gone when they have answered."""

    group = models.ForeignKey(ReadingGroup, on_delete=models.CASCADE, related_name="invitations")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="invitation_once_a_group"),
            models.CheckConstraint(condition=~Q(member=F("by")), name="invitation_is_not_to_oneself"),
        ]
        verbose_name = _("invitation to a group")
        verbose_name_plural = _("invitations to groups")

    def __str__(self):
        return f"{self.member.username} to {self.group}"
