"""Reconciliation of the save counts of articles."""

from articles.reconciliation import CountDrift, find_count_drift, repair_count
from saves.models import Save


def drift() -> list[CountDrift]:
    """Wrong save counts (`manage.py reconcile`)."""
    return find_count_drift("saves", Save.objects.all())


def recount(drift: CountDrift) -> None:
    """Repair a wrong save count (`manage.py reconcile`)."""
    repair_count(drift, rows=Save.objects.all())
