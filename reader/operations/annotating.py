"""Writing: highlights, notes, replies, edits, withdrawing and taking back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from reader.models import (
    Annotation,
    AnnotationVersion,
    Member,
    Motivation,
    Placement,
    ReadingGroup,
    Revision,
    Status,
    Visibility,
)
from reader.models.annotations import MARKS, new_uid
from reader.models.moderation import ModerationEvent
from reader.operations import telling
from reader.operations.errors import (
    BadTags,
    CannotDoThat,
    NoSuchPlace,
    NothingWritten,
    NotStorable,
    TooLong,
    WordsChanged,
)
from reader.operations.flagging import close_flags
from reader.operations.groups import NotAMember, check_is_member
from reader.operations.holding import reasons_to_hold
from reader.operations.revising import bring_forward
from reader.operations.rows import held_note
from reader.operations.standing import check_may_write
from reader.operations.trail import record
from reader.text.normalise import is_storable
from reader.text.selectors import Span, quote_at

MOST_CHARACTERS = 20_000
MOST_TAGS, LONGEST_TAG = 12, 50
OF_THE_SENT_WORDS = {"format", "purpose"}  # said of words as a program sent them: not of those that a page sends


@transaction.atomic
def annotate(
    *,
    revision: Revision,
    span: Span | None,
    author: Member,
    body: str = "",
    tags: Sequence[str] = (),
    motivation: str = Motivation.COMMENTING,
    visibility: str = Visibility.PUBLIC,
    group: ReadingGroup | None = None,
    exact: str | None = None,
    uid: str = "",
    more: Mapping[str, Any] | None = None,
) -> Annotation:
    """Put a note (or, without words, a highlight) on `span` of the revision's text; with `group`, for its members.

    Without a span it is about the text as a whole.
    `exact` is what the author saw there; raises WordsChanged when the text says something else,
    NoSuchPlace when the span is empty or outside, NotAMember for a group the author is not in. Without a `uid` the
    note gets a random one. `more` is what a program says of it besides.
    """
    visibility = Visibility.GROUP if group else visibility
    _check_may_write_for(author, visibility, group)
    if not body.strip() and motivation not in MARKS:
        raise NothingWritten
    if span is None and motivation == Motivation.HIGHLIGHTING:  # a whole text is not marked, it is remembered
        motivation = Motivation.BOOKMARKING
    where = _checked_place(revision, span, exact) if span is not None else {}
    annotation = Annotation.objects.create(
        uid=uid or new_uid(), article=revision.article, author=author, motivation=motivation, visibility=visibility,
        group=group, revision=revision, **where,
    )  # fmt: skip
    if span is not None:
        Placement.objects.create(annotation=annotation, revision=revision, start=span.start, end=span.end)
    _add_version(annotation, body=body, tags=tags, by=author, more=more)
    bring_forward(annotation)
    return annotation


@transaction.atomic
def reply(
    *, parent: Annotation, author: Member, body: str, tags: Sequence[str] = (), uid: str = "",
    more: Mapping[str, Any] | None = None,
) -> Annotation:  # fmt: skip
    """Answer a note, for those who may see it: a reply is never seen by more people than its parent."""
    _check_may_write_for(author, parent.visibility, parent.group)
    if not body.strip():
        raise NothingWritten
    annotation = Annotation.objects.create(
        uid=uid or new_uid(), article=parent.article, author=author, parent=parent, thread=parent.thread or parent,
        motivation=Motivation.REPLYING, visibility=parent.visibility, group=parent.group,
    )  # fmt: skip
    _add_version(annotation, body=body, tags=tags, by=author, more=more)
    return annotation


@transaction.atomic
def edit(
    annotation: Annotation,
    *,
    by: Member,
    body: str,
    tags: Sequence[str],
    visibility: str | None = None,
    motivation: str | None = None,
    group: ReadingGroup | None = None,
    more: Mapping[str, Any] | None = None,
) -> AnnotationVersion:
    """Keep a new wording. What was approved stays where it is seen until the new one is decided.

    A private note may be given to a group, and either to everyone; back it goes by being withdrawn. What was written
    for fewer people is never shown to more: only the new wording is. The motivation is a word of a list, which nobody
    has to approve: a new one counts at once. Without `more`, what a program said besides stays.
    """
    annotation = held_note(annotation.pk)
    wanted = (Visibility.GROUP if group else visibility or annotation.visibility, group)
    reaches = wanted if _may_reach(annotation, *wanted) else (annotation.visibility, annotation.group)
    _check_may_write_for(by, *reaches)
    if _newest(annotation).status in {Status.SPAM, Status.WITHDRAWN}:
        raise CannotDoThat
    if motivation and motivation != annotation.motivation:
        _change_motivation(annotation, motivation)
    if not body.strip() and annotation.motivation not in MARKS:
        raise NothingWritten
    if reaches != (annotation.visibility, annotation.group):
        _widen(annotation, *reaches, by=by)
    if more is None:
        more = {name: value for name, value in _newest(annotation).more.items() if name not in OF_THE_SENT_WORDS}
    return _add_version(annotation, body=body, tags=tags, by=by, more=more)


@transaction.atomic
def withdraw(annotation: Annotation, *, by: Member) -> None:
    """Take a note away from everyone's eyes; its author can bring it back."""
    annotation = held_note(annotation.pk)
    before = _newest(annotation).status
    if before in {Status.SPAM, Status.WITHDRAWN}:
        raise CannotDoThat
    was_public = annotation.published is not None
    annotation.versions.filter(pk=_newest(annotation).pk).update(status=Status.WITHDRAWN)
    annotation.published = None
    annotation.save(update_fields=["published"])
    if not annotation.is_private:
        record(annotation, ModerationEvent.Verb.WITHDRAWN, by=by, before=before, after=Status.WITHDRAWN)
    if was_public and annotation.is_public:
        annotation.article.touch_notes()


