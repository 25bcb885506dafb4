"""The reading room's addresses."""

app_name = "reader"
urlpatterns: list = []
