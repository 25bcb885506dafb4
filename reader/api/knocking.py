"""Who asks, and whether they may ask now: stands before every route of the API."""

from django.http import HttpRequest
from ninja.security.base import AuthBase

from reader.access import Person, person_of
from reader.api import limits
from reader.api.errors import LogInFirst
from reader.models import Member, Scope


class Bearer(AuthBase):
    """Finds the person, counts the request. Raises what `person_of` and the limits raise."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: str = Scope.READ, *, must_be_somebody: bool = False) -> None:
        super().__init__()
        self.scope = scope
        self.must_be_somebody = must_be_somebody

    def __call__(self, request: HttpRequest) -> Person | Member:
        person = person_of(request, self.scope)
        limits.count(request, person)
        if self.must_be_somebody and not person.is_authenticated:
            raise LogInFirst
        return person


anyone = Bearer()
somebody = Bearer(must_be_somebody=True)
writer = Bearer(Scope.WRITE, must_be_somebody=True)