@transaction.atomic
def restore(annotation: Annotation, *, by: Member) -> None:
    """Bring a withdrawn note back as it stood: what was approved is seen again, what waited waits again."""
    annotation = held_note(annotation.pk)
    if annotation.group:
        check_is_member(annotation.group, by)
    if _newest(annotation).status != Status.WITHDRAWN:
        raise CannotDoThat
    last = annotation.events.filter(verb=ModerationEvent.Verb.WITHDRAWN).first()
    after = last.before if last else Status.PENDING
    annotation.versions.filter(pk=_newest(annotation).pk).update(status=after)
    if annotation.is_private:
        return
    record(annotation, ModerationEvent.Verb.RESTORED, by=by, before=Status.WITHDRAWN, after=after)
    approved = annotation.versions.filter(status=Status.APPROVED, visibility=annotation.visibility)
    if last_approved := approved.order_by("number").last():
        publish_version(annotation, last_approved)


def publish_version(annotation: Annotation, version: AnnotationVersion) -> None:
    """Make `version` what everyone sees whom the note is for. Call inside a transaction."""
    annotation.published = version
    annotation.save(update_fields=["published"])
    _make_known(annotation, version)


def _make_known(annotation: Annotation, version: AnnotationVersion, *, is_first: bool = False) -> None:
    """What follows from its being seen: its tags, the pages that show it, who is told."""
    set_tags(annotation, version)
    if annotation.is_public:
        annotation.article.touch_notes()
    telling.published(annotation, version, is_first=is_first)


