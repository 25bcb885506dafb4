"""A text being brought in, as its review page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reader.formats.incoming.model import Incoming, Raw
from reader.formats.incoming.reading import made_of
from reader.formats.nesting import footnotes_of
from reader.models import Draft, Paragraph
from reader.text.cleaning import alike
from reader.text.normalise import starts
from reader.text.segments import runs
from reader.text.structure import Removed
from reader.views.inline import paragraph_html, sign_furniture
from reader.views.rendering import ShownParagraph

MOST_BLOCKS = 200  # shown at first; all of them on demand
MOST_PLACES = 300  # named one by one in a group
REASONS: dict[str, str | Promise] = {
    "running-head": _("running head or foot"), "page-number": _("page number"), "hyphen": _("joined at a line end"),
    "repeated-title": _("title again"), "repeated-line": _("line that repeats"), "notice": _("notice"),
    "byline": _("author, kept above"), "address": _("address, kept above"), "dateline": _("date, kept above"),
    "author-heading": _("heading, shown by the page"), "rule": _("rule"), "contents": _("table of contents"),
    "outside": _("outside the article"),
    "picture": _("picture"), "title": _("title, kept above"),
}  # fmt: skip


@dataclass(frozen=True)
class RemovedGroup:
    """The same words taken out for the same reason, wherever they stood."""

    reason: str | Promise
    text: str
    items: list[Removed]
    back: frozenset[str]

    @property
    def name(self) -> str:
        """What the form calls all of them."""
        return f"all:{self.items[0].key}"

    @property
    def is_back(self) -> bool:
        """True when all of them were put back."""
        return all(item.key in self.back for item in self.items)

    @property
    def named(self) -> list[tuple[Removed, bool]]:
        """Each with whether it was put back; at most MOST_PLACES."""
        return [(item, item.key in self.back) for item in self.items[:MOST_PLACES]]


def blocks_shown(incoming: Incoming, *, everything: bool) -> tuple[list[ShownParagraph], int]:
    """The blocks as the reading page will show them, and how many more there are."""
    places = starts([block.text for block in incoming.blocks])
    rows = [
        Paragraph(number=number, kind=block.kind, text=block.text, markup=block.rows(), start=start)
        for number, (block, start) in enumerate(zip(incoming.blocks, places, strict=True), 1)
    ]
    notes = footnotes_of(rows)
    shown = rows if everything else rows[:MOST_BLOCKS]
    made = [
        ShownParagraph(row=row, html=paragraph_html(row, runs(len(row.text), []), [], sign_furniture(row, notes)))
        for row in shown
    ]
    return made, len(rows) - len(shown)


def removed_shown(draft: Draft, incoming: Incoming) -> list[RemovedGroup]:
    """What was taken out, and what would have been had its editor not put it back; in the order of the text."""
    kept = frozenset(draft.kept)
    items = {item.key: item for item in incoming.removed}
    if kept:
        items = {item.key: item for item in made_of(Raw.from_plain(draft.raw)).removed} | items
    groups: dict[tuple[str, str], list[Removed]] = {}
    for item in sorted(items.values(), key=lambda item: (item.page, item.number, item.key)):
        groups.setdefault((item.reason, _sameness(item)), []).append(item)
    return [RemovedGroup(REASONS.get(rows[0].reason, ""), rows[0].text, rows, kept) for rows in groups.values()]


def expanded(draft: Draft, ticked: Iterable[str]) -> set[str]:
    """The keys a form means: single ones, and all of a group by the key of its first."""
    chosen = set(ticked)
    groups = removed_shown(draft, made_of(Raw.from_plain(draft.raw), frozenset(draft.kept)))
    known = {item.key: group for group in groups for item in group.items}
    wanted = {key for key in chosen if key in known}
    for group in groups:
        if group.name in chosen:
            wanted |= {item.key for item in group.items}
    return wanted


def _sameness(item: Removed) -> str:
    """Page numbers are one group; heads that differ in a number alone are one as well."""
    return "" if item.reason == "page-number" else "".join(sign for sign in alike(item.text) if not sign.isdigit())
