"""Holding a row until the transaction ends: who comes second sees all of what the first one did.

Each row is asked for twice. PostgreSQL gives a row that it had to wait for as it is by then, but the rows joined to it
as they were when the waiting began, or none where it points at others now. Locks leave the key alone (`no_key`): what
only refers to a row, a reply or a new place, need not wait for it. Where the database has no row locks, one
transaction at a time writes. The order is always the same, so that no two wait for each other: group, note, how fast
its author writes, tags, article, membership, member; a proposal and its card before the article.
"""

from django.db.models import Model

from reader.models import Annotation, Article, Card, Member, Proposal
from reader.operations.errors import CannotDoThat


def held_note(pk: int) -> Annotation:
    """The note as it is now. Raises CannotDoThat when it was erased meanwhile."""
    _hold(Annotation, pk)
    now = Annotation.objects.select_related("latest", "published", "article", "author", "group", "parent__group")
    found: Annotation | None = now.filter(pk=pk).first()
    if found is None:
        raise CannotDoThat
    return found


def held_article(pk: int) -> Article:
    """The article as it is now, with its current revision."""
    _hold(Article, pk)
    found: Article = Article.objects.select_related("current").get(pk=pk)
    return found


def held_member(pk: int) -> Member:
    """The person as they are now."""
    _hold(Member, pk)
    found: Member = Member.objects.get(pk=pk)
    return found


def held_proposal(pk: int) -> Proposal:
    """The proposal as it is now. Raises CannotDoThat when it was erased meanwhile."""
    _hold(Proposal, pk)
    found: Proposal | None = Proposal.objects.with_subjects().filter(pk=pk).first()
    if found is None:
        raise CannotDoThat
    return found


def held_card(pk: int) -> Card:
    """The card as it is now."""
    _hold(Card, pk)
    found: Card = Card.objects.get(pk=pk)
    return found


def _hold(model: type[Model], pk: int) -> None:
    """Without an order: the usual one of notes is by article, whose row would be locked with them."""
    list(model._default_manager.select_for_update(no_key=True).order_by().filter(pk=pk).values_list("pk"))
