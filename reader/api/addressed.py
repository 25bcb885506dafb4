"""Where the API, its tokens and the pages of the Hypothesis client are reached."""

from django.urls import path

from reader.api import about
from reader.api.room import api
from reader.api.tokens import revoke
from reader.views import hypothesis_client, tokens

urlpatterns = [
    path("api", about.root_without_slash),
    path("api/", api.urls),
    path("oauth/authorize", hypothesis_client.authorize, name="hypothesis_authorize"),
    path("oauth/revoke", revoke, name="hypothesis_revoke"),
    path("me/tokens/", tokens.my_tokens, name="my_tokens"),
    path("me/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("client/build/<path:name>", hypothesis_client.build_file, name="hypothesis_build"),
    path("client/tags/<str:name>", hypothesis_client.tag_by_name, name="hypothesis_tag"),
    path("client/people/<str:userid>", hypothesis_client.person_by_userid, name="hypothesis_person"),
    path("client/<str:app>", hypothesis_client.app, name="hypothesis_app"),
    path("articles/<slug:slug>/hypothesis/", hypothesis_client.article, name="hypothesis_article"),
]
