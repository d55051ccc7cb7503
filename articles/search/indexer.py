"""Search indexer: a sweep that adds live editions to the search index and removes withdrawn articles.

Searches filter by `ArticleQuerySet.live()` themselves, so a late removal shows nothing; a late addition
is found late.  Pending work is read from a partial index (`NOT_INDEXED`), so that an idle sweep costs one
cheap query.  Any number of workers may run it at once: each skips rows that another has locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import Coalesce

from articles.models import NOT_INDEXED, Article, SearchRow
from articles.search.autocomplete import remove_suggested_words, update_suggested_words
from articles.search.backends import write_documents
from articles.search.documents import build_documents

MAX_ARTICLES_PER_BATCH = 25  # locked together; none of them can be published anew meanwhile
MAX_ARTICLES_PER_REINDEX_BATCH = 50  # some 150 ms
LOCKED_COLUMNS = ("pk", "live", "section", "first_published_at")


@dataclass
class IndexResult:
    """Numbers of articles added to the search index and removed from it."""

    indexed: int = 0
    removed: int = 0

    def __add__(self, other: "IndexResult") -> "IndexResult":
        return IndexResult(self.indexed + other.indexed, self.removed + other.removed)

    def __bool__(self) -> bool:
        return bool(self.indexed or self.removed)

    def __str__(self) -> str:
        return f"{self.indexed} indexed, {self.removed} removed"


def sync_index(*, batch_size: int = MAX_ARTICLES_PER_BATCH) -> IndexResult:
    """Bring one batch of changed articles up to date; falsy once nothing is pending."""
    removed = remove_articles(Article.objects.filter(NOT_INDEXED), batch_size)
    return removed + index_articles(Article.objects.live().filter(NOT_INDEXED), batch_size)


def index_backlog(*, limit: int | None = None) -> int:
    """Number of articles that are still to be indexed or removed, counted up to `limit`."""
    # Ordered, so that PostgreSQL, which overestimates the condition, reads the small partial index.
    return Article.objects.filter(NOT_INDEXED).order_by("pk")[:limit].count()


@transaction.atomic
def remove_articles(articles: QuerySet[Article, Article], batch_size: int) -> IndexResult:
    """Remove a batch of these articles that are no longer live."""
    removed = [row.pk for row in lock_rows_to_index(articles.filter(live__isnull=True), batch_size)]
    if removed:
        SearchRow.objects.filter(article__in=removed).delete()
        remove_suggested_words(removed)
        mark_indexed(removed)
    return IndexResult(removed=len(removed))


@transaction.atomic
def index_articles(
    articles: QuerySet[Article, Article], batch_size: int, *, wait_for_locks: bool = False
) -> IndexResult:
    """Add or replace the index entries of a batch of these articles, which must be live."""
    locked = lock_rows_to_index(articles, batch_size, wait_for_locks=wait_for_locks)
    if locked:
        write_documents(build_documents(locked))
        update_suggested_words(locked)
        mark_indexed([article.pk for article in locked])
    return IndexResult(indexed=len(locked))


def lock_rows_to_index(
    articles: QuerySet[Article, Article], batch_size: int, *, wait_for_locks: bool = False
) -> list[Article]:
    """SELECT ... FOR NO KEY UPDATE of a batch. Rows locked elsewhere are skipped, or waited for."""
    locked = articles.select_for_update(skip_locked=not wait_for_locks, no_key=True, of=("self",))
    return list(locked.order_by("pk").only(*LOCKED_COLUMNS)[:batch_size])


def mark_indexed(article_ids: Sequence[int]) -> None:
    """Record that the index has the live edition of these articles, or nothing if there is none."""
    live_edition = Coalesce(F("live_id"), Value(0))
    articles: Any = Article.objects.filter(pk__in=article_ids).exclude(indexed_edition=live_edition)
    articles.update(indexed_edition=live_edition)


def reindex_articles(
    after_id: int,
    *,
    up_to_id: int | None = None,
    batch_size: int = MAX_ARTICLES_PER_REINDEX_BATCH,
) -> tuple[int, IndexResult]:
    """Index the next batch of live articles with an id above `after_id`, changed or not, up to `up_to_id`.

    Returns the last id of the batch, 0 once there is none.  An article stays findable by its former entry
    until the new one is committed.
    """
    next_ids = Article.objects.live().filter(pk__gt=after_id).order_by("pk")
    if up_to_id is not None:
        next_ids = next_ids.filter(pk__lte=up_to_id)
    ids = list(next_ids.values_list("pk", flat=True)[:batch_size])
    if not ids:
        return 0, IndexResult()
    articles = Article.objects.live().filter(pk__in=ids)
    return ids[-1], index_articles(articles, batch_size, wait_for_locks=True)


def reindex_range(after_id: int, up_to_id: int | None) -> IndexResult:
    """Index all live articles with an id above `after_id`, up to `up_to_id`."""
    total = IndexResult()
    while True:
        after_id, done = reindex_articles(after_id, up_to_id=up_to_id)
        total += done
        if not after_id:
            return total


def split_id_range(parts: int) -> list[tuple[int, int]]:
    """Ranges of article ids of equal width, as (above, up to), which have all articles of now."""
    last = last_article_id()
    cuts = [last * number // parts for number in range(parts + 1)]
    return list(pairwise(cuts))


def last_article_id() -> int:
    return Article.objects.aggregate(last=Max("pk"))["last"] or 0
