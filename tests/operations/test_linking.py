"""Names of cards in a text: what an editor decided once holds in the next revision."""

import pytest

from reader.models import Card, Mention
from reader.operations import linking, revising
from tests.make import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def minister(db):
    return Card.objects.create(slug="lu-ban", kind=Card.Kind.PERSON, name="Lu Ban")


def linked_words(article) -> list[str]:
    article.refresh_from_db()
    revision = article.current
    return [revision.text[m.start : m.end] for m in Mention.objects.filter(revision=revision)]


def test_an_accepted_name_is_linked_where_a_revision_says_it_again(people, minister):
    article = make_article("Lu Ban kept the letter.", "Nobody asked.")
    [group] = linking.proposals(article)
    linking.accept(article, group, starts={place.span.start for place in group.places}, by=people.editor)
    source = "Lu Ban kept the letter.\n\nNobody asked Lu Ban for it."
    revising.revise(article, source=source, by=people.editor, reason="He was asked.")
    assert linked_words(article) == ["Lu Ban", "Lu Ban"]


def test_a_declined_name_stays_plain_in_every_revision(people, minister):
    article = make_article("Lu Ban kept the letter.", "Nobody asked.")
    [group] = linking.proposals(article)
    linking.decline(article, group, by=people.editor)
    source = "Lu Ban kept the letter.\n\nNobody asked Lu Ban for it."
    revising.revise(article, source=source, by=people.editor, reason="He was asked.")
    assert linked_words(article) == []
    assert linking.proposals(article) == []
