"""The public part of a reading page: the same for everyone, made once for each (revision, notes_version)."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reader.formats.nesting import footnotes_of
from reader.models import Annotation, Article, CrossReference, Mention, Paragraph, Placement, Revision
from reader.text.segments import runs
from reader.text.selectors import Span
from reader.views.inline import paragraph_html, sign_furniture, tag_of
from reader.views.wordings import tell_changes

MOST_NOTES, MOST_NOTES_A_PARAGRAPH, MOST_LOST = 60, 8, 20


@dataclass
class ShownParagraph:
    """One paragraph ready for the template."""

    row: Paragraph
    html: SafeString
    notes: list[Annotation] = field(default_factory=list)
    note_count: int = 0

    @property
    def opening(self) -> str:
        """Its first words, for the table of contents."""
        words = self.row.text.split()
        return " ".join(words[:5]) + ("…" if len(words) > 5 else "")

    @property
    def tag(self) -> str:
        """The element it is: p, pre, h2 …"""
        return tag_of(self.row)

    @property
    def look(self) -> str:
        """Classes for its kind, depth and part in a table."""
        depth = self.row.value("depth") or ""
        names = [self.row.kind, f"d{min(int(depth), 4)}" if depth.isdecimal() else ""]
        names += [name for _start, _end, name, _value in self.row.markup if name in ("header", "table")]
        return " ".join(filter(None, names))

    @property
    def sign(self) -> str:
        """What stands before it: the sign of a list item, the label of a footnote."""
        return self.row.value("item") or self.row.value("label") or ""


@dataclass
class PublicPart:
    """All that a reading page shows to everyone."""

    paragraphs: list[ShownParagraph]
    references: list[dict]
    placed_count: int  # notes on words of this text
    card_count: int
    word_count: int
    whole: list[Annotation] = field(default_factory=list)  # notes on the text as a whole
    whole_count: int = 0
    lost: list[Annotation] = field(default_factory=list)
    lost_count: int = 0

    @property
    def note_count(self) -> int:
        """How many notes everyone can read, wherever they are."""
        return self.placed_count + self.whole_count + self.lost_count

    @property
    def left_out(self) -> int:
        """How many notes in the margin the page does not carry in full."""
        return self.placed_count - sum(len(p.notes) for p in self.paragraphs)

    @property
    def contents(self) -> list[ShownParagraph]:
        """What the table of contents lists: the headings of a text that has some, else every paragraph."""
        heads = [p for p in self.paragraphs if p.row.kind in (Paragraph.Kind.HEADING, Paragraph.Kind.AUTHOR_NOTE)]
        return heads if len(heads) > 2 else self.paragraphs


def public_part(article: Article, revision: Revision | None = None) -> PublicPart:
    """Read everything once and make the public part of a revision, by default the current one; the number of
    queries is fixed."""
    revision = revision or article.current
    paragraphs = list(revision.paragraphs.all())
    placed = _placed(revision)
    chosen = _chosen_notes(paragraphs, placed)
    lost = list(_lost(revision)[:MOST_LOST])
    on_whole = article.annotations.public().on_whole_text().with_versions()
    whole = list(on_whole[:MOST_LOST])
    for note in [*lost, *whole]:
        note.shown = note.published
    tell_changes([*chosen, *lost], revision)
    references = list(revision.crossreferences.select_related("target_card"))
    mentions = list(revision.mentions.select_related("card"))
    furniture = _note_marks(chosen) + _reference_marks(references, paragraphs)
    footnotes = footnotes_of(paragraphs)
    shown = [_shown(p, placed, mentions, furniture, chosen, footnotes) for p in paragraphs]
    return PublicPart(
        paragraphs=shown,
        references=[_reference(r, revision, paragraphs) for r in references],
        placed_count=len(placed),
        card_count=_mentions_of(article, revision).values("card").distinct().count(),
        word_count=sum(len(p.text.split()) for p in paragraphs if p.kind != Paragraph.Kind.AUTHOR_NOTE),
        whole=whole,
        whole_count=_how_many(on_whole, whole),
        lost=lost,
        lost_count=_how_many(_lost(revision), lost),
    )


def _how_many(notes: QuerySet[Annotation], carried: list[Annotation]) -> int:
    """All of them; asked only where the page carries as many as it can."""
    return notes.count() if len(carried) == MOST_LOST else len(carried)


def _mentions_of(article: Article, revision: Revision) -> QuerySet[Mention]:
    """Mentions in a revision's text and in the article's front matter; not those of other wordings."""
    return Mention.objects.filter(Q(revision=revision) | ~Q(field=""), article=article)


def _lost(revision: Revision) -> QuerySet[Annotation]:
    """Public notes whose words this revision has no longer."""
    return Annotation.objects.public().lost_in(revision).with_versions()


def _placed(revision: Revision) -> list[tuple[int, int, int, str]]:
    """(annotation, start, end, layer) of every public note that has a place, in reading order."""
    public = Placement.objects.filter(
        revision=revision, start__isnull=False, annotation__in=Annotation.objects.public()
    )
    rows = public.order_by("start", "annotation").values_list(
        "annotation", "start", "end", "annotation__author__is_editor"
    )
    return [(pk, start, end, "e" if is_editor else "r") for pk, start, end, is_editor in rows]


def _chosen_notes(paragraphs: list[Paragraph], placed: list) -> list[Annotation]:
    """The notes a page carries in full: editors' first, bounded however many there are."""
    starts = [p.start for p in paragraphs]
    per_paragraph: Counter[int] = Counter()
    picked: list[int] = []
    for pk, start, _end, _layer in sorted(placed, key=lambda place: (place[3] != "e", place[1])):
        where = bisect_right(starts, start)
        if len(picked) < MOST_NOTES and per_paragraph[where] < MOST_NOTES_A_PARAGRAPH:
            per_paragraph[where] += 1
            picked.append(pk)
    place_of = {pk: (start, end) for pk, start, end, _layer in placed}
    notes = list(Annotation.objects.filter(pk__in=picked).with_versions())
    for note in notes:
        note.place_start, note.place_end = place_of[note.pk]
        note.shown = note.published
    notes.sort(key=lambda note: (note.place_start, note.pk))
    for number, note in enumerate(notes, 1):
        note.number = number
    return notes


