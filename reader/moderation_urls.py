"""Addresses of moderation: the queue, the trail, standing, flags."""

from django.urls import path

from reader.views import flags, keeping_reasons, moderation, standing, trail

urlpatterns = [
    path("moderation/", moderation.queue, name="moderation"),
    path("moderation/batch/", moderation.batch, name="moderate_many"),
    path("moderation/log/", trail.log, name="moderation_log"),
    path("moderation/numbers/", trail.numbers, name="moderation_numbers"),
    path("moderation/people/<str:username>/", standing.person, name="moderation_person"),
    path("moderation/reasons/", keeping_reasons.reasons, name="moderation_reasons"),
    path("moderation/undo/", moderation.undo_batch, name="moderation_undo_batch"),
    path("moderation/undo/<int:pk>/", moderation.undo, name="moderation_undo"),
    path("moderation/<str:uid>/", moderation.moderate, name="moderate"),
    path("moderation/<str:uid>/claim/", moderation.claim, name="moderation_claim"),
    path("me/standing/", standing.mine, name="my_standing"),
    path("notes/<str:uid>/flag/", flags.flag, name="note_flag"),
    path("notes/<str:uid>/appeal/", flags.appeal, name="note_appeal"),
]
