"""Until when a story must not appear: the words for it, and the question to the database."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Embargo(models.TextChoices):
    NONE = "none", _("no embargo")
    UNTIL = "until", _("embargo")
    OPEN = "open", _("embargo, end unknown")
    LIFTED = "lifted", _("embargo lifted")


def under_embargo(now: datetime, prefix: str = "") -> Q:
    """What must not appear at this moment; `through` is the way to the story, `wire_version__story__`."""
    unknown_end = Q(**{f"{prefix}embargo": Embargo.OPEN})
    return unknown_end | Q(**{f"{prefix}embargo_until__gt": now})


def embargo_end_condition() -> Q:
    """The promise of each row that has an embargo: exactly `until` has a time."""
    return Q(embargo=Embargo.UNTIL, embargo_until__isnull=False) | (
        ~Q(embargo=Embargo.UNTIL) & Q(embargo_until__isnull=True)
    )
