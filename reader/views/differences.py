"""Two wordings as one text: what was taken out, what came in, what stayed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reader.text.aligning import Alignment, Difference
from reader.text.normalise import SEPARATOR

SAME, OUT, IN = "same", "out", "in"
END = "¶"  # stands for the end of a paragraph that was taken out or came in


@dataclass(slots=True)
class Line:
    """A paragraph of the two wordings laid over each other: (kind, words) in order."""

    parts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """True unless both wordings have it as it is."""
        return any(kind != SAME for kind, _words in self.parts)

    def words(self, kind: str) -> str:
        """Its words of one kind."""
        return "".join(words for part, words in self.parts if part == kind and words != END).strip()

    @property
    def whole(self) -> str:
        """OUT or IN when all of it was taken out or came in, else nothing."""
        kinds = {kind for kind, words in self.parts if words.strip() and words != END}
        return kinds.pop() if len(kinds) == 1 and SAME not in kinds else ""

    @property
    def bare(self) -> str:
        """Its words without marks, for a line that only moved."""
        return "".join(words for _kind, words in self.parts if words != END)

    @property
    def opening(self) -> str:
        """Its first words."""
        first = self.bare.split()
        return " ".join(first[:12]) + ("…" if len(first) > 12 else "")

    def html(self) -> SafeString:
        """Its words with <ins> and <del>, which say in hidden words what they are: not every screen reader does."""
        return format_html_join("", "{}", ((_marked(kind, words),) for kind, words in self.parts))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines in a row, changed or not. `moved` has, for a whole line that only changed its place, «from» or «to»."""

    is_changed: bool
    lines: Sequence[Line]
    moved: Sequence[str]

    @property
    def shown(self) -> Iterable[tuple[Line, str]]:
        """Each line with its move."""
        return zip(self.lines, self.moved, strict=True)


def stretches(alignment: Alignment) -> list[Stretch]:
    """The two texts as stretches of paragraphs, changed and unchanged by turns."""
    lines = [part for line in _lines(_joined(alignment)) for part in _apart(line)]
    gone = {line.words(OUT) for line in lines if line.whole == OUT}
    come = {line.words(IN) for line in lines if line.whole == IN}
    moved = gone & come - {""}
    made = []
    for is_changed, run in groupby(lines, key=lambda line: line.is_changed):
        kept = list(run)
        made.append(Stretch(is_changed, kept, [_move(line, moved) for line in kept]))
    return made


def inline(alignment: Alignment) -> SafeString:
    """The two texts laid over each other in one run, for short ones."""
    html = [line.html() for line in _lines(_joined(alignment))]
    return format_html_join(" ", "{}", ((each,) for each in html))


def _apart(line: Line) -> Iterator[Line]:
    """A paragraph in place of another is two lines: nothing of the one is in the other."""
    if line.is_changed and not line.words(SAME):
        sides = [Line([part for part in line.parts if part[0] == kind]) for kind in (OUT, IN)]
        yield from (side for side in sides if side.parts)
    elif line.parts:
        yield line


def _move(line: Line, moved: set[str]) -> str:
    if line.whole and line.words(line.whole) in moved:
        return "from" if line.whole == OUT else "to"
    return ""


def _joined(alignment: Alignment) -> Iterator[tuple[str, str]]:
    """(kind, words): changes with nothing but a space between them are one change, easier to read."""
    old, new = alignment.old.text, alignment.new.text
    out = come = ""
    differences = alignment.differences()
    for at, each in enumerate(differences):
        words = each.new.of(new)
        if each.kind == "equal" and not (words.isspace() and "\n" not in words and _between(differences, at)):
            yield from _change(out, come)
            out = come = ""
            yield SAME, words
        else:
            out, come = out + each.old.of(old), come + words
    yield from _change(out, come)


def _between(differences: list[Difference], at: int) -> bool:
    around = differences[max(0, at - 1) : at] + differences[at + 1 : at + 2]
    return len(around) == 2 and all(each.kind == "replace" for each in around)


def _change(out: str, come: str) -> Iterator[tuple[str, str]]:
    if out:
        yield OUT, out
    if come:
        yield IN, come


def _lines(parts: Iterable[tuple[str, str]]) -> Iterator[Line]:
    line = Line()
    for kind, words in parts:
        pieces = words.split(SEPARATOR)
        for number, piece in enumerate(pieces):
            if piece:
                line.parts.append((kind, piece))
            if number == len(pieces) - 1:
                continue
            if kind != SAME:
                line.parts.append((kind, END))
            if kind != OUT or words.strip():  # two paragraphs made one stay on one line
                yield line
                line = Line()
    yield line


def _marked(kind: str, words: str) -> SafeString | str:
    if kind == SAME:
        return words
    tag, name = ("del", _("taken out:")) if kind == OUT else ("ins", _("put in:"))
    return format_html(
        '<{} class="diff"><span class="hidden">[{} </span>{}<span class="hidden">]</span></{}>', tag, name, words, tag
    )
