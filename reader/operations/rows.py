"""Holding a row until the transaction ends: who comes second sees all of what the first one did.

A row is read again with what it is joined to: PostgreSQL gives a row that it had to wait for as it is by then, but the
rows joined to it as they were when the waiting began, or none where it points at others now. Locks leave the key alone
(`no_key`): what only refers to a row, a reply or a new place, need not wait for it. Where the database has no row
locks, one transaction at a time writes. The order is always the same, so that no two wait for each other: group, note,
how fast its author writes, tags, article, membership, member; a proposal and its card before the article.
"""

from typing import TypeVar

from django.db.models import Model

from reader.models import Annotation, Article, Card, Member, Proposal
from reader.operations.errors import CannotDoThat

Row = TypeVar("Row", bound=Model)


def held_note(pk: int) -> Annotation:
    """The note as it is now. Raises CannotDoThat when it was erased meanwhile."""
    _hold(Annotation, pk)
    now = Annotation.objects.select_related("latest", "published", "article", "author", "group", "parent__group")
    found: Annotation = now.get(pk=pk)
    return found


def held_article(pk: int) -> Article:
    """The article as it is now; its current revision is read when it is asked for."""
    return _hold(Article, pk)


def held_member(pk: int) -> Member:
    """The person as they are now."""
    return _hold(Member, pk)


def held_proposal(pk: int) -> Proposal:
    """The proposal as it is now. Raises CannotDoThat when it was erased meanwhile."""
    _hold(Proposal, pk)
    found: Proposal = Proposal.objects.with_subjects().get(pk=pk)
    return found


def held_card(pk: int) -> Card:
    """The card as it is now."""
    return _hold(Card, pk)


def _hold(model: type[Row], pk: int) -> Row:
    """Without an order: the usual one of notes is by article, whose row would be locked with them."""
    try:
        return model._default_manager.select_for_update(no_key=True).order_by().get(pk=pk)
    except model.DoesNotExist as error:  # type: ignore[attr-defined]
        raise CannotDoThat from error