def set_tags(annotation: Annotation, version: AnnotationVersion) -> None:
    """Find the note by the tags of this wording; in order, so that two who bring the same new ones do not block."""
    names = sorted(version.tag_names, key=str.casefold)
    if version.number > 1 or annotation.latest != version:
        annotation.tags.set(names, clear=True)
    elif names:  # it never had others
        annotation.tags.add(*names)


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Tags without surplus space or repetition, in the order given. Raises BadTags.

    A tag needs a letter or a digit: its address is made of them.
    """
    names: dict[str, str] = {}
    for tag in tags:
        name = " ".join(tag.split())
        if name:
            names.setdefault(name.casefold(), name)
    if len(names) > MOST_TAGS or any(len(name) > LONGEST_TAG for name in names.values()):
        raise BadTags
    if not all(slugify(name, allow_unicode=True) for name in names.values()):
        raise BadTags
    return list(names.values())


def _checked_place(revision: Revision, span: Span, exact: str | None) -> dict[str, int | str]:
    """What is kept of the place that the author saw."""
    words = span.of(revision.text)
    if not words.strip() or span.end > len(revision.text):
        raise NoSuchPlace
    if exact is not None and exact != words:
        raise WordsChanged
    quote = quote_at(revision.text, span)
    return {"start": span.start, "end": span.end, "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}


def check_words(body: str, tags: Sequence[str], besides: Sequence[str] = ()) -> None:
    if len(body) > MOST_CHARACTERS or sum(map(len, besides)) > MOST_CHARACTERS:
        raise TooLong
    if not all(is_storable(each) for each in (body, *tags, *besides)):
        raise NotStorable


def _texts_in(value: Any) -> Iterator[str]:
    """Every text in what a program said, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from (name, *_texts_in(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)


def _newest(annotation: Annotation) -> AnnotationVersion:
    """Its newest wording. Every note gets its first one in the transaction that makes it."""
    if annotation.latest is None:
        raise CannotDoThat
    return annotation.latest


def _change_motivation(annotation: Annotation, motivation: str) -> None:
    annotation.motivation = motivation
    annotation.save(update_fields=["motivation"])
    if annotation.published_id and annotation.is_public:
        annotation.article.touch_notes()


def _check_may_write_for(author: Member, visibility: str, group: ReadingGroup | None) -> None:
    check_may_write(author, visibility)
    if group:
        check_is_member(group, author)
    elif visibility == Visibility.GROUP:
        raise NotAMember


_REACH = [Visibility.PRIVATE, Visibility.GROUP, Visibility.PUBLIC]  # from few to many


def _may_reach(annotation: Annotation, visibility: str, group: ReadingGroup | None) -> bool:
    """True when more people than now would see the note, and none who do not see what it answers."""
    parent = annotation.parent
    if parent and not parent.is_public and (visibility, group) != (parent.visibility, parent.group):
        return False
    return _REACH.index(Visibility(visibility)) > _REACH.index(Visibility(annotation.visibility))


def _widen(annotation: Annotation, visibility: str, group: ReadingGroup | None, *, by: Member) -> None:
    """Let more people see the note from its next wording on. What a group had approved and flagged ends with it."""
    close_flags(annotation, upheld=False, by=by)
    annotation.visibility, annotation.group, annotation.published = visibility, group, None
    annotation.save(update_fields=["visibility", "group", "published"])


def _add_version(
    annotation: Annotation, *, body: str, tags: Sequence[str], by: Member, more: Mapping[str, Any] | None
) -> AnnotationVersion:
    besides = list(_texts_in(more))
    check_words(body, tags, besides)
    names = clean_tags(tags)
    said = "\n".join([body, *besides])
    held = [] if annotation.is_private else reasons_to_hold(annotation, body=said, tags=names, by=by)
    number = annotation.latest.number + 1 if annotation.latest else 1
    version = AnnotationVersion.objects.create(
        annotation=annotation, number=number, body=body, tag_names=names, visibility=annotation.visibility,
        more=dict(more or {}), held_for=held,
        status=Status.PENDING if held or annotation.is_private else Status.APPROVED,
    )  # fmt: skip
    annotation.latest = version
    if version.status == Status.APPROVED:
        annotation.published = version
    annotation.save(update_fields=["latest", "published"])
    _announce(annotation, version, by)
    return version


def _announce(annotation: Annotation, version: AnnotationVersion, by: Member) -> None:
    """Say that it is seen, or let it wait; leave a trace of either. A private note leaves none: it is nobody else's."""
    if version.status == Status.APPROVED:
        _make_known(annotation, version, is_first=version.number == 1)
        record(annotation, ModerationEvent.Verb.PUBLISHED, by=by, version=version, after=Status.APPROVED)
        return
    if annotation.published is None:
        set_tags(annotation, version)
    if not annotation.is_private:
        record(annotation, ModerationEvent.Verb.SUBMITTED, by=by, version=version, after=Status.PENDING)
