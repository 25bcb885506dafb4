"""Revising an article: a new wording, and everything that lies on the text carried over, in one transaction.

The rows of the old revision stay as they are: it can be read for ever with its notes as they stood.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from reader.models import Annotation, Article, CrossReference, Member, Mention, Placement, Revision, TimelineEvent
from reader.operations import linking, telling
from reader.operations.carrying import CHANGED, GONE, KINDS, Carrying, Corrections, Fate, verdict
from reader.operations.carrying_back import Restoring
from reader.operations.errors import NoSuchPlace, ReaderError
from reader.operations.returning import returning_mentions, returning_references
from reader.operations.rows import held_article
from reader.operations.wording import Wording, keep_paragraphs, keys_for, read_wording, refuse_the_same, wording_of
from reader.text.selectors import Span

LONGEST_REASON = 300
# States of reports alone: the same words, other quotation marks, capitals or spaces; lost, as it was before.
SIGNS, STILL = "signs", "still-lost"


class TextMoved(ReaderError):
    status = 409
    code = "text_moved"
    message = _("Somebody published another wording meanwhile. Nothing of yours was published; what you wrote is kept.")


@dataclass(frozen=True)
class Report:
    """What a new wording does to what lies on the text. `returned` are mentions and ends of references that come
    back with a sentence taken out earlier."""

    new: Wording
    carrying: Carrying
    fates: Sequence[Fate]
    returned: int

    @property
    def text(self) -> str:
        """The new text."""
        return self.carrying.text

    @property
    def doubtful(self) -> list[Fate]:
        """What an editor should look at before publishing, and what was corrected already."""
        return [fate for fate in self.fates if fate.is_doubtful or fate.corrected]

    @property
    def counts(self) -> dict[str, Counter[str]]:
        """`counts[kind][state]`, of the places of notes, mentions, references (both ends) and timeline events."""
        made: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        for fate in self.fates:
            made[fate.kind][_reported(fate)] += 1
        return made


def preview(article: Article, source: str, *, by: Member) -> Report:
    """What publishing `source` would do; nothing is kept. Speaks only of notes that `by` may read.

    Raises NoWords, NothingChanged, SourceTooLong, SourceNotStorable, as `revise` does.
    """
    new = read_wording(source)
    refuse_the_same(article, new)
    return _report(Carrying(article, new.text), new, by)


def corrected(report: Report, corrections: Corrections, *, by: Member) -> Report:
    """The report with an editor's corrections; the texts are not aligned again. Raises NoSuchPlace."""
    done = report.carrying
    return _report(Carrying(done.article, done.text, corrections, done.carrier), report.new, by)


def preview_again(article: Article, number: int, *, by: Member) -> Report:
    """What `republish` would do; nothing is kept. Raises Revision.DoesNotExist, NothingChanged."""
    former = article.revisions.get(number=number)
    new = wording_of(former)
    refuse_the_same(article, new)
    return _report(Restoring(article, new.text, former), new, by)


def revise(
    article: Article,
    *,
    source: str,
    by: Member | None,
    reason: str,
    base: Revision | None = None,
    corrections: Corrections | None = None,
) -> Revision:
    """Publish a new wording of the article, written in Markdown, and carry everything over.

    `base` is the revision the editor began with (by default the current one of `article`). `corrections` maps names
    of places, as `preview` gives them, to where they belong in the new text, in code points, or to None.
    Raises TextMoved when another revision is current by now, NothingChanged, NoWords, SourceTooLong,
    SourceNotStorable; nothing is kept then.
    """
    new = read_wording(source)
    return publish(article, new, by=by, reason=reason, base=base, corrections=corrections)


def publish(
    article: Article,
    new: Wording,
    *,
    by: Member | None,
    reason: str,
    base: Revision | None = None,
    corrections: Corrections | None = None,
) -> Revision:
    """The same as `revise` for paragraphs that were read already."""
    _refuse_another(article, base)
    refuse_the_same(article, new)
    return _keep(Carrying(article, new.text, corrections), new, by=by, reason=reason)


def republish(
    article: Article, number: int, *, by: Member | None, reason: str, base: Revision | None = None
) -> Revision:
    """Publish the wording of revision `number` again: what lay on it lies where it lay, the rest is carried.

    Raises Revision.DoesNotExist, TextMoved, NothingChanged; nothing is kept then.
    """
    former = article.revisions.get(number=number)
    new = wording_of(former)
    _refuse_another(article, base)
    refuse_the_same(article, new)
    return _keep(Restoring(article, new.text, former), new, by=by, reason=reason)


@transaction.atomic
def place(annotation: Annotation, *, revision: Revision, span: Span, by: Member) -> Placement:
    """Put a note on other words of the current text, because a person says so.

    Raises TextMoved when `revision` is not current any more, NoSuchPlace when no words lie there.
    """
    article = held_article(annotation.article_id)
    if article.current_id != revision.pk:
        raise TextMoved
    words = span.of(revision.text)
    if annotation.parent_id or span.end > len(revision.text) or not words.strip():
        raise NoSuchPlace
    state, score = verdict(annotation.exact, words)
    values = {"start": span.start, "end": span.end, "state": state, "score": score, "placed_by": by}
    placed: Placement = Placement.objects.update_or_create(annotation=annotation, revision=revision, defaults=values)[0]
    if annotation.published_id:
        article.touch_notes()
    return placed


