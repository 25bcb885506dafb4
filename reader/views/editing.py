"""Editors' pages: a new wording of an article, looked at before it is published; placing a note again."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reader import access
from reader.forms import ArticleTextForm
from reader.models import Annotation, Article, Placement, Revision
from reader.operations import revising
from reader.operations.carrying import Carrier, Corrections, Fate
from reader.operations.errors import ReaderError
from reader.operations.wording import source_of
from reader.text.excerpts import excerpt
from reader.text.normalise import digest
from reader.text.selectors import Span
from reader.views.choosing import choice, chosen
from reader.views.differences import stretches
from reader.views.keeping import for_writers
from reader.views.reporting import REACH, count_rows, doubts, likely_place, where_to_look


@dataclass
class Draft:
    """A wording that is being worked on: what the form holds, and the corrections made so far."""

    article: Article
    form: ArticleTextForm
    corrections: Corrections
    digest: str
    plain: revising.Report | None = None

    @property
    def base(self) -> Revision | None:
        """The revision it was begun from."""
        return self.article.revisions.filter(number=self.form.cleaned_data["base"]).first()

    def report(self, person) -> revising.Report:
        """What publishing it would do. Corrections count only for the very text they were made on."""
        self.plain = self.plain or revising.preview(self.article, self.form.cleaned_data["source"], by=person)
        if not self.corrections or self.digest != digest(self.plain.text):
            self.corrections, self.digest = {}, digest(self.plain.text)
            return self.plain
        return revising.corrected(self.plain, self.known(self.plain), by=person)

    def known(self, report: revising.Report) -> Corrections:
        """The corrections of what this editor was shown, within the text."""
        names = {fate.name for fate in report.fates}
        length = len(report.text)
        self.corrections = {
            name: span
            for name, span in self.corrections.items()
            if name in names and (span is None or span.end <= length)
        }
        return self.corrections

    @property
    def packed(self) -> str:
        """The corrections for a hidden field."""
        return json.dumps({name: span and [span.start, span.end] for name, span in self.corrections.items()})


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The text as Markdown; then what changes; then publishing. Each step carries all that was typed."""
    if request.method == "POST" and not request.user.is_authenticated and request.POST.get("source"):
        return _session_ended(request, slug)
    article = access.article_to_edit(request.user, slug)
    if request.method != "POST":
        return _writing(request, article, ArticleTextForm(initial=_initial(article)))
    form = ArticleTextForm(request.POST)
    step, _colon, name = request.POST.get("step", "").partition(":")
    if step == "write" or not form.is_valid():
        return _writing(request, article, form, 200 if step == "write" else 422)
    draft = Draft(article, form, _unpacked(request.POST.get("corrections", "")), request.POST.get("digest", ""))
    try:
        return _step(request, draft, step, name)
    except revising.TextMoved as error:
        return _moved(request, article, error)
    except ReaderError as error:
        form.add_error(None, str(error))
        return _writing(request, article, form, error.status)


def _initial(article: Article) -> dict:
    return {"source": source_of(article.current), "base": article.current.number}


def _step(request: HttpRequest, draft: Draft, step: str, name: str) -> HttpResponse:
    """What the pressed button asks for; without one, to see what changes."""
    if draft.base is None or draft.base.pk != draft.article.current_id:
        raise revising.TextMoved
    report = draft.report(request.user)
    fate = next((fate for fate in report.fates if fate.name == name), None)
    if step == "publish":
        return _publish(request, draft, report)
    if step == "choose" and fate:
        return _choosing(request, draft, report, fate)
    if step == "lost" and fate:
        draft.corrections[name] = None
    elif step == "accept":
        draft.corrections.pop(name, None)
    elif step == "set" and fate and (span := chosen(request.POST, len(report.text))):
        draft.corrections[name] = span
    return _review(request, draft, draft.report(request.user) if step else report)


def _publish(request: HttpRequest, draft: Draft, report: revising.Report) -> HttpResponse:
    data = draft.form.cleaned_data
    revision = revising.revise(
        draft.article, source=data["source"], by=request.user, reason=data["reason"], base=draft.base,
        corrections=draft.corrections,
    )  # fmt: skip
    messages.success(request, _said(revision, report))
    return redirect(draft.article)


def _said(revision: Revision, report: revising.Report) -> str:
    lost = sum(report.counts[kind]["lost"] for kind in report.counts)
    said = _("Revision %d is published.") % revision.number
    if not lost:
        return said + " " + _("Nothing has lost its words.")
    return said + " " + ngettext("%d place has lost its words.", "%d places have lost their words.", lost) % lost


def _writing(request: HttpRequest, article: Article, form: ArticleTextForm, status: int = 200, **more) -> HttpResponse:
    return render(request, "reader/article_edit.html", {"article": article, "form": form, **more}, status=status)


