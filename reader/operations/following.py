"""Following an article, a paragraph of one, a card, a tag, a person or a thread."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from taggit.models import Tag

from reader import access
from reader.models import Annotation, Article, Card, Follow, Member, Paragraph

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
    return _as_article(access.article_to_read(name))


def _as_article(found: Article) -> Target:
    return Target("article", found.slug, {"article": found}, found.title, found.get_absolute_url())


def _passage(name: str, person: access.Person) -> Target:
    slug, _slash, number = name.rpartition("/")
    article = access.article_to_read(slug)
    if not number.isdecimal() or len(number) > 6:
        raise Http404
    return _as_passage(article, get_object_or_404(Paragraph, revision=article.current, number=int(number)))


def _as_passage(article: Article, row: Paragraph) -> Target:
    title = _("¶%(number)d of %(title)s") % {"number": row.number, "title": article.title}
    address = reverse("reader:paragraph", args=[article.slug, row.number])
    fields = {"article": article, "paragraph": row.key}
    return Target("passage", f"{article.slug}/{row.number}", fields, title, address)


def _card(name: str, person: access.Person) -> Target:
    return _as_card(get_object_or_404(Card, slug=name))


def _as_card(found: Card) -> Target:
    return Target("card", found.slug, {"card": found}, found.name, reverse("reader:card", args=[found.slug]))


def _tag(name: str, person: access.Person) -> Target:
    found = get_object_or_404(Tag, slug=name)
    if not _tags_in_sight(person, [found.pk]):
        raise Http404
    return _as_tag(found)


def _as_tag(found: Tag) -> Target:
    return Target("tag", found.slug, {"tag": found}, f"#{found.name}", reverse("reader:tag", args=[found.slug]))


def _person(name: str, person: access.Person) -> Target:
    found = get_object_or_404(Member, username=name)
    if found.pk == person.pk or not _people_in_sight([found.pk]):
        raise Http404
    return _as_person(found)


def _as_person(found: Member) -> Target:
    return Target(
        "person", found.username, {"person": found}, found.name, reverse("reader:person", args=[found.username])
    )


def _thread(name: str, person: access.Person) -> Target:
    note = access.annotation_to_read(person, name)
    return _as_thread(note.thread or note, note.get_absolute_url())


def _as_thread(top: Annotation, address: str) -> Target:
    title = _("the conversation on «%s»") % top.exact[:80]
    return Target("thread", top.uid, {"thread": top}, title, address)


def _tags_in_sight(person: access.Person, tags: Iterable[int]) -> set[int]:
    """Those of these that stand on a card or on a note that this person may read."""
    readable = Annotation.objects.readable_by(person).listed().filter(tags__in=tags)
    on_cards = Card.objects.filter(tags__in=tags)
    return {*readable.values_list("tags", flat=True), *on_cards.values_list("tags", flat=True)}


def _people_in_sight(people: Iterable[int]) -> set[int]:
    """Those with something public: who has shown nothing to everyone is not to be found."""
    public = Annotation.objects.public().filter(author__in=people, author__is_active=True)
    return set(public.values_list("author", flat=True))


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
    in_sight = _InSight(list(rows), member)
    return [(row, in_sight.target(row)) for row in in_sight.rows]


class _InSight:
    """What of many rows is to be seen now, in as many questions for hundreds as for one."""

    def __init__(self, rows: list[Follow], member: Member) -> None:
        self.rows = rows
        threads = Annotation.objects.readable_by(member).filter(pk__in=self._ids("thread"))
        self.threads = set(threads.values_list("pk", flat=True))
        self.people = _people_in_sight(self._ids("person"))
        self.tags = _tags_in_sight(member, self._ids("tag"))
        current = [row.article.current_id for row in rows if row.article and row.paragraph]
        kept = Paragraph.objects.filter(revision__in=current, key__in=[row.paragraph for row in rows])
        self.paragraphs = {(paragraph.revision_id, paragraph.key): paragraph for paragraph in kept}

    def _ids(self, name: str) -> set[int]:
        return {getattr(row, f"{name}_id") for row in self.rows} - {None}

    def target(self, row: Follow) -> Target | None:
        if row.article:
            return self._in_article(row, row.article)
        if row.card:
            return _as_card(row.card)
        if row.tag:
            return _as_tag(row.tag) if row.tag_id in self.tags else None
        if row.person:
            return _as_person(row.person) if row.person_id in self.people else None
        top = row.thread
        return _as_thread(top, top.get_absolute_url()) if top and top.pk in self.threads else None

    def _in_article(self, row: Follow, article: Article) -> Target | None:
        if article.current_id is None or not row.paragraph:
            return _as_article(article) if article.current_id else None
        paragraph = self.paragraphs.get((article.current_id, row.paragraph))
        return _as_passage(article, paragraph) if paragraph else None
