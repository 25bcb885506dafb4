"""What an accepted proposal does to cards and texts, and how that is taken back."""

from itertools import count
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reader.models import Annotation, Article, Card, CardVersion, Fact, Member, Mention, Proposal, Source
from reader.operations import card_history, telling
from reader.operations.card_history import CardChanged, Snapshot
from reader.operations.carrying import Carrier, verdict
from reader.operations.errors import CannotDoThat, ReaderError
from reader.operations.rows import held_article, held_card
from reader.text.normalise import SEPARATOR
from reader.text.selectors import Span

Named = TypeVar("Named", Card, Source)
RESERVED = {"suggest"}  # addresses under /cards/ that are no cards


class CardExists(ReaderError):
    status = 409
    code = "card_exists"
    message = gettext_lazy(
        "There is a card of this name. Suggest a correction of it, or a name that tells the two apart."
    )


class AlreadyLinked(ReaderError):
    status = 409
    code = "already_linked"
    message = gettext_lazy("These words lead to a card already.")


class WordsGone(ReaderError):
    status = 409
    code = "words_gone"
    message = gettext_lazy("The text was revised since, and has these words no longer. Send it back, or reject it.")


class CardGone(ReaderError):
    status = 409
    code = "card_gone"
    message = gettext_lazy("The card is gone by now. Reject it, with a word to its author.")


def take(proposal: Proposal, *, by: Member) -> None:
    """Do what the proposal says, with its author's name and source. Call inside a transaction.

    Raises CardChanged, CardExists, CardGone, AlreadyLinked, WordsGone; nothing is kept then.
    """
    if proposal.kind == Proposal.Kind.CORRECTION:
        _correct(proposal, by)
    elif proposal.kind == Proposal.Kind.CARD:
        _make(proposal, by)
    if proposal.revision_id is not None:
        _link(proposal)


def give_back(proposal: Proposal, *, by: Member) -> None:
    """Undo what `take` did, as long as nobody has built on it. Raises CardChanged, CannotDoThat."""
    articles = Article.objects.filter(pk__in=proposal.mentions.values("article"))
    articles.touch_notes()
    proposal.mentions.all().delete()
    if proposal.card is None:
        return
    if proposal.kind == Proposal.Kind.CORRECTION:
        _uncorrect(proposal, held_card(proposal.card.pk), by)
    elif proposal.kind == Proposal.Kind.CARD:
        _unmake(proposal, held_card(proposal.card.pk))


def conflicts(proposal: Proposal, now: Snapshot) -> list[str]:
    """Fields of a correction that were changed, to something else, since its author saw the card."""
    return [
        name for name, value in proposal.values.items() if now[name] != proposal.before.get(name) and now[name] != value
    ]


def check_name_is_free(name: str) -> None:
    """Raise CardExists when a card has this name: the two could not be told apart."""
    if Card.objects.filter(name__iexact=name.strip()).exists():
        raise CardExists


def _correct(proposal: Proposal, by: Member) -> None:
    if proposal.card is None:
        raise CardGone
    card = held_card(proposal.card.pk)
    card_history.begin(Card.objects.filter(pk=card.pk))
    now = card_history.snapshot(card)
    if not proposal.accepted and conflicts(proposal, now):
        raise CardChanged(_("The card was changed since this was proposed. Look at both, and accept what holds."))
    source = _source(proposal)
    sources = now["sources"] if source is None else sorted({*now["sources"], source.slug})
    card_history.write(card, proposal.taken | {"sources": sources})
    card_history.keep(card, CardVersion.Kind.CORRECTED, by=by, proposal=proposal, source=source, why=proposal.why)
    card_history.show_anew(card)
    telling.corrected(proposal, by=by)


def _make(proposal: Proposal, by: Member) -> None:
    values = proposal.taken
    check_name_is_free(values["name"])
    columns = {name: value for name, value in values.items() if name in card_history.COLUMNS}
    card = _named_anew(Card, values["name"], values.get("romanised_name", ""), values["kind"], columns)
    facts = enumerate(values.get("facts", []), 1)
    Fact.objects.bulk_create(Fact(card=card, position=at, date=date, text=text) for at, (date, text) in facts)
    source = _source(proposal)
    if source is not None:
        card.sources.add(source)
    proposal.card = card
    proposal.save(update_fields=["card"])
    card_history.keep(card, CardVersion.Kind.MADE, by=by, proposal=proposal, source=source, why=proposal.why)


