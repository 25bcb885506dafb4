"""The one place that knows who may see and change what. What you may not see does not exist for you."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404

from reader.models import Annotation, AnnotationVersion, Article, Member, Status

Person = Member | AnonymousUser


def annotation_to_read(person: Person, uid: str) -> Annotation:
    """The note, if `person` may see it. Raises Http404 otherwise."""
    return get_object_or_404(Annotation.objects.readable_by(person).with_versions(), uid=uid)


def annotation_to_edit(person: Person, uid: str) -> Annotation:
    """The note, if it is theirs to change. Raises Http404 otherwise."""
    return get_object_or_404(Annotation.objects.editable_by(person).with_versions(), uid=uid)


def annotation_to_restore(person: Person, uid: str) -> Annotation:
    """A withdrawn note of their own. Raises Http404 otherwise."""
    if not person.is_authenticated:
        raise Http404
    withdrawn = Annotation.objects.filter(author=person, latest__status=Status.WITHDRAWN)
    return get_object_or_404(withdrawn.with_versions(), uid=uid)


def annotation_to_moderate(person: Person, uid: str) -> Annotation:
    """A note that is not private, for moderators. Raises Http404 otherwise."""
    if not can_moderate(person):
        raise Http404
    return annotation_to_read(person, uid)


def article_to_read(slug: str) -> Article:
    """An article that has a text: everyone may read it. Raises Http404 otherwise."""
    return get_object_or_404(Article.objects.published().select_related("current"), slug=slug)


def can_moderate(person: Person) -> bool:
    """True for moderators whose account is active."""
    return bool(person.is_authenticated and person.is_moderator)


def shown_version(annotation: Annotation, person: Person) -> AnnotationVersion | None:
    """The wording `person` is shown: authors and moderators the newest, everyone else the approved one.

    A wording put away as spam is shown to nobody while an approved one stands.
    None when there is nothing they may read (a withdrawn note that only keeps its thread together).
    """
    sees_waiting = person.is_authenticated and (annotation.author_id == person.pk or can_moderate(person))
    if annotation.is_private and annotation.author_id != person.pk:
        return None
    put_away = annotation.latest is not None and annotation.latest.status == Status.SPAM
    if put_away and annotation.published is not None:
        return annotation.published
    return annotation.latest if sees_waiting else annotation.published
