"""What is sent with a form: whether anything is, and how much it may be."""

from django.http import HttpRequest, QueryDict

FORM_ROOM = 1_000_000  # bytes a form may have beside its file


def announces_more_than(most: int, request: HttpRequest) -> bool:
    """True when a request says that its file is larger than `most` bytes: to be asked before its body is read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return announced.isdecimal() and int(announced) > most + FORM_ROOM


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form takes. A POST that holds nothing is an answer too: it is told what it lacks."""
    return request.POST if request.method == "POST" else None
