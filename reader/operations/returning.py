"""What comes back with its words: mentions and references of a sentence that was taken out once and stands again.

Mentions and references have no history of their own, only rows of each revision they were good for. A sentence that
an earlier revision had and the current one has not brings its own back when it returns, each to its very words.
"""

from collections.abc import Iterator

from reader.models import CrossReference, Revision
from reader.operations.carrying import EXACT, Carrying, Fate
from reader.operations.carrying_back import key_of
from reader.text.selectors import Span
from reader.text.sentences import sentences

LOOK_BACK = 20  # revisions before the current one
SHORTEST = 20  # code points of a sentence that is itself when it stands somewhere else again


def returning_mentions(carrying: Carrying) -> Iterator[Fate]:
    """Mentions to be made again, none over another one."""
    taken = [fate.new for fate in carrying.mentions if fate.new]
    for revision, sentence, there in _returned(carrying):
        rows = revision.mentions.filter(start__gte=sentence.start, end__lte=sentence.end)
        for row in rows.select_related("card"):
            old = Span(row.start, row.end)
            new = Span(old.start + there - sentence.start, old.end + there - sentence.start)
            if not any(new.overlaps(other) for other in taken):
                taken.append(new)
                yield Fate(f"mention-{row.pk}", "mention", row, revision, old, new, EXACT, 1.0, settled=True)


def returning_references(carrying: Carrying) -> Iterator[tuple[Fate, ...]]:
    """References to be made again: one end at least returned, the other stands."""
    kept = {key_of(ends) for ends in carrying.references}
    for revision, sentence, _there in _returned(carrying):
        for row in revision.crossreferences.select_related("target_card"):
            touched = _inside(row.start, row.end, sentence) or _inside(row.target_start, row.target_end, sentence)
            if touched and row.key not in kept and (ends := _ends(carrying, revision, row)):
                kept.add(row.key)
                yield ends


def _returned(carrying: Carrying) -> Iterator[tuple[Revision, Span, int]]:
    """(revision, sentence in it, its start in the new text) of sentences that the current text has not."""
    known: set[str] = set()
    for revision in _earlier(carrying):
        for paragraph in revision.paragraphs.all():
            for span in sentences(paragraph.text):
                words = span.of(paragraph.text)
                if len(words) < SHORTEST or words in known:
                    continue
                known.add(words)
                if words not in carrying.current.text and carrying.text.count(words) == 1:
                    start = paragraph.start + span.start
                    yield revision, Span(start, start + len(words)), carrying.text.index(words)


def _earlier(carrying: Carrying) -> list[Revision]:
    rows = [row for row in carrying.revisions.values() if row.number < carrying.current.number]
    return sorted(rows, key=lambda row: -row.number)[:LOOK_BACK]


def _inside(start: int | None, end: int | None, sentence: Span) -> bool:
    return start is not None and end is not None and sentence.start <= start and end <= sentence.end


def _ends(carrying: Carrying, revision: Revision, row: CrossReference) -> tuple[Fate, ...]:
    """Both ends on their very words, or nothing."""
    spans = [(f"reference-{row.pk}", Span(row.start, row.end))]
    if row.target_start is not None and row.target_end is not None:
        spans.append((f"reference-{row.pk}-target", Span(row.target_start, row.target_end)))
    carried = [(name, old, carrying.carrier.carry(revision, old)) for name, old in spans]
    if any(found.score < 1 or found.span is None for _name, _old, found in carried):
        return ()
    fates = (
        Fate(name, "reference", row, revision, old, found.span, found.state, found.score, settled=True)
        for name, old, found in carried
    )
    return tuple(fates)
