"""Links inside a text, and the dated events it speaks of."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reader.models.articles import Article, Revision
from reader.models.cards import Card, Source


class CrossReference(models.Model):
    """From one passage to another, or to a card; one row is shown at both ends."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="crossreferences")
    key = models.CharField(max_length=32)
    start = models.PositiveIntegerField(help_text=_("Of the passage it starts from, in code points."))
    end = models.PositiveIntegerField()
    target_start = models.PositiveIntegerField(null=True, blank=True)
    target_end = models.PositiveIntegerField(null=True, blank=True)
    target_card = models.ForeignKey(
        Card, null=True, blank=True, on_delete=models.CASCADE, related_name="crossreferences"
    )
    label = models.CharField(_("label"), max_length=80, help_text=_("Read from source to target: «qualified in»."))
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ["revision", "start", "key"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "key"], name="crossreference_key_once_a_revision"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="crossreference_has_words"),
            models.CheckConstraint(
                condition=Q(target_card__isnull=False, target_start__isnull=True, target_end__isnull=True)
                | Q(target_card__isnull=True, target_start__isnull=False, target_start__lt=F("target_end")),
                name="crossreference_to_words_or_a_card",
            ),
            models.CheckConstraint(
                condition=Q(target_start__isnull=True) | ~Q(start=F("target_start"), end=F("target_end")),
                name="crossreference_not_to_itself",
            ),
        ]
        verbose_name = _("cross-reference")
        verbose_name_plural = _("cross-references")

    def __str__(self):
        return f"{self.key} {self.label}"


class TimelineEvent(models.Model):
    """A dated event of an article. Dates are ISO, as exact as they are known."""

    class Precision(models.TextChoices):
        DAY = "day", _("to the day")
        MONTH = "month", _("to the month")
        YEAR = "year", _("to the year")
        APPROXIMATE = "approximate", _("about")

    class Agreement(models.TextChoices):
        AS_STATED = "as-stated", _("as the article says")
        NARROWED = "narrowed", _("more exact than the article")
        CORRECTED = "corrected", _("other reports differ from the article")
        UNVERIFIED = "unverified", _("the article’s date; no source found")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="timeline")
    key = models.CharField(max_length=32)
    title = models.CharField(max_length=300)
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True, help_text=_("Of the passage, in code points."))
    end = models.PositiveIntegerField(null=True, blank=True)
    field = models.CharField(max_length=20, blank=True)
    card = models.ForeignKey(Card, null=True, blank=True, on_delete=models.SET_NULL, related_name="timeline")
    date_start = models.CharField(max_length=10)
    date_end = models.CharField(max_length=10, blank=True)
    precision = models.CharField(max_length=12, choices=Precision)
    as_stated = models.CharField(max_length=200, blank=True)
    agreement = models.CharField(max_length=12, choices=Agreement)
    note = models.TextField(blank=True)
    sources = models.ManyToManyField(Source, blank=True, related_name="timeline")

    class Meta:
        ordering = ["article", "date_start", "key"]
        constraints = [
            models.UniqueConstraint(fields=["article", "key"], name="event_key_once_an_article"),
            models.CheckConstraint(
                condition=(Q(revision__isnull=False, field="") & Q(start__isnull=False, start__lt=F("end")))
                | Q(revision__isnull=True, start__isnull=True, end__isnull=True) & ~Q(field=""),
                name="event_in_text_or_in_field",
            ),
        ]
        verbose_name = _("event of the timeline")
        verbose_name_plural = _("events of the timeline")

    def __str__(self):
        return f"{self.date_start} {self.title}"
