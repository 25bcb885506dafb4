"""What readers propose about cards: a new one, a correction with its source, a place that speaks of one.

A card is changed for everyone at once, so that whoever is no editor or moderator waits for a moderator, trusted or not.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reader.models import Card, HeldFor, Member, ModerationEvent, Proposal, Revision, Status, Visibility
from reader.operations import card_history
from reader.operations.errors import CannotDoThat, NoSuchPlace, NotStorable, ReaderError, TooLong, WordsChanged
from reader.operations.holding import reasons_to_hold_proposal
from reader.operations.rows import held_member, held_proposal
from reader.operations.standing import check_may_write
from reader.operations.taking import AlreadyLinked, check_name_is_free, take
from reader.operations.trail import record_proposal
from reader.text.dated import is_date
from reader.text.normalise import SEPARATOR, is_storable
from reader.text.selectors import Span, quote_at

Values = dict[str, Any]
FIELDS = (
    "kind", "name", "native_name", "romanised_name", "aliases", "other_names", "role", "summary", "date_label",
    "date_start", "date_end", "facts",
)  # fmt: skip
DATE_LABELS = {
    "life": gettext_lazy("life"), "event": gettext_lazy("event"), "founded": gettext_lazy("founded"),
    "period": gettext_lazy("period"),
}  # fmt: skip
MOST_CHARACTERS, MOST_NAMES, LONGEST_NAME, MOST_FACTS = 20_000, 40, 200, 60
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # make words read in another order than they are written in
_web_address = URLValidator(schemes=["http", "https"])


class SourceMissing(ReaderError):
    code = "source_missing"
    message = gettext_lazy("Say where it can be checked: a publication or an address.")


class BadAddress(ReaderError):
    code = "bad_address"
    message = gettext_lazy("The address must begin with https:// or http:// and name a site.")


class BadValue(ReaderError):
    code = "bad_value"


class TurnsWords(ReaderError):
    code = "turns_words"
    message = gettext_lazy(
        "There are invisible signs in it that turn the order of words. Remove them and send it again."
    )


class NothingProposed(ReaderError):
    code = "nothing_proposed"
    message = gettext_lazy("Change something on the card first: what you sent is what it says already.")


class AlreadyProposed(ReaderError):
    status = 409
    code = "already_proposed"
    message = gettext_lazy("You have proposed this already; it waits for a moderator.")


@dataclass(frozen=True)
class Grounds:
    """Where it can be checked, and the proposer's word why."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    date: str = ""
    why: str = ""

    def fields(self) -> dict[str, str]:
        """As the row keeps them."""
        return {
            "source_title": self.title, "source_publisher": self.publisher, "source_url": self.url,
            "source_date": self.date, "why": self.why,
        }  # fmt: skip

    @property
    def has_source(self) -> bool:
        return bool(self.title.strip() or self.url.strip())


@dataclass(frozen=True)
class Place:
    """Words of a text, and what the proposer saw there."""

    revision: Revision
    span: Span
    exact: str | None = None


@transaction.atomic
def propose_card(*, author: Member, values: Values, grounds: Grounds, place: Place | None = None) -> Proposal:
    """Propose a new card, and `place` as its first mention. Facts need a source. Raises CardExists."""
    values = of_a_new_card(values, grounds)
    return _keep(author, Proposal.Kind.CARD, values["name"], values=values, grounds=grounds, place=place)


@transaction.atomic
def propose_correction(card: Card, *, author: Member, values: Values, grounds: Grounds) -> Proposal:
    """Propose other values for fields of a card; those that it has already are left out. Raises NothingProposed."""
    values, before = changed(card, values, grounds)
    return _keep(author, Proposal.Kind.CORRECTION, card.name, card=card, values=values, before=before, grounds=grounds)


@transaction.atomic
def propose_mention(card: Card, *, author: Member, place: Place, grounds: Grounds) -> Proposal:
    """Propose that these words of a text speak of a card. Raises AlreadyLinked, NoSuchPlace, WordsChanged."""
    return _keep(author, Proposal.Kind.MENTION, card.name, card=card, grounds=grounds, place=place)


