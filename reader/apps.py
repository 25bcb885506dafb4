"""The reader as a Django app."""

from django.apps import AppConfig


class ReaderConfig(AppConfig):
    """Everything the reading room is, under the label `reader`."""

    name = "reader"
    verbose_name = "Reading room"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Listen for the end of sessions."""
        from reader.api import sessions  # noqa: F401 (registers itself; needs the models loaded)
