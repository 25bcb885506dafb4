"""Context cards: figures, bodies, events, places, ideas; their facts, relations, sources and mentions."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from reader.models.articles import Article, Revision


class SlugManager(models.Manager):
    """Rows found by slug in fixtures."""

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Source(models.Model):
    """Where a statement comes from. Dates are ISO, as exact as they are known: 2018, 2018-03, 2018-03-21."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=400)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    url = models.URLField(_("address of the copy read"), max_length=800, blank=True)
    canonical_url = models.URLField(_("address of the original"), max_length=800, blank=True)
    date = models.CharField(_("date"), max_length=10, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = SlugManager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return self.title

    def natural_key(self):
        return (self.slug,)


class Card(models.Model):
    """What a reader would like to know about a name in a text, kept once for all texts."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        EVENT = "event", _("event")
        PLACE = "place", _("place")
        CONCEPT = "concept", _("concept")
        PUBLICATION = "publication", _("publication")

    class Verification(models.TextChoices):
        VERIFIED = "verified", _("checked against its sources")
        PARTLY = "partly-verified", _("partly checked")
        UNVERIFIED = "unverified", _("not checked")

    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    native_name = models.CharField(_("native name"), max_length=200, blank=True)
    romanised_name = models.CharField(_("romanised name"), max_length=200, blank=True)
    aliases = models.JSONField(_("aliases"), default=list, blank=True, help_text=_("As they stand in texts."))
    other_names = models.JSONField(_("other names"), default=list, blank=True)
    role = models.CharField(_("role"), max_length=400, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    date_label = models.CharField(max_length=20, blank=True, help_text=_("life, event, founded or period"))
    date_start = models.CharField(max_length=10, blank=True)
    date_end = models.CharField(max_length=10, blank=True)
    external_ids = models.JSONField(default=dict, blank=True)
    verification = models.CharField(max_length=20, choices=Verification, default=Verification.UNVERIFIED)
    verification_note = models.TextField(blank=True)
    sources = models.ManyToManyField(Source, blank=True, related_name="cards")
    edition = models.JSONField(default=dict, blank=True, editable=False, help_text="What its edition said of it last.")
    tags = TaggableManager(blank=True)

    objects = SlugManager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("card")
        verbose_name_plural = _("cards")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("reader:card", args=[self.slug])

    def natural_key(self):
        return (self.slug,)

    @property
    def seal(self) -> str:
        """The one character that stands for the card: of its native name, else its initial."""
        return (self.native_name or self.name).lstrip("“‘\"'")[:1]

    @property
    def years(self) -> str:
        """Its dates in a few words: «1883–1946», «born 1945», «founded 1921», «23 July 2023»."""
        first, last = self.date_start[:4], self.date_end[:4]
        if not first:
            return ""
        if self.date_label == "event" and self.date_end in ("", self.date_start):
            return self.date_start
        if last and last != first:
            return f"{first}–{last}"
        words = {"life": _("born %s"), "founded": _("founded %s"), "period": _("since %s")}
        return words.get(self.date_label, "%s") % first if not last else first

    @property
    def seal_language(self) -> str:
        """The language of the seal's character, for fonts and screen readers."""
        return "zh" if self.native_name else "en"


class Fact(models.Model):
    """One dated statement on a card."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="facts")
    position = models.PositiveIntegerField()
    date = models.CharField(_("date"), max_length=10, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["card", "position"]
        constraints = [models.UniqueConstraint(fields=["card", "position"], name="fact_position_once_a_card")]
        verbose_name = _("fact")
        verbose_name_plural = _("facts")

    def __str__(self):
        return f"{self.date} {self.text}"


class Relation(models.Model):
    """«card … other»: one row for both ends, with the words for each direction that was written down."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="relations_to")
    label = models.CharField(_("relation"), max_length=120, help_text=_("Read: this card … that card."))
    inverse_label = models.CharField(_("read from the other end"), max_length=120, blank=True)

    class Meta:
        ordering = ["card", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["card", "other", "label"], name="relation_once_a_pair"),
            models.CheckConstraint(condition=~Q(card=F("other")), name="relation_not_to_itself"),
        ]
        verbose_name = _("relation")
        verbose_name_plural = _("relations")

    def __str__(self):
        return f"{self.card} {self.label} {self.other}"


class Mention(models.Model):
    """A place where a text speaks of a card: in a revision's text, or in a field of the article."""

    class Kind(models.TextChoices):
        NAME = "name", _("name")
        ALIAS = "alias", _("other wording")
        ROLE = "role", _("an office for its holder")
        DESCRIPTIVE = "descriptive", _("description")

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="mentions")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="mentions")
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="mentions")
    field = models.CharField(max_length=20, blank=True, help_text=_("Front matter: title, author, publisher."))
    start = models.PositiveIntegerField(help_text=_("Code points in the revision's text or in the field."))
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.NAME)
    proposal = models.ForeignKey(  # the reader's word it was made on
        "Proposal", null=True, blank=True, on_delete=models.SET_NULL, related_name="mentions"
    )

    class Meta:
        ordering = ["revision", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="mention_has_words"),
            models.CheckConstraint(
                condition=Q(revision__isnull=True) ^ Q(field=""), name="mention_in_text_or_in_field"
            ),
            models.UniqueConstraint(fields=["revision", "start"], condition=Q(field=""), name="mention_once_a_place"),
            models.UniqueConstraint(
                fields=["article", "field", "start"], condition=~Q(field=""), name="mention_once_a_field_place"
            ),
        ]
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")

    def __str__(self):
        return f"{self.card} at {self.field or self.revision}:{self.start}"
