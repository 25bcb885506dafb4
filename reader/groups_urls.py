"""Addresses of reading groups."""

from django.urls import path

from reader.views import group_moderation, groups

urlpatterns = [
    path("groups/", groups.my_groups, name="groups"),
    path("groups/start/", groups.start, name="group_start"),
    path("groups/join/<str:token>/", groups.join, name="group_join"),
    path("groups/invitations/<str:uid>/", groups.answer, name="group_answer"),
    path("groups/<str:uid>/", groups.group, name="group"),
    path("groups/<str:uid>/members/", groups.members, name="group_members"),
    path("groups/<str:uid>/invite/", groups.invite, name="group_invite"),
    path("groups/<str:uid>/settings/", groups.settings, name="group_settings"),
    path("groups/<str:uid>/link/", groups.renew_link, name="group_link"),
    path("groups/<str:uid>/leave/", groups.leave, name="group_leave"),
    path("groups/<str:uid>/close/", groups.close, name="group_close"),
    path("groups/<str:uid>/remove/<str:username>/", groups.remove, name="group_remove"),
    path("groups/<str:uid>/hand-over/<str:username>/", groups.hand_over, name="group_hand_over"),
    path("groups/<str:uid>/log/", group_moderation.log, name="group_log"),
    path("groups/<str:uid>/notes/<str:note_uid>/", group_moderation.decide, name="group_decide"),
]
