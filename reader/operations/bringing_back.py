"""Notes from elsewhere, placed on the words they were written on. What cannot be placed is listed, never dropped."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import transaction

from reader.formats.addresses import named_by
from reader.formats.foreign import Foreign
from reader.models import Annotation, Article, Member, Paragraph, ReadingGroup, Revision, Visibility
from reader.operations.annotating import annotate, reply
from reader.operations.errors import ReaderError
from reader.text.placing import locate
from reader.text.selectors import Span, quote_at


@dataclass(frozen=True, slots=True)
class Left:
    """A note that was not taken, with why in a sentence."""

    foreign: Foreign
    why: str


@dataclass
class Report:
    """What became of the notes of a file."""

    made: list[Annotation] = field(default_factory=list)
    there: list[Foreign] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def article_of(foreign: Foreign, *, elsewhere: bool = False) -> Article | None:
    """The text a note is about, by its address here; with `elsewhere` also by where the text first appeared."""
    published = Article.objects.published().select_related("current")
    named = named_by(foreign.target)
    if named and named.slug:
        return published.filter(slug=named.slug).first()
    if not elsewhere:
        return None
    address = foreign.target.split("#")[0]
    return published.filter(source_url__in=[address, address.rstrip("/"), address.rstrip("/") + "/"]).first()


def place(revision: Revision, foreign: Foreign) -> Span | None:
    """Where the note's words stand in `revision`, or None.

    Its position counts when the words stand there; else the words are looked for, the position telling equal places
    apart. A position without words is right only in the wording of the text that it names. Code points.
    """
    if foreign.quote is None and foreign.position is None and foreign.between:
        return _between(revision, *foreign.between, through=foreign.through)
    if foreign.within:
        return _within(revision, foreign, foreign.within)
    home = revision.paragraphs.filter(number=foreign.paragraph).first() if foreign.paragraph else None
    if foreign.paragraph and home is None and foreign.quote is None:
        return None
    if foreign.quote is None:
        return _carried(revision, foreign, home)
    span = foreign.position
    if span and span.of(revision.text) == foreign.quote.exact:
        return span
    near = span.start if span else home.start if home else None
    placed = locate(revision.text, foreign.quote, near=near)
    return placed.span if placed and len(placed.span) else None


def _between(revision: Revision, first: Foreign, last: Foreign, *, through: bool) -> Span | None:
    """From where one place begins up to where another does, without the blank line before that, or through it."""
    begins, ends = place(revision, first), place(revision, last)
    if begins is None or ends is None or begins.start >= ends.start:
        return None
    words = Span(begins.start, ends.end if through else ends.start).of(revision.text).rstrip("\n")
    return Span(begins.start, begins.start + len(words)) if words else None


def _within(revision: Revision, foreign: Foreign, around: Foreign) -> Span | None:
    """A place that is told as one of another place: its words are looked for there alone, and counted from there."""
    outer = place(revision, around)
    if outer is None:
        return None
    words, found = outer.of(revision.text), foreign.position
    if foreign.quote and not (found and found.of(words) == foreign.quote.exact):
        placed = locate(words, foreign.quote, near=found.start if found else None)
        found = placed.span if placed else None
    if not found or found.end > len(words):
        return None
    return Span(outer.start + found.start, outer.start + found.end)


def _carried(revision: Revision, foreign: Foreign, home: Paragraph | None) -> Span | None:
    """The place of a note that names no words: as it says, or from the older wording it names."""
    span = foreign.position
    if span is None:
        return Span(home.start, home.end) if home else None
    if foreign.revision and foreign.revision != revision.number:
        return _from_older(revision, foreign.revision, span)
    return span if span.end <= len(revision.text) else None


def _from_older(revision: Revision, number: int, span: Span) -> Span | None:
    older = revision.article.revisions.filter(number=number).first()
    if older is None or span.end > len(older.text):
        return None
    placed = locate(revision.text, quote_at(older.text, span), near=span.start)
    return placed.span if placed else None


@transaction.atomic
def keep(foreign: Foreign, article: Article, span: Span | None, *, author: Member, uid: str = "") -> Annotation:
    """Write the note as `author`'s own, moderated like any other: for the group it was for, if they are in it.

    Without a `uid` it gets a random one.
    """
    assert article.current is not None  # noqa: S101 (who calls has an article with a text)
    note = annotate(
        revision=article.current, span=span, author=author, body=foreign.body, tags=foreign.tags,
        motivation=foreign.motivation, visibility=Visibility.PRIVATE if foreign.private else Visibility.PUBLIC,
        group=ReadingGroup.objects.of(author).filter(uid=foreign.group).first() if foreign.group else None, uid=uid,
        more=foreign.more,
    )  # fmt: skip
    remember_names(note, via=foreign.key, canonical=foreign.canonical)
    return note


@transaction.atomic
def keep_reply(foreign: Foreign, parent: Annotation, *, author: Member) -> Annotation:
    """Write an answer to a note that is here."""
    note = reply(parent=parent, author=author, body=foreign.body, tags=foreign.tags, more=foreign.more)
    remember_names(note, via=foreign.key, canonical=foreign.canonical)
    return note


def remember_names(note: Annotation, *, via: str, canonical: str) -> None:
    """Keep by what names the note is known elsewhere."""
    if (via, canonical) != (note.via, note.canonical):
        note.via, note.canonical = via, canonical
        note.save(update_fields=["via", "canonical"])


def bring_in(notes: Iterable[Foreign], *, author: Member, article: Article | None = None) -> Report:
    """Take notes of a file as `author`'s, on `article` or on the text each names. The same file twice adds nothing.

    A note that others wrote says so in its last line. Dates of writing are kept. Replies find their parents among
    the notes of the file and those already here.
    """
    report = Report()
    for foreign in _parents_first(list(notes)):
        _bring_one(foreign, report, author, article)
    return report


def try_out(notes: Iterable[Foreign], *, author: Member, article: Article | None = None) -> Report:
    """What would become of the notes. Each is written as it would be, and nothing is kept."""
    with transaction.atomic():
        report = bring_in(notes, author=author, article=article)
        transaction.set_rollback(True)
    return report


def _parents_first(notes: list[Foreign]) -> list[Foreign]:
    """The notes in their order, but each after the one it answers, as far as that is among them."""
    waiting, ordered, known = notes, list[Foreign](), set[str]()
    keys = {note.key for note in notes}
    while waiting:
        ready = [note for note in waiting if note.reply_to in known or note.reply_to not in keys]
        ready = ready or waiting  # answers to each other in a circle: none of them will find its parent
        ordered += ready
        known |= {note.key for note in ready}
        taken = {id(note) for note in ready}
        waiting = [note for note in waiting if id(note) not in taken]
    return ordered


def _bring_one(foreign: Foreign, report: Report, author: Member, article: Article | None) -> None:
    if foreign.key and Annotation.objects.filter(author=author, via=foreign.key).exists():
        report.there.append(foreign)
        return
    try:
        with transaction.atomic():
            made = _written(foreign, author, article)
    except ReaderError as error:
        report.left.append(Left(foreign, str(error)))
        return
    if isinstance(made, str):
        report.left.append(Left(foreign, made))
    else:
        report.made.append(made)


def _written(foreign: Foreign, author: Member, article: Article | None) -> Annotation | str:
    """The note, or why it has no place."""
    foreign = _with_its_author(foreign, author)
    if foreign.reply_to:
        parent = _parent(foreign, author)
        return _dated(keep_reply(foreign, parent, author=author), foreign) if parent else "What it answers is not here."
    found = article or article_of(foreign, elsewhere=True)
    if found is None or found.current is None:
        return f"There is no text here that came from {foreign.target or 'where it was written'}."
    span = place(found.current, foreign)
    if span is None and not foreign.whole:
        return "Its words do not stand in the text, or in several places that are as likely."
    return _dated(keep(foreign, found, span, author=author), foreign)


def _parent(foreign: Foreign, author: Member) -> Annotation | None:
    """The note answered: one that was brought along, or one of this site that `author` may see."""
    named = named_by(foreign.reply_to)
    readable = Annotation.objects.readable_by(author).select_related("article", "thread")
    if named and named.uid:
        return readable.filter(uid=named.uid).first()
    return readable.filter(via=foreign.reply_to, author=author).first()


def _with_its_author(foreign: Foreign, author: Member) -> Foreign:
    if not foreign.creator or foreign.creator in (author.name, author.username) or not foreign.body:
        return foreign
    return replace(foreign, body=f"{foreign.body}\n\n— {foreign.creator}")


def _dated(note: Annotation, foreign: Foreign) -> Annotation:
    """With the date of its writing instead of today's."""
    if foreign.created:
        Annotation.objects.filter(pk=note.pk).update(created=foreign.created)
        note.created = foreign.created
    return note
