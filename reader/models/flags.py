"""What readers tell moderators about other people's notes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from reader.models.annotations import Annotation, AnnotationVersion, Visibility


class FlagQuerySet(models.QuerySet["Flag"]):
    """Flags by note: how many, and one's own. Each is one query for a whole list of notes."""

    def of_the_site(self) -> "FlagQuerySet":
        """Without those inside reading groups, which neither help nor harm anybody outside."""
        return self.filter(version__visibility=Visibility.PUBLIC)

    def set_by(self, person: Any, notes: list[Annotation]) -> set[int]:
        """Ids of those of `notes` that `person` has flagged."""
        if not person.is_authenticated:
            return set()
        return set(self.filter(by=person, annotation__in=notes).values_list("annotation", flat=True))

    def counts(self, notes: list[Annotation]) -> dict[int, int]:
        """How many flags each of `notes` has, by its id; those without any are left out."""
        rows = self.filter(annotation__in=notes).order_by().values("annotation").annotate(n=Count("pk"))
        return {row["annotation"]: row["n"] for row in rows}


class Flag(models.Model):
    """One person's word that moderators should look at one wording of a note."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("spam or advertising")
        RUDE = "rude", _("rude or attacking somebody")
        WRONG = "wrong", _("misleading, without a source")
        OFF_TOPIC = "off-topic", _("not about the text")
        PRIVATE = "private", _("private data of somebody")
        OTHER = "other", _("something else")

    class Outcome(models.TextChoices):
        OPEN = "", _("not looked at yet")
        UPHELD = "upheld", _("the note was taken away")
        DISMISSED = "dismissed", _("the note stays")

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="flags")
    version = models.ForeignKey(AnnotationVersion, on_delete=models.CASCADE, related_name="flags")
    by = models.ForeignKey(  # empty once they closed their account: what they said stays
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="flags"
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True, choices=Reason)
    comment = models.TextField(_("comment"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True, choices=Outcome)
    closed = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [models.UniqueConstraint(fields=["version", "by"], name="flag_once_a_person_and_version")]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")

    def __str__(self):
        return f"{self.annotation.uid} · {self.by.username if self.by else '–'}"
