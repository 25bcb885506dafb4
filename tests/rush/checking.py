"""After a rush: is all of it kept, was each thing decided once, was nothing shown too early or too long?

Every check gives sentences about what is wrong; none is what it should give. None depends on how quick anybody was.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Count
from django.db.models.functions import Lower
from taggit.models import Tag

from reader.models import (
    Annotation,
    AnnotationVersion,
    Announcement,
    Article,
    Flag,
    Follow,
    Member,
    ModerationEvent,
    Notification,
    Placement,
)
from tests.rush.ledger import WORD, Act, Ledger
from tests.rush.site import QUIET, REVISED, Cast
from tests.rush.trail import Story, stories

Verb = ModerationEvent.Verb
BY_AUTHORS = {
    Verb.SUBMITTED: "written", Verb.PUBLISHED: "written", Verb.WITHDRAWN: "withdrawn", Verb.RESTORED: "restored",
    Verb.FLAGGED: "flagged", Verb.APPEALED: "answered",
}  # fmt: skip
BY_MODERATORS = {Verb.APPROVED, Verb.REJECTED, Verb.RETURNED, Verb.SPAM, Verb.EDITED, Verb.UNDONE}
BY_PROGRAMS = {Verb.APPROVED, Verb.REJECTED, Verb.UNDONE}
NEWS = ["replied", "followed"]
FAILURE = re.compile(r"[\w.]+(Error|Exception|DoesNotExist|MultipleObjectsReturned)\b|DETAIL|.*database is locked")


def problems(ledger: Ledger, cast: Cast, log: str) -> list[str]:
    """Everything that is wrong, in sentences."""
    told = stories()
    found = [*_in_the_log(log), *ledger.broken, *nothing_is_lost(ledger, told), *every_act_is_in_the_trail(ledger)]
    found += [problem for story in told.values() for problem in story.problems]
    found += [*notes_stand_as_told(told), *nothing_leaked(ledger, told), *flags_are_closed(told), *trust_is_told(cast)]
    found += [*versions_are_counted(told), *news_is_told_once(told), *decisions_are_told(told), *tags_are_one()]
    return [*found, *notes_lie_on_their_words(), *sanctions_hold(ledger, cast)]


def _in_the_log(log: str) -> Iterator[str]:
    """Of each traceback its last line, with how often it stands there."""
    lines = Counter(line for line in log.splitlines() if FAILURE.match(line))
    yield from (f"The server's log, {n} times: {line}" for line, n in lines.items())


def nothing_is_lost(ledger: Ledger, told: dict[str, Story]) -> Iterator[str]:
    """Each wording that the server took is there, once; and once more where it had to be said again."""
    there = Counter(
        word
        for uid, number, body in AnnotationVersion.objects.values_list("annotation__uid", "number", "body")
        for word in WORD.findall(body)
        if uid not in told or number not in told[uid].said_again
    )
    for act in ledger.acts:
        if act.words and there[act.words] != 1:
            yield f"{act} was accepted and is there {there[act.words]} times."


def every_act_is_in_the_trail(ledger: Ledger) -> Iterator[str]:
    """Each act that succeeded has its event, and each event its act. A flag set twice is one flag."""
    events = list(ModerationEvent.objects.exclude(annotation_uid="").values_list("by_name", "verb", "annotation_uid"))
    told = Counter((by, BY_AUTHORS[verb], uid) for by, verb, uid in events if verb in BY_AUTHORS)
    private = {act.uid for act in ledger.acts if act.what == "kept private"}
    mine = [act for act in ledger.acts if act.what in BY_AUTHORS.values() and act.uid not in private]
    done = Counter((act.by, act.what, act.uid) for act in mine)
    yield from _differences("of authors", done, told)
    yield from _of_moderators(ledger, Counter((by, verb) for by, verb, _uid in events if verb in BY_MODERATORS))


def _of_moderators(ledger: Ledger, told: Counter) -> Iterator[str]:
    """What they did in pages, once each; what a program settled is one or two events more, or none."""
    done = Counter((act.by, act.what) for act in ledger.acts if act.what in BY_MODERATORS)
    for batch in ledger.batches:
        done[batch.by, batch.what] += batch.done
    settled = Counter(act.by for act in ledger.acts if act.what == "settled")
    for key in done.keys() | told.keys():
        by, verb = key
        more = settled[by] if verb in BY_PROGRAMS else 0
        if not done[key] <= told[key] <= done[key] + more:
            yield f"{by} succeeded {done[key]} times, and up to {more} more, in «{verb}»: the trail has {told[key]}."


def _differences(whose: str, done: Counter, told: Counter) -> Iterator[str]:
    for key in done.keys() | told.keys():
        if done[key] != told[key]:
            yield f"Acts {whose}: {key} succeeded {done[key]} times and is in the trail {told[key]} times."


def notes_stand_as_told(told: dict[str, Story]) -> Iterator[str]:
    """Status, newest and published wording of every note are those that its events lead to."""
    for note in Annotation.objects.select_related("latest", "published").prefetch_related("versions"):
        if note.is_private:
            if note.uid in told or note.published:
                yield f"{note.uid} is private, and in the trail or public."
            continue
        story = told.pop(note.uid, None) or Story(note.uid)
        told[note.uid] = story
        status = {version.number: version.status for version in note.versions.all()}
        now = (status, note.latest.number, note.published and note.published.number)
        if now != (story.status, story.latest, story.published):
            yield f"{note.uid} stands as {now}, and its events tell {story!r}."


def nothing_leaked(ledger: Ledger, told: dict[str, Story]) -> Iterator[str]:
    """Whatever was seen was public at some moment between the question and the answer."""
    home = defaultdict(list)
    for uid, number, body in AnnotationVersion.objects.values_list("annotation__uid", "number", "body"):
        for word in WORD.findall(body):
            home[word].append((uid, number))
    for seen in ledger.seen:
        for word in seen.words:
            times = [(uid, each) for uid, n in home[word] if uid in told for each in told[uid].shown.get(n, [])]
            ends = [_end(ledger, uid, each.closed_by) for uid, each in times]
            if not any(
                each.opened <= seen.answered and end >= seen.asked
                for (_uid, each), end in zip(times, ends, strict=True)
            ):
                yield f"{seen.door} showed word{word} of {home[word] or 'no note'}, which was not public."


def _end(ledger: Ledger, uid: str, event: ModerationEvent | None) -> float:
    """Until when a wording may have been seen: its taking away is certain when who did it has the answer."""
    if event is None:
        return float("inf")
    began = event.at.timestamp()
    answers = [act.answered for act in ledger.acts if _is_of(act, uid, event) and act.answered >= began]
    return min(answers, default=float("inf"))


def _is_of(act: Act, uid: str, event: ModerationEvent) -> bool:
    what = {Verb.HIDDEN: "flagged"}.get(event.verb, BY_AUTHORS.get(event.verb, event.verb))
    return act.by == event.by_name and act.what == what and act.uid == uid


def versions_are_counted(told: dict[str, Story]) -> Iterator[str]:
    """Each change that the public can see moved its article's version once; publishing moves it as well."""
    touches: Counter[str] = Counter()
    for uid, slug in Annotation.objects.values_list("uid", "article__slug"):
        touches[slug] += told[uid].touches if uid in told else 0
    versions = dict(Article.objects.values_list("slug", "notes_version"))
    began = 1  # the article itself
    if versions[QUIET] != touches[QUIET] + began:
        yield f"The public part of the quiet text changed {touches[QUIET]} times, its version says {versions[QUIET]}."
    if versions[REVISED] < touches[REVISED] + began:
        yield f"The public part of the revised text changed {touches[REVISED]} times: {versions[REVISED]}."


