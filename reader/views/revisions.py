"""The wordings of an article: their list, one as it was, two compared, a paragraph as it was and as it is."""

from itertools import pairwise

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from reader import access
from reader.models import Article, Paragraph, Revision
from reader.text.aligning import Alignment, align
from reader.text.descent import shares
from reader.text.selectors import Span
from reader.views.differences import inline, stretches
from reader.views.rendering import public_part

PART = 0.25  # share of a paragraph's words from which another one holds part of it


@require_safe
def revisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every wording: number, date, who, why; the newest first."""
    article = access.article_to_read(slug)
    rows = list(article.revisions.select_related("created_by").defer("text", "source").order_by("-number"))
    for row, before in pairwise([*rows, None]):
        row.before = before.number if before else None
    return render(request, "reader/revisions.html", {"article": article, "revisions": rows})


@require_safe
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The text of then, with the notes as they stood then; who may see them is asked of today."""
    article = access.article_to_read(slug)
    row = get_object_or_404(article.revisions.select_related("created_by"), number=number)
    if row.pk == article.current_id:
        return redirect(article)
    html = _kept(f"then:{article.pk}-{number}-{article.notes_version}", lambda: _text_of_then(article, row))
    context = {"article": article, "revision": row, "text_of_then": html}
    return render(request, "reader/revision.html", context)


@require_safe
def compare(request: HttpRequest, slug: str, a: int, b: int) -> HttpResponse:
    """Two wordings laid over each other, word by word."""
    article = access.article_to_read(slug)
    old, new = (get_object_or_404(article.revisions.select_related("created_by"), number=n) for n in (a, b))
    html = _kept(f"compare:{old.digest}-{new.digest}", lambda: _differences(article, old, new))
    numbers = list(article.revisions.order_by("-number").values_list("number", flat=True))
    context = {"article": article, "old": old, "new": new, "differences": html, "numbers": numbers}
    return render(request, "reader/compare.html", context)


@require_safe
def compare_asked(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes the two numbers of the form to the address of their comparison."""
    article = access.article_to_read(slug)
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(number.isdecimal() and len(number) < 10 for number in asked):
        raise Http404
    return redirect("reader:compare", article.slug, *map(int, asked))


def paragraph_then(request: HttpRequest, article: Article, number: int, asked: str) -> HttpResponse | None:
    """Paragraph `number` as revision `asked` had it, and what became of it; None when that is the current one."""
    if not asked.isdecimal() or len(asked) > 9:
        raise Http404
    then = get_object_or_404(article.revisions, number=int(asked))
    if then.pk == article.current_id:
        return None
    row = get_object_or_404(then.paragraphs, number=number)
    now = _now(article, then, row)
    same = len(now) == 1 and now[0].text == row.text
    changes = None if same or not now else inline(align(row.text, "\n\n".join(p.text for p in now)))
    context = {
        "article": article, "revision": then, "paragraph": row, "now": now, "same": same, "changes": changes,
    }  # fmt: skip
    return render(request, "reader/paragraph_then.html", context)


def _now(article: Article, then: Revision, row: Paragraph) -> list[Paragraph]:
    """The paragraphs of the current text that hold the words of one of then, in order; empty when it is gone."""
    old, new = list(then.paragraphs.all()), list(article.current.paragraphs.all())
    alignment = align(then.text, article.current.text)
    given = shares(alignment, [_span(p) for p in old], [_span(p) for p in new])
    here = next(at for at, each in enumerate(old) if each.pk == row.pk)
    own = _weight(alignment, _span(row))
    found = []
    for at, each in enumerate(new):
        share = given[here, at]
        if each.key == row.key or (share and share >= PART * min(own, _weight(alignment, _span(each), new=True))):
            found.append(each)
    return found


def _weight(alignment: Alignment, span: Span, *, new: bool = False) -> int:
    tokens = alignment.new if new else alignment.old
    return sum(map(tokens.weight, range(*tokens.around(span))))


def _span(row: Paragraph) -> Span:
    return Span(row.start, row.end)


def _text_of_then(article: Article, row: Revision) -> str:
    context = {"article": article, "revision": row, "part": public_part(article, row)}
    return render_to_string("reader/_revision_text.html", context)


def _differences(article: Article, old: Revision, new: Revision) -> str:
    context = {"article": article, "stretches": stretches(align(old.text, new.text))}
    return render_to_string("reader/_differences.html", context)


def _kept(key: str, make) -> str:
    """HTML that is the same for everyone, made once: wordings do not change, notes have their version in the key."""
    html = cache.get(key)
    if html is None:
        html = make()
        cache.set(key, html, timeout=60 * 60 * 24)
    return mark_safe(html)  # noqa: S308 (rendered from our own templates)
