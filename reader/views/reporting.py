"""What a new wording does to what lies on the text, in rows for the page an editor looks at before publishing."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reader.models import Annotation, CrossReference, Mention, Revision, TimelineEvent
from reader.operations.carrying import Carrier, Fate
from reader.operations.revising import SIGNS, STILL, Report
from reader.text.excerpts import Excerpt, excerpt
from reader.text.selectors import Span
from reader.text.sentences import sentences

REACH = 90  # code points shown either side of the words
KINDS = {
    "note": gettext_lazy("Notes"),
    "mention": gettext_lazy("Mentions of cards"),
    "reference": gettext_lazy("Ends of references"),
    "event": gettext_lazy("Quotes of the timeline"),
}
STATES = ("exact", "moved", SIGNS, STILL, "changed", "lost")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at: what it is, its words then and now."""

    fate: Fate
    title: str
    detail: str
    then: Excerpt
    now: Excerpt | None

    @property
    def says(self) -> str:
        """What becomes of it, in a sentence."""
        if self.fate.corrected:
            return _("You chose these words.") if self.fate.new else _("You said that its words are gone.")
        return _("Its words are gone.") if self.fate.new is None else _("Other words stand there now.")


def count_rows(report: Report) -> list[tuple[str, list[int], int]]:
    """(kind, one number for each of STATES, their sum) for every kind there is any of."""
    rows = []
    for kind, name in KINDS.items():
        numbers = [report.counts[kind][state] for state in STATES]
        if sum(numbers):
            rows.append((str(name), numbers, sum(numbers)))
    return rows


def doubts(report: Report) -> Iterator[Doubt]:
    """The doubtful places, in the order of the old text within each kind; the lost first."""
    for fate in sorted(report.doubtful, key=lambda fate: (fate.new is not None, fate.old.start)):
        title, detail = _named(fate)
        now = excerpt(report.text, fate.new, reach=REACH, one_paragraph=True) if fate.new else None
        then = excerpt(fate.revision.text, fate.old, reach=REACH, one_paragraph=True)
        yield Doubt(fate=fate, title=title, detail=detail, then=then, now=now)


def where_to_look(report: Report, fate: Fate) -> Span:
    """The stretch of the new text where the words of a place should be looked for."""
    return fate.new or likely_place(report.carrying.carrier, fate.revision, fate.old)


def likely_place(carrier: Carrier, revision: Revision, span: Span) -> Span:
    """Where words of a revision that are gone would stand: what is there instead, else in what their sentence has
    become, else at the same part of what their paragraph has become, else of the text."""
    paragraph = revision.paragraph_at(span.start)
    inside = (Span(s.start + paragraph.start, s.end + paragraph.start) for s in sentences(paragraph.text))
    sentence = next((each for each in inside if each.start <= span.start < each.end), span)
    found = carrier.carry(revision, span).span or carrier.instead(revision, span)
    found = found or carrier.carry(revision, sentence).span
    if found is not None:
        return found
    whole = carrier.carry(revision, Span(paragraph.start, paragraph.end)).span or Span(0, len(carrier.text))
    is_known = len(whole) < len(carrier.text)
    part = (span.start - paragraph.start) / len(paragraph.text) if is_known else span.start / len(revision.text)
    at = whole.start + int(len(whole) * part)
    return Span(at, at)


def _named(fate: Fate) -> tuple[str, str]:
    """What it is, and what it says."""
    row = fate.row
    if isinstance(row, Annotation):
        author = row.author.name if row.author else _("a former member")
        body = row.latest.body if row.latest else ""
        return _("Note by %s") % author, body
    if isinstance(row, Mention):
        return _("Mention of %s") % row.card.name, ""
    if isinstance(row, CrossReference):
        return _("Reference «%s»") % row.label, row.reason
    return (_("Timeline: %s") % row.title, "") if isinstance(row, TimelineEvent) else ("", "")
