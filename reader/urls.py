"""The reading room's addresses."""

from django.urls import path

from reader import open_urls
from reader.views import (
    annotations,
    articles,
    cards,
    editing,
    health,
    moderation,
    note_history,
    pages,
    people,
    revisions,
    tags,
    timeline,
    welcome,
)

app_name = "reader"
urlpatterns = [
    path("", articles.library, name="library"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("articles/<slug:slug>/text", articles.article_text, name="article_text"),
    path("articles/<slug:slug>/notes/", articles.article_notes, name="article_notes"),
    path("articles/<slug:slug>/mine", articles.article_mine, name="article_mine"),
    path("articles/<slug:slug>/timeline/", timeline.timeline_page, name="article_timeline"),
    path("articles/<slug:slug>/annotate/", annotations.annotate, name="annotate"),
    path("articles/<slug:slug>/p<int:number>/", articles.paragraph, name="paragraph"),
    path("articles/<slug:slug>/edit/", editing.edit, name="article_edit"),
    path("articles/<slug:slug>/revisions/", revisions.revisions, name="revisions"),
    path("articles/<slug:slug>/revisions/<int:number>/", revisions.revision, name="revision"),
    path("articles/<slug:slug>/revisions/<int:number>/publish/", editing.publish_again, name="publish_again"),
    path("articles/<slug:slug>/compare/", revisions.compare_asked, name="compare_asked"),
    path("articles/<slug:slug>/compare/<int:a>..<int:b>/", revisions.compare, name="compare"),
    path("cards/", cards.card_list, name="cards"),
    path("cards/<slug:slug>/", cards.card_page, name="card"),
    path("notes/preview/", annotations.note_preview, name="note_preview"),
    path("notes/<str:uid>/", annotations.note, name="note"),
    path("notes/<str:uid>/place/", editing.note_place, name="note_place"),
    path("notes/<str:uid>/edit/", annotations.note_edit, name="note_edit"),
    path("notes/<str:uid>/reply/", annotations.note_reply, name="note_reply"),
    path("notes/<str:uid>/withdraw/", annotations.note_withdraw, name="note_withdraw"),
    path("notes/<str:uid>/history/", note_history.note_history, name="note_history"),
    path("notes/<str:uid>/restore/", annotations.note_restore, name="note_restore"),
    path("tags/complete", tags.tags_complete, name="tags_complete"),
    path("tags/<path:slug>/", tags.tag_page, name="tag"),
    path("me/", people.me, name="me"),
    path("me/notes/", people.my_notes, name="my_notes"),
    path("moderation/", moderation.queue, name="moderation"),
    path("moderation/<str:uid>/", moderation.moderate, name="moderate"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("help/", pages.help_page, name="help"),
    path("healthz", health.healthz, name="healthz"),
    *open_urls.urlpatterns,
]
