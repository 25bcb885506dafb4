"""Holding a row until the transaction ends: who comes second sees all of what the first one did.

Each row is asked for twice. PostgreSQL gives a row that it had to wait for as it is by then, but the rows joined to it
as they were when the waiting began, or none where it points at others now. Locks leave the key alone (`no_key`): what
only refers to a row, a reply or a new place, need not wait for it. Where the database has no row locks, one
transaction at a time writes. The order is always the same, so that no two wait for each other: note, tags, article,
member; a proposal and its card before the article.
"""

from reader.models import Annotation, Article, Card, Member, Proposal
from reader.operations.errors import CannotDoThat


def held_note(pk: int) -> Annotation:
    """The note as it is now. Raises CannotDoThat when it was erased meanwhile."""
    list(Annotation.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk"))
    now = Annotation.objects.select_related("latest", "published", "article", "author", "parent")
    found: Annotation | None = now.filter(pk=pk).first()
    if found is None:
        raise CannotDoThat
    return found


def held_article(pk: int) -> Article:
    """The article as it is now, with its current revision."""
    list(Article.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk"))
    found: Article = Article.objects.select_related("current").get(pk=pk)
    return found


def held_member(pk: int) -> Member:
    """The person as they are now."""
    found: Member = Member.objects.select_for_update(no_key=True).get(pk=pk)
    return found


def held_proposal(pk: int) -> Proposal:
    """The proposal as it is now. Raises CannotDoThat when it was erased meanwhile."""
    list(Proposal.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk"))
    found: Proposal | None = Proposal.objects.with_subjects().filter(pk=pk).first()
    if found is None:
        raise CannotDoThat
    return found


def held_card(pk: int) -> Card:
    """The card as it is now."""
    found: Card = Card.objects.select_for_update(no_key=True).get(pk=pk)
    return found
