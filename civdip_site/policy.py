"""The Content-Security-Policy header, which is the same on nearly every page."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class OnceBuiltPolicy(CSPMiddleware):
    """django-csp's middleware, which builds the site's own policy once instead of for each answer.

    An answer with a policy of its own, by one of django-csp's decorators or by a nonce, goes the usual way.
    """

    usual: str | None = None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header."""
        if any(name.startswith("_csp") for name in (*vars(response), *vars(request))):
            return super().process_response(request, response)
        if self.usual is not None and HEADER not in response and response.status_code not in {404, 500}:
            response[HEADER] = self.usual
            return response
        had_one = HEADER in response
        answered = super().process_response(request, response)
        if not had_one:
            self.usual = answered.get(HEADER)
        return answered
