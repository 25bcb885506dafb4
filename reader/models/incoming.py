"""Texts an editor is bringing in, and what was decided about the names in them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reader.models.articles import Article
from reader.models.cards import Card


class Draft(models.Model):
    """A text that was read from a file and waits for its editor's look; gone once it is published or put away.

    `raw` is what the reader of the format found (reader.formats.incoming.Raw as plain values), `kept` the keys of
    what cleaning would take out and the editor put back. The file itself is not kept.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    created = models.DateTimeField(auto_now_add=True)
    name = models.CharField(_("file"), max_length=255)
    raw = models.JSONField()
    kept = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("text being brought in")
        verbose_name_plural = _("texts being brought in")

    def __str__(self):
        return self.name


class MentionDecision(models.Model):
    """Whether these words of an article speak of this card; asked once, not again for the next revision."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="mention_decisions")
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="mention_decisions")
    words = models.CharField(_("words"), max_length=200)
    accepted = models.BooleanField(_("accepted"))
    # Places where these words are not the card's though elsewhere they are: «before␟after», as they stood.
    declined_places = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["article", "words"]
        constraints = [
            models.UniqueConstraint(fields=["article", "card", "words"], name="mention_decision_once"),
            models.CheckConstraint(condition=~models.Q(words=""), name="mention_decision_has_words"),
        ]
        verbose_name = _("decision about a name")
        verbose_name_plural = _("decisions about names")

    def __str__(self):
        return f"{self.words} → {self.card}"
