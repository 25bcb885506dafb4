"""Test data, made the way the app makes it: through the operations."""

from pathlib import Path

from reader.formats.edition import Block, Edition, read_edition
from reader.models import Annotation, Article, Card, Member, Proposal, ReadingGroup, Visibility
from reader.operations import annotating, flagging, groups, moderating, proposing
from reader.operations.proposing import Grounds, Place
from reader.operations.publishing import publish_edition
from reader.text.selectors import Span, nth_place
from tests.people import make_member

EDITION = Path(__file__).parent.parent / "fixtures" / "civil-diplomacy"
SLUG = "civil-diplomacy"

# A small text with everything that has ever shifted a position: astral characters, combining marks, Chinese,
# right-to-left words, signs that HTML escapes.
LETTERS = (
    "In spring the envoys wrote to the capital, & the capital did not answer. They wrote again <in June>.",
    "The second letter 🙂 went by the coast road; 𠮷田 carried it. The minister of rites (禮部尚書) kept it.",
    "A café owner, שלום, copied both letters. Nobody asked for the copies until the year was out.",
)


def load_real_article() -> Article:
    """The annotated article of fixtures/civil-diplomacy."""
    return publish_edition(read_edition(EDITION), slug=SLUG)


def make_article(*paragraphs: str, slug: str = "letters", **front) -> Article:
    """An article with these paragraphs and nothing on them."""
    texts = paragraphs or LETTERS
    blocks = [Block(source=text, text=text, markup=[], kind="paragraph") for text in texts]
    front = {"title": "Letters to the capital", "author": "A. Clerk", "published": "2024-05-01"} | front
    return publish_edition(Edition(front=front, source="\n\n".join(texts), blocks=blocks), slug=slug)


def span_of(article: Article, words: str, occurrence: int = 1) -> Span:
    """Where `words` stand in the current text."""
    found = nth_place(article.current.text, words, occurrence)
    assert found, f"«{words}» does not stand in {article.slug}"
    return found


def make_note(article: Article, *, author: Member, on: str = "second letter", body: str = "A thought.", **more):
    """A note on the first place of the words `on`, as it stands right after it was written."""
    span = more.pop("span") if "span" in more else span_of(article, on)
    return annotating.annotate(revision=article.current, span=span, author=author, body=body, **more)


def approved(note: Annotation, *, by: Member) -> Annotation:
    """The same note after `by` approved its newest version."""
    moderating.approve(fresh(note).latest, by=by)
    return fresh(note)


def fresh(note: Annotation) -> Annotation:
    """The note as the database has it now."""
    return Annotation.objects.select_related("latest", "published", "author", "article", "group").get(pk=note.pk)


def hidden(note: Annotation, people) -> None:
    """Flagged by so many that nobody else sees the note until a moderator has looked."""
    for name in ("stranger", "trusted", "editor"):
        flagging.flag(note, by=people[name])


OLD_WORDS, NEW_WORDS = "Kingfisher lamp", "Copper umbrella"  # words that stand nowhere else


def note_in_state(state: str, article: Article, people, **more) -> Annotation:
    """A note of `people.author` whose body holds OLD_WORDS, brought to `state` by what people do.

    States: private, pending, approved, hidden (by flags, after approval), rejected, spam, withdrawn (after approval),
    and «edit waits» (approved with OLD_WORDS, then edited to NEW_WORDS).
    """
    private = {"visibility": Visibility.PRIVATE} if state == "private" else {}
    note = make_note(article, author=people.author, body=f"{OLD_WORDS}.", tags=["kingfisher"], **private, **more)
    after = {
        "private": lambda: None,
        "pending": lambda: None,
        "approved": lambda: approved(note, by=people.moderator),
        "hidden": lambda: hidden(approved(note, by=people.moderator), people),
        "rejected": lambda: moderating.reject(note.latest, by=people.moderator, reason="Not about the text."),
        "spam": lambda: moderating.mark_as_spam(note.latest, by=people.moderator),
        "withdrawn": lambda: annotating.withdraw(approved(note, by=people.moderator), by=people.author),
        "edit waits": lambda: annotating.edit(
            approved(note, by=people.moderator), by=people.author, body=f"{NEW_WORDS}.", tags=["copper"]
        ),
    }
    after[state]()
    return fresh(note)


def proposed_correction(card: Card, *, author: Member, source: str = "https://annals.example/7", **values) -> Proposal:
    """A correction of `card` as it stands right after it was proposed."""
    grounds = Grounds(title="Annals of the Bureau", url=source, why="The annals say so.")
    return proposing.propose_correction(card, author=author, values=values, grounds=grounds)


def proposed_card(*, author: Member, name: str, article: Article | None = None, on: str = "", **values) -> Proposal:
    """A new card as it stands right after it was proposed, with `on` as its first mention."""
    grounds = Grounds(title="Annals of the Bureau", url="https://annals.example/7", why="Nobody else has it.")
    place = Place(article.current, span_of(article, on)) if article else None
    values = {"kind": "concept"} | values | {"name": name}
    return proposing.propose_card(author=author, values=values, grounds=grounds, place=place)


def proposed_mention(card: Card, *, author: Member, article: Article, on: str, occurrence: int = 1) -> Proposal:
    """That the words `on` of a text speak of `card`, as it stands right after it was proposed."""
    place = Place(article.current, span_of(article, on, occurrence))
    return proposing.propose_mention(card, author=author, place=place, grounds=Grounds(why="It is she."))


def make_group(people, **choices) -> ReadingGroup:
    """An open group of people.owner, people.member and people.author; people.former was in it and was put out."""
    people.owner = make_member("owner", display_name="Olu Owner")
    people.member = make_member("member", display_name="Mei Member")
    people.former = make_member("former")
    group = groups.start(owner=people.owner, name="Coast road circle", is_open=True, **choices)
    for member in (people.author, people.member, people.former):
        groups.join(group, token=group.join_token, by=member)
    groups.remove(group, people.former, by=people.owner)
    return group


def group_note_in_state(state: str, article: Article, people, **more) -> Annotation:
    """A note of `people.author` for a group, whose body holds OLD_WORDS.

    States: in the group, waits for the owner, declined by the owner, withdrawn by its author.
    """
    group = more.pop("group", None) or make_group(people, notes_wait=state == "waits")
    note = make_note(article, author=people.author, body=f"{OLD_WORDS}.", tags=["kingfisher"], group=group, **more)
    after = {
        "in the group": lambda: None,
        "waits": lambda: None,
        "declined": lambda: moderating.take_down(note, by=people.owner, reason="Not what we read."),
        "withdrawn": lambda: annotating.withdraw(note, by=people.author),
    }
    after[state]()
    return fresh(note)
