"""Presence: who has a story open at the moment, by the heartbeats of the story page."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models

from desk.models.drafts import Draft

# The page sends a heartbeat every 20 s while it is visible; a missing one is forgiven.
PRESENCE_TIMEOUT = timedelta(seconds=50)


class PresenceQuerySet(models.QuerySet["DraftPresence"]):
    def current(self, now: datetime) -> Self:
        """Those whose last heartbeat is not too old, in the order in which they came."""
        return self.filter(seen_at__gt=now - PRESENCE_TIMEOUT).order_by("since", "pk")


class DraftPresence(models.Model):
    """One person who has the page of a draft open. Rows whose heartbeats have ended mean nothing."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "person"], name="one_presence_per_draft_and_person"
            )
        ]
        indexes = [models.Index(fields=["seen_at"], name="presence_by_heartbeat")]

    def __str__(self) -> str:
        return f"{self.person} · {self.draft}"
