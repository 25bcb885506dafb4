"""How the queue is narrowed, counted and read on, and what an item shows beside the note itself."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from reader.models import Annotation, Flag, HeldFor, Member, Proposal, Status
from reader.operations import turns
from reader.text.aligning import align
from reader.text.excerpts import Excerpt, excerpt
from reader.text.selectors import Span
from reader.views.differences import inline

UNSEEN = "unseen"  # appeared at once, and no moderator has looked: post-moderation
AT_ONCE = 20
REACH = 160  # code points of the text shown either side of a passage
CONVERSATION = 200  # notes of conversations that are shown with one page of items
RELATED = (
    "latest__claimed_by", "published", "author", "article", "revision", "parent__published", "parent__author",
    "thread__revision",
)  # fmt: skip
MARK = "%Y%m%d%H%M%S%f"


def narrowed(asked: dict[str, str]) -> QuerySet[Annotation]:
    """What waits or was flagged, by article, person and reason; or what appeared at once and was not looked at."""
    found = Annotation.objects.unseen() if asked["why"] == UNSEEN else Annotation.objects.to_moderate()
    if asked["article"]:
        found = found.filter(article__slug=asked["article"])
    if asked["person"]:
        found = found.filter(author__username=asked["person"])
    if asked["why"] == HeldFor.FLAGGED:
        return found.filter(pk__in=Flag.objects.filter(outcome="").values("annotation"))
    return found.held_for(asked["why"]) if asked["why"] in HeldFor.values else found


def choices(more: dict[str, int], proposals: QuerySet[Proposal]) -> dict:
    """What the queue can be narrowed to, each with how much it is; `more` counts `proposals` that wait, by reason."""
    waiting = Annotation.objects.to_moderate().order_by()
    held = waiting.filter(latest__status=Status.PENDING).annotate(held=Cast("latest__held_for", TextField()))
    counts = held.aggregate(**{code.name: Count("pk", filter=Q(held__contains=f'"{code}"')) for code in HeldFor})
    counts[HeldFor.FLAGGED.name] = Flag.objects.filter(annotation__in=waiting, outcome="").aggregate(
        n=Count("annotation", distinct=True)
    )["n"]
    counts = {name: n + more[name] for name, n in counts.items()}
    whys = [(str(code), code.label, counts[code.name]) for code in HeldFor if counts[code.name]]
    unseen = Annotation.objects.unseen().count()
    return {
        "whys": whys + ([(UNSEEN, _("appeared at once, not looked at yet"), unseen)] if unseen else []),
        "all_articles": _most(waiting, proposals, "article__slug", "article__title"),
        "people": _most(waiting, proposals, "author__username", "author__display_name")[:50],
    }


def _most(notes: QuerySet[Annotation], proposals: QuerySet[Proposal], name: str, label: str) -> list[dict]:
    """How many of both belong to each that has any, the most first, in one query."""
    notes, proposals = (
        each.order_by().filter(**{f"{name}__isnull": False}).values(name, label).annotate(n=Count("pk"))
        for each in (notes, proposals)
    )
    counts: Counter[tuple[str, str]] = Counter()
    for row in notes.union(proposals, all=True):
        counts[row[name], row[label]] += row["n"]
    return [{name: key, label: words, "n": n} for (key, words), n in counts.most_common()]


def items(found: QuerySet[Annotation], moderator: Member) -> list[Annotation]:
    """Notes with all that their items show, in a fixed number of queries."""
    open_flags = Flag.objects.filter(outcome="").select_related("by").order_by("created", "pk")
    flags = Prefetch("flags", queryset=open_flags, to_attr="open_flags")
    notes = list(found.select_related(*RELATED).prefetch_related(flags))
    talks = _conversations(notes)
    say_whose_turn({note: note.latest for note in notes}, moderator)
    for note in notes:
        _prepare(note)
        said = talks[note.thread_id or note.pk]
        note.conversation = [each for each in said if each.pk not in (note.pk, note.parent_id)]
    return notes


def say_whose_turn(shown: Mapping[Any, turns.Item], moderator: Member) -> None:
    """On each note or proposal, by the wording that waits: who is at work on it, and who may decide."""
    for_others = turns.for_others(shown.values(), moderator)
    for each, item in shown.items():
        each.claimer = item.claimed_by if turns.is_claimed(item) else None
        each.is_mine = bool(each.claimer and each.claimer.pk == moderator.pk)
        each.is_for_others = item.status == Status.PENDING and item in for_others
        each.may_decide = not each.is_for_others and (each.is_mine or each.claimer is None)


def _prepare(note: Annotation) -> None:
    note.passage = passage_of(note)
    note.waits = note.latest.status == Status.PENDING
    if note.published and note.waits:
        note.difference = inline(align(note.published.body, note.latest.body))


def _conversations(notes: list[Annotation]) -> dict[int, list[Annotation]]:
    """By thread: what is public of the conversations that these notes belong to."""
    tops = {note.thread_id or note.pk for note in notes}
    found = Annotation.objects.public().filter(Q(thread__in=tops) | Q(pk__in=tops))
    talks = defaultdict(list)
    for each in found.select_related("published", "author").order_by("created", "pk")[:CONVERSATION]:
        talks[each.thread_id or each.pk].append(each)
    return talks


def passage_of(note: Annotation) -> Excerpt | None:
    """The words a note lies on, with the text around them; a reply stands on its thread's words."""
    top = note.thread or note
    if top.revision is None or top.start is None:
        return None
    return excerpt(top.revision.text, Span(top.start, top.end), reach=REACH)
