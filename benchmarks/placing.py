"""Carry notes from one revision of a text to the next as publishing does, and count how many land where they should.

    benchmarks/placing.py FILE [--predictions OUT] [--no-growth]

FILE has one JSON object a line: pairs of texts {"type": "pair", "pair", "old", "new"} and cases {"type": "case",
"id", "pair", "start", "end", "class", "truth"}, positions in code points, truth a place in the new text or
{"orphan": true}. Placing is given the two texts and the places in the old one; class and truth are read afterwards.
A plain difflib aligner is run on the same cases. Last, the time for growing texts, up to 60,000 words.
"""

import argparse
import difflib
import json
import math
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reader.text import aligning
from reader.text.selectors import Span

OUTCOMES = ("right", "wrong place", "wrongly lost", "falsely kept")
OVERLAP = 0.7  # of intersection and union, from which a reworded passage counts as found
Placer = Callable[[str, str, list[Span]], list[Span | None]]


@dataclass
class Pair:
    """Two texts with the places to carry; what the placer may see."""

    old: str
    new: str
    ids: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What the scorer alone may see. `truth` is None for a passage that was deleted."""

    kind: str
    truth: Span | None


def read(lines: Iterable[str]) -> tuple[list[Pair], dict[str, Answer]]:
    """The questions and, apart from them, the answers."""
    pairs: dict[str, Pair] = {}
    answers: dict[str, Answer] = {}
    for row in map(json.loads, lines):
        if row["type"] == "pair":
            pairs[row["pair"]] = Pair(row["old"], row["new"])
            continue
        pairs[row["pair"]].ids.append(row["id"])
        pairs[row["pair"]].spans.append(Span(row["start"], row["end"]))
        truth = None if row["truth"].get("orphan") else Span(row["truth"]["start"], row["truth"]["end"])
        answers[row["id"]] = Answer(row["class"], truth)
    return list(pairs.values()), answers


def ours(old: str, new: str, spans: list[Span]) -> list[Span | None]:
    """As on publishing."""
    return [carried.span for carried in aligning.carry(old, new, spans)]


def plain_difflib(old: str, new: str, spans: list[Span]) -> list[Span | None]:
    """The words compared by difflib, both ends mapped; lost if none of the words is left."""
    before, after = re.findall(r"\w+|\W", old), re.findall(r"\w+|\W", new)
    starts, ends = _edges(before), _edges(after)
    image: dict[int, int] = {}
    for a, b, size in difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for k in range(size):
            image.update({starts[a + k] + i: ends[b + k] + i for i in range(len(before[a + k]))})
    kept = ([image[at] for at in range(span.start, span.end) if at in image] for span in spans)
    return [Span(places[0], places[-1] + 1) if places else None for places in kept]


def _edges(words: list[str]) -> list[int]:
    at, edges = 0, []
    for word in words:
        edges.append(at)
        at += len(word)
    return edges


def run(placer: Placer, pairs: list[Pair]) -> tuple[dict[str, Span | None], float]:
    """What the placer said for each case, and the seconds of processor time it took."""
    placed: dict[str, Span | None] = {}
    begun = time.process_time()
    for pair in pairs:
        placed.update(zip(pair.ids, placer(pair.old, pair.new, pair.spans), strict=True))
    return placed, time.process_time() - begun


def outcome(pair: Pair, span: Span, answer: Answer, placed: Span | None) -> str:
    """One of OUTCOMES. The very words must be met exactly; reworded ones nearly."""
    truth = answer.truth
    if truth is None:
        return "right" if placed is None else "falsely kept"
    if placed is None:
        return "wrongly lost"
    shared = max(0, min(placed.end, truth.end) - max(placed.start, truth.start))
    union = max(placed.end, truth.end) - min(placed.start, truth.start)
    reworded = truth.of(pair.new) != span.of(pair.old)
    near = reworded and union > 0 and shared / union >= OVERLAP
    return "right" if placed == truth or near else "wrong place"


def groups(pair: Pair, span: Span, answer: Answer) -> list[str]:
    """The rows a case is counted in. Ambiguous: its words stand more than once, or were deleted and stand elsewhere."""
    words, scripted = span.of(pair.old), answer.kind.startswith("syn-")
    if answer.truth is None:
        elsewhere = words in pair.new
        what = "deleted, words also elsewhere" if elsewhere else "deleted"
        return ["= all", f"= {'scripted' if scripted else 'real'}, {what}", answer.kind]
    ambiguous = pair.old.count(words) > 1 or pair.new.count(words) > 1
    return ["= all", "= surviving", f"= surviving, {'ambiguous' if ambiguous else 'unambiguous'}", answer.kind]


def score(pairs: list[Pair], answers: dict[str, Answer], placed: dict[str, Span | None]) -> dict[str, Counter[str]]:
    """For each group and class, how many cases had each outcome."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        for name, span in zip(pair.ids, pair.spans, strict=True):
            result = outcome(pair, span, answers[name], placed[name])
            for group in groups(pair, span, answers[name]):
                rows[group][result] += 1
    return rows


