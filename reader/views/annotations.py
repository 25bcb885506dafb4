"""Writing and reading single notes. Works as pages; answers parts and JSON to scripts that ask for them."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reader import access
from reader.forms import EditForm, NoteForm, ReplyForm
from reader.models import Annotation, Article, Motivation, Paragraph, ReadingGroup, Status
from reader.operations import annotating
from reader.operations.errors import ReaderError
from reader.operations.once import once
from reader.text import sentences
from reader.text.markdown import to_html
from reader.text.selectors import Span
from reader.views import ready
from reader.views.keeping import for_writers, forget_words, kept_words, log_in_first
from reader.views.mine import version_of_conversation
from reader.views.uploads import sent
from reader.views.wordings import tell_changes


def wants_json(request: HttpRequest) -> bool:
    """True when a script asks for data instead of a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def annotate(request: HttpRequest, slug: str) -> HttpResponse:
    """The composer, and what it sends. Words typed by somebody not logged in wait in the session."""
    article = access.article_to_read(slug)
    if not request.user.is_authenticated:
        return _log_in_first(request)
    if request.method == "POST":
        return _create(request, article)
    if kept_words(request) and not request.GET:
        return _composer(request, article, NoteForm(kept_words(request), author=request.user))
    if "whole" in request.GET:
        return _compose(request, article, whole=True)
    if "start" not in request.GET:
        return _choices(request, article)
    return _compose_at(request, article)


