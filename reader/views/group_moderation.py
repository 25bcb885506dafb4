"""What the owner of a group decides about notes in it, and what was decided. Nobody else sees either."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reader import access
from reader.forms_groups import GroupDecisionForm
from reader.models import Annotation, AnnotationVersion, Flag, ModerationEvent, Status
from reader.operations import moderating
from reader.operations.errors import ReaderError
from reader.views.uploads import sent


@login_required
def decide(request: HttpRequest, uid: str, note_uid: str) -> HttpResponse:
    """One note with what was said against it; a stale decision changes nothing and says what happened."""
    group = access.group_to_keep(request.user, uid)
    note = access.annotation_to_decide_in(group, request.user, note_uid)
    form = GroupDecisionForm(sent(request))
    if request.method == "POST" and form.is_valid() and _decided(request, form, note):
        return redirect(group)
    note.shown = access.shown_version(note, request.user)
    flags = Flag.objects.filter(annotation=note, outcome=Flag.Outcome.OPEN).select_related("by")
    context = {
        "group": group, "note": note, "form": form, "flags": flags, "waits": note.latest.status == Status.PENDING,
    }  # fmt: skip
    return render(request, "reader/group_decide.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, form: GroupDecisionForm, note: Annotation) -> bool:
    data = form.cleaned_data
    version = get_object_or_404(note.versions, number=data["version"])
    try:
        messages.success(request, _carry_out(note, version, request.user, data["decision"], data["reason"]))
    except ReaderError as error:
        form.add_error(None, str(error))
        return False
    return True


def _carry_out(note: Annotation, version: AnnotationVersion, by, decision: str, reason: str) -> str:
    match decision:
        case "approve":
            moderating.approve(version, by=by)
            return _("Approved. The group can read it now.")
        case "reject":
            moderating.reject(version, by=by, reason=reason)
            return _("Not accepted. The author reads your reason.")
        case "keep":
            moderating.keep(note, by=by)
            return _("It stays; its flags are closed.")
    moderating.take_down(note, by=by, reason=reason)
    return _("Taken down. The author reads your reason.")


@login_required
@require_safe
def log(request: HttpRequest, uid: str) -> HttpResponse:
    """What was done with notes in the group, newest first."""
    group = access.group_to_keep(request.user, uid)
    events = ModerationEvent.objects.filter(group_uid=group.uid)
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    return render(request, "reader/group_log.html", {"group": group, "page": page})