def _link(proposal: Proposal) -> None:
    """Make the mention where the words stand in the text of now."""
    if proposal.card is None or proposal.article is None:
        raise CardGone
    article = held_article(proposal.article.pk)
    span = place_now(proposal, article)
    if span is None or article.current is None:
        raise WordsGone
    if article.current.mentions.filter(start__lt=span.end, end__gt=span.start).exists():
        raise AlreadyLinked
    words = span.of(article.current.text)
    names = {proposal.card.name, proposal.card.native_name}
    kind = Mention.Kind.NAME if words in names else Mention.Kind.ALIAS
    Mention.objects.create(
        card=proposal.card, article=article, revision=article.current, start=span.start, end=span.end, kind=kind,
        proposal=proposal,
    )  # fmt: skip
    article.touch_notes()


def place_now(proposal: Proposal, article: Article) -> Span | None:
    """Where its words stand in the current text: the very words, but for signs, capitals and spaces; else None."""
    if proposal.revision is None or proposal.start is None or proposal.end is None or article.current is None:
        return None
    span = Span(proposal.start, proposal.end)
    if proposal.revision.pk == article.current.pk:
        return span
    text = article.current.text
    found = Carrier(text).carry(proposal.revision, span).span
    if found is None or SEPARATOR in found.of(text) or verdict(proposal.exact, found.of(text))[1] < 1:
        return None
    return found


def _source(proposal: Proposal) -> Source | None:
    """The row of what is cited: the one of this address or title that is here already, or a new one."""
    cited = proposal.cited
    url, title = cited["source_url"], cited["source_title"]
    if not (title or url):
        return None
    known = Source.objects.filter(url=url) if url else Source.objects.filter(title=title, url="")
    found: Source | None = (known.filter(title=title) if title else known).order_by("pk").first()
    columns = {"publisher": cited["source_publisher"], "url": url, "date": cited["source_date"]}
    return found or _named_anew(Source, title or url, "", "source", columns | {"title": (title or url)[:400]})


def _named_anew(model: type[Named], name: str, other: str, kind: str, columns: dict[str, Any]) -> Named:
    """A new row at the first free address made of its name."""
    base = (slugify(name) or slugify(other) or kind)[:70]
    for number in count(1):
        slug = base if number == 1 else f"{base}-{number}"
        if slug in RESERVED or model._default_manager.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                made: Named = model._default_manager.create(slug=slug, **columns)
                return made
        except IntegrityError:  # somebody took the address at the same moment
            continue
    raise AssertionError


def _uncorrect(proposal: Proposal, card: Card, by: Member) -> None:
    made = proposal.versions.filter(kind=CardVersion.Kind.CORRECTED, card=card).order_by("-number").first()
    if made is None:
        return
    before = card.versions.get(number=made.number - 1).snapshot
    now = card_history.snapshot(card)
    values = {name: before[name] for name in before if before[name] != made.snapshot[name] and name != "sources"}
    if any(now[name] != made.snapshot[name] for name in values):
        raise CardChanged(_("The card has been changed in the same place since. Put an earlier version back instead."))
    added = set(made.snapshot["sources"]) - set(before["sources"])
    card_history.write(card, values | {"sources": sorted(set(now["sources"]) - added)})
    card_history.keep(card, CardVersion.Kind.UNDONE, by=by, proposal=proposal)
    card_history.show_anew(card)


def _unmake(proposal: Proposal, card: Card) -> None:
    own = (card.mentions, card.relations, card.relations_to, card.crossreferences, card.timeline)
    in_use = any(rows.exists() for rows in own) or card.versions.exclude(proposal=proposal).exists()
    in_use |= card.proposals.exclude(pk=proposal.pk).exists()
    if in_use or Annotation.objects.filter(cards=card).exists():
        raise CannotDoThat(_("The card is in use by now: it has been changed, or texts, notes or cards lead to it."))
    card.delete()
    proposal.card = None
