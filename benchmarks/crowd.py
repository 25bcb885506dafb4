"""Many notes in little time, each a copy of one that the real operation wrote, on other words."""

import random
import re
from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from taggit.models import Tag, TaggedItem

from reader.models import Annotation, AnnotationVersion, Article, Member, ModerationEvent, Placement
from reader.models.annotations import new_uid
from reader.operations.annotating import annotate
from reader.text.selectors import Span, quote_at

BATCH = 2000
WORDS = re.findall(r"\w+", "the letter shows how visits and exchanges were weighed against what each could say aloud")
TAGS = ["signals", "history", "exchange", "economy", "media", "question"]


@transaction.atomic
def crowd(article: Article, notes: int, *, seed: int = 1) -> None:
    """Bring the public notes on `article` up to `notes`, by trusted readers, over words all through its text."""
    chance = random.Random(seed)
    people = [_reader(number) for number in range(25)]
    model = _written_by_the_real_operation(article, people[0])
    missing = notes - Annotation.objects.public().filter(article=article).count()
    spans = _spans(article.current.text, chance)
    for done in range(0, missing, BATCH):
        count = min(BATCH, missing - done)
        _copies(model, [(next(spans), chance.choice(people)) for _ in range(count)], chance)
    _settle(article, public=True)
    article.touch_notes()


@transaction.atomic
def crowd_that_waits(article: Article, notes: int, *, seed: int = 1) -> None:
    """Put `notes` notes of new people into the queue, each a little younger than the one before."""
    chance = random.Random(seed)
    people = [_reader(number, is_trusted=False, name="newcomer") for number in range(25)]
    model = annotate(revision=article.current, span=Span(0, 2), author=people[0], body="A thought.", tags=TAGS[:2])
    assert model.published is None, "what new people write waits"
    spans = _spans(article.current.text, chance)
    _copies(model, [(next(spans), people[number % 25]) for number in range(notes - 1)], chance)
    _settle(article, public=False)
    waiting = list(AnnotationVersion.objects.filter(annotation__author__in=people).order_by("pk"))
    for number, version in enumerate(waiting):
        version.waits_since -= timedelta(minutes=len(waiting) - number)
    AnnotationVersion.objects.bulk_update(waiting, ["waits_since"], batch_size=500)


def _reader(number: int, *, is_trusted: bool = True, name: str = "reader") -> Member:
    return Member.objects.get_or_create(username=f"{name}-{number}", defaults={"is_trusted": is_trusted})[0]


def _written_by_the_real_operation(article: Article, author: Member) -> Annotation:
    body = "A note **of the usual length**, with a thought in it and [a link](https://example.org/)."
    note = annotate(revision=article.current, span=Span(0, 2), author=author, body=body, tags=TAGS[:2])
    assert note.published == note.latest, "what trusted people write is public at once"
    return note


def _spans(text: str, chance: random.Random):
    """Places of one to twelve words, from anywhere in the text, without end."""
    words = [match.span() for match in re.finditer(r"\w+", text)]
    while True:
        first = chance.randrange(len(words))
        last = min(len(words) - 1, first + chance.randrange(12))
        yield Span(words[first][0], words[last][1])


def _copies(model: Annotation, places: list[tuple[Span, Member]], chance: random.Random) -> None:
    text = model.revision.text
    notes = Annotation.objects.bulk_create(
        _like(model, uid=new_uid(), author=author, published=None, latest=None, **_target(text, span))
        for span, author in places
    )
    version = model.latest
    AnnotationVersion.objects.bulk_create(
        _like(version, annotation=note, body=" ".join(chance.choices(WORDS, k=chance.randint(8, 60)))) for note in notes
    )
    placed, event = model.placements.get(), model.events.get()
    Placement.objects.bulk_create(_like(placed, annotation=n, start=n.start, end=n.end) for n in notes)
    ModerationEvent.objects.bulk_create(
        _like(event, annotation=n, annotation_uid=n.uid, by=n.author, about=n.author, act=new_uid()) for n in notes
    )
    # Cards have tags too, and row numbers of their own.
    item = TaggedItem.objects.get(object_id=model.pk, content_type__model="annotation", tag__name=TAGS[0])
    tags = Tag.objects.filter(name__in=TAGS[:2])
    TaggedItem.objects.bulk_create(_like(item, object_id=n.pk, tag=tag) for n in notes for tag in tags)


def _settle(article: Article, *, public: bool) -> None:
    """Each copy has its one wording, and shows it if it is public."""
    only = Subquery(AnnotationVersion.objects.filter(annotation=OuterRef("pk")).values("pk")[:1])
    shown = {"published": only} if public else {}
    Annotation.objects.filter(article=article, latest=None).update(latest=only, **shown)


def _target(text: str, span: Span) -> dict:
    quote = quote_at(text, span)
    place = {"start": span.start, "end": span.end}
    return place | {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}


def _like(row, **changes):
    """A new row like `row`, with `changes`."""
    same = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    for name, value in changes.items():
        same.pop(row._meta.get_field(name).attname, None)
        same[name] = value
    return type(row)(**same)