def _moved(request: HttpRequest, article: Article, error: ReaderError) -> HttpResponse:
    """Somebody was quicker: the typed text again, now beside what they published."""
    before = request.POST.get("base", "")
    article.refresh_from_db()
    data = request.POST.dict() | {"base": str(article.current.number)}
    form = ArticleTextForm(data)
    form.add_error(None, str(error))
    return _writing(request, article, form, error.status, before=before if before.isdecimal() else "")


def _session_ended(request: HttpRequest, slug: str) -> HttpResponse:
    """Nobody's text is thrown away because they were logged out: it is handed back, to be sent again."""
    form = ArticleTextForm(request.POST)
    context = {"article": access.article_to_read(slug), "form": form, "logged_out": True}
    return render(request, "reader/article_edit.html", context, status=401)


def _review(request: HttpRequest, draft: Draft, report: revising.Report) -> HttpResponse:
    context = _reported(report) | {"article": draft.article, "form": draft.form, "draft": draft}
    return render(request, "reader/article_review.html", context)


def _reported(report: revising.Report) -> dict:
    return {
        "report": report,
        "rows": count_rows(report),
        "doubts": list(doubts(report)),
        "stretches": stretches(report.carrying.carrier.alignment(report.carrying.current)),
    }


def _choosing(request: HttpRequest, draft: Draft, report: revising.Report, fate: Fate) -> HttpResponse:
    paragraphs = [(span.start, span.of(report.text)) for span in report.new.spans]
    context = {
        "article": draft.article,
        "form": draft.form,
        "draft": draft,
        "name": fate.name,
        "then": excerpt(fate.revision.text, fate.old, reach=REACH, one_paragraph=True),
        "choice": choice(paragraphs, _asked(request), where_to_look(report, fate)),
    }
    return render(request, "reader/article_place.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The choices of the form that still count: another paragraph has other sentences."""
    same = request.POST.get("shown") == request.POST.get("paragraph")
    return {name: request.POST.get(name, "") for name in ("paragraph", "first", "last") if same or name == "paragraph"}


def _unpacked(packed: str) -> Corrections:
    """The corrections a form carried; what cannot be read counts for nothing."""
    try:
        rows = json.loads(packed or "{}")
        return {str(name): Span(*map(int, place)) if place else None for name, place in rows.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def publish_again(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A former wording: first what publishing it again does, then publishing."""
    article = access.article_to_edit(request.user, slug)
    revision = get_object_or_404(article.revisions, number=number)
    reason = request.POST.get("reason", "").strip()[: revising.LONGEST_REASON]
    try:
        if request.method == "POST":
            base = article.revisions.filter(number=_number(request.POST.get("base", ""))).first()
            said = reason or _("Revision %d again.") % number
            kept = revising.republish(article, number, by=request.user, reason=said, base=base)
            messages.success(request, _("Revision %(n)d is the wording of revision %(former)d again.") % {
                "n": kept.number, "former": number,
            })  # fmt: skip
            return redirect(article)
        report = revising.preview_again(article, number, by=request.user)
    except ReaderError as error:
        messages.error(request, str(error))
        return redirect("reader:revisions", slug)
    context = _reported(report) | {"article": article, "revision": revision}
    return render(request, "reader/revision_again.html", context)


def _number(asked: str) -> int:
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0


@for_writers
def note_place(request: HttpRequest, uid: str) -> HttpResponse:
    """Puts a note back on words: its author or an editor chooses them."""
    note = access.annotation_to_place(request.user, uid)
    revision = note.article.current
    if revision is None:
        raise Http404
    last = note.placements.filter(start__isnull=False).select_related("revision").order_by("-revision__number").first()
    status = 200
    if request.method == "POST" and request.POST.get("step") == "set":
        if _placed(request, note):
            return redirect(note)
        status = 422
    rows = list(revision.paragraphs.all())
    context = {
        "note": note,
        "article": note.article,
        "revision": revision,
        "then": excerpt(last.revision.text, Span(last.start, last.end), reach=REACH, one_paragraph=True),
        "choice": choice([(row.start, row.text) for row in rows], _asked(request), _near(last, revision)),
    }
    return render(request, "reader/note_place.html", context, status=status)


def _placed(request: HttpRequest, note: Annotation) -> bool:
    current = note.article.current
    asked = note.article.revisions.filter(number=_number(request.POST.get("revision", ""))).first() or current
    span = chosen(request.POST, len(current.text))
    try:
        if span is None:
            raise revising.NoSuchPlace
        revising.place(note, revision=asked, span=span, by=request.user)
    except ReaderError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("The note stands on these words now."))
    return True


def _near(last: Placement, revision: Revision) -> Span:
    """Where the words of then should be looked for in the text of now."""
    span = Span(last.start, last.end)
    return span if last.revision_id == revision.pk else likely_place(Carrier(revision.text), last.revision, span)
