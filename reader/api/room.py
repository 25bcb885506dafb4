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
"""


class Api(NinjaAPI):
    """Ninja's, with what it does not know: who may come without a token."""

    def get_openapi_schema(self, **kwargs):
        """OpenAPI 3.1. Reading needs nobody to be logged in, so there the token is optional."""
        schema = super().get_openapi_schema(**kwargs)
        for methods in schema["paths"].values():
            for operation in methods.values():
                if operation.get("security") and "401" not in map(str, operation["responses"]):
                    operation["security"] = [{}, *operation["security"]]
        return schema


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
