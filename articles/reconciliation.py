"""Count reconciliation: compares the denormalised counts of articles with the rows they count.

Each app calls it with its own rows (comments, saves, hourly views); `manage.py reconcile` runs them all.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Aggregate, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from articles.models import Article, ArticleCounts
from audit.actions import record_audit

COUNT_ROWS = Count("pk")


@dataclass(frozen=True)
class CountDrift:
    """A denormalised count that differs from its rows.

    `count` is the field of ArticleCounts, `stored` its value (None without a row), `rows` the true one.
    """

    article: int
    slug: str
    count: str
    stored: int | None
    rows: int


def find_count_drift(
    count: str, rows: QuerySet[Any], *, aggregate: Aggregate = COUNT_ROWS
) -> list[CountDrift]:
    """Articles whose count of this name differs from the aggregate of these rows. One query."""
    own_rows = rows.order_by().filter(article=OuterRef("pk")).values("article")
    counted = Coalesce(Subquery(own_rows.annotate(n=aggregate).values("n")), 0)
    compared = Article.objects.annotate(stored=F(f"counts__{count}"), counted=counted)
    wrong = compared.filter(Q(stored=None) | ~Q(stored=F("counted"))).order_by("pk")
    values = wrong.values_list("pk", "slug", "stored", "counted")
    return [CountDrift(pk, slug, count, stored, counted) for pk, slug, stored, counted in values]


@transaction.atomic
def repair_count(
    drift: CountDrift, *, rows: QuerySet[Any], aggregate: Aggregate = COUNT_ROWS
) -> None:
    """Set a count to the aggregate of these rows, and record it in the audit log.

    Writers change the count last, in the transaction of their row: while the count is locked, all
    committed rows are in it, and the others will still add themselves.
    """
    ArticleCounts.objects.get_or_create(article_id=drift.article)
    counts = ArticleCounts.objects.select_for_update().get(article_id=drift.article)
    before = getattr(counts, drift.count)
    after = rows.filter(article=drift.article).aggregate(n=aggregate)["n"] or 0
    if (before, drift.stored) != (after, after):
        setattr(counts, drift.count, after)
        counts.save(update_fields=[drift.count])
        details = {"count": drift.count, "before": drift.stored, "after": after}
        record_audit(counts.article, verb="recounted", by=None, **details)
