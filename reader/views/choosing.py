"""Choosing words of a text in three steps, paragraph, sentence, words: with the keyboard alone, without a script."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reader.text.selectors import Span
from reader.text.sentences import sentences, words

OPENING = 60  # code points of a paragraph or sentence shown in a list


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen from, and what is chosen so far. Positions are code points of the text."""

    paragraphs: list[tuple[int, str]]  # number, opening words
    number: int
    sentences: list[tuple[int, str]]
    first: int
    last: int
    words: list[tuple[int, int, str]]  # start, end, word
    start: int
    end: int


def choice(paragraphs: Sequence[tuple[int, str]], asked: Mapping[str, str], near: Span) -> Choice:
    """The choice as it stands. `paragraphs` are (start, text); `near` is where the words are thought to be.

    `asked` is the form: `paragraph`, `first` and `last` (sentences, from 1). What it lacks is taken from `near`.
    """
    number = _within(asked.get("paragraph"), len(paragraphs)) or _at(paragraphs, near.start)
    begin, text = paragraphs[number - 1]
    spans = [Span(span.start + begin, span.end + begin) for span in sentences(text)] or [Span(begin, begin + len(text))]
    first = _within(asked.get("first"), len(spans)) or _sentence(spans, near.start)
    last = _within(asked.get("last"), len(spans)) or max(first, _sentence(spans, max(near.start, near.end - 1)))
    first, last = sorted((first, last))
    whole = Span(spans[first - 1].start, spans[last - 1].end)
    inside = [(s.start + begin, s.end + begin, s.of(text)) for s in words(text)]
    inside = [word for word in inside if whole.start <= word[0] < whole.end]
    touched = [word for word in inside if word[0] < near.end and near.start < word[1]]
    start, end = (touched[0][0], touched[-1][1]) if touched else (whole.start, whole.end)
    return Choice(
        paragraphs=[(at, _opening(each)) for at, (_start, each) in enumerate(paragraphs, 1)],
        number=number,
        sentences=[(at, _opening(text[s.start - begin : s.end - begin])) for at, s in enumerate(spans, 1)],
        first=first,
        last=last,
        words=inside,
        start=start,
        end=end,
    )


def chosen(asked: Mapping[str, str], length: int) -> Span | None:
    """The words chosen last, `start` and `end` of the form; None when they are none of the text's."""
    numbers = [asked.get(name, "") for name in ("start", "end")]
    if not all(number.isdecimal() and len(number) < 10 for number in numbers):
        return None
    start, end = sorted(map(int, numbers))
    return Span(start, end) if start < end <= length else None


def _within(number: str | None, most: int) -> int:
    return int(number) if number and number.isdecimal() and len(number) < 7 and 0 < int(number) <= most else 0


def _at(paragraphs: Sequence[tuple[int, str]], offset: int) -> int:
    return max(1, bisect_right([start for start, _text in paragraphs], offset))


def _sentence(spans: Sequence[Span], offset: int) -> int:
    return max(1, bisect_right([span.start for span in spans], offset))


def _opening(text: str) -> str:
    return text if len(text) <= OPENING else text[:OPENING].rsplit(" ", 1)[0] + "…"
