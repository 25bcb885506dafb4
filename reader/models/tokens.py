"""Keys that programs hold in place of a session. Only their digests are kept: a copy of the database opens nothing."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

USED_IS_WRITTEN_EVERY = timedelta(minutes=5)  # a reading program costs no write for each request


def token_digest(value: str) -> str:
    """What is kept of a token. It holds 256 random bits, so one round of SHA-256 cannot be guessed back."""
    return hashlib.sha256(value.encode()).hexdigest()


class Scope(models.TextChoices):
    READ = "read", _("read what I can read")
    WRITE = "write", _("read and write as me")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens by what their holder shows."""

    def shown(self, value: str) -> "ApiToken | None":
        """The token whose value this is, if it still opens anything, with its member."""
        token = self.select_related("member").filter(digest=token_digest(value)).first()
        return token if token and token.is_usable else None

    def personal(self) -> "ApiTokenQuerySet":
        """Those that people made and named themselves."""
        return self.filter(kind=ApiToken.Kind.PERSONAL)

    def expired(self) -> "ApiTokenQuerySet":
        """Those of clients that can neither be used nor renewed any more."""
        return self.filter(renewable_until__lt=timezone.now())


class ApiToken(models.Model):
    """A key to the API: a personal one, kept until revoked, or a client's, short-lived and renewed."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", _("personal")
        CLIENT = "client", _("of a client")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSONAL)
    name = models.CharField(_("name"), max_length=80, blank=True)
    scope = models.CharField(_("what it may do"), max_length=10, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    refresh_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 (unique)
    session_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    password_stamp = models.CharField(max_length=64, blank=True, editable=False)
    expires = models.DateTimeField(null=True, blank=True)
    renewable_until = models.DateTimeField(null=True, blank=True, db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "name"], condition=Q(kind="personal"), name="token_name_once_a_member"
            ),
            models.CheckConstraint(condition=~Q(kind="personal", name=""), name="token_personal_has_a_name"),
            models.CheckConstraint(
                condition=~Q(kind="client") | Q(expires__isnull=False, renewable_until__isnull=False),
                name="token_of_a_client_expires",
            ),
        ]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self):
        return f"{self.name or self.kind} · {self.member.username}"

    @property
    def is_usable(self) -> bool:
        """True while its member is active and it has not run out; a client's ends with a changed password too."""
        return self.is_honoured and (self.expires is None or timezone.now() < self.expires)

    @property
    def is_honoured(self) -> bool:
        """True while its member is active and, for a client's token, has the password it was given under."""
        stamp = self.password_stamp
        return self.member.is_active and (not stamp or stamp == self.member.get_session_auth_hash())

    def allows(self, scope: str) -> bool:
        """Whether it opens `scope`: what writes also reads."""
        return scope == Scope.READ or self.scope == Scope.WRITE

    def note_use(self) -> None:
        """Remember when it was last used, to a few minutes."""
        now = timezone.now()
        if self.last_used is None or now - self.last_used > USED_IS_WRITTEN_EVERY:
            ApiToken.objects.filter(pk=self.pk).update(last_used=now)
