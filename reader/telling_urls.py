"""Addresses of what people are told: the list, their choices, what they follow, ending mails."""

from django.urls import path

from reader.views import telling

urlpatterns = [
    path("me/notifications/", telling.notifications, name="notifications"),
    path("me/notifications/read/", telling.mark_read, name="notifications_read"),
    path("me/notifications/preferences/", telling.preferences, name="notification_preferences"),
    path("me/notifications/stop/<int:pk>/", telling.stop_following, name="stop_following"),
    path("me/notifications/follow/<str:kind>/<path:name>/", telling.follow, name="follow"),
    path("me/notifications/<int:pk>/", telling.open_one, name="notification"),
    path("mail/end/<str:token>/", telling.unsubscribe, name="unsubscribe"),
]
