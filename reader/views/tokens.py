"""One's own API tokens: made, shown once, listed, revoked."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from reader.models import Scope
from reader.operations import tokens
from reader.operations.errors import ReaderError
from reader.views.uploads import sent


class TokenForm(forms.Form):
    """What a new token is called, and what it may do."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("What it is for: «notes into Obsidian».")
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What it may do"), choices=Scope.choices, initial=Scope.READ, widget=forms.RadioSelect
    )


@login_required
def my_tokens(request: HttpRequest) -> HttpResponse:
    """The list, and a form for one more. A new token's value is in this one answer and nowhere else."""
    form = TokenForm(sent(request))
    value, status = "", 200
    if request.method == "POST":
        value = _made(request, form)
        status = 200 if value else 422
    context = {"form": TokenForm() if value else form, "value": value, "tokens": request.user.api_tokens.personal()}
    response = render(request, "reader/tokens.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on it opens nothing."""
    token = get_object_or_404(request.user.api_tokens.personal(), pk=pk)
    tokens.revoke(token)
    messages.success(request, _("«%s» is revoked: it opens nothing any more.") % token.name)
    return redirect("my_tokens")


def _made(request: HttpRequest, form: TokenForm) -> str:
    """The new token's value, or nothing when the form has errors."""
    if not form.is_valid():
        return ""
    try:
        value = tokens.make_personal(member=request.user, **form.cleaned_data)
    except ReaderError as error:
        form.add_error("name", str(error))
        return ""
    messages.success(request, _("Copy the new token now. It is shown this once and cannot be had again."))
    return value
