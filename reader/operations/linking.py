"""Names of cards in a text: proposed, decided on by an editor, and remembered for the next revision."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from reader.models import Article, Card, Member, Mention, MentionDecision, Revision
from reader.text.mentions import Finder, Name, Proposal
from reader.text.selectors import Span

CONTEXT = 60  # code points shown either side of a place
REMEMBERED = 24  # code points either side that tell a declined place from others of the same words
_APART = "\u241f"


@dataclass(frozen=True)
class Place:
    """One place where the words stand, with what is around them. `number` is that of its paragraph."""

    span: Span
    number: int
    before: str
    after: str
    doubt: str

    @property
    def is_cut_before(self) -> bool:
        """True when the paragraph began earlier than what is shown."""
        return len(self.before) == CONTEXT

    @property
    def is_cut_after(self) -> bool:
        """True when the paragraph goes on after what is shown."""
        return len(self.after) == CONTEXT

    @property
    def name(self) -> str:
        """What a form calls it: where it begins."""
        return str(self.span.start)


@dataclass(frozen=True)
class Group:
    """The places of the same words that may speak of one card; what an editor decides on together."""

    card: Card
    words: str
    kind: str
    places: Sequence[Place]

    @property
    def name(self) -> str:
        """What a form calls it: the card and where the words stand first."""
        return f"{self.card.pk}-{self.places[0].span.start}"

    @property
    def doubts(self) -> list[str]:
        """Why it may be something else, each reason once, in order."""
        return [doubt for doubt in dict.fromkeys(place.doubt for place in self.places) if doubt]


def proposals(article: Article) -> list[Group]:
    """Names of cards in the current text that are not linked and not decided on, sure ones first."""
    revision = article.current
    if revision is None:
        return []
    cards = {card.pk: card for card in Card.objects.all()}
    found = _open_places(article, revision, _found(revision.text))
    groups = _grouped(revision, found, cards)
    return sorted(groups, key=lambda group: (bool(group.doubts), group.places[0].span.start))


@transaction.atomic
def accept(article: Article, group: Group, *, starts: set[int], by: Member) -> int:
    """Link the places of `group` that begin at `starts`; the others are declined. Gives how many were linked.

    Remembered: where the next revision has these words again, they are linked without asking, but for the
    places declined now, told by what stands around them.
    """
    declined = [place for place in group.places if place.span.start not in starts]
    _remember(article, group, by, accepted=True, declined=declined)
    made = _link(article, [(place.span, group) for place in group.places if place.span.start in starts])
    if made:
        article.touch_notes()
    return made


@transaction.atomic
def decline(article: Article, group: Group, *, by: Member) -> None:
    """Say that these words never speak of this card in this article: not asked again."""
    _remember(article, group, by, accepted=False, declined=[])


@transaction.atomic
def apply_decisions(article: Article) -> int:
    """Link, in the current text, what was accepted in an earlier one. Gives how many links were made."""
    revision = article.current
    accepted = {(d.card_id, d.words): d for d in article.mention_decisions.filter(accepted=True)}
    if revision is None or not accepted:
        return 0
    cards = {card.pk: card for card in Card.objects.filter(mention_decisions__in=accepted.values()).distinct()}
    known = [each for each in _found(revision.text) if (each.card, each.words) in accepted]
    free = _not_linked(revision, known)
    wanted = [each for each in free if not _is_declined(revision.text, each.span, accepted[each.card, each.words])]
    made = _link(article, [(each.span, group) for group in _grouped(revision, wanted, cards) for each in group.places])
    if made:
        article.touch_notes()
    return made


def names() -> Iterator[Name]:
    """What every card is called: its names are names, all else other wordings."""
    rows = Card.objects.values_list("pk", "name", "native_name", "romanised_name", "aliases", "other_names")
    for pk, name, native, romanised, aliases, others in rows:
        yield from (Name(words, pk) for words in (name, native) if words)
        more = [romanised, *(each for each in (*aliases, *others) if isinstance(each, str))]
        yield from (Name(words, pk, Mention.Kind.ALIAS.value) for words in more if words)


def _found(text: str) -> list[Proposal]:
    return Finder(names()).find(text)


def _open_places(article: Article, revision: Revision, found: list[Proposal]) -> list[Proposal]:
    decided = {(d.card_id, d.words): d for d in article.mention_decisions.all()}
    free = _not_linked(revision, found)
    return [each for each in free if not _was_declined(revision.text, each, decided)]


def _was_declined(text: str, each: Proposal, decided: dict[tuple[int, str], MentionDecision]) -> bool:
    decision = decided.get((each.card, each.words))
    return decision is not None and (not decision.accepted or _is_declined(text, each.span, decision))


def _not_linked(revision: Revision, found: list[Proposal]) -> list[Proposal]:
    """Without those on words that a mention lies on already; one pass over both, in order."""
    linked = sorted(revision.mentions.values_list("start", "end"))
    free, at = [], 0
    for each in found:
        while at < len(linked) and linked[at][1] <= each.span.start:
            at += 1
        if at == len(linked) or each.span.end <= linked[at][0]:
            free.append(each)
    return free


def _grouped(revision: Revision, found: Iterable[Proposal], cards: dict[int, Card]) -> list[Group]:
    paragraphs = list(revision.paragraphs.all())
    together: dict[tuple[int, str], list[Proposal]] = defaultdict(list)
    for each in found:
        together[each.card, each.words].append(each)
    at = {each.span.start: None for group in together.values() for each in group}
    numbers = dict(zip(sorted(at), _numbers(sorted(at), [(p.start, p.number) for p in paragraphs]), strict=True))
    return [
        Group(cards[pk], words, rows[0].kind, [_place(revision.text, each, numbers[each.span.start]) for each in rows])
        for (pk, words), rows in together.items()
    ]


def _numbers(places: list[int], paragraphs: list[tuple[int, int]]) -> Iterator[int]:
    at = 0
    for place in places:
        while at + 1 < len(paragraphs) and paragraphs[at + 1][0] <= place:
            at += 1
        yield paragraphs[at][1]


def _place(text: str, each: Proposal, number: int) -> Place:
    start, end = each.span.start, each.span.end
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Place(each.span, number, before.rpartition("\n\n")[2], after.partition("\n\n")[0], each.doubt)


def _around(text: str, span: Span) -> str:
    """What stands either side within the paragraph: other paragraphs may change."""
    before = text[max(0, span.start - REMEMBERED - 2) : span.start].rpartition("\n\n")[2]
    after = text[span.end : span.end + REMEMBERED + 2].partition("\n\n")[0]
    return f"{before[-REMEMBERED:]}{_APART}{after[:REMEMBERED]}"


def _is_declined(text: str, span: Span, decision: MentionDecision) -> bool:
    return _around(text, span) in decision.declined_places


def _remember(article: Article, group: Group, by: Member, *, accepted: bool, declined: Sequence[Place]) -> None:
    text = article.current.text if article.current else ""
    key = {"article": article, "card": group.card, "words": group.words}
    decision, _made = MentionDecision.objects.get_or_create(**key, defaults={"accepted": accepted, "decided_by": by})
    places = dict.fromkeys([*decision.declined_places, *(_around(text, place.span) for place in declined)])
    decision.accepted, decision.decided_by = accepted, by
    decision.declined_places = list(places) if accepted else []
    decision.save()


def _link(article: Article, places: Sequence[tuple[Span, Group]]) -> int:
    """Mentions at these places, but for those that lie on another by now. Gives how many were made."""
    taken = sorted(Mention.objects.filter(revision=article.current).values_list("start", "end"))
    rows, at, last = [], 0, 0
    for span, group in sorted(places, key=lambda each: each[0]):
        while at < len(taken) and taken[at][1] <= span.start:
            at += 1
        if span.start < last or (at < len(taken) and taken[at][0] < span.end):
            continue
        last = span.end
        kept = {"article": article, "revision": article.current, "card": group.card, "kind": group.kind}
        rows.append(Mention(**kept, start=span.start, end=span.end))
    return len(Mention.objects.bulk_create(rows))
