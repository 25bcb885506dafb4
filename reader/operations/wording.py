"""A wording of an article that is not kept yet: its paragraphs, and the names that follow their words."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reader.formats.markdown_source import read, without_front_matter
from reader.formats.markdown_writing import write
from reader.models import Article, Paragraph, Revision
from reader.operations.errors import ReaderError
from reader.text.aligning import Alignment
from reader.text.descent import heirs
from reader.text.normalise import is_storable, join, starts
from reader.text.selectors import Span
from reader.text.structure import Block

MOST_CHARACTERS = 3_000_000


class NothingChanged(ReaderError):
    code = "nothing_changed"
    message = _("This is the wording that is published already: there is nothing to change.")


class NoWords(ReaderError):
    code = "no_words"
    message = _("There is no text left. An article needs at least one paragraph.")


class SourceNotStorable(ReaderError):
    code = "source_not_storable"
    message = _("The text holds signs that cannot be stored (NUL or half a character). Remove them and try again.")


class SourceTooLong(ReaderError):
    code = "source_too_long"
    message = _("The text has more than 3,000,000 characters. Divide it into several articles.")


@dataclass(frozen=True)
class Wording:
    """Paragraphs in order, and the Markdown they were read from. Without `keys`, these are found by the words."""

    source: str
    blocks: Sequence[Block]
    keys: Sequence[str] = ()

    @property
    def text(self) -> str:
        """The text of the revision they make."""
        return join(block.text for block in self.blocks)

    @property
    def spans(self) -> list[Span]:
        """Where each paragraph stands in `text`."""
        texts = [block.text for block in self.blocks]
        return [Span(at, at + len(text)) for at, text in zip(starts(texts), texts, strict=True)]


def read_wording(source: str) -> Wording:
    """The wording a Markdown source makes. Raises NoWords, SourceTooLong, SourceNotStorable."""
    if len(source) > MOST_CHARACTERS:
        raise SourceTooLong
    if not is_storable(source):
        raise SourceNotStorable
    blocks = read(source)
    if not blocks:
        raise NoWords
    return Wording(source=source, blocks=blocks)


def wording_of(revision: Revision) -> Wording:
    """The wording of a revision that is kept, with its keys."""
    rows = list(revision.paragraphs.all())
    blocks = [Block(row.kind, row.text, tuple(tuple(mark) for mark in row.markup)) for row in rows]
    return Wording(source=revision.source, blocks=blocks, keys=[row.key for row in rows])


def source_of(revision: Revision) -> str:
    """The Markdown to edit a revision in: its own, or, where that says more than Markdown does, written anew."""
    blocks = list(wording_of(revision).blocks)
    own = without_front_matter(revision.source)
    return own if read(own) == blocks else write(blocks)


def refuse_the_same(article: Article, new: Wording) -> None:
    """Raise NothingChanged when `new` is what the article says already, marks included."""
    if article.current is not None and list(wording_of(article.current).blocks) == list(new.blocks):
        raise NothingChanged


def keep_paragraphs(revision: Revision, new: Wording, keys: Sequence[str]) -> None:
    """Write the paragraphs of a new revision."""
    rows = zip(new.blocks, new.spans, keys, strict=True)
    Paragraph.objects.bulk_create(
        Paragraph(
            revision=revision, number=number, key=key, kind=block.kind, text=block.text, markup=block.rows(),
            start=span.start,
        )
        for number, (block, span, key) in enumerate(rows, 1)
    )  # fmt: skip


def keys_for(new: Wording, former: Revision, alignment: Alignment) -> list[str]:
    """A name for each paragraph: that of the one it continues, of an earlier one of the same words, or a new one."""
    if new.keys:
        return list(new.keys)
    old = list(former.paragraphs.all())
    inherited = heirs(alignment, [Span(row.start, row.end) for row in old], new.spans)
    keys = [None if at is None else old[at].key for at in inherited]
    taken = {key for key in keys if key}
    earlier = _earlier_keys(former.article, [b.text for b, key in zip(new.blocks, keys, strict=True) if not key])
    made: list[str] = []
    for block, key in zip(new.blocks, keys, strict=True):
        made.append(key or _fresh_key(block.text, earlier.get(block.text), taken))
        taken.add(made[-1])
    return made


def new_key(text: str, taken: Iterable[str]) -> str:
    """A name that depends on the words alone; equal paragraphs are told apart by a number."""
    base = hashlib.sha256(text.encode()).hexdigest()[:12]
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def new_keys(wording: Wording) -> list[str]:
    """Names for the paragraphs of an article's first wording."""
    made: list[str] = []
    for block in wording.blocks:
        made.append(new_key(block.text, made))
    return made


def _fresh_key(text: str, earlier: str | None, taken: set[str]) -> str:
    return earlier if earlier and earlier not in taken else new_key(text, taken)


def _earlier_keys(article: Article, texts: list[str]) -> dict[str, str]:
    """Of paragraphs that any revision had word for word: the name each had last."""
    rows = Paragraph.objects.filter(revision__article=article, text__in=texts).order_by("revision__number")
    return dict(rows.values_list("text", "key"))