def _log_in_first(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        login = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        return JsonResponse(
            {"message": _("Log in to write notes. What you wrote is kept."), "login": login}, status=401
        )
    return log_in_first(request)


def _compose_at(request: HttpRequest, article: Article) -> HttpResponse:
    span = _asked_span(request, article)
    if span is None:
        messages.error(request, _("These positions do not lie in the text. Choose the words again."))
        return redirect("reader:annotate", article.slug)
    return _compose(request, article, start=span.start, end=span.end, exact=span.of(article.current.text))


def _compose(request: HttpRequest, article: Article, **place) -> HttpResponse:
    initial = place | {
        "revision": article.current.number,
        "motivation": request.GET.get("motivation", Motivation.COMMENTING),
        "visibility": "public",
    }
    return _composer(request, article, NoteForm(initial=initial, author=request.user))


def _asked_span(request: HttpRequest, article: Article) -> Span | None:
    """`start` and `end` from the address, in code points of the text; None when no words lie there."""
    text = article.current.text
    asked = [request.GET.get(name, "") for name in ("start", "end")]
    if not all(number.isdecimal() and len(number) < 10 for number in asked):
        return None
    start, end = sorted(map(int, asked))
    return Span(start, end) if start < end <= len(text) and text[start:end].strip() else None


def _choices(request: HttpRequest, article: Article) -> HttpResponse:
    """The sentences of a paragraph, then the words of a sentence, as choices: no mouse, no script."""
    row = get_object_or_404(article.current.paragraphs, number=_number(request.GET.get("paragraph", "1")))
    sentences_here = _pieces(row, sentences.sentences(row.text))
    asked = _number(request.GET.get("sentence", ""))
    context = {"article": article, "paragraph": row, "sentences": sentences_here, "asked": asked}
    context["for_card"] = request.GET.get("for") == "card"
    if 0 < asked <= len(sentences_here):
        whole, _words = sentences_here[asked - 1]
        inside = [w for w in _pieces(row, sentences.words(row.text)) if whole.start <= w[0].start < whole.end]
        return render(request, "reader/choose_words.html", context | {"whole": whole, "words": inside})
    return render(request, "reader/choose_sentence.html", context)


def _pieces(row: Paragraph, spans: list[Span]) -> list[tuple[Span, str]]:
    return [(Span(span.start + row.start, span.end + row.start), span.of(row.text)) for span in spans]


def _number(asked: str) -> int:
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 0


def _composer(request: HttpRequest, article: Article, form: NoteForm, status: int = 200) -> HttpResponse:
    template = "reader/_composer.html" if request.htmx else "reader/composer.html"
    quoted = form["exact"].value() or ""
    context = {"article": article, "form": form, "quoted": quoted, "member": request.user}
    return render(request, template, context, status=status)


def _create(request: HttpRequest, article: Article) -> HttpResponse:
    form = NoteForm(request.POST, author=request.user)
    if not form.is_valid():
        return _refused(request, article, form)
    data = form.cleaned_data
    revision = article.revisions.filter(number=data["revision"]).first() or article.current
    try:
        write = partial(
            annotating.annotate, revision=revision, span=form.span(), author=request.user, body=data["body"],
            tags=data["tags"], motivation=data["motivation"], visibility=data["visibility"], group=data.get("group"),
            exact=data["exact"] or None,
        )  # fmt: skip
        note = once(data["uid"], author=request.user, body=data["body"], write=lambda uid: write(uid=uid))
    except ReaderError as error:
        form.add_error(None, str(error))
        return with_headers(_refused(request, article, form, error.status), error)
    forget_words(request)
    return _kept(request, note)


def _refused(request: HttpRequest, article: Article, form: NoteForm, status: int = 422) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": " ".join(e for es in form.errors.values() for e in es)}, status=status)
    return _composer(request, article, form, status)


def _kept(request: HttpRequest, note: Annotation) -> HttpResponse:
    if wants_json(request):
        answer = {
            "uid": note.uid,
            "state": note.latest.status,
            "url": note.get_absolute_url(),
            "message": how_it_stands(note),
        }
        return JsonResponse(answer, status=201)
    messages.success(request, how_it_stands(note))
    return redirect(note)


def how_it_stands(note: Annotation) -> str:
    """What happened to what somebody just wrote, in a sentence."""
    if note.is_private:
        return _("Saved. Only you can see it.")
    if note.group:
        return _how_it_stands_in(note.group, note)
    if note.latest.status == Status.APPROVED:
        return _("Saved. Everyone can see it.")
    if note.published_id:
        return _("Saved. A moderator will look at the new wording; the one before it stays public until then.")
    return _("Saved. It waits for a moderator; until then only you and the moderators see it.")


def _how_it_stands_in(group: ReadingGroup, note: Annotation) -> str:
    if note.latest.status == Status.APPROVED:
        return _("Saved. The members of “%s” can see it, and nobody else.") % group.name
    if note.published_id:
        return _("Saved. The owner of the group will look at the new wording; the one before it stays until then.")
    return _("Saved. It waits for the owner of the group; until then only you and they see it.")


@require_safe
def note(request: HttpRequest, uid: str) -> HttpResponse:
    """One note with its passage and its thread."""
    found = access.annotation_to_read(request.user, uid)
    top = found.thread or found
    version = _version(request, found, top)  # before the notes are read: what comes later is then news
    thread = Annotation.objects.readable_by(request.user).filter(Q(pk=top.pk) | Q(thread=top))
    notes = list(thread.with_versions().order_by("created"))
    for each in notes:
        each.shown = access.shown_version(each, request.user)
    found.shown = access.shown_version(found, request.user)
    tell_changes(notes)
    number = _paragraph_number(top)
    context = {"note": found, "top": top, "number": number, "thread": notes, "form": ReplyForm(), "version": version}
    return render(request, "reader/note.html", context)


def _version(request: HttpRequest, note: Annotation, top: Annotation) -> str:
    """By what the page learns that the conversation goes on: of a public one, what everyone's page has."""
    return ready.state_of(note.article.slug).name if top.is_public else version_of_conversation(request.user, note)


def _paragraph_number(note: Annotation) -> int | None:
    """The paragraph of the current text a note lies on; None when its words are gone."""
    current = note.article.current
    place = note.placements.filter(revision=current, start__isnull=False).first()
    return current.paragraph_at(place.start).number if place else None


@for_writers
def note_edit(request: HttpRequest, uid: str) -> HttpResponse:
    """A new wording of one's own note."""
    found = access.annotation_to_edit(request.user, uid)
    initial = {"body": found.latest.body, "tags": ", ".join(found.latest.tag_names), "visibility": found.audience}
    form = EditForm(sent(request), initial=initial | kept_words(request), annotation=found)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _try(form, lambda: annotating.edit(found, by=request.user, **form.cleaned_data))
        if refusal is None:
            forget_words(request)
            found.refresh_from_db()
            messages.success(request, how_it_stands(found))
            return redirect(found)
    return _again_with(request, "reader/note_edit.html", {"note": found, "form": form}, refusal)


@for_writers
def note_reply(request: HttpRequest, uid: str) -> HttpResponse:
    """An answer to a note."""
    parent = access.annotation_to_read(request.user, uid)
    form = ReplyForm(sent(request), initial=kept_words(request))
    made: list[Annotation] = []
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _try(form, lambda: made.append(_reply(request, parent, form.cleaned_data)))
        if refusal is None:
            forget_words(request)
            messages.success(request, how_it_stands(made[0]))
            return redirect(made[0])
    parent.shown = access.shown_version(parent, request.user)
    return _again_with(request, "reader/note_reply.html", {"parent": parent, "form": form}, refusal)


def _reply(request: HttpRequest, parent: Annotation, data: dict[str, Any]) -> Annotation:
    write = partial(annotating.reply, parent=parent, author=request.user, body=data["body"], tags=data["tags"])
    return once(data["uid"], author=request.user, body=data["body"], write=lambda uid: write(uid=uid))


@login_required
def note_withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Asks first; then takes the note away, and says how to bring it back."""
    found = access.annotation_to_edit(request.user, uid)
    if request.method != "POST":
        return render(request, "reader/note_withdraw.html", {"note": found})
    _say(request, lambda: annotating.withdraw(found, by=request.user), lambda: _withdrawn(found))
    return redirect(found)


@login_required
@require_POST
def note_restore(request: HttpRequest, uid: str) -> HttpResponse:
    """Brings a withdrawn note back."""
    found = access.annotation_to_restore(request.user, uid)
    _say(request, lambda: annotating.restore(found, by=request.user), lambda: how_it_stands(_again(found)))
    return redirect(found)


def _withdrawn(note: Annotation) -> str:
    if note.is_private:
        return _("Withdrawn. You can restore it on its page.")
    if note.group:
        return _("Withdrawn. Only you and the owner of the group see it now; you can restore it on its page.")
    return _("Withdrawn. Only you and the moderators see it now; you can restore it on its page.")


def _again(note: Annotation) -> Annotation:
    note.refresh_from_db()
    return note


def _say(request: HttpRequest, act, how) -> None:
    """Carry out an act and say how it went; sent twice, the second one is told."""
    try:
        act()
    except ReaderError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, how())


@require_POST
def note_preview(request: HttpRequest) -> HttpResponse:
    """What Markdown will look like."""
    return render(request, "reader/_preview.html", {"html": to_html(request.POST.get("body", "")[:20_000])})


def _try(form, act) -> ReaderError | None:
    """Run an operation; a refusal becomes the form's error, and is returned."""
    try:
        act()
    except ReaderError as error:
        form.add_error(None, str(error))
        return error
    return None


def _again_with(request: HttpRequest, template: str, context: dict, refusal: ReaderError | None) -> HttpResponse:
    """The form, for the first time or with what was wrong; a refusal has its own status."""
    status = refusal.status if refusal else 422 if request.method == "POST" else 200
    return with_headers(render(request, template, context, status=status), refusal)


def with_headers(response: HttpResponse, refusal: ReaderError | None) -> HttpResponse:
    """The answer with what the refusal says to programs, such as when to try again."""
    for name, value in (refusal.headers if refusal else {}).items():
        response[name] = value
    return response
