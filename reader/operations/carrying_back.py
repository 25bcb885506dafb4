"""Carrying back: an earlier wording is published again, and what lay on it lies where it lay."""

from collections.abc import Iterator
from functools import cached_property

from reader.models import Annotation, Article, CrossReference, Mention, Placement, Revision
from reader.operations.carrying import EXACT, MOVED, Carrying, Fate
from reader.text.selectors import Span


class Restoring(Carrying):
    """Everything on an article, for the text of revision `former` again; what came later is carried to it."""

    def __init__(self, article: Article, text: str, former: Revision) -> None:
        super().__init__(article, text)
        self.former = former

    def note(self, note: Annotation, places: list[Placement]) -> Fate:
        """Where it lay in that revision; carried, if it was written later or was lost there."""
        for place in places:
            if place.revision_id == self.former.pk and place.start is not None and place.end is not None:
                span = Span(place.start, place.end)
                return Fate(
                    f"note-{note.uid}", "note", note, self.former, span, span, place.state, place.score,
                    settled=True, placed_by=place.placed_by_id,
                )  # fmt: skip
        return super().note(note, places)

    @cached_property
    def mentions(self) -> list[Fate]:
        """Those of that revision, and those made since whose words stand there and are free."""
        rows = self.former.mentions.select_related("card")
        again = [self._again(f"mention-{row.pk}", row, row.start, row.end) for row in rows]
        taken = [fate.old for fate in again]
        later = (fate for fate in super().mentions if fate.new and fate.state in (EXACT, MOVED))
        return [*again, *(f for f in later if f.new and not any(f.new.overlaps(other) for other in taken))]

    @cached_property
    def references(self) -> list[tuple[Fate, ...]]:
        """Those of that revision, and those made since."""
        rows = list(self.former.crossreferences.select_related("target_card"))
        known = {row.key for row in rows}
        later = [ends for ends in super().references if key_of(ends) not in known]
        return [*(tuple(self._ends_again(row)) for row in rows), *later]

    def _ends_again(self, row: CrossReference) -> Iterator[Fate]:
        yield self._again(f"reference-{row.pk}", row, row.start, row.end)
        if row.target_start is not None and row.target_end is not None:
            yield self._again(f"reference-{row.pk}-target", row, row.target_start, row.target_end)

    def _again(self, name: str, row: Mention | CrossReference, start: int, end: int) -> Fate:
        span = Span(start, end)
        kind = name.partition("-")[0]
        return Fate(name, kind, row, self.former, span, span, EXACT, 1.0, settled=True)


def key_of(ends: tuple[Fate, ...]) -> str:
    """The key of the reference whose ends these are."""
    row = ends[0].row
    return row.key if isinstance(row, CrossReference) else ""
