"""The recent comments of one writer, with which a new one is compared.

For double clicks, repeats, near-duplicates and quotas together. One statement for a writer with few of
them, however many older ones there are.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Expression,
    ExpressionWrapper,
    Q,
    QuerySet,
)
from django.db.models.functions import Now

from accounts.models import User
from comments.models import Comment
from newsroom.db.compiled_queries import CompiledQuery, Param
from newsroom.db.read_models import ReadModel, read_as

RECENT_WINDOW = timedelta(days=1)
DUPLICATE_WINDOW = timedelta(seconds=60)
ROWS_PER_STATEMENT = 40


class RecentComment(ReadModel):
    """A comment of the writer in RECENT_WINDOW, of any state; `is_new` in DUPLICATE_WINDOW."""

    pk: int
    article_id: int
    in_reply_to_id: int | None
    text: str
    state: str
    fingerprint: str
    created_at: datetime
    is_new: bool
    is_recent: bool


def recent_comments(writer: User) -> Sequence[RecentComment]:
    """Comments of a writer in RECENT_WINDOW of database time, the newest first.

    Read along the index from the newest one to the first that is older: the writer is locked while
    posting, so ids and times of one writer have the same order.
    """
    return list(read_recent(writer))


def read_recent(writer: User) -> Iterator[RecentComment]:
    page = recent_query().fetch(author=writer.pk)
    while page:
        for row in page:
            if not row.is_recent:
                return
            yield row
        is_last = len(page) < ROWS_PER_STATEMENT
        earlier = recent_rows(writer.pk).filter(pk__lt=page[-1].pk)
        page = [] if is_last else list(read_as(earlier, RecentComment)[:ROWS_PER_STATEMENT])


@cache
def recent_query() -> CompiledQuery[RecentComment]:
    """The first statement, compiled once."""
    rows = recent_rows(Param("author", BigIntegerField()))
    return CompiledQuery(read_as(rows, RecentComment)[:ROWS_PER_STATEMENT])


def recent_rows(author: Any) -> QuerySet[Comment]:
    # A range of one author: by an equal author PostgreSQL may read the primary key backwards instead.
    own = Comment.objects.filter(author__gte=author, author__lte=author)
    return own.order_by("author_id", "-pk").annotate(
        is_new=is_younger_than(DUPLICATE_WINDOW), is_recent=is_younger_than(RECENT_WINDOW)
    )


def is_younger_than(window: timedelta) -> Expression:
    return ExpressionWrapper(Q(created_at__gt=Now() - window), output_field=BooleanField())
