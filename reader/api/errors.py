"""Refusals in the one shape that clients of this API read: a status, and a sentence to show."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from reader.operations.errors import ReaderError


class LogInFirst(HttpError):
    """Nobody is asking, and somebody must."""

    def __init__(self) -> None:
        super().__init__(401, _("Log in, or send an API token: Authorization: Bearer …"))


class Malformed(HttpError):
    """What was sent cannot be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(400, reason)


class NotPlaced(ReaderError):
    """The words do not stand in the text, or nobody can say where."""

    code = "not_placed"


class NoSuchText(ReaderError):
    """The address is of no text that is kept here."""

    status = 404
    code = "no_such_text"
    message = gettext_lazy("No text of this library has that address.")


def failure(reason: str) -> dict[str, str]:
    """The body of every refusal."""
    return {"status": "failure", "reason": reason}


def not_found() -> str:
    """The same sentence for what is not there and for what one may not see."""
    return _("There is nothing here, or nothing that you may see.")


def answer_refusals(api: NinjaAPI) -> None:
    """Register how each kind of refusal is answered. What is none of these is a fault, and is logged as one."""
    for kind, status_and_reason in {
        ReaderError: lambda error: (error.status, str(error)),
        Http404: lambda error: (404, not_found()),
        PermissionDenied: lambda error: (403, str(error) or not_found()),
        HttpError: lambda error: (error.status_code, str(error)),
        ValidationError: _about_the_request,
        RequestDataTooBig: lambda error: (413, _("This is more than is taken in one request.")),
    }.items():
        api.add_exception_handler(kind, _handler(api, status_and_reason))


def _handler(api: NinjaAPI, status_and_reason):
    def answer(request: HttpRequest, error: Exception) -> HttpResponse:
        status, reason = status_and_reason(error)
        response = api.create_response(request, failure(reason), status=status)
        if status == 401:
            response["WWW-Authenticate"] = 'Bearer realm="api"'
        for name, value in getattr(error, "headers", {}).items():
            response[name] = value
        return response

    return answer


def _about_the_request(error: ValidationError) -> tuple[int, str]:
    """An address that cannot be one is not found; what else does not fit is named field by field."""
    if any(each["loc"][0] == "path" for each in error.errors):
        return 404, not_found()
    told = [f"{'.'.join(map(str, _field(each['loc'])))}: {each['msg']}" for each in error.errors[:5]]
    return 400, "; ".join(told)


def _field(where) -> list:
    """Where the value stands in what was sent, without the name of our own argument."""
    kind, *rest = where
    return rest[1:] if kind in {"body", "form"} and len(rest) > 1 else rest or [kind]
