"""People who write, moderate and edit."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class MemberManager(UserManager):
    """Members, found by user name in fixtures."""

    def get_by_natural_key(self, username):
        return self.get(username=username)


class Member(AbstractUser):
    """A person with an account. Roles add up: an editor may be a moderator as well."""

    display_name = models.CharField(_("display name"), max_length=80, blank=True)
    orcid = models.CharField("ORCID", max_length=19, blank=True)
    is_editor = models.BooleanField(_("editor"), default=False, help_text=_("Keeps texts, cards and references."))
    is_moderator = models.BooleanField(_("moderator"), default=False, help_text=_("Decides on what waits."))
    is_trusted = models.BooleanField(
        _("trusted"), default=False, help_text=_("Contributions of trusted people do not wait.")
    )

    # What the Hypothesis client asks to be remembered: closed tips, shortcuts. Only it reads this.
    client_preferences = models.JSONField(default=dict, blank=True, editable=False)

    objects = MemberManager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.username,)

    @property
    def name(self) -> str:
        """What other people read beside a note."""
        return self.display_name or self.username

    @property
    def orcid_address(self) -> str:
        """Where their ORCID leads; empty without one."""
        return f"https://orcid.org/{self.orcid}" if self.orcid else ""

    @property
    def writes_unheld(self) -> bool:
        """True when policy lets this person's public notes appear at once, whatever the site's policy."""
        return self.is_editor or self.is_moderator or self.is_trusted

    def approvals_until_trusted(self) -> int:
        """How many more approved notes and proposals make this person trusted; 0 when they are."""
        if self.writes_unheld:
            return 0
        return max(0, settings.TRUSTED_AFTER_APPROVALS - self.approvals_that_count())

    def approvals_that_count(self) -> int:
        """Their public notes and accepted proposals; after trust was taken back, those approved since then."""
        public = self.annotations.public()
        accepted = self.proposals.filter(status="approved")
        lost = self.acts_about.filter(verb="distrusted").first()
        if lost:
            public, accepted = public.filter(published__decided__gt=lost.at), accepted.filter(decided__gt=lost.at)
        return public.count() + accepted.count()

    def get_absolute_url(self):
        return reverse("reader:me")


class Leaving(models.Model):
    """That somebody asked for their account to be closed; gone when they stay, or with them."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="leaving")
    keeps_notes = models.BooleanField(_("notes stay without the name"))
    asked = models.DateTimeField(auto_now_add=True)

    WAIT = timedelta(days=7)

    class Meta:
        ordering = ["asked"]
        verbose_name = _("account to be closed")
        verbose_name_plural = _("accounts to be closed")

    def __str__(self):
        return f"{self.member.username}, {self.asked:%Y-%m-%d}"

    @property
    def closes(self) -> datetime:
        """When it may be carried out."""
        return self.asked + self.WAIT
