"""What moderators keep for their work: reasons to use again, words that make a note wait."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from reader import access
from reader.forms import ReasonTemplateForm, SuspectWordForm
from reader.models import ReasonTemplate, SuspectWord

KINDS = {"reason": (ReasonTemplate, ReasonTemplateForm), "word": (SuspectWord, SuspectWordForm)}


@login_required
def reasons(request: HttpRequest) -> HttpResponse:
    """Both lists, each with a form to add to it; what is not needed any more is taken out."""
    if not access.can_moderate(request.user):
        raise Http404
    forms = {kind: form() for kind, (_model, form) in KINDS.items()}
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in KINDS:
            raise Http404
        forms[kind] = _act(request, *KINDS[kind])
        if not forms[kind].errors:
            return redirect("reader:moderation_reasons")
    context = {"reasons": ReasonTemplate.objects.all(), "words": SuspectWord.objects.all(), "forms": forms}
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "reader/moderation_reasons.html", context, status=status)


def _act(request: HttpRequest, model, form_class):
    """Add or take out; returns the form, with errors if it has to be shown again."""
    form = form_class(request.POST)
    out = request.POST.get("out", "")
    if out:
        model.objects.filter(pk=int(out) if out.isdecimal() and len(out) < 10 else 0).delete()
        messages.success(request, _("Taken out."))
        return form_class()
    if form.is_valid():
        form.save()
        messages.success(request, _("Kept."))
    return form
