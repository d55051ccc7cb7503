"""What the world must hear: a transactional outbox."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Something that happened in public, written in the transaction that made it happen.

    `name` is worded for the subscribers (`article.published`); events of one `key` are told in the
    order of their numbers.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("event"), max_length=60)
    key = models.CharField(_("of"), max_length=160)
    data = models.JSONField(_("data"), default=dict)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["pk"]
        indexes = [models.Index(fields=["key", "id"], name="events_of_one_key_in_order")]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