def show(title: str, rows: dict[str, Counter[str]], rate: float, whole: bool) -> None:
    """Print a table, the groups first, then each class."""
    print(f"\n{title}: {rate:,.0f} notes per second")
    print(f"{'':42s}{'cases':>6s}" + "".join(f"{name:>14s}" for name in OUTCOMES))
    for group in sorted(rows, key=lambda name: (not name.startswith("= "), name)):
        if whole or group.startswith("= "):
            count = rows[group].total()
            cells = (f"{rows[group][name]:5d}{100 * rows[group][name] / count:8.2f}%" for name in OUTCOMES)
            print(f"{group:42s}{count:6d}" + "".join(cells))
    classes = [row["right"] / row.total() for group, row in rows.items() if not group.startswith("= ")]
    mean, least = 100 * sum(classes) / len(classes), 100 * min(classes)
    print(f"mean over {len(classes)} classes {mean:.2f} % right, least {least:.2f} %")


def write(path: Path, placed: dict[str, Span | None], seconds: float) -> None:
    """One prediction a line."""
    with path.open("w", encoding="utf-8") as file:
        print(json.dumps({"meta": {"name": "civdip-reader", "seconds": seconds}}), file=file)
        for name, span in placed.items():
            place = {"start": span.start, "end": span.end} if span else {"orphan": True}
            print(json.dumps({"id": name, **place}), file=file)


def crowded(pairs: list[Pair]) -> None:
    """Print the notes per second where every text has a hundred, spread evenly, some 60 code points each."""
    full = [Pair(pair.old, pair.new, list(map(str, range(100))), _spread(pair.old)) for pair in pairs]
    for title, placer in (("this reader", ours), ("plain difflib", plain_difflib)):
        _, seconds = run(placer, full)
        print(f"{title} with 100 notes a text: {100 * len(full) / seconds:,.0f} notes per second")


def _spread(text: str) -> list[Span]:
    return [Span(k * len(text) // 100, min(len(text), k * len(text) // 100 + 60)) for k in range(100)]


def growth() -> None:
    """Print the processor seconds for texts of 7,500 to 60,000 words, edited in four ways, with 100 places carried."""
    print("\ntime by length (beside n log n, to the row above)")
    for how in (_light_edits, _every_sentence, _unrelated, _monotonous):
        before = 0.0
        for words in (7_500, 15_000, 30_000, 60_000):
            old, new = how(words, random.Random(words))
            begun = time.process_time()
            aligning.carry(old, new, _spread(old))
            seconds = time.process_time() - begun
            ratio = f"{seconds / before:5.2f} ({2 * math.log(words) / math.log(words / 2):.2f})" if before else ""
            print(f"{how.__name__.strip('_').replace('_', ' '):18s}{words:8,d} words {seconds:8.3f} s  {ratio}")
            before = seconds


def _sentences(words: int, chance: random.Random) -> list[list[str]]:
    vocabulary = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(2, 9))) for _ in range(9000)]
    common = [1 / (rank + 3) for rank in range(len(vocabulary))]  # as often as words are in a language
    drawn = chance.choices(vocabulary, common, k=words)
    return [drawn[at : at + 20] for at in range(0, words, 20)]


def _text(sentences: list[list[str]]) -> str:
    lines = [" ".join(sentence) + "." for sentence in sentences]
    return "\n\n".join(" ".join(lines[at : at + 5]) for at in range(0, len(lines), 5))


def _light_edits(words: int, chance: random.Random) -> tuple[str, str]:
    sentences = _sentences(words, chance)
    edited = [[*sentence[:9], "new", *sentence[10:]] if chance.random() < 0.1 else sentence for sentence in sentences]
    return _text(sentences), _text(edited)


def _every_sentence(words: int, chance: random.Random) -> tuple[str, str]:
    sentences = _sentences(words, chance)
    return _text(sentences), _text([[*sentence[:9], "new", "words", *sentence[10:]] for sentence in sentences])


def _unrelated(words: int, chance: random.Random) -> tuple[str, str]:
    return _text(_sentences(words, chance)), _text(_sentences(words, chance))


def _monotonous(words: int, chance: random.Random) -> tuple[str, str]:
    return "same " * words, "same " * (words // 3) + "other " * 50 + "same " * (words // 2)


def main() -> None:
    """Read the file, place, then score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--no-growth", action="store_true", help="leave out the time for growing texts")
    options = parser.parse_args()
    with options.file.open(encoding="utf-8") as file:
        pairs, answers = read(file)
    placed, seconds = run(ours, pairs)
    if options.predictions:
        write(options.predictions, placed, seconds)
    plain, plain_seconds = run(plain_difflib, pairs)
    show("this reader", score(pairs, answers, placed), len(placed) / seconds, True)
    show("plain difflib", score(pairs, answers, plain), len(plain) / plain_seconds, False)
    print()
    crowded(pairs)
    if not options.no_growth:
        growth()


if __name__ == "__main__":
    main()
