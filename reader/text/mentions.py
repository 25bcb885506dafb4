"""Names of cards found in a text: the longest at each place, whole words, and with what makes a find doubtful.

A trie over pieces of text (words, and single characters of scripts without spaces): linear in the text, and in the
names once when they are put in, however many there are.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from reader.text.selectors import Span
from reader.text.tokens import Reader, Tokens

LONGEST_NAME, MOST_LETTERS = 24, 200  # pieces and code points; a longer name is a sentence
# Words of everyday use that are names or short forms as well, as they are when folded.
_COMMON = frozenset(
    {
        "a", "all", "am", "an", "and", "art", "as", "at", "be", "bill", "but", "by", "can", "do", "faith", "for",
        "frank", "grace", "grant", "he", "her", "hope", "i", "if", "in", "is", "it", "joy", "june", "long", "march",
        "mark", "may", "me", "miles", "my", "no", "of", "on", "or", "our", "party", "she", "so", "son", "state", "sun",
        "the", "them", "they", "to", "up", "us", "war", "we", "who", "will", "with", "you", "young",
    }
)  # fmt: skip
_LETTERS = frozenset({"chi", "eta", "mu", "nu", "phi", "pi", "psi", "rho", "tau", "xi"})
_NEAR_A_LETTER = _LETTERS | {
    "baryon", "cascade", "character", "function", "greek", "letter", "omicron", "particle", "symbol", "upsilon",
    "variant",
}  # fmt: skip
_NUMERALS = frozenset("ivxlcdm")
_JOINERS = frozenset("-‐‑–_/@.")


@dataclass(frozen=True, slots=True)
class Name:
    """What a card is called. `kind` is a value of Mention.Kind."""

    words: str
    card: Hashable
    kind: str = "name"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`words` at `span` may speak of `card`. `doubt` says why it may not, or is empty: short, common, letter, case,
    numeral, compound, several."""

    span: Span
    words: str
    card: Any
    kind: str
    doubt: str = ""


@dataclass(slots=True)
class _Node:
    """The names that begin with the pieces on the way here; `names` are those that end here."""

    after: dict[str, "_Node"] = field(default_factory=dict)
    names: list[Name] = field(default_factory=list)


class Finder:
    """Knows names, and finds them in texts."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._reader = Reader()
        self._root = _Node()
        for name in names:
            self._put_in(name)

    def _put_in(self, name: Name) -> None:
        words = name.words.strip()
        code = self._reader.read(words).code
        if not any(sign.isalnum() for sign in words) or len(code) > LONGEST_NAME or len(words) > MOST_LETTERS:
            return
        node = self._root
        for letter in code:
            node = node.after.setdefault(letter, _Node())
        if all(known.card != name.card for known in node.names):
            node.names.append(replace(name, words=words))

    def find(self, text: str) -> list[Proposal]:
        """Every place of a name in `text`, in order; one name of several cards is proposed for each of them.

        Places do not overlap; the longest names win.
        """
        tokens = self._reader.read(text)
        found = [each for at, end, names in self._places(tokens) for each in _proposals(tokens, at, end, names)]
        whole = {each.card for each in found if not each.doubt and len(each.words) > 2}
        return [replace(each, doubt="") if each.doubt == "short" and each.card in whole else each for each in found]

    def _places(self, tokens: Tokens) -> Iterator[tuple[int, int, list[Name]]]:
        """Names that do not overlap. Of those that would, the ones that say most together: «the Party Secretary»
        holds «Party Secretary», though «the Party» begins before it. From the end to the beginning, so linear."""
        size = len(tokens)
        weight = [0.0] * (size + 1)
        chosen: list[tuple[int, list[Name]] | None] = [None] * size
        for at in range(size - 1, -1, -1):
            weight[at] = weight[at + 1]
            end, names = self._fitting(tokens, at)
            said = len(tokens.words(at, end)) ** 1.2 + weight[end]
            if names and said > weight[at]:
                weight[at], chosen[at] = said, (end, names)
        at = 0
        while at < size:
            pick = chosen[at]
            if pick:
                yield at, *pick
            at = pick[0] if pick else at + 1

    def _fitting(self, tokens: Tokens, at: int) -> tuple[int, list[Name]]:
        end, names = self._longest(tokens.code, at)
        return end, [name for name in names if _fits(tokens.words(at, end), name.words)]

    def _longest(self, code: str, at: int) -> tuple[int, list[Name]]:
        node: _Node | None = self._root
        best: tuple[int, list[Name]] = (at, [])
        for place in range(at, min(len(code), at + LONGEST_NAME)):
            node = node.after.get(code[place]) if node else None
            if node is None:
                break
            if node.names:
                best = (place + 1, node.names)
        return best


def _fits(words: str, name: str) -> bool:
    """Short forms in capitals are not the everyday word that is written small: WHO is not who."""
    return not (name.isupper() and words.islower() and words.lower() in _COMMON)


def _proposals(tokens: Tokens, at: int, end: int, names: list[Name]) -> Iterator[Proposal]:
    words, span = tokens.words(at, end), tokens.span(at, end)
    for name in names:
        doubt = "several" if len(names) > 1 else _doubt(tokens, at, end, name.words)
        yield Proposal(span, words, name.card, name.kind, doubt)


def _doubt(tokens: Tokens, at: int, end: int, name: str) -> str:
    words = tokens.words(at, end)
    small = words.lower()
    if small in _LETTERS and (words.islower() or _near(tokens, at, end) & _NEAR_A_LETTER):
        return "letter"
    if words.isupper() and not name.isupper() and _NUMERALS.issuperset(small):
        return "numeral"
    if small in _COMMON:
        return "common"
    if not _same_case(words, name):
        return "case"
    if _in_compound(tokens, at, end):
        return "compound"
    return "short" if len(words) <= (1 if words > "\u2e80" else 2) else ""


def _near(tokens: Tokens, at: int, end: int) -> set[str]:
    """The words just before and after, small."""
    around = [*range(max(0, at - 4), at), *range(end, min(len(tokens), end + 4))]
    return {tokens.words(place, place + 1).lower() for place in around}


def _same_case(words: str, name: str) -> bool:
    """As the name is written; in capitals throughout; or, for a name without capitals, as at a sentence's beginning."""
    if words == name or (words.isupper() and len(words) > 3):
        return True
    return name.islower() or _folded(words) == _folded(name)


def _folded(words: str) -> str:
    """The pattern of capitals: kinds of quotation marks, dashes and widths do not count."""
    return "".join("A" if sign.isupper() else "a" for sign in words if sign.isalpha())


def _in_compound(tokens: Tokens, at: int, end: int) -> bool:
    """Joined to another word by a hyphen or the like: «Xi-era», «Sino-US»; not by a possessive or a full stop."""
    text, start, stop = tokens.text, tokens.starts[at], tokens.starts[end]
    before, after = text[max(0, start - 2) : start], text[stop : stop + 2]
    joined_before = len(before) == 2 and before[1] in _JOINERS and before[0].isalnum()
    return joined_before or (len(after) == 2 and after[0] in _JOINERS and after[1].isalnum())
