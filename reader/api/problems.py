"""What went wrong at a program's door, in one shape: problem details (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse


class Problem(Exception):
    """An answer other than the one asked for. `code` is for programs, `detail` a sentence for people."""

    def __init__(self, status: int, detail: str, code: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        self.code = code or HTTPStatus(status).phrase.lower().replace(" ", "_")

    def response(self) -> HttpResponse:
        """The problem as application/problem+json."""
        said = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        body = json.dumps(said, ensure_ascii=False)
        return HttpResponse(body, status=self.status, content_type="application/problem+json", headers=self.headers)
