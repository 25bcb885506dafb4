"""What moderators keep for their work: reasons to use again, words that make a note wait."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from reader.forms import ReasonTemplateForm, SuspectWordForm
from reader.models import ReasonTemplate, SuspectWord
from reader.views.moderation import moderators_only

KINDS = {"reason": (ReasonTemplate, ReasonTemplateForm), "word": (SuspectWord, SuspectWordForm)}


@login_required
def reasons(request: HttpRequest) -> HttpResponse:
    """Both lists, each with a form to add to it, or to change one (`?reason=<id>`, `?word=<id>`); any is taken out."""
    moderators_only(request)
    changed = {kind: _asked(model, request.GET.get(kind, "")) for kind, (model, _form) in KINDS.items()}
    forms = {kind: form(instance=changed[kind]) for kind, (_model, form) in KINDS.items()}
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in KINDS:
            raise Http404
        forms[kind] = _act(request, *KINDS[kind], changed[kind])
        if not forms[kind].errors:
            return redirect("reader:moderation_reasons")
    context = {"reasons": ReasonTemplate.objects.all(), "words": SuspectWord.objects.all(), "forms": forms}
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "reader/moderation_reasons.html", context | {"changed": changed}, status=status)


def _asked(model, pk: str):
    return get_object_or_404(model, pk=int(pk) if pk.isdecimal() and len(pk) < 10 else 0) if pk else None


def _act(request: HttpRequest, model, form_class, changed):
    """Add, change or take out; returns the form, with errors if it has to be shown again."""
    form = form_class(request.POST, instance=changed)
    out = request.POST.get("out", "")
    if out:
        model.objects.filter(pk=int(out) if out.isdecimal() and len(out) < 10 else 0).delete()
        messages.success(request, _("Taken out."))
        return form_class()
    if form.is_valid():
        form.save()
        messages.success(request, _("Kept."))
    return form
