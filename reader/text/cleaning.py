"""What conversion and print left in a text, found and taken out; each thing named, so that it can be put back.

Works on blocks, whatever format they came from; reader.text.lines made them of lines where there were only lines.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from reader.text.dates import NAMED_DATE, date_in
from reader.text.structure import Block, Found, Removed, joined
from reader.text.tokens import fold

SHORT = 200  # code points: more is no heading, byline or notice at the top of a text
_ENDS = re.compile(r"[.!?。！？…:;][\"'”’»)\]]*$")
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"^<?(https?://[^\s<>]+)>?$")
_BYLINE = re.compile(r"^(?:written\s+by|by|von|par|por|作者\s*[:：]?)\s+(?P<names>[^\W\d_][^.!?;:]{2,120})$", re.I)
_RULE = re.compile(r"^(?:[\s*_=~•·—–-]{3,}|[*•·◆❖⁂]+)$")
_LEADERS = re.compile(r"(?:\s?\.){5,}\s*(?:\d{1,4}|[ivxlc]{1,6})\b")  # «Introduction . . . . . . 7»
_CONTENTS = re.compile(r"^(?:table of\s+)?contents:?$", re.I)
_LONE_NUMBER = re.compile(r"^[\W_]*(?:page\s+)?(\d{1,4})(?:\s*(?:of|/)\s*\d+)?[\W_]*$", re.I)
_OF_THE_AUTHOR = re.compile(r"^about\s+the\s+(?:author|contributor)s?\s*:?$", re.I)
_NOTICE = re.compile(
    r"auto-?generated (?:for|from|by)|conversion errors|refer to the (?:official|original) version"
    r"|^(?:this content )?downloaded (?:from|by|on)\b|^printed (?:from|by|on)\b|all use subject to\b"
    r"|^you have (?:printed|downloaded)\b|^view (?:online|this article) at\b|^to cite this article\b",
    re.I,
)


@dataclass
class Cleaned:
    """The blocks that are left, what was taken out, and what that said of the text (see Front for the names)."""

    blocks: list[Block]
    removed: list[Removed]
    said: dict[str, str] = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)


@dataclass
class _Work:
    """One cleaning: `reasons` by the index of a block in `found`; said and authors as in Cleaned."""

    found: Sequence[Found]
    keep: frozenset[str]
    title: str
    reasons: dict[int, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)

    def out(self, index: int, reason: str) -> bool:
        """Take the block out, unless its editor put it back; True when it goes."""
        each = self.found[index]
        if each.key in self.keep or f"l{each.page}.{each.number}" in self.keep:  # as a block, or as its first line
            return False
        self.reasons.setdefault(index, reason)
        return True

    def left(self) -> Iterator[tuple[int, Block]]:
        return ((i, each.block) for i, each in enumerate(self.found) if i not in self.reasons)


def clean(
    found: Sequence[Found], *, title: str = "", keep: frozenset[str] = frozenset(), of_lines: bool = False
) -> Cleaned:
    """Take out what is no part of the text. `title` is what the file says it is called, if it does.

    `of_lines` means that the blocks were made of lines, so that headers may still stand between them. Blocks named
    in `keep` stay. Every block is in the result or in what was removed; linear in their number.
    """
    work = _Work(found, keep, title)
    for index, each in enumerate(found):
        if each.leave_out:
            work.out(index, each.leave_out)
    _take_title(work, guess=of_lines)
    _take_top(work)
    _take_notices(work)
    if of_lines:
        _take_contents(work)
    if of_lines and not any(each.page for each in found):  # heads and numbers of pages are known by their place
        _take_repeated(work)
        _take_numbers(work)
    return _done(work, _take_author_heading(work), mend=of_lines)


def _done(work: _Work, note: set[int], *, mend: bool) -> Cleaned:
    gone = ((work.found[index], reason) for index, reason in sorted(work.reasons.items()))
    removed = [Removed(each.key, reason, each.block.text, each.page, each.number) for each, reason in gone]
    return Cleaned(_joined(work, note, mend=mend), removed, work.said | {"title": work.title}, work.authors)


def alike(words: str) -> str:
    """`words` by their letters and figures alone, as titles are compared."""
    return "".join(_WORD.findall(fold(words)))


def _take_title(work: _Work, *, guess: bool) -> None:
    """The title goes where titles are shown; the same words again are a running head."""
    first = next(work.left(), None)
    if first is None:
        return
    work.title = work.title or _title_among(work, guess=guess)
    wanted = alike(work.title)
    if not wanted:
        return
    places = [i for i, block in work.left() if len(block.text) < 2 * SHORT and alike(block.text) == wanted]
    after: list[str] = []
    for count, index in enumerate(places):
        work.out(index, "repeated-title" if count else "title")
        if count == 0:
            after = _lines_after(work, index)
        else:
            _take_same_lines(work, index, after)


def _title_among(work: _Work, *, guess: bool) -> str:
    """The highest heading before the text begins, or the only one of level 1; with `guess`, a first line like one."""
    near = [block for _, block in list(work.left())[:12]]
    top = list(takewhile(lambda block: block.kind == "heading" or not _is_body(block.text), near))
    headings = [block for block in top if block.kind == "heading"]
    only = [block for block in near if block.kind == "heading" and block.value("level") == "1"]
    if not headings and len(only) == 1:
        headings = only
    if headings:
        return min(headings, key=lambda block: int(block.value("level") or 2)).text
    first = near[0].text if near and guess else ""
    return first if len(near) > 1 and 0 < len(first) < SHORT and not _ENDS.search(first) else ""


def _lines_after(work: _Work, index: int) -> list[str]:
    following = [each.block.text for each in work.found[index + 1 : index + 4]]
    return [alike(text) for text in following if len(text) < SHORT]


def _take_same_lines(work: _Work, index: int, lines: list[str]) -> None:
    for at in range(index + 1, min(index + 1 + len(lines), len(work.found))):
        words = alike(work.found[at].block.text)
        if not words or words not in lines:
            return
        work.out(at, "repeated-line")


def _take_top(work: _Work) -> None:
    """Byline, date and address before the first paragraph say where the text is from; they are no part of it."""
    for index, block in list(work.left())[:12]:
        text = block.text
        if block.kind not in ("paragraph", "heading"):
            return
        if not any(take(work, index, text) for take in (_take_address, _take_byline, _take_dateline)) and _is_body(
            text
        ):
            return


def _is_body(text: str) -> bool:
    return (len(text) > SHORT or (len(text.split()) > 12 and bool(_ENDS.search(text)))) and not _NOTICE.search(text)


def _take_address(work: _Work, index: int, text: str) -> bool:
    match = _ADDRESS.match(text)
    if match and work.out(index, "address"):
        work.said.setdefault("source_url", match[1])
    return bool(match)


def _take_byline(work: _Work, index: int, text: str) -> bool:
    match = _BYLINE.match(text)
    if not match or not _are_names(match["names"]):
        return False
    if work.out(index, "byline"):
        work.authors += [name for name in _names(match["names"]) if name not in work.authors]
    return True


def _are_names(words: str) -> bool:
    return all(
        word[0].isupper() or not word[0].isascii() or word in ("and", "de", "von", "van") for word in words.split()
    )


def _names(words: str) -> list[str]:
    return [name.strip() for name in re.split(r",\s*|\s+(?:and|&|und|et|y)\s+|、|，", words) if name.strip()]


def _take_dateline(work: _Work, index: int, text: str) -> bool:
    """«LIYE HONG, OCT 29 2023» or a date alone."""
    match = NAMED_DATE.search(text)
    if len(text) > 100 or not match or not (day := date_in(match[0])):
        return False
    rest = text.replace(match[0], " ").strip(" ,·|–—-")
    rest = re.sub(r"^(?:published|posted|updated)(?:\s+on)?:?$", "", rest, flags=re.I)
    known = {alike(name) for name in work.authors}
    if rest and not (alike(rest) in known or rest.isupper()):
        return False
    if work.out(index, "dateline"):
        work.said.setdefault("published", day)
        if rest and alike(rest) not in known:
            work.authors.append(rest.title())
    return True


def _take_notices(work: _Work) -> None:
    for index, block in list(work.left()):
        if len(block.text) < 2 * SHORT and block.kind in ("paragraph", "footnote") and _NOTICE.search(block.text):
            work.out(index, "notice")
        elif _RULE.match(block.text) and block.kind in ("paragraph", "heading"):
            work.out(index, "rule")


def _take_contents(work: _Work) -> None:
    """Lines with dots that lead to a page, and the heading over them: there are no such pages here."""
    before: tuple[int, Block] | None = None
    for index, block in list(work.left()):
        if _LEADERS.search(block.text):
            if before and _CONTENTS.match(before[1].text):
                work.out(before[0], "contents")
            work.out(index, "contents")
        before = index, block


def _take_repeated(work: _Work) -> None:
    """A short line that is no sentence and stands three times among paragraphs is a running head."""
    lines = [(i, block.text) for i, block in work.left() if block.kind in ("paragraph", "heading")]
    short = [(i, alike(text)) for i, text in lines if len(text) < 120 and not _ENDS.search(text)]
    often = Counter(words for _, words in short)
    for index, words in short:
        if words and often[words] >= 3:
            work.out(index, "repeated-line")


def _take_numbers(work: _Work) -> None:
    """Numbers alone on their line that count up by one, from page to page."""
    lone = [(i, int(found[1]), "page" in block.text.lower()) for i, block in work.left()
            if block.kind != "table-row" and (found := _LONE_NUMBER.match(block.text))]  # fmt: skip
    values = {number for _, number, _ in lone}
    for index, number, says_page in lone:
        if says_page or number + 1 in values or number - 1 in values:
            work.out(index, "page-number")


def _take_author_heading(work: _Work) -> set[int]:
    """The indices of the blocks under a last heading «About the author»; the heading goes where it is shown."""
    left = list(work.left())
    for place, (index, block) in enumerate(left[-6:], max(0, len(left) - 6)):
        if _OF_THE_AUTHOR.match(block.text) and place + 1 < len(left):
            if not work.out(index, "author-heading"):
                return set()
            after = left[place + 1 :]
            work.said["author_bio"] = "\n\n".join(each.text for _, each in after)
            return {i for i, each in after if each.kind == "paragraph"}
    return set()


def _joined(work: _Work, on_author: set[int], *, mend: bool) -> list[Block]:
    """What is left, in order; with `mend`, sentences that a header had cut in two are made whole."""
    blocks: list[Block] = []
    last = -1
    for index, block in work.left():
        named = replace(block, kind="author-note") if index in on_author else block
        if mend and blocks and last != index - 1 and _is_rest(blocks[-1], block):
            blocks[-1] = joined(blocks[-1], block, " ")
        else:
            blocks.append(named)
        last = index
    return blocks


def _is_rest(before: Block, after: Block) -> bool:
    running = before.kind == after.kind == "paragraph"
    return running and len(before.text) > 60 and not _ENDS.search(before.text) and after.text[:1].islower()
