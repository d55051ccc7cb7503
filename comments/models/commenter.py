"""Known commenters: readers whose held comments moderators have shown."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Commenter(models.Model):
    """A reader whose held comments moderators have shown, and how many (HELD_FIRST_COMMENTS)."""

    reader = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    approved = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("known commenter")
        verbose_name_plural = _("known commenters")

    def __str__(self) -> str:
        return str(self.pk)
