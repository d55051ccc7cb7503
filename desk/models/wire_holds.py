"""Wire holds: a draft is not published before a person confirms what its agency changed meanwhile."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wire.changes import ChangeKind

# The gravest last: a hold is replaced by one that is no less grave.
HOLDING_KINDS = (
    *(ChangeKind.CORRECTION, ChangeKind.WITHHELD),
    *(ChangeKind.CANCELLED_BY_HAND, ChangeKind.CANCELLED),
)


class WireHoldQuerySet(models.QuerySet["WireHold"]):
    def open(self) -> Self:
        """Holds without an end."""
        return self.filter(ended_at__isnull=True)


class WireHold(models.Model):
    """What an agency did with the story that a draft was written from, until a person confirms it.

    While it is open, nothing new of the draft is published or scheduled, and what was scheduled is held
    back (`Release.held_at`). `is_hidden`: the source's policy took the article down meanwhile.
    `ended_by` is None where a later change took its place.
    """

    draft = models.ForeignKey("desk.Draft", models.CASCADE, related_name="+")
    kind = models.CharField(_("what happened"), max_length=12, choices=ChangeKind)
    version_number = models.PositiveIntegerField(_("version of the agency"))
    is_hidden = models.BooleanField(_("article taken down"), default=False)
    at = models.DateTimeField(_("at"), default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)

    objects = WireHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold after a change of agency copy")
        verbose_name_plural = _("holds after changes of agency copy")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(ended_at__isnull=True), name="one_open_hold_per_draft"
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.get_kind_display()}"

    def gravity(self) -> int:
        return HOLDING_KINDS.index(ChangeKind(self.kind))

    def end(self, *, at: datetime, by_id: int | None, note: str = "") -> None:
        """Save that it is over. Called under the lock of the draft."""
        self.ended_at, self.ended_by_id, self.note = at, by_id, note
        self.save(update_fields=["ended_at", "ended_by", "note"])
