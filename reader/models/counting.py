"""How often something was done lately: what limits are counted by, for all processes together."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """One count within a window of time. A row whose window is over counts for nothing."""

    key = models.CharField(max_length=160, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends = models.FloatField(default=0, help_text=_("Seconds since 1970."))

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")

    def __str__(self):
        return f"{self.key}: {self.count}"
