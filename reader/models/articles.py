"""Articles, their revisions, and the paragraphs of a revision."""

from bisect import bisect_right

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reader.text.normalise import digest


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles by slug, and those that can be read."""

    def published(self) -> "ArticleQuerySet":
        """Articles that have a text to read."""
        return self.filter(current__isnull=False)

    def touch_notes(self) -> None:
        """Say of all of them that what the public sees has changed."""
        self.update(notes_version=F("notes_version") + 1)

    def get_by_natural_key(self, slug: str) -> "Article":
        return self.get(slug=slug)


class Article(models.Model):
    """A text with its origin and licence: enough to attribute any text on every page that shows it."""

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=300)
    authors = models.JSONField(_("authors"), default=list, help_text=_("A list of names."))
    author_bio = models.TextField(_("about the author"), blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    issn = models.CharField("ISSN", max_length=9, blank=True)
    published = models.DateField(_("published"), null=True, blank=True)
    source_url = models.URLField(_("original address"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=60, blank=True)
    licence_name = models.CharField(_("licence in full"), max_length=200, blank=True)
    licence_url = models.URLField(_("licence address"), max_length=500, blank=True)
    licence_statement_url = models.URLField(_("where the licence is stated"), max_length=500, blank=True)
    licence_confidence = models.CharField(_("certainty of the licence"), max_length=20, blank=True)
    copyright_holder = models.CharField(_("copyright"), max_length=200, blank=True)
    changes = models.TextField(_("what was changed"), blank=True, help_text=_("Shown under the text."))
    language = models.CharField(_("language"), max_length=35, default="en")
    summary = models.TextField(_("summary"), blank=True)
    policy = models.CharField(
        _("moderation policy"),
        max_length=40,
        blank=True,
        choices=[(name, name.replace("-", " ")) for name in settings.MODERATION_POLICIES],
        help_text=_("Empty: the policy of the site."),
    )
    hypothesis_sidebar = models.BooleanField(
        _("Hypothesis sidebar"),
        default=False,
        help_text=_("Readers may also open this text with the sidebar of the Hypothesis client."),
    )
    current = models.OneToOneField(
        "Revision",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("current revision"),
    )
    # Moves on each change the public can see; names the rendered page in caches and ETags.
    notes_version = models.PositiveBigIntegerField(default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published", "title"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reader:article", args=[self.slug])

    def natural_key(self):
        return (self.slug,)

    @property
    def byline(self) -> str:
        """The authors' names as one line."""
        return ", ".join(self.authors)

    def touch_notes(self) -> None:
        """Say that what the public sees has changed. Safe when several do it at once."""
        Article.objects.filter(pk=self.pk).touch_notes()


class Revision(models.Model):
    """One wording of an article; never rewritten once kept."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    source = models.TextField(_("source"), help_text=_("The Markdown this wording was made from."))
    text = models.TextField(_("text"))
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once_an_article"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_number_from_one"),
        ]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")

    def __str__(self):
        return f"{self.article.slug} · {self.number}"

    def save(self, *args, **kwargs):
        """Keep a new wording. An existing one cannot be rewritten: notes point into it by position."""
        if not self._state.adding:
            raise TypeError("A revision is never rewritten; publish a new one.")
        self.digest = digest(self.text)
        super().save(*args, **kwargs | {"force_insert": True})  # not over a row whose id was given by hand

    def get_absolute_url(self):
        return self.article.get_absolute_url()

    def paragraph_at(self, offset: int):
        """The paragraph holding the code point at `offset` of the text (a break belongs to the one before it)."""
        paragraphs = list(self.paragraphs.all())
        starts = [paragraph.start for paragraph in paragraphs]
        return paragraphs[max(0, bisect_right(starts, offset) - 1)]


class Paragraph(models.Model):
    """One block of a revision. Its text is `revision.text[start:end]`, to the code point."""

    class Kind(models.TextChoices):
        PARAGRAPH = "paragraph", _("paragraph")
        HEADING = "heading", _("heading")
        QUOTATION = "quotation", _("quotation")
        LIST_ITEM = "list-item", _("list item")
        TABLE_ROW = "table-row", _("row of a table")
        FOOTNOTE = "footnote", _("footnote")
        PREFORMATTED = "preformatted", _("preformatted")
        AUTHOR_NOTE = "author-note", _("note on the author")

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="paragraphs")
    number = models.PositiveIntegerField(_("number"), help_text=_("From 1, in order: ¶1, ¶2 …"))
    key = models.CharField(max_length=32, help_text=_("Follows the words from revision to revision."))
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.PARAGRAPH)
    text = models.TextField(_("text"))
    # [[start, end, kind, value], …]: code points within the paragraph; reader.text.structure lists the kinds.
    markup = models.JSONField(default=list, blank=True)
    start = models.PositiveIntegerField(help_text=_("Code points before it in the revision's text."))

    class Meta:
        ordering = ["revision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="paragraph_number_once_a_revision"),
            models.UniqueConstraint(fields=["revision", "key"], name="paragraph_key_once_a_revision"),
            models.CheckConstraint(condition=Q(number__gte=1), name="paragraph_number_from_one"),
        ]
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")

    def __str__(self):
        return f"¶{self.number}"

    def get_absolute_url(self):
        return reverse("reader:paragraph", args=[self.revision.article.slug, self.number])

    @property
    def end(self) -> int:
        """Code point after its last one, in the revision's text."""
        return self.start + len(self.text)

    def value(self, kind: str) -> str | None:
        """The value of a mark on the whole paragraph (see reader.text.structure), or None."""
        return next((value for _start, _end, name, value in self.markup if name == kind), None)
