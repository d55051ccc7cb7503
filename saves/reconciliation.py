"""The kept number of saves beside the readers' lists."""

from articles.reconciliation import CountDrift, find_count_drift
from articles.reconciliation import repair_count as recount_rows
from saves.models import Save


def drift() -> list[CountDrift]:
    """The articles whose number of saves is not right."""
    return find_count_drift("saves", Save.objects.all())


def recount(found: CountDrift) -> None:
    recount_rows(found, rows=Save.objects.all())