def flags_are_closed(told: dict[str, Story]) -> Iterator[str]:
    """Open flags are those that came after the last closing; each has one event."""
    is_open = dict(Flag.objects.filter(outcome="").order_by().values_list("annotation__uid").annotate(n=Count("pk")))
    for uid, story in told.items():
        if is_open.get(uid, 0) != story.open_flags:
            yield f"{uid} has {is_open.get(uid, 0)} open flags, and its events tell {story.open_flags}."
    flags, events = Flag.objects.count(), ModerationEvent.objects.filter(verb=Verb.FLAGGED).count()
    if flags != events:
        yield f"There are {flags} flags and {events} events of flagging."


def trust_is_told(cast: Cast) -> Iterator[str]:
    """Trust is given to those who have none and taken from those who have it; the last event is how it is.

    An act that is taken back takes the trust along that came with it, where it still stands.
    """
    trusted, came_with = {each.name: each.is_trusted for each in cast.writers}, {}
    events = ModerationEvent.objects.filter(verb__in=[Verb.TRUSTED, Verb.DISTRUSTED, Verb.UNDONE]).order_by("pk")
    for name, verb, act in events.values_list("about__username", "verb", "act"):
        if verb == Verb.UNDONE:
            trusted[name] = came_with.pop((name, act), trusted.get(name))
            continue
        if trusted[name] == (verb == Verb.TRUSTED):
            yield f"{name} became {verb} twice."
        came_with[name, act] = trusted[name]
        trusted[name] = verb == Verb.TRUSTED
    for name, is_trusted in Member.objects.filter(username__in=trusted).values_list("username", "is_trusted"):
        if trusted[name] != is_trusted:
            yield f"The trail leaves {name} trusted: {trusted[name]}, and it is {is_trusted}."