def _note_marks(notes: list[Annotation]) -> list[tuple[int, str]]:
    """The number behind the words of each note, for print and for pages without JavaScript."""
    return [
        (
            note.place_end,
            f'<a class="noteref" id="ref-{note.uid}" href="#note-{note.uid}" data-label="{note.number}"'
            f' aria-label="{escape(_("Note %d") % note.number)}"></a>',
        )
        for note in notes
    ]


def _reference_marks(references: list[CrossReference], paragraphs: list[Paragraph]) -> list[tuple[int, str]]:
    made = []
    for reference in references:
        home = _number_at(paragraphs, reference.start)
        if reference.target_card:
            name = f"{reference.label}: {reference.target_card.name}"
            made.append((reference.end, _reference_mark(reference.key, "source", "※", name)))
            continue
        there = _number_at(paragraphs, reference.target_start)
        name = _("%(label)s paragraph %(number)d") % {"label": reference.label, "number": there}
        made.append((reference.end, _reference_mark(reference.key, "source", f"¶{there}", name)))
        name = _("Referred to from paragraph %d") % home
        made.append((reference.target_end, _reference_mark(reference.key, "target", f"↩{home}", name)))
    return made


def _reference_mark(key: str, end: str, label: str, name: str) -> str:
    key = escape(key)
    return (
        f'<a class="xref" id="{key}-{end}" href="#{key}" data-label="{escape(label)}"'
        f' aria-label="{escape(_("Reference: %s") % name)}"></a>'
    )


def _reference(reference: CrossReference, revision: Revision, paragraphs: list[Paragraph]) -> dict:
    has_target = reference.target_start is not None
    return {
        "row": reference,
        "words": revision.text[reference.start : reference.end],
        "number": _number_at(paragraphs, reference.start),
        "target_words": revision.text[reference.target_start : reference.target_end] if has_target else "",
        "target_number": _number_at(paragraphs, reference.target_start) if has_target else None,
    }


def _number_at(paragraphs: list[Paragraph], offset: int) -> int:
    starts = [p.start for p in paragraphs]
    return paragraphs[max(0, bisect_right(starts, offset) - 1)].number


def _shown(
    row: Paragraph, placed: list, mentions: list[Mention], furniture: list, notes: list, footnotes: dict[str, int]
) -> ShownParagraph:
    here = [place for place in placed if place[1] < row.end and row.start < place[2]]
    spans = [(Span(max(0, start - row.start), max(0, end - row.start)), layer) for _pk, start, end, layer in here]
    links = [m for m in mentions if row.start <= m.start < row.end]
    marks = [(at - row.start, html) for at, html in furniture if row.start < at <= row.end]  # numbers in their order
    marks = sorted([*marks, *sign_furniture(row, footnotes)], key=lambda mark: mark[0])
    return ShownParagraph(
        row=row,
        html=paragraph_html(row, runs(len(row.text), spans), links, marks),
        notes=[note for note in notes if row.start <= note.place_start < row.end],
        note_count=sum(1 for place in here if row.start <= place[1]),
    )
