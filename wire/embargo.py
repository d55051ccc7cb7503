"""Embargo of a wire story: its states, and the conditions for queries and constraints."""

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
    """Condition for stories under an embargo at `now`; `prefix` is the lookup path to the story, such as
    `wire_version__story__`.
    """
    unknown_end = Q(**{f"{prefix}embargo": Embargo.OPEN})
    return unknown_end | Q(**{f"{prefix}embargo_until__gt": now})


def embargo_end_condition() -> Q:
    """Constraint: exactly the embargo `until` has a time."""
    return Q(embargo=Embargo.UNTIL, embargo_until__isnull=False) | (
        ~Q(embargo=Embargo.UNTIL) & Q(embargo_until__isnull=True)
    )


def embargo_end_index(name: str) -> models.Index:
    """Index of the stories with an embargo of which the end is known, by that end."""
    return models.Index(
        fields=["embargo_until"], condition=Q(embargo_until__isnull=False), name=name
    )
