"""Notes and highlights: what they point at, their versions, and where they lie in each revision."""

import base64
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from reader.models.articles import Article, Revision
from reader.models.deciding import Decided, Status
from reader.models.groups import ReadingGroup

UNSEEN_FOR = timedelta(days=14)  # older ones were read by everybody, who could flag them


def new_uid(name: str | None = None) -> str:
    """22 URL-safe characters: random, or always the same ones for the same `name`."""
    made = uuid.uuid4() if name is None else uuid.uuid5(uuid.NAMESPACE_URL, name)
    return base64.urlsafe_b64encode(made.bytes).decode().rstrip("=")


class Visibility(models.TextChoices):
    PRIVATE = "private", _("only me")
    GROUP = "group", _("a reading group")
    PUBLIC = "public", _("everyone")


class Motivation(models.TextChoices):
    """W3C Web Annotation motivations. Those after «replying» are kept for programs; readers are not asked for them."""

    COMMENTING = "commenting", _("commenting")
    HIGHLIGHTING = "highlighting", _("highlighting")
    QUESTIONING = "questioning", _("questioning")
    ASSESSING = "assessing", _("assessing")
    DESCRIBING = "describing", _("describing")
    IDENTIFYING = "identifying", _("identifying")
    LINKING = "linking", _("linking")
    EDITING = "editing", _("suggesting a correction")
    BOOKMARKING = "bookmarking", _("bookmarking")
    REPLYING = "replying", _("replying")
    CLASSIFYING = "classifying", _("classifying")
    MODERATING = "moderating", _("moderating")
    REVIEWING = "reviewing", _("reviewing")
    TAGGING = "tagging", _("tagging")


