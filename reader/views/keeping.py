"""Words typed by somebody who is not logged in, or no longer: they wait in the session until they are saved."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from reader.forms import NoteForm
from reader.forms_proposing import CardForm, MentionForm

KEPT = "typed-before-log-in"
FIELDS = {*NoteForm.base_fields, *CardForm.base_fields, *MentionForm.base_fields}
MOST = 30_000  # characters of a field: more than any note may have, less than would fill the session store


def log_in_first(request: HttpRequest) -> HttpResponse:
    """To the log-in page and back to this address, where what was typed stands again."""
    if request.method == "POST":
        typed = {name: request.POST[name][:MOST] for name in sorted(FIELDS & request.POST.keys())}
        request.session[KEPT] = {"path": request.path, "typed": typed}
        messages.info(request, _("Log in to keep it. What you wrote is waiting for you."))
    return redirect_to_login(request.get_full_path())


def for_writers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like login_required, but a session that has ended does not take the words with it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else log_in_first(request)

    return guarded


def kept_words(request: HttpRequest) -> dict[str, str]:
    """What was typed at this very address before the log-in; empty when nothing was. Reloading shows it again."""
    kept = request.session.get(KEPT, {})
    return kept["typed"] if kept.get("path") == request.path else {}


def forget_words(request: HttpRequest) -> None:
    """Call when they are saved."""
    if kept_words(request):
        del request.session[KEPT]