@transaction.atomic
def revise(
    proposal: Proposal, *, by: Member, number: int, grounds: Grounds, values: Values | None = None, card: Card | None
) -> Proposal:
    """A new wording of one's own proposal, which waits again. `number` is the wording it was begun from."""
    proposal = held_proposal(proposal.pk)
    check_may_write(by, Visibility.PUBLIC)
    editable = {Status.PENDING, Status.RETURNED, Status.REJECTED}
    if proposal.status not in editable or proposal.number != number:
        raise CannotDoThat(_("The proposal has moved on. Reload the page to see how it stands."))
    _put_in(proposal, values or {}, grounds, card)
    check(proposal.values, grounds)
    before, proposal.number = proposal.status, number + 1
    _submit(proposal, by=by, before=before)
    return proposal


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Member) -> None:
    """Take back what nobody has accepted."""
    proposal = held_proposal(proposal.pk)
    if proposal.status not in {Status.PENDING, Status.RETURNED, Status.REJECTED}:
        raise CannotDoThat(_("The proposal has moved on. Reload the page to see how it stands."))
    before, proposal.status = proposal.status, Status.WITHDRAWN
    proposal.save(update_fields=["status"])
    record_proposal(proposal, ModerationEvent.Verb.WITHDRAWN, by=by, before=before, after=Status.WITHDRAWN)


def of_a_new_card(values: Values, grounds: Grounds) -> Values:
    """Without what was left empty. Raises BadValue without a name, SourceMissing, CardExists."""
    said = {name: value for name, value in values.items() if name in FIELDS and value not in ("", [])}
    if not said.get("name") or not said.get("kind"):
        raise BadValue(_("A card needs a name, and its kind."))
    if said.get("facts") and not grounds.has_source:
        raise SourceMissing
    check_name_is_free(said["name"])
    return said


def changed(card: Card, values: Values, grounds: Grounds) -> tuple[Values, Values]:
    """Of `values` those that the card has not, and what it has instead. Raises SourceMissing, NothingProposed."""
    if not grounds.has_source:
        raise SourceMissing
    now = card_history.snapshot(card)
    new = {name: value for name, value in values.items() if name in FIELDS and now[name] != value}
    if not new:
        raise NothingProposed
    if not new.get("name", "?").strip():
        raise BadValue(_("A card needs a name."))
    return new, {name: now[name] for name in new}


def check(values: Values, grounds: Grounds) -> None:
    """Refuse what no card could hold. Raises NotStorable, TooLong, TurnsWords, BadAddress, BadValue."""
    said = "\n".join(_words([values, grounds.fields()]))
    if not is_storable(said):
        raise NotStorable
    if len(said) > MOST_CHARACTERS:
        raise TooLong(_("It can have at most 20,000 characters. Shorten it."))
    if _TURNS.search(said):
        raise TurnsWords
    _check_columns(values)
    _check_lists(values)
    _check_source(grounds)


