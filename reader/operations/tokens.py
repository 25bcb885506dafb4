"""Giving out keys to the API, renewing and revoking them.

A grant is a signed word for «this person, in this session», good for ten minutes and for one purpose. The page
holds it; the client changes it for an access token of an hour and a refresh token, which replaces itself each time
it is used. Both end when the person logs out of that session or changes the password.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reader.models import ApiToken, Member, Scope
from reader.models.tokens import token_digest
from reader.operations.errors import ReaderError

GRANT_SALT, GRANT_SECONDS = "reader.tokens.grant", 600
CODE, CODE_IS_GOOD = "code for ", timedelta(minutes=2)
ACCESS = timedelta(hours=1)
RENEWABLE = timedelta(seconds=settings.SESSION_COOKIE_AGE)
CLIENT_ID = "hypothesis-client"
PREFIX = "cdr_"  # lets scanners for leaked secrets know it


class BadGrant(ReaderError):
    """What was shown is no grant, no code and no refresh token of ours, or not any more."""

    status = 400
    code = "invalid_grant"
    message = _("This log-in has run out. Reload the page.")


class NameTaken(ReaderError):
    code = "name_taken"
    message = _("You have a token of that name. Choose another, or revoke that one first.")


@dataclass(frozen=True)
class TokenPair:
    """What a client gets. The values are known here and nowhere else."""

    access: str
    refresh: str
    seconds: int


def make_personal(*, member: Member, name: str, scope: str) -> str:
    """Keep a new personal token and give its value, which cannot be had again. Raises NameTaken."""
    value = _new_value()
    try:
        with transaction.atomic():
            ApiToken.objects.create(member=member, name=name, scope=scope, digest=token_digest(value))
    except IntegrityError as error:
        raise NameTaken from error
    return value


def revoke(token: ApiToken) -> None:
    """From now on it opens nothing."""
    token.delete()


def revoke_value(value: str) -> None:
    """Forget the client's token whose access or refresh value this is. Nothing happens when there is none."""
    digest = token_digest(value)
    clients = ApiToken.objects.filter(kind=ApiToken.Kind.CLIENT)
    clients.filter(digest=digest).delete()
    clients.filter(refresh_digest=digest).delete()


def revoke_of_session(session_key: str) -> None:
    """Forget what clients were given in a session that ends."""
    ApiToken.objects.filter(session_digest=_session_digest(session_key)).delete()


def grant_for(member: Member, session_key: str) -> str:
    """A grant for the client in a page of this session."""
    return signing.dumps(_who(member, session_key), salt=GRANT_SALT)


def code_for(member: Member, client_id: str) -> str:
    """A code that a client, opened in a window of its own, changes once for tokens."""
    code, now = _new_value(), timezone.now()
    ApiToken.objects.create(
        member=member, kind=ApiToken.Kind.CLIENT, name=CODE + client_id, scope=Scope.WRITE,
        digest=token_digest(_new_value()), refresh_digest=token_digest(code),
        password_stamp=member.get_session_auth_hash(), expires=now, renewable_until=now + CODE_IS_GOOD,
    )  # fmt: skip
    return code


def exchange_grant(grant: str) -> TokenPair:
    """Tokens for a grant. Raises BadGrant."""
    return _give(_read(grant))


@transaction.atomic
def exchange_code(code: str, client_id: str) -> TokenPair:
    """Tokens for a code, the first time it is shown, by the client it was made for. Raises BadGrant."""
    token = _renewable(code)
    if token.name != CODE + client_id:
        raise BadGrant
    token.name, token.renewable_until = "", timezone.now() + RENEWABLE
    return _replace(token)


@transaction.atomic
def renew(refresh: str) -> TokenPair:
    """New tokens for a refresh token, which ends with this. Raises BadGrant."""
    token = _renewable(refresh)
    if token.name.startswith(CODE):
        raise BadGrant
    return _replace(token)


def _renewable(value: str) -> ApiToken:
    """The row that `value` renews, held until the transaction ends. Raises BadGrant."""
    kept = ApiToken.objects.select_for_update(of=("self",)).select_related("member")
    token = kept.filter(refresh_digest=token_digest(value), renewable_until__gt=timezone.now()).first()
    if token is None or not token.is_honoured:
        raise BadGrant
    return token


def _replace(token: ApiToken) -> TokenPair:
    pair = _new_pair()
    token.digest, token.refresh_digest = token_digest(pair.access), token_digest(pair.refresh)
    token.expires = timezone.now() + ACCESS
    token.save(update_fields=["name", "digest", "refresh_digest", "expires", "renewable_until"])
    return pair


def _read(grant: str) -> dict[str, Any]:
    try:
        who: dict[str, Any] = signing.loads(grant, salt=GRANT_SALT, max_age=GRANT_SECONDS)
    except signing.BadSignature as error:
        raise BadGrant from error
    return who


def _give(who: dict[str, Any]) -> TokenPair:
    member = Member.objects.filter(pk=who["member"], is_active=True).first()
    if member is None or who["stamp"] != _short(member.get_session_auth_hash()):
        raise BadGrant
    ApiToken.objects.expired().delete()
    pair, now = _new_pair(), timezone.now()
    ApiToken.objects.create(
        member=member, kind=ApiToken.Kind.CLIENT, scope=Scope.WRITE, digest=token_digest(pair.access),
        refresh_digest=token_digest(pair.refresh), session_digest=who["session"],
        password_stamp=member.get_session_auth_hash(), expires=now + ACCESS, renewable_until=now + RENEWABLE,
    )  # fmt: skip
    return pair


def _new_pair() -> TokenPair:
    return TokenPair(access=_new_value(), refresh=_new_value(), seconds=int(ACCESS.total_seconds()))


def _new_value() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _who(member: Member, session_key: str) -> dict[str, Any]:
    stamp = _short(member.get_session_auth_hash())
    return {"member": member.pk, "session": _session_digest(session_key), "stamp": stamp}


def _session_digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest() if session_key else ""


def _short(stamp: str) -> str:
    """Part of a digest of the password's digest: enough to see that it changed, nothing to find it by."""
    return hashlib.sha256(stamp.encode()).hexdigest()[:16]