MARKS = {Motivation.HIGHLIGHTING, Motivation.BOOKMARKING, Motivation.TAGGING}  # these say enough without words


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    """Who may see which notes: the one rule behind every page, feed and export."""

    def public(self) -> "AnnotationQuerySet":
        """What everyone may see: public notes that have an approved version."""
        return self.filter(visibility=Visibility.PUBLIC, published__isnull=False)

    def readable_by(self, person: Any) -> "AnnotationQuerySet":
        """What `person` may see: what is public, what is theirs, what is approved in groups they are in.

        Moderators see all that was written for everyone, owners of groups all that was written for their group.
        """
        seen = Q(visibility=Visibility.PUBLIC, published__isnull=False)
        if person.is_authenticated:
            mine = ReadingGroup.objects.of(person).values("pk")
            seen |= Q(author=person) | Q(group__in=mine, published__isnull=False) | Q(group__owner=person)
            if person.is_moderator:
                seen |= Q(visibility=Visibility.PUBLIC)
        return self.filter(seen)

    def editable_by(self, person: Any) -> "AnnotationQuerySet":
        """Their own, unless withdrawn or marked as spam."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(author=person).exclude(latest__status__in=[Status.SPAM, Status.WITHDRAWN])

    def listed(self) -> "AnnotationQuerySet":
        """Without what was taken away: withdrawn, or put away as spam with no approved wording left."""
        return self.exclude(latest__status__in=[Status.SPAM, Status.WITHDRAWN], published__isnull=True)

    def over(self, revision: Revision, start: int, end: int) -> "AnnotationQuerySet":
        """Those lying on code points `[start, end)` of a revision, in reading order, with their place in it."""
        here = self.filter(
            placements__revision=revision, placements__start__lt=end, placements__end__gt=start
        )  # fmt: skip
        placed = here.annotate(place_start=F("placements__start"), place_end=F("placements__end"))
        return placed.order_by("place_start", "pk")

    def on_whole_text(self) -> "AnnotationQuerySet":
        """Those about a text as a whole, which lie on none of its words; the oldest first."""
        return self.filter(parent__isnull=True, start__isnull=True).order_by("created", "pk")

    def lost_in(self, revision: Revision) -> "AnnotationQuerySet":
        """Those whose words the text of a revision has no longer, in the order they once stood in."""
        return self.filter(placements__revision=revision, placements__state=Placement.State.LOST).order_by(
            "start", "pk"
        )

    def waiting(self) -> "AnnotationQuerySet":
        """Public notes whose newest version waits for a decision."""
        return self.filter(visibility=Visibility.PUBLIC, latest__status=Status.PENDING)

    def to_moderate(self) -> "AnnotationQuerySet":
        """What a moderator is asked to look at: what waits, and public notes with flags nobody has closed."""
        return self._to_look_at().filter(visibility=Visibility.PUBLIC)

    def to_decide_in_a_group(self) -> "AnnotationQuerySet":
        """What the owner of a reading group is asked to look at: what waits for them, and what members flagged."""
        return self._to_look_at().filter(visibility=Visibility.GROUP)

    def _to_look_at(self) -> "AnnotationQuerySet":
        flagged = Q(published__isnull=False, pk__in=self.model.objects.filter(flags__outcome="").values("pk"))
        return self.filter(Q(latest__status=Status.PENDING) | flagged)

    def unseen(self) -> "AnnotationQuerySet":
        """Public notes of the last weeks that appeared at once and that no moderator has looked at."""
        by_readers = self.public().exclude(Q(author__is_editor=True) | Q(author__is_moderator=True))
        since = timezone.now() - UNSEEN_FOR
        return by_readers.filter(published__decided__isnull=True, published__created__gt=since)

    def held_for(self, why: str) -> "AnnotationQuerySet":
        """Those whose newest wording waits for the reason `why` (a code of HeldFor)."""
        held = self.annotate(_held=Cast("latest__held_for", models.TextField()))
        return held.filter(latest__status=Status.PENDING, _held__contains=f'"{why}"')

    def with_versions(self) -> "AnnotationQuerySet":
        """All that showing a note needs, in a fixed number of queries."""
        return self.select_related("author", "article", "published", "latest", "parent", "group").prefetch_related(
            "cards", "sources"
        )

    def get_by_natural_key(self, uid: str) -> "Annotation":
        return self.get(uid=uid)


class Annotation(models.Model):
    """A note, highlight or reply. Its target is what its author saw, and is never rewritten."""

    class Evidence(models.TextChoices):
        SOURCED = "sourced", _("sources carry the statement")
        PARTLY = "partly-sourced", _("sources carry part of it")
        NOT_FOUND = "not-found", _("no source was found")
        EDITORIAL = "editorial", _("a remark of the editors")

    uid = models.CharField(max_length=22, unique=True, default=new_uid, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="annotations")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="annotations"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    thread = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    motivation = models.CharField(max_length=20, choices=Motivation, default=Motivation.COMMENTING)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    group = models.ForeignKey(ReadingGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="annotations")
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True, help_text=_("Code points, in the text of then."))
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    published = models.ForeignKey(
        "AnnotationVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    latest = models.ForeignKey("AnnotationVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    evidence = models.CharField(max_length=20, choices=Evidence, blank=True)
    canonical = models.CharField(max_length=800, blank=True, help_text=_("Its lasting address elsewhere, if any."))
    via = models.CharField(max_length=800, blank=True, help_text=_("Where it was brought from."))
    cards = models.ManyToManyField("Card", blank=True, related_name="annotations")
    sources = models.ManyToManyField("Source", blank=True, related_name="annotations")
    created = models.DateTimeField(auto_now_add=True)
    tags = TaggableManager(blank=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["article", "start", "created"]
        indexes = [
            models.Index(fields=["article", "start"], name="annotation_by_place"),
            models.Index(fields=["author", "created"], name="annotation_by_author"),
            models.Index(fields=["thread", "created"], name="annotation_by_thread"),
            models.Index(  # few among very many: what not everyone sees
                fields=["article"],
                name="annotation_not_public",
                condition=Q(published__isnull=True) | ~Q(visibility="public"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=False, start__isnull=True, end__isnull=True)
                | Q(parent__isnull=True, revision__isnull=False, start__isnull=False, start__lt=F("end"))
                | Q(parent__isnull=True, revision__isnull=False, start__isnull=True, end__isnull=True, exact=""),
                name="annotation_has_one_kind_of_target",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, thread__isnull=True) | Q(parent__isnull=False, thread__isnull=False),
                name="annotation_reply_has_a_thread",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="private", published__isnull=False),
                name="annotation_private_is_not_published",
            ),
            models.CheckConstraint(
                condition=Q(visibility="group", group__isnull=False) | (~Q(visibility="group") & Q(group__isnull=True)),
                name="annotation_of_a_group_has_one",
            ),
        ]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self):
        return f"{self.uid} · {self.exact[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("reader:note", args=[self.uid])

    def natural_key(self):
        return (self.uid,)

    @property
    def layer(self) -> str:
        """Whose hand it is: `e` for editors, `r` for readers."""
        return "e" if self.author and self.author.is_editor else "r"

    @property
    def is_on_whole_text(self) -> bool:
        """About the text as a whole; replies lie on no words either, but answer a note."""
        return self.parent_id is None and self.start is None

    @property
    def is_private(self) -> bool:
        return self.visibility == Visibility.PRIVATE

    @property
    def is_public(self) -> bool:
        """Written for everyone; whether everyone sees it yet is another question."""
        return self.visibility == Visibility.PUBLIC

    @property
    def audience(self) -> str:
        """Whom it was written for, as one word: private, public, or «group:» and the uid of its group."""
        return f"group:{self.group.uid}" if self.group else self.visibility


class AnnotationVersion(Decided):
    """One wording of a note, with what was decided about it. Status belongs here, not to the note."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField(blank=True, help_text="Markdown")
    tag_names = models.JSONField(default=list, blank=True)
    # What a program said of it besides, in the terms of the Web Annotation Data Model: see reader/formats/w3c_more.py.
    more = models.JSONField(default=dict, blank=True, editable=False)
    # Whom these words were written for. Those whom the note reached later never read them.
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    edited_by = models.ForeignKey(  # a moderator who changed the author's words before approving them
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["annotation", "number"]
        indexes = [models.Index(fields=["status", "waits_since"], name="version_by_wait")]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "number"], name="version_number_once_a_note"),
            models.CheckConstraint(
                condition=~Q(status__in=["rejected", "returned"]) | ~Q(reason=""),
                name="version_rejected_with_a_reason",
            ),
        ]
        verbose_name = _("version of a note")
        verbose_name_plural = _("versions of notes")

    def __str__(self):
        return f"{self.annotation.uid} · {self.number}"

    @property
    def status_label(self) -> str:
        """How it stands, in words. What is written for a group waits for the group's owner."""
        if self.status == Status.PENDING and self.visibility == Visibility.GROUP:
            return str(_("waiting for the owner of the group"))
        return str(self.get_status_display())

    @property
    def language(self) -> str:
        """The first language its words are in, where somebody said so."""
        named = self.more.get("language", "")
        return named if isinstance(named, str) else next(iter(named), "")

    @property
    def direction(self) -> str:
        """How its words run (ltr, rtl, auto), where somebody said so."""
        return self.more.get("textDirection", "")


class Placement(models.Model):
    """Where a note lies in one revision, and how sure that is."""

    class State(models.TextChoices):
        EXACT = "exact", _("in its place")
        MOVED = "moved", _("moved with its words")
        CHANGED = "changed", _("the wording changed")
        LOST = "lost", _("its words are gone")

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="placements")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="placements")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.EXACT)
    score = models.FloatField(default=1.0)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["revision", "start"]
        indexes = [models.Index(fields=["revision", "start"], name="placement_by_place")]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "revision"], name="placement_once_a_revision"),
            models.CheckConstraint(
                condition=Q(state="lost", start__isnull=True, end__isnull=True)
                | (~Q(state="lost") & Q(start__isnull=False, start__lt=F("end"))),
                name="placement_has_a_place_unless_lost",
            ),
        ]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")

    def __str__(self):
        return f"{self.annotation.uid} in {self.revision}: {self.state}"
