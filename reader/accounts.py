"""Sign-up and log-in as this site wants them, on top of django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """The site's own answers to what allauth asks."""


class SignupForm(AllauthSignupForm):
    """User name, password, and the name to show beside notes."""

    display_name = forms.CharField(
        label=_("Name shown beside your notes"),
        max_length=80,
        required=False,
        help_text=_("Leave it empty to use your user name. You can change it later."),
    )

    def save(self, request):
        member = super().save(request)
        member.display_name = self.cleaned_data["display_name"]
        member.save(update_fields=["display_name"])
        return member
