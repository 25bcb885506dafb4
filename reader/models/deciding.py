"""What is decided on, a wording of a note or a proposal: how it stands, why it waits, who is at work on it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PENDING = "pending", _("waiting for a moderator")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("not accepted")
    RETURNED = "returned", _("sent back to be revised")
    SPAM = "spam", _("marked as spam")
    WITHDRAWN = "withdrawn", _("withdrawn")


class HeldFor(models.TextChoices):
    """Why a wording waits; kept on it as it was when it was written."""

    NEW_PERSON = "new-person", _("new person")
    LINK = "link", _("link from a new person")
    BLOCKED_WORD = "blocked-word", _("blocked word")
    SUSPECT_WORD = "suspect-word", _("suspect word from a new person")
    TOO_FAST = "too-fast", _("many notes in a short time")
    FLAGGED_BEFORE = "flagged-before", _("flagged before")
    FLAGGED = "flagged", _("flagged by readers")
    EDIT = "edit", _("edit of an approved note")
    ARTICLE = "article", _("everything waits on this article")
    EVERYTHING = "everything", _("everything waits")
    APPEAL = "appeal", _("the author answered the rejection")
    CARD = "card", _("proposal for a card")
    GROUP = "group", _("the owner of the group looks at it first")


class Decided(models.Model):
    """Waits for a decision, and keeps what was decided. An answer to a rejection lets it wait once more."""

    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    held_for = models.JSONField(default=list, blank=True, help_text=_("Why it waited."))
    # When it began to wait: as it was written, later when it was hidden or its author answered a rejection.
    waits_since = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed = models.DateTimeField(null=True, blank=True)
    appeal = models.TextField(_("answer to a rejection"), blank=True)
    appealed = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def held_for_labels(self) -> list[str]:
        """Why it waits, in words."""
        return [str(HeldFor(code).label) for code in self.held_for if code in HeldFor.values]
