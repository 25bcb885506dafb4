"""Sign-up and log-in as this site wants them, on top of django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reader.models import Leaving


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
        member.display_name = (full or data.get("name") or "")[:80]
        if sociallogin.account.provider == "orcid":
            member.orcid = sociallogin.account.uid
        return member


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
