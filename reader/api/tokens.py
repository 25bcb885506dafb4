"""The token endpoint (RFC 6749), as the Hypothesis client uses it."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import Form, Router, Schema

from reader import access
from reader.api import limits
from reader.api.addresses import userid
from reader.api.errors import LogInFirst, failure
from reader.api.hypothesis_shapes import stamp
from reader.api.knocking import somebody
from reader.api.schemas import Failure, Token, TokenAbout, TokenError, Words
from reader.models import ApiToken
from reader.operations import tokens
from reader.operations.tokens import CLIENT_ID, BadGrant, TokenPair

router = Router(tags=["tokens"])
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class TokenForm(Schema):
    """Which of the three is meant, and its one value."""

    grant_type: Words
    assertion: Words = ""
    code: Words = ""
    client_id: Words = ""
    refresh_token: Words = ""


@router.post("token", auth=None, response={200: Token, 400: TokenError | Failure, 429: Failure}, url_name="token")
def token(request: HttpRequest, form: Form[TokenForm]) -> HttpResponse:
    """Tokens for a grant of the reading page, a code of the log-in window, or a refresh token."""
    limits.count(request, AnonymousUser())  # for its address: tokens cannot be guessed fast
    try:
        pair = _exchange(form)
    except BadGrant as error:
        return _refused("invalid_grant", str(error))
    if pair is None:
        return _refused("unsupported_grant_type", _("The grant_type is none of: %s.") % ", ".join(_kinds(form)))
    return _uncached(_shape(pair))


@router.get("debug-token", auth=somebody, response={200: TokenAbout, 401: Failure, 403: Failure, 429: Failure})
def debug_token(request: HttpRequest) -> HttpResponse:
    """Whose the token is that was sent, and how long it is good. A session is no token: 401."""
    token = ApiToken.objects.shown(access.bearer_of(request) or "")
    if token is None:
        raise LogInFirst
    about = {
        "userid": userid(token.member.username),
        "issued_at": stamp(token.created),
        "expires_at": stamp(token.expires) if token.expires else None,
        "expired": False,
    }
    is_client = token.kind == ApiToken.Kind.CLIENT
    return _uncached(about | ({"client": {"id": CLIENT_ID, "name": "Hypothesis"}} if is_client else {}))


@csrf_exempt  # who holds the token may give it back; nothing else is changed
def revoke(request: HttpRequest) -> HttpResponse:
    """`POST /oauth/revoke` with `token`: it opens nothing any more (RFC 7009: the same answer for an unknown one)."""
    if request.method != "POST":
        return JsonResponse(failure(_("Send the token by POST.")), status=405, headers={"Allow": "POST"})
    tokens.revoke_value(request.POST.get("token", ""))
    return JsonResponse({})


def _kinds(form: TokenForm) -> dict:
    return {
        JWT_BEARER: lambda: tokens.exchange_grant(form.assertion),
        "authorization_code": lambda: tokens.exchange_code(form.code, form.client_id),
        "refresh_token": lambda: tokens.renew(form.refresh_token),
    }


def _exchange(form: TokenForm) -> TokenPair | None:
    exchange = _kinds(form).get(form.grant_type)
    return exchange() if exchange else None


def _shape(pair: TokenPair) -> dict:
    return {
        "access_token": pair.access,
        "token_type": "Bearer",
        "expires_in": pair.seconds,
        "refresh_token": pair.refresh,
        "scope": "annotation:read annotation:write",
    }


def _uncached(shape: dict, status: int = 200) -> HttpResponse:
    return JsonResponse(shape, status=status, headers={"Cache-Control": "no-store"})


def _refused(error: str, reason: str) -> HttpResponse:
    return _uncached({"error": error} | failure(reason), status=400)
