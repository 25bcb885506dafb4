"""Addresses of people: what everyone may read of them, and the way out."""

from django.urls import path

from reader.views import leaving, profiles, sessions

urlpatterns = [
    path("people/<str:username>/", profiles.person, name="person"),
    path("me/leave/", leaving.leave, name="leave"),
    path("me/sessions/<int:pk>/end/", sessions.end_session, name="end_session"),
]
