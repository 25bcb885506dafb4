"""The way out: asking for one's account to be closed, and staying after all."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reader.models import Leaving
from reader.operations import leaving
from reader.operations.errors import ReaderError
from reader.views.uploads import sent

ERASE, KEEP = "erase", "keep"
CHOICES = [
    (ERASE, gettext_lazy("Erase my notes")),
    (KEEP, gettext_lazy("Keep my public notes without my name, and erase the others")),
]


class LeaveForm(forms.Form):
    """What becomes of one's notes; and the password, or the user name of somebody who has none here."""

    notes = forms.ChoiceField(label=gettext_lazy("Your notes"), choices=CHOICES, widget=forms.RadioSelect)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        if not request.user.has_usable_password():
            self.fields["password"] = forms.CharField(label=gettext_lazy("Your user name, to confirm"))

    def clean_password(self):
        member, given = self.request.user, self.cleaned_data["password"]
        if not ratelimit.consume(self.request, action="reauthenticate", user=member):
            raise forms.ValidationError(_("Too many attempts. Wait a minute, then try again."), code="too_many")
        if member.has_usable_password() and not member.check_password(given):
            raise forms.ValidationError(_("This is not your password. Nothing was changed."), code="wrong")
        if not member.has_usable_password() and given != member.username:
            raise forms.ValidationError(_("This is not your user name. Nothing was changed."), code="wrong")
        return given


@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Ask, or take it back."""
    if request.method == "POST" and request.POST.get("act") == "stay":
        if leaving.stay(request.user):
            messages.success(request, _("Your account stays as it is."))
        return redirect("reader:me")
    form = LeaveForm(sent(request), request=request)
    if request.method == "POST" and form.is_valid() and _asked(request, form):
        return redirect("reader:leave")
    asked = Leaving.objects.filter(member=request.user).first()
    context = {"form": form, "leaving": asked, "needed": asked and leaving.why_needed(request.user)}
    return render(request, "reader/leave.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: LeaveForm) -> bool:
    try:
        asked = leaving.ask(request.user, keeps_notes=form.cleaned_data["notes"] == KEEP)
    except ReaderError as error:
        form.add_error(None, str(error))
        return False
    get_adapter(request).send_notification_mail("account/email/leaving", request.user, {"closes": asked.closes})
    messages.success(request, _("Done. Until that day you can stay after all."))
    return True
