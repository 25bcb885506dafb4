"""Following an article, a paragraph of one, a card, a tag, a person or a thread."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from taggit.models import Tag

from reader import access
from reader.models import Annotation, Card, Follow, Member, Paragraph

KINDS = ["article", "passage", "card", "tag", "person", "thread"]


@dataclass(frozen=True)
class Target:
    """What can be followed: the fields of Follow that say so, what to call it, where it stands."""

    kind: str
    name: str
    fields: dict[str, Any]
    title: str
    address: str

    @property
    def follow_address(self) -> str:
        """Where one follows it, and stops."""
        return reverse("reader:follow", args=[self.kind, self.name])


def target_of(kind: str, name: str, *, person: access.Person) -> Target:
    """What `name` stands for: a slug, «slug/number» of a paragraph, a user name, a note's uid.

    Raises Http404 for what is not there, or may not be seen by `person`.
    """
    makers = {"article": _article, "passage": _passage, "card": _card, "tag": _tag, "person": _person}
    if kind == "thread":
        return _thread(name, person)
    if kind not in makers:
        raise Http404
    return makers[kind](name, person)


def _article(name: str, person: access.Person) -> Target:
    found = access.article_to_read(name)
    return Target("article", name, {"article": found}, found.title, reverse("reader:article", args=[found.slug]))


def _passage(name: str, person: access.Person) -> Target:
    slug, _slash, number = name.rpartition("/")
    article = access.article_to_read(slug)
    if not number.isdecimal() or len(number) > 6:
        raise Http404
    row = get_object_or_404(Paragraph, revision=article.current, number=int(number))
    title = _("¶%(number)d of %(title)s") % {"number": row.number, "title": article.title}
    address = reverse("reader:paragraph", args=[slug, row.number])
    return Target("passage", name, {"article": article, "paragraph": row.key}, title, address)


def _card(name: str, person: access.Person) -> Target:
    found = get_object_or_404(Card, slug=name)
    return Target("card", name, {"card": found}, found.name, reverse("reader:card", args=[found.slug]))


def _tag(name: str, person: access.Person) -> Target:
    found = get_object_or_404(Tag, slug=name)
    readable = Annotation.objects.readable_by(person).listed().filter(tags=found)
    if not Card.objects.filter(tags=found).exists() and not readable.exists():
        raise Http404
    return Target("tag", name, {"tag": found}, f"#{found.name}", reverse("reader:tag", args=[name]))


def _person(name: str, person: access.Person) -> Target:
    """Somebody one has read: who has shown nothing to others is not to be found."""
    found = get_object_or_404(Member, username=name, is_active=True)
    latest = Annotation.objects.public().filter(author=found).last()
    if found.pk == person.pk or latest is None:
        raise Http404
    return Target("person", name, {"person": found}, found.name, reverse("reader:person", args=[found.username]))


def _thread(name: str, person: access.Person) -> Target:
    note = access.annotation_to_read(person, name)
    top = note.thread or note
    title = _("the conversation on «%s»") % top.exact[:80]
    return Target("thread", top.uid, {"thread": top}, title, note.get_absolute_url())


def is_following(member: Member, fields: dict[str, Any]) -> bool:
    """True when this very thing is followed: a paragraph is not its article."""
    exactly = {"paragraph": ""} | fields
    return Follow.objects.filter(member=member, **exactly).exists()


def follow(member: Member, target: Target) -> None:
    """Twice is as good as once."""
    Follow.objects.get_or_create(member=member, **{"paragraph": ""} | target.fields)


def unfollow(member: Member, target: Target) -> None:
    """Nothing more is told of it; what was told stays."""
    Follow.objects.filter(member=member, **{"paragraph": ""} | target.fields).delete()


def stop(member: Member, pk: int) -> bool:
    """End one follow from the list, also of what is not to be seen any more. False when it is not theirs."""
    return bool(Follow.objects.filter(member=member, pk=pk).delete()[0])


def followed_by(member: Member) -> list[tuple[Follow, Target | None]]:
    """What this person follows, newest first; None stands for what they may not see any more."""
    rows = Follow.objects.filter(member=member).select_related("article__current", "card", "tag", "person", "thread")
    return [(row, _target_of_row(row, member)) for row in rows]


def _target_of_row(row: Follow, member: Member) -> Target | None:
    try:
        return target_of(*_name_of(row), person=member)
    except Http404:
        return None


def _name_of(row: Follow) -> tuple[str, str]:
    if row.article and row.paragraph:
        here = row.article.current.paragraphs.filter(key=row.paragraph).first() if row.article.current else None
        return "passage", f"{row.article.slug}/{here.number if here else 0}"
    for kind, name in (
        ("article", "slug"),
        ("card", "slug"),
        ("tag", "slug"),
        ("person", "username"),
        ("thread", "uid"),
    ):
        if getattr(row, kind) is not None:
            return kind, str(getattr(getattr(row, kind), name))
    raise Http404
