"""Sign-up and log-in as this site wants them, on top of django-allauth."""

import logging
from email.utils import make_msgid
from typing import ClassVar
from urllib.parse import urlsplit

from allauth.account import forms as allauth_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.forms import SignupForm as AllauthSocialSignupForm
from django import forms
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reader.models import Leaving

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """The site's own answers to what allauth asks."""

    def post_login(self, request, user, **kwargs):
        """Whoever is about to lose their account reads so, and how to stay."""
        response = super().post_login(request, user, **kwargs)
        leaving = Leaving.objects.filter(member=user).first()
        if leaving:
            words = gettext("Your account will be closed on %s.") % date_format(leaving.closes, "j F Y")
            way = (reverse("reader:leave"), gettext("Stay after all"))
            messages.warning(request, format_html('{} <a href="{}">{}</a>', words, *way))
        return response

    def send_mail(self, template_prefix, email, context):
        """A mail server that does not answer costs a letter, not the act that the letter is about."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:  # what smtplib raises, and what a socket does
            log.exception("A letter could not be sent: %s", template_prefix)
            words = gettext("The letter could not be sent at present. Try again in a few minutes.")
            messages.error(allauth_context.request, words)

    def render_mail(self, template_prefix, email, context, headers=None):
        """Programs that answer letters leave these alone."""
        context = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL} | context
        letter = super().render_mail(template_prefix, email, context, {"Auto-Submitted": "auto-generated"})
        letter.extra_headers |= {"Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname)}
        return letter

    def get_email_confirmation_url(self, request, emailconfirmation):
        """Letters name the address people know, whichever one was used to ask for them."""
        return _on_this_site(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key):
        return _on_this_site(super().get_reset_password_from_key_url(key))


def _on_this_site(address: str) -> str:
    return settings.SITE_URL + urlsplit(address)._replace(scheme="", netloc="").geturl()


class MFAAdapter(DefaultMFAAdapter):
    """The code to scan stands in the page itself: our policy allows no picture out of an address."""

    def build_totp_svg(self, url):
        drawn = super().build_totp_svg(url)
        return SafeString(drawn[drawn.index("<svg") :])  # made by qrcode out of numbers alone


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """What is taken over from an account elsewhere: the name to show, and an ORCID that is proven by it."""

    def populate_user(self, request, sociallogin, data):
        member = super().populate_user(request, sociallogin, data)
        full = " ".join(part for part in (data.get("first_name"), data.get("last_name")) if part)
        member.display_name = " ".join((full or data.get("name") or "").split())[:80]
        if sociallogin.account.provider == "orcid":
            member.orcid = sociallogin.account.uid
        return member


class OurWords:
    """Fields of allauth's forms, called as they are called on our pages."""

    LABELS: ClassVar = {
        "username": _("User name"), "email": _("E-mail address"), "oldpassword": _("Your password now"),
        "password": _("Password"), "password1": _("New password"), "password2": _("New password, once more"),
    }  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LABELS.keys() & self.fields.keys():
            self.fields[name].label = self.LABELS[name]


class LoginForm(OurWords, allauth_forms.LoginForm):
    LABELS: ClassVar = OurWords.LABELS | {
        "login": _("User name or e-mail address") if settings.CAN_SEND_MAIL else _("User name")
    }


class AddEmailForm(OurWords, allauth_forms.AddEmailForm):
    LABELS: ClassVar = {"email": _("New address")}


class ChangePasswordForm(OurWords, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(OurWords, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(OurWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, allauth_forms.ResetPasswordKeyForm):
    pass


class CredentialField(forms.JSONField):
    """JSON that Python gives up on, numbers too long or lists too deep, is no credential either."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from error

    def bound_data(self, data, initial):
        """A key is made anew each time: what was sent is not shown again."""
        return initial


NO_KEY = (AttributeError, LookupError, TypeError, ValueError)  # what allauth's parsing breaks with


class AnyCredential(forms.Form):
    """What a page of ours never sends, and allauth's parsing breaks on, is told like any other wrong key."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self):
        try:
            return super().clean_credential()
        except NO_KEY as error:
            raise MFAAdapter().validation_error("incorrect_code") from error


class LoginKeyForm(AnyCredential, LoginWebAuthnForm):
    pass


class KeyForm(AnyCredential, AuthenticateWebAuthnForm):
    pass


class ReauthenticateKeyForm(AnyCredential, ReauthenticateWebAuthnForm):
    pass


class AddKeyForm(AddWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)

    def clean(self):
        try:
            return super().clean()
        except NO_KEY as error:
            raise MFAAdapter().validation_error("incorrect_code") from error


class SocialSignupForm(OurWords, AllauthSocialSignupForm):
    pass


class SignupForm(OurWords, allauth_forms.SignupForm):
    """User name, password, and the name to show beside notes."""

    LABELS: ClassVar = OurWords.LABELS | {"password1": _("Password")}

    display_name = forms.CharField(
        label=_("Name shown beside your notes"),
        max_length=80,
        required=False,
        help_text=_("Leave it empty to use your user name. You can change it later."),
    )

    def save(self, request):
        member = super().save(request)
        member.display_name = " ".join(self.cleaned_data["display_name"].split())
        member.save(update_fields=["display_name"])
        return member
