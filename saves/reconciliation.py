"""The kept number of saves beside the readers' lists."""

from articles.reconciliation import Drift, drift_of
from articles.reconciliation import recount as recount_rows
from saves.models import Save


def drift() -> list[Drift]:
    """The articles whose number of saves is not right."""
    return drift_of("saves", Save.objects.all())


def recount(found: Drift) -> None:
    recount_rows(found, rows=Save.objects.all())
