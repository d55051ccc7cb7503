"""The last check of the stored counts of comments and reactions, for `/metrics`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CountCheck(models.Model):
    """By how much stored counts were wrong in the last sample (comments/reconciliation.py): one row."""

    name = models.CharField(max_length=20, primary_key=True)
    drift = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("check of comment counts")
        verbose_name_plural = _("checks of comment counts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.drift}"
