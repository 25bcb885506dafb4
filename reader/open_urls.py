"""Addresses at which what is written here leaves, and what was written elsewhere comes in."""

from django.urls import path, re_path

from reader.api import web_annotation

urlpatterns = [
    path("annotations/", web_annotation.container, name="w3c_container"),
    re_path(r"^annotations/(?P<uid>[-\w]{1,22})$", web_annotation.annotation, name="w3c_annotation"),
    path("articles/<slug:slug>/annotations/", web_annotation.container, name="w3c_article_container"),
]