def _words(value: Any) -> Iterator[str]:
    """Every string in it."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _words(each)


def check_place(place: Place) -> None:
    """Words within one paragraph, as the proposer saw them, that lead nowhere yet."""
    text, span = place.revision.text, place.span
    words = span.of(text)
    if not words.strip() or span.end > len(text) or SEPARATOR in words:
        raise NoSuchPlace(_("A name lies within one paragraph. Select its words again."))
    if place.exact is not None and place.exact != words:
        raise WordsChanged
    if place.revision.mentions.filter(start__lt=span.end, end__gt=span.start).exists():
        raise AlreadyLinked


def _put_in(proposal: Proposal, values: Values, grounds: Grounds, card: Card | None) -> None:
    """The new values, by what the proposal is of."""
    if proposal.kind == Proposal.Kind.MENTION and card is not None:
        proposal.card, proposal.about = card, card.name
    elif proposal.kind == Proposal.Kind.CORRECTION:
        if proposal.card is None:
            raise CannotDoThat(_("The card is gone: there is nothing to correct."))
        proposal.values, proposal.before = changed(proposal.card, values, grounds)
    elif proposal.kind == Proposal.Kind.CARD:
        proposal.values = of_a_new_card(values, grounds)
        proposal.about = proposal.values["name"]
    for name, value in grounds.fields().items():
        setattr(proposal, name, value)


def _check_columns(values: Values) -> None:
    columns = {name: value for name, value in values.items() if name in card_history.COLUMNS}
    others = [field.name for field in Card._meta.fields if field.name not in columns]
    try:
        Card(**columns).clean_fields(exclude=others)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise BadValue(f"{name.replace('_', ' ')}: {sentences[0]}") from error
    for name in ("date_start", "date_end"):
        if values.get(name) and not is_date(values[name]):
            raise BadValue(_("Write dates as 2018, 2018-03 or 2018-03-21."))
    if values.get("date_label") and values["date_label"] not in DATE_LABELS:
        raise BadValue(_("Choose what the dates are of."))


def _check_lists(values: Values) -> None:
    for name in ("aliases", "other_names"):
        names = values.get(name, [])
        if len(names) > MOST_NAMES or any(len(each) > LONGEST_NAME for each in names):
            raise BadValue(_("At most 40 names, each with at most 200 characters."))
    if len(values.get("facts", [])) > MOST_FACTS:
        raise BadValue(_("At most 60 facts on a card."))


def _check_source(grounds: Grounds) -> None:
    if grounds.url:
        try:
            _web_address(grounds.url)
        except ValidationError as error:
            raise BadAddress from error
    if grounds.date and not is_date(grounds.date):
        raise BadValue(_("Write dates as 2018, 2018-03 or 2018-03-21."))
    for name, value in grounds.fields().items():
        most = getattr(Proposal._meta.get_field(name), "max_length", None)
        if most and len(value) > most:
            raise TooLong(_("The source is described in too many words. Shorten it."))


def _keep(
    author: Member, kind: str, about: str, *, grounds: Grounds, place: Place | None = None, card: Card | None = None,
    values: Mapping[str, Any] | None = None, before: Mapping[str, Any] | None = None,
) -> Proposal:  # fmt: skip
    check_may_write(author, Visibility.PUBLIC)
    proposal = Proposal(kind=kind, author=author, about=about[:200], card=card, **grounds.fields())
    proposal.values, proposal.before = dict(values or {}), dict(before or {})
    check(proposal.values, grounds)
    if place is not None:
        check_place(place)
        _lay(proposal, place)
    _refuse_twice(proposal, author)
    _submit(proposal, by=author)
    return proposal


def _lay(proposal: Proposal, place: Place) -> None:
    quote = quote_at(place.revision.text, place.span)
    proposal.article, proposal.revision = place.revision.article, place.revision
    proposal.start, proposal.end = place.span.start, place.span.end
    proposal.exact, proposal.prefix, proposal.suffix = quote.exact, quote.prefix, quote.suffix


def _refuse_twice(proposal: Proposal, author: Member) -> None:
    """A form sent twice, or the same thought again. At the same moment: the second one waits for the first."""
    if not _holds_at_once(author):
        held_member(author.pk)
    same = Proposal.objects.waiting().filter(
        author=author, kind=proposal.kind, card=proposal.card, about=proposal.about,
        revision=proposal.revision, start=proposal.start,
    )  # fmt: skip
    if any(each.values == proposal.values for each in same):
        raise AlreadyProposed


def _holds_at_once(by: Member) -> bool:
    return by.is_editor or by.is_moderator


def _submit(proposal: Proposal, *, by: Member, before: str = "") -> None:
    """Let it wait for a moderator; what editors and moderators propose holds at once."""
    at_once = _holds_at_once(by)
    proposal.status = Status.APPROVED if at_once else Status.PENDING
    proposal.held_for = [] if at_once else [str(HeldFor.CARD), *reasons_to_hold_proposal(proposal, by=by)]
    proposal.waits_since = timezone.now()
    proposal.decided_by, proposal.decided, proposal.reason = None, None, ""
    proposal.accepted, proposal.changed_by = {}, None
    proposal.appeal, proposal.appealed, proposal.claimed_by, proposal.claimed = "", None, None, None
    proposal.save()
    if at_once:
        take(proposal, by=by)
    verb = ModerationEvent.Verb.PUBLISHED if at_once else ModerationEvent.Verb.SUBMITTED
    record_proposal(proposal, verb, by=by, before=before, after=proposal.status)