@transaction.atomic(savepoint=False)
def bring_forward(annotation: Annotation) -> None:
    """Carry a note to the current revision that was written on an older one while this one was published.

    Call it in the transaction that keeps the note: whoever publishes next then waits for it, and carries it too.
    """
    article = held_article(annotation.article_id)
    if annotation.revision_id in (None, article.current_id) or article.current is None:
        return
    places = list(annotation.placements.select_related("revision").order_by("-revision__number"))
    if not places or places[0].revision_id == article.current_id:
        return
    fate = Carrying(article, article.current.text).note(annotation, places)
    _placement(fate, article.current, None).save()
    if annotation.published_id:
        article.touch_notes()


def notes_changed(revision: Revision) -> QuerySet[Annotation]:
    """Notes whose words this revision changed or took away, each with `place_state`, «changed» or «lost».

    Those of which an earlier revision said the same are not among them: their authors were told. Nor are notes
    whose words are the same but for quotation marks, capitals or spaces. Private ones are: only their authors
    may hear of them.
    """
    told = Placement.objects.filter(
        annotation=OuterRef("annotation"), state=OuterRef("state"), revision__number__lt=revision.number
    )
    here = Placement.objects.filter(revision=revision, state__in=[CHANGED, GONE])
    news = here.exclude(state=CHANGED, score__gte=1).filter(~Exists(told))
    return Annotation.objects.filter(placements__in=news).annotate(place_state=F("placements__state"))


def _reported(fate: Fate) -> str:
    if fate.state == CHANGED and fate.score >= 1:
        return SIGNS
    return STILL if fate.state == GONE and fate.settled and not fate.corrected else fate.state


def _refuse_another(article: Article, base: Revision | None) -> None:
    if base is not None and base.pk != article.current_id:
        raise TextMoved


def _report(carrying: Carrying, new: Wording, by: Member) -> Report:
    seen = set(carrying.article.annotations.readable_by(by).listed().values_list("pk", flat=True))
    shown = [fate for fate in carrying.all() if fate.kind != "note" or fate.row.pk in seen]
    returned = len(list(_returned(carrying)))
    return Report(new=new, carrying=carrying, fates=shown, returned=returned)


def _returned(carrying: Carrying) -> Iterator[tuple[Fate, ...]]:
    if not isinstance(carrying, Restoring):
        yield from ((fate,) for fate in returning_mentions(carrying))
        yield from returning_references(carrying)


def _keep(carrying: Carrying, new: Wording, *, by: Member | None, reason: str) -> Revision:
    """Write the new revision with all that lies on it. The texts are aligned before anybody has to wait."""
    article, former = carrying.article, carrying.current
    alignment = carrying.carrier.alignment(former)
    with transaction.atomic():
        if held_article(article.pk).current_id != former.pk:
            raise TextMoved
        revision = Revision.objects.create(
            article=article, number=_next_number(article), source=new.source, text=new.text, created_by=by,
            reason=reason[:LONGEST_REASON],
        )  # fmt: skip
        keep_paragraphs(revision, new, keys_for(new, former, alignment))
        _keep_places(carrying, revision, by)
        article.current = revision
        article.save(update_fields=["current"])
        linking.apply_decisions(article)
        article.touch_notes()
        telling.words_changed(notes_changed(revision), revision, by=by)
    article.refresh_from_db(fields=["notes_version"])
    return revision


def _next_number(article: Article) -> int:
    last: int | None = article.revisions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _keep_places(carrying: Carrying, revision: Revision, by: Member | None) -> None:
    returned = list(_returned(carrying))
    Placement.objects.bulk_create(_placement(fate, revision, by) for fate in carrying.notes)
    back = [ends[0] for ends in returned if ends[0].kind == "mention"]
    Mention.objects.bulk_create(_mentions([*carrying.mentions, *back], revision))
    links = [ends for ends in returned if ends[0].kind == "reference"]
    CrossReference.objects.bulk_create(_references(chain(carrying.references, links), revision))
    for fate in carrying.events:
        if fate.new is not None:
            TimelineEvent.objects.filter(pk=fate.row.pk).update(
                revision=revision, start=fate.new.start, end=fate.new.end
            )


def _placement(fate: Fate, revision: Revision, by: Member | None) -> Placement:
    placed_by = by.pk if fate.corrected and by else fate.placed_by
    return Placement(
        annotation_id=fate.row.pk, revision=revision, start=fate.new.start if fate.new else None,
        end=fate.new.end if fate.new else None, state=fate.state, score=fate.score, placed_by_id=placed_by,
    )  # fmt: skip


def _mentions(fates: Iterable[Fate], revision: Revision) -> Iterator[Mention]:
    for fate in fates:
        if isinstance(fate.row, Mention) and fate.new is not None:
            yield Mention(
                card=fate.row.card, article_id=fate.row.article_id, revision=revision, kind=fate.row.kind,
                start=fate.new.start, end=fate.new.end, proposal_id=fate.row.proposal_id,
            )  # fmt: skip


def _references(found: Iterable[tuple[Fate, ...]], revision: Revision) -> Iterator[CrossReference]:
    """Those of which both ends stand, each on words of its own."""
    for source, *target in found:
        row, ends = source.row, [fate.new for fate in target]
        if not isinstance(row, CrossReference) or source.new is None or None in ends or source.new in ends:
            continue
        there = ends[0] if ends else None
        yield CrossReference(
            revision=revision, key=row.key, start=source.new.start, end=source.new.end,
            target_start=there.start if there else None, target_end=there.end if there else None,
            target_card=row.target_card, label=row.label, reason=row.reason,
        )  # fmt: skip
