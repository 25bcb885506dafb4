"""What readers propose about cards, and every version that a card has had."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reader.models.annotations import new_uid
from reader.models.articles import Article, Revision
from reader.models.cards import Card, Source
from reader.models.deciding import Decided, Status


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Who may see which proposals: their author and moderators, nobody else at any time."""

    def readable_by(self, person: Any) -> "ProposalQuerySet":
        if not person.is_authenticated:
            return self.none()
        return self if person.is_moderator else self.filter(author=person)

    def editable_by(self, person: Any) -> "ProposalQuerySet":
        """Their own, as long as nobody has accepted it or put it away."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(author=person, status__in=[Status.PENDING, Status.RETURNED, Status.REJECTED])

    def waiting(self) -> "ProposalQuerySet":
        """Those a moderator is asked to decide on."""
        return self.filter(status=Status.PENDING)

    def held_for(self, why: str) -> "ProposalQuerySet":
        """Those that wait for the reason `why` (a code of HeldFor)."""
        return self.annotate(_held=Cast("held_for", models.TextField())).filter(_held__contains=f'"{why}"')

    def with_subjects(self) -> "ProposalQuerySet":
        """All that showing a proposal needs, in one query."""
        return self.select_related("author", "card", "article", "revision", "decided_by", "changed_by", "claimed_by")


class Proposal(Decided):
    """A new card, a correction of one, or a place in a text that speaks of one. Its values are those of the form.

    `number` counts its wordings: whoever decides says which one they read. `before` has, for each field of a
    correction, what its author saw there, so that a change made meanwhile is not overwritten.
    """

    class Kind(models.TextChoices):
        CARD = "card", _("new card")
        CORRECTION = "correction", _("correction of a card")
        MENTION = "mention", _("mention of a card")

    uid = models.CharField(max_length=22, unique=True, default=new_uid, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    card = models.ForeignKey(Card, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals")
    about = models.CharField(max_length=200, help_text=_("The name of the card, as it was then."))
    values = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)
    accepted = models.JSONField(default=dict, blank=True, help_text=_("The values that were taken, if others."))
    source_title = models.CharField(_("publication"), max_length=400, blank=True)
    source_publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    source_url = models.URLField(_("address"), max_length=800, blank=True)
    source_date = models.CharField(_("date"), max_length=10, blank=True)
    why = models.TextField(_("why"), blank=True)
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="proposals")
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True, help_text=_("Code points, in the text of then."))
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    number = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(  # a moderator who changed the values before accepting them
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["waits_since", "pk"]
        indexes = [
            models.Index(fields=["status", "waits_since"], name="proposal_by_wait"),
            models.Index(fields=["author", "created"], name="proposal_by_author"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["rejected", "returned"]) | ~Q(reason=""),
                name="proposal_rejected_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | ~Q(source_title="", source_url=""),
                name="proposal_of_a_correction_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(revision__isnull=True, start__isnull=True, end__isnull=True) & ~Q(kind="mention")
                | Q(article__isnull=False, revision__isnull=False, start__isnull=False, start__lt=F("end")),
                name="proposal_has_a_whole_place_or_none",
            ),
        ]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self):
        return f"{self.get_kind_display()}: {self.about}"

    def get_absolute_url(self) -> str:
        return reverse("reader:proposal", args=[self.uid])

    def natural_key(self):
        return (self.uid,)

    @property
    def cited(self) -> dict[str, str]:
        """The source that was accepted, or would be."""
        own = {name: getattr(self, name) for name in ("source_title", "source_publisher", "source_url", "source_date")}
        return self.accepted.get("source") or own

    @property
    def taken(self) -> dict[str, Any]:
        """The values that were accepted, or would be: the moderator's where they changed them."""
        return self.accepted or self.values


class CardVersion(models.Model):
    """A card as it was after one change: whole, with who changed it and why. Added, never rewritten."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("as it was until then")
        LOADED = "loaded", _("brought in with an edition")
        EDITED = "edited", _("changed by an editor")
        MADE = "made", _("made from a proposal")
        CORRECTED = "corrected", _("corrected")
        UNDONE = "undone", _("correction taken back")
        PUT_BACK = "put-back", _("put back")

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    snapshot = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    proposal = models.ForeignKey(Proposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="versions")
    author = models.ForeignKey(  # who proposed it
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=150, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    restored = models.PositiveIntegerField(null=True, blank=True, help_text=_("The number of the one put back."))
    why = models.TextField(_("why"), blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["card", "number"]
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="card_version_number_once_a_card"),
            models.CheckConstraint(
                condition=Q(kind="put-back", restored__isnull=False) | ~Q(kind="put-back") & Q(restored__isnull=True),
                name="card_version_put_back_says_which",
            ),
        ]
        verbose_name = _("version of a card")
        verbose_name_plural = _("versions of cards")

    def __str__(self):
        return f"{self.card} · {self.number}"
