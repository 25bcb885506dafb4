"""Addresses of people: what everyone may read of them, and the way out."""

from django.urls import path

from reader.views import leaving, profiles

urlpatterns = [
    path("people/<str:username>/", profiles.person, name="person"),
    path("me/leave/", leaving.leave, name="leave"),
]
