"""What is sent with a form: how much it may be."""

from django.http import HttpRequest

FORM_ROOM = 1_000_000  # bytes a form may have beside its file


def announces_more_than(most: int, request: HttpRequest) -> bool:
    """True when a request says that its file is larger than `most` bytes: to be asked before its body is read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return announced.isdecimal() and int(announced) > most + FORM_ROOM
