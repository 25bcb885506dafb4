"""The API put together: its routes, its refusals, its description at /api/docs."""

from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from reader.api import about, group_routes, hypothesis, tokens
from reader.api.errors import answer_refusals

DESCRIPTION = """
Notes in the shapes of the Hypothesis API, version 1: its client and the programs written for it work against this
site. What one may see and change here is what one may see and change in the pages. Notes wait for moderators as
everywhere; `moderation_status` says how they stand.

Send a personal token (made at `/me/tokens/`) as `Authorization: Bearer …`. A refusal is
`{"status": "failure", "reason": "…"}`. What one may not see does not exist: 404.

How often one may ask is told in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds); who asks
more often gets 429 with `Retry-After`. Reading and writing are counted apart.
"""
LIMITS = {
    "RateLimit-Limit": "How many requests of this kind one may send in a minute.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "In how many seconds they are all there again.",
}


class Api(NinjaAPI):
    """Ninja's, with what it does not know: who may come without a token, what routes are for, and the limits."""

    def get_openapi_schema(self, **kwargs):
        """OpenAPI 3.1. Reading needs nobody to be logged in, so there the token is optional."""
        schema = super().get_openapi_schema(**kwargs)
        for methods in schema["paths"].values():
            for operation in methods.values():
                if operation.get("security") and "401" not in map(str, operation["responses"]):
                    operation["security"] = [{}, *operation["security"]]
                operation["summary"] = operation.get("description", operation["summary"]).split(". ")[0].rstrip(".")
                for status, response in operation["responses"].items():
                    response["headers"] = _headers(str(status))
        return schema


def _headers(status: str) -> dict[str, dict]:
    told = LIMITS | ({"Retry-After": "In how many seconds to try again."} if status == "429" else {})
    return {name: {"description": about, "schema": {"type": "integer"}} for name, about in told.items()}


api = Api(
    title="Civdip Reader",
    version="1.0",
    description=DESCRIPTION,
    docs=Swagger({"persistAuthorization": False, "tryItOutEnabled": True}),
    urls_namespace="api",
)
answer_refusals(api)
for router in (about.router, group_routes.router, hypothesis.router, tokens.router):
    api.add_router("", router)
