"""The trail of moderation: written once, kept for ever."""

import math

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from reader.models.annotations import new_uid


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that can be read and added, not changed."""

    def of_the_site(self) -> "AppendOnlyQuerySet":
        """Without what happened inside reading groups: that is their owners' alone."""
        return self.filter(group_uid="")

    def update(self, **kwargs):
        raise TypeError("The trail is only written to, never changed.")

    def delete(self):
        raise TypeError("The trail is only written to, never erased.")

    def decisions(self):
        """Those that ended the waiting of a note."""
        Verb = ModerationEvent.Verb
        ended = [Verb.APPROVED, Verb.EDITED, Verb.REJECTED, Verb.RETURNED, Verb.SPAM]
        return self.filter(verb__in=ended, before="pending")

    def undone(self):
        """Those that were taken back."""
        taken = ModerationEvent.objects.filter(verb=ModerationEvent.Verb.UNDONE, act=OuterRef("act")).exclude(act="")
        return self.filter(Exists(taken))

    def overturned(self):
        """Approvals of what had been rejected, after its author answered."""
        Verb = ModerationEvent.Verb
        same = {name: OuterRef(name) for name in ("annotation_uid", "proposal_uid", "version")}
        answered = ModerationEvent.objects.filter(verb=Verb.APPEALED, at__lt=OuterRef("at"), **same)
        return self.filter(Exists(answered), verb=Verb.APPROVED)

    def waited_at(self, part: float) -> int | None:
        """The seconds of waiting that `part` of them did not exceed (nearest rank), or None without any."""
        waits = self.filter(waited__isnull=False).order_by("waited").values_list("waited", flat=True)
        rank = math.ceil(part * waits.count())
        return waits[rank - 1] if rank else None

    def forget(self, member, name: str) -> None:
        """Put `name` in the place of a person who leaves: the one change the trail takes. Their acts stay."""
        models.QuerySet.update(self.filter(by=member), by=None, by_name=name)
        models.QuerySet.update(self.filter(about=member), about=None, about_name=name)


class ModerationEvent(models.Model):
    """One act: who did what to which version of which note, proposal or card. Outlives them and the people."""

    class Verb(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        PUBLISHED = "published", _("appeared at once")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        SPAM = "spam", _("marked as spam")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")
        RESTORED = "restored", _("restored by its author")
        RETURNED = "returned", _("sent back to be revised")
        EDITED = "edited", _("changed by a moderator and approved")
        HIDDEN = "hidden", _("hidden until looked at")
        UNDONE = "undone", _("decision taken back")
        APPEALED = "appealed", _("rejection answered by its author")
        FLAGGED = "flagged", _("flagged by a reader")
        FLAG_CLOSED = "flag-closed", _("flags closed")
        SEEN = "seen", _("looked at and left as it is")
        TRUSTED = "trusted", _("became trusted")
        DISTRUSTED = "distrusted", _("no longer trusted")
        WARNED = "warned", _("warned")
        SUSPENDED = "suspended", _("suspended")
        BANNED = "banned", _("banned")
        LIFTED = "lifted", _("sanction lifted")
        PUT_BACK = "put-back", _("card put back")

    annotation = models.ForeignKey(
        "Annotation", null=True, blank=True, on_delete=models.SET_NULL, related_name="events"
    )
    annotation_uid = models.CharField(max_length=22, blank=True)
    proposal = models.ForeignKey("Proposal", null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    proposal_uid = models.CharField(max_length=22, blank=True)
    card = models.ForeignKey("Card", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    card_slug = models.CharField(max_length=120, blank=True)
    article = models.ForeignKey("Article", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    article_slug = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    group_uid = models.CharField(max_length=22, blank=True, help_text=_("Of the reading group it happened in."))
    verb = models.CharField(max_length=12, choices=Verb)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="acts_about"
    )
    about_name = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    # Rows of one act share this: a decision, the trust it earned, the flags it closed, and its being taken back.
    act = models.CharField(max_length=22, blank=True, default=new_uid, db_index=True, editable=False)
    waited = models.PositiveIntegerField(null=True, blank=True, help_text=_("Seconds, until this decision."))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["annotation_uid", "at"], name="event_by_note"),
            models.Index(fields=["group_uid", "at"], name="event_by_group"),
            models.Index(fields=["article_slug", "at"], name="event_by_article"),
        ]
        verbose_name = _("act of moderation")
        verbose_name_plural = _("acts of moderation")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name} {self.verb} {self.annotation_uid or self.proposal_uid}"

    def save(self, *args, **kwargs):
        """Write a new row; an existing one stays as it is."""
        if not self._state.adding:
            raise TypeError("The trail is only written to, never changed.")
        super().save(*args, **kwargs | {"force_insert": True})  # not over a row whose id was given by hand

    def delete(self, *args, **kwargs):
        raise TypeError("The trail is only written to, never erased.")
