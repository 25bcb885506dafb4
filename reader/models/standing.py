"""How people stand: sanctions; and what moderators keep for their work: reasons, words to look at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SanctionQuerySet(models.QuerySet["Sanction"]):
    """Sanctions of people, newest first."""

    def in_force(self) -> "SanctionQuerySet":
        """Suspensions that have not run out and bans; nothing that was lifted."""
        now = timezone.now()
        stops = Q(kind=Sanction.Kind.BAN) | Q(kind=Sanction.Kind.SUSPENSION, until__gt=now)
        return self.filter(stops, lifted__isnull=True)


class Sanction(models.Model):
    """A warning, a suspension or a ban, with the reason its person reads."""

    class Kind(models.TextChoices):
        WARNING = "warning", _("warning")
        SUSPENSION = "suspension", _("suspension")
        BAN = "ban", _("ban")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sanctions")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.TextField(_("reason"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    lifted = models.DateTimeField(null=True, blank=True)
    read = models.DateTimeField(_("read by the person"), null=True, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="sanction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="suspension", until__isnull=False) | (~Q(kind="suspension") & Q(until__isnull=True)),
                name="sanction_suspension_has_an_end",
            ),
        ]
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")

    def __str__(self):
        return f"{self.member.username}: {self.kind}"


class ReasonTemplate(models.Model):
    """Words moderators often need when they reject or send back; they can be changed before sending."""

    title = models.CharField(_("title"), max_length=80, unique=True)
    words = models.TextField(_("words the author reads"))

    class Meta:
        ordering = ["title"]
        verbose_name = _("reason kept for reuse")
        verbose_name_plural = _("reasons kept for reuse")

    def __str__(self):
        return self.title


class SuspectWord(models.Model):
    """A word or part of an address that makes notes wait: of people who are not trusted, or, blocked, of everyone.

    Editors and moderators never wait.
    """

    word = models.CharField(_("word"), max_length=100, unique=True, help_text=_("Upper and lower case are the same."))

    is_blocked = models.BooleanField(
        _("also when a trusted person writes it"), default=False, help_text=_("A blocked word; else a suspect one.")
    )

    class Meta:
        ordering = ["word"]
        verbose_name = _("suspect word")
        verbose_name_plural = _("suspect words")

    def __str__(self):
        return self.word
