"""The reader as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ReaderConfig(AppConfig):
    """Everything the reading room is, under the label `reader`."""

    name = "reader"
    verbose_name = "Reading room"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Listen for the end of sessions, and guard the trail around every migrate."""
        from reader.api import sessions  # noqa: F401 (registers itself; needs the models loaded)
        from reader.models import guarding

        pre_migrate.connect(guarding.set_free, sender=self)
        post_migrate.connect(guarding.guard, sender=self)
