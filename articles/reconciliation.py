"""Kept counts beside the rows they count. The rooms whose rows they are say which rows those are."""

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
    """A count of an article that is not what its rows say; `kept` None where none was kept at all."""

    article: int
    slug: str
    count: str
    kept: int | None
    rows: int


def find_count_drift(
    count: str, rows: QuerySet[Any], *, number: Aggregate = COUNT_ROWS
) -> list[CountDrift]:
    """Where the kept count of this name differs from the number that these rows make. One query."""
    own = rows.order_by().filter(article=OuterRef("pk")).values("article")
    counted = Coalesce(Subquery(own.annotate(n=number).values("n")), 0)
    compared = Article.objects.annotate(kept=F(f"counts__{count}"), counted=counted)
    wrong = compared.filter(Q(kept=None) | ~Q(kept=F("counted"))).order_by("pk")
    found = wrong.values_list("pk", "slug", "kept", "counted")
    return [CountDrift(pk, slug, count, kept, rows) for pk, slug, kept, rows in found]


@transaction.atomic
def repair_count(drift: CountDrift, *, rows: QuerySet[Any], number: Aggregate = COUNT_ROWS) -> None:
    """Set the kept count to the number that the rows make.

    Whoever changes rows changes the count last, in the same transaction: with the count held, rows
    that are committed are all in it, and the others will add themselves.
    """
    ArticleCounts.objects.get_or_create(article_id=drift.article)
    held = ArticleCounts.objects.select_for_update().get(article_id=drift.article)
    before = getattr(held, drift.count)
    after = rows.filter(article=drift.article).aggregate(n=number)["n"] or 0
    if (before, drift.kept) != (after, after):
        setattr(held, drift.count, after)
        held.save(update_fields=[drift.count])
        told = {"count": drift.count, "before": drift.kept, "after": after}
        record_audit(held.article, verb="recounted", by=None, **told)
