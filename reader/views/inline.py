"""One paragraph as HTML: its words with highlights, mentions, emphasis, links, cells and signs; its text unchanged.

Runs of text are joined as strings: the template engine takes thirty times as long for the same marks.
"""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reader.formats.nesting import cell_edges, footnote_signs, parts_cells
from reader.formats.passage_html import element_of
from reader.models import Mention, Paragraph
from reader.text.segments import Run, cut
from reader.text.structure import CELL

TAG_OF_MARKUP = {
    "strong": "strong", "emphasis": "em", "code": "code", "strike": "s", "superscript": "sup", "subscript": "sub",
}  # fmt: skip
_NEXT_CELL = f'</span><span class="tab">{CELL}</span><span class="cell">'


def paragraph_html(
    row: Paragraph, covered: Sequence[Run], mentions: Sequence[Mention], furniture: Sequence[tuple[int, str]]
) -> SafeString:
    """The paragraph's text with its marks, mentions, emphasis and furniture; its text content is unchanged.

    `furniture` are (offset, html) pairs of elements without text, in order; one that falls inside a
    mention or a link stands behind it, since a link holds no other link.
    """
    writer = _Writer(row, mentions, furniture)
    for run in cut(list(covered), writer.edges()):
        writer.take(run)
    return writer.done()


def tag_of(row: Paragraph) -> str:
    """The element a paragraph is on a page, where lists and tables are made of paragraphs."""
    return element_of(row) if row.kind in (Paragraph.Kind.HEADING, Paragraph.Kind.PREFORMATTED) else "p"


def sign_furniture(row: Paragraph, notes: dict[str, int]) -> list[tuple[int, str]]:
    """The signs of footnotes in a paragraph, each a link to the paragraph `notes` gives for its label."""
    made = []
    for start, label in footnote_signs(row):
        name, number = escape(label), notes.get(label)
        address = f' href="#p{number}"' if number else ""
        said = escape(_("Footnote %s") % label)
        made.append((start, f'<a class="fnref"{address} data-label="{name}" aria-label="{said}"></a>'))
    return made


class _Writer:
    """Writes the runs of one paragraph in order; at most one link is open at a time."""

    def __init__(self, row: Paragraph, mentions: Sequence[Mention], furniture: Sequence[tuple[int, str]]) -> None:
        self.row = row
        self.mentions = {mention.start - row.start: mention for mention in mentions}
        self.links = [(start, end, value) for start, end, kind, value in row.markup if kind == "link" and value]
        self.waiting = sorted(furniture, key=lambda each: each[0])[::-1]
        self.is_row = row.kind == Paragraph.Kind.TABLE_ROW
        self.made = ['<span class="cell">'] if self.is_row else []
        self.open_until: int | None = None

    def edges(self) -> set[int]:
        """Where runs must be cut."""
        found = {at for at, _html in self.waiting}
        found |= {edge for m in self.mentions.values() for edge in (m.start - self.row.start, m.end - self.row.start)}
        found |= {edge for start, end, *_rest in self.row.markup for edge in (start, end)}
        return found | cell_edges(self.row)

    def take(self, run: Run) -> None:
        mention = self.mentions.get(run.start)
        is_tab = parts_cells(self.row, self.row.text[run.start : run.end])
        if self.open_until is not None and (self.open_until <= run.start or mention or is_tab):
            self._close()
        while self.waiting and self.open_until is None and self.waiting[-1][0] <= run.start:
            self.made.append(self.waiting.pop()[1])
        if mention:
            self._open(_mention_opening(mention), mention.end - self.row.start)
        elif self.open_until is None and not is_tab:
            self._open_link(run)
        self.made.append(_NEXT_CELL if is_tab else _run_html(self.row, run))

    def done(self) -> SafeString:
        if self.open_until is not None:
            self._close()
        self.made += [html for _at, html in reversed(self.waiting)]
        self.made += ["</span>"] if self.is_row else []
        return mark_safe("".join(self.made))  # noqa: S308 (every part was escaped)

    def _open(self, opening: str, until: int) -> None:
        self.made.append(opening)
        self.open_until = until

    def _close(self) -> None:
        self.made.append("</a>")
        self.open_until = None

    def _open_link(self, run: Run) -> None:
        for start, end, address in self.links:
            if start <= run.start < end and address.startswith(("https://", "http://", "mailto:")):
                self._open(f'<a class="out" href="{escape(address)}" rel="nofollow noopener">', end)
                return


def _mention_opening(mention: Mention) -> str:
    slug = escape(mention.card.slug)
    return f'<a class="mention" href="{reverse("reader:card", args=[mention.card.slug])}" data-card="{slug}">'


def _run_html(row: Paragraph, run: Run) -> str:
    html = str(escape(row.text[run.start : run.end]))
    for start, end, kind, *_value in row.markup:
        if start <= run.start and run.end <= end and kind in TAG_OF_MARKUP:
            html = f"<{TAG_OF_MARKUP[kind]}>{html}</{TAG_OF_MARKUP[kind]}>"
    if not run.layers:
        return html
    dense = f" l{run.level}" if run.level > 1 else ""
    return f'<mark class="{" ".join(sorted(map(str, run.layers)))}{dense}">{html}</mark>'
