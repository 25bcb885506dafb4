"""Addresses at which what is written here leaves, and what was written elsewhere comes in."""

from django.urls import path, re_path

from reader.api import web_annotation
from reader.views import citing, embedding, exporting, feeds, importing_notes, sitemaps

SLUG, UID = r"(?P<slug>[-a-zA-Z0-9_]+)", r"(?P<uid>[-\w]{1,22})"
CITE = r"cite\.(?P<ending>bib|ris|json)$"

urlpatterns = [
    path("embed.js", embedding.embed_script, name="embed_script"),
    path("annotations/", web_annotation.container, name="w3c_container"),
    re_path(rf"^annotations/{UID}$", web_annotation.annotation, name="w3c_annotation"),
    path("articles/<slug:slug>/annotations/", web_annotation.container, name="w3c_article_container"),
    path("articles/<slug:slug>/export/", exporting.article_exports, name="article_exports"),
    re_path(
        rf"^articles/{SLUG}/export\.(?P<ending>{'|'.join(exporting.OF_ARTICLE)})$",
        exporting.article_export,
        name="article_export",
    ),
    path("me/import/", importing_notes.my_import, name="my_import"),
    path("me/export/", exporting.my_export, name="my_export"),
    path("me/export/all.<str:ending>", exporting.my_export_file, name="my_export_file"),
    path("articles/<slug:slug>/cite/", citing.cite_article, name="cite_article"),
    re_path(rf"^articles/{SLUG}/{CITE}", citing.cite_article, name="cite_article_file"),
    path("articles/<slug:slug>/p<int:number>/cite/", citing.cite_paragraph, name="cite_paragraph"),
    re_path(rf"^articles/{SLUG}/p(?P<number>\d{{1,6}})/{CITE}", citing.cite_paragraph, name="cite_paragraph_file"),
    path("cards/<slug:slug>/cite/", citing.cite_card, name="cite_card"),
    re_path(rf"^cards/{SLUG}/{CITE}", citing.cite_card, name="cite_card_file"),
    re_path(rf"^notes/{UID}/cite/$", citing.cite_note, name="cite_note"),
    re_path(rf"^notes/{UID}/{CITE}", citing.cite_note, name="cite_note_file"),
    path("articles/<slug:slug>/schema.jsonld", citing.schema_org, name="schema_org"),
    path("oembed", citing.oembed, name="oembed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    re_path(r"^sitemap-(?P<kind>texts|cards)-(?P<part>\d{1,5})\.xml$", sitemaps.sitemap_part, name="sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("feeds/notes/", feeds.site_feed, name="site_feed"),
    path("feeds/articles/<slug:slug>/", feeds.article_feed, name="article_feed"),
    path("feeds/tags/<path:slug>/", feeds.tag_feed, name="tag_feed"),
    path("feeds/people/<str:username>/", feeds.person_feed, name="person_feed"),
    re_path(rf"^feeds/threads/{UID}/$", feeds.thread_feed, name="thread_feed"),
]