def news_is_told_once(told: dict[str, Story]) -> Iterator[str]:
    """Of a note that was ever public everybody who should hear of it hears once; of one that never was, nobody."""
    rows = Counter(Notification.objects.filter(kind__in=NEWS).values_list("annotation__uid", "recipient"))
    announced = Counter(Announcement.objects.values_list("annotation__uid", flat=True))
    followers = set(Follow.objects.values_list("member", flat=True))
    for note in Annotation.objects.select_related("parent"):
        was_public = note.uid in told and told[note.uid].was_public
        wanted = _who_should_hear(note, followers) if was_public else set()
        heard = {pk for uid, pk in rows if uid == note.uid}
        if heard != wanted:
            yield f"Of {note.uid} (ever public: {was_public}) heard {sorted(heard)}, should have {sorted(wanted)}."
        if announced[note.uid] != was_public:
            yield f"{note.uid} (ever public: {was_public}) was announced {announced[note.uid]} times."
    yield from (f"{key} was told {n} times." for key, n in rows.items() if n > 1)


def _who_should_hear(note: Annotation, followers: set[int]) -> set[int]:
    answered = {note.parent.author_id} if note.parent else set()
    return (followers | answered) - {note.author_id, None}


def decisions_are_told(told: dict[str, Story]) -> Iterator[str]:
    """Of each wording its author is told once; of a note whose last act is a decision they were told."""
    rows = Counter(Notification.objects.filter(kind="decided").values_list("version", "annotation__uid"))
    yield from (f"The decision on version {key[0]} was told {n} times." for key, n in rows.items() if n > 1)
    heard = {uid for _version, uid in rows}
    for uid, story in told.items():
        if story.last_act in (Verb.APPROVED, Verb.REJECTED, Verb.RETURNED, Verb.EDITED) and uid not in heard:
            yield f"The author of {uid} was not told what was decided."


def tags_are_one() -> Iterator[str]:
    """Tags that differ by case alone are the same."""
    twins = Tag.objects.order_by().values(lower=Lower("name")).annotate(n=Count("pk")).filter(n__gt=1)
    yield from (f"There are {row['n']} tags «{row['lower']}»." for row in twins)


def notes_lie_on_their_words() -> Iterator[str]:
    """Every note has a place in the newest wording: its very words where they stand, else it is changed or lost."""
    for article in Article.objects.select_related("current"):
        text = article.current.text
        places = {place.annotation_id: place for place in Placement.objects.filter(revision=article.current)}
        for note in article.annotations.filter(parent__isnull=True):
            place = places.get(note.pk)
            if place is None:
                yield f"{note.uid} has no place in {article.current}."
                continue
            words = "" if place.start is None else text[place.start : place.end]
            lies_on_them, says_so = words == note.exact, place.state in ("exact", "moved")
            if not lies_on_them == says_so == (note.exact in text):
                yield f"{note.uid}, written on «{note.exact}», is {place.state} on «{words}» in {article.current}."


def sanctions_hold(ledger: Ledger, cast: Cast) -> Iterator[str]:
    """Who is suspended has written nothing for others."""
    suspended = {each.name for each in cast.writers if each.is_suspended}
    for act in ledger.acts:
        if act.by in suspended and act.what == "written":
            yield f"{act} was accepted of somebody who is suspended."
