"""Search takes in what is live, after it was published, and lets go of what is live no more.

Nothing here is needed for readers not to find what is not live (every search asks that itself); it is
needed for them to find what is.  What is left to do says a partial index (`NOT_INDEXED`), so that it
costs nothing to look; any number of workers may, since each passes over what another holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from articles.models import NOT_INDEXED, Article, SearchRow
from articles.search.autocomplete import forget_words, note_words
from articles.search.backends import keep
from articles.search.documents import words_of

AT_ONCE = 25  # held together, and for a moment not to be published anew
COLUMNS = ("pk", "live", "section", "first_published_at")


@dataclass
class Taken:
    """How many articles search has taken in, and let go of."""

    taken: int = 0
    gone: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.taken + other.taken, self.gone + other.gone)

    def __bool__(self) -> bool:
        return bool(self.taken or self.gone)

    def __str__(self) -> str:
        return f"{self.taken} taken in, {self.gone} let go of"


def catch_up(*, at_once: int = AT_ONCE) -> Taken:
    """Take in a few stories that search does not know as readers see them; nothing once none is left."""
    return let_go(Article.objects.filter(NOT_INDEXED), at_once) + take_in(
        Article.objects.live().filter(NOT_INDEXED), at_once
    )


def behind(*, at_most: int | None = None) -> int:
    """How many stories search has still to take in or let go of, counted no further than `at_most`."""
    # In order, so that PostgreSQL, which takes most stories for such, reads the index that holds the few.
    return Article.objects.filter(NOT_INDEXED).order_by("pk")[:at_most].count()


@transaction.atomic
def let_go(articles: QuerySet[Article, Article], at_once: int) -> Taken:
    """Forget those of these articles that are shown no more."""
    held = [row.pk for row in hold(articles.filter(live__isnull=True), at_once)]
    if held:
        SearchRow.objects.filter(article__in=held).delete()
        forget_words(held)
        note(held)
    return Taken(gone=len(held))


@transaction.atomic
def take_in(articles: QuerySet[Article, Article], at_once: int, *, waits: bool = False) -> Taken:
    """Take in the words of these live articles, as they are now."""
    held = hold(articles, at_once, waits=waits)
    if held:
        keep(words_of(held))
        note_words(held)
        note([article.pk for article in held])
    return Taken(taken=len(held))


def hold(
    articles: QuerySet[Article, Article], at_once: int, *, waits: bool = False
) -> list[Article]:
    """So many of them, held until the transaction ends; those that somebody else holds are passed over,
    or waited for."""
    locked = articles.select_for_update(skip_locked=not waits, no_key=True, of=("self",))
    return list(locked.order_by("pk").only(*COLUMNS)[:at_once])


def note(article_ids: Sequence[int]) -> None:
    held: Any = Article.objects.filter(pk__in=article_ids)
    held.update(indexed=Coalesce(F("live_id"), Value(0)))


def take_in_again(after: int, *, at_once: int = AT_ONCE) -> tuple[int, Taken]:
    """Take in once more the next live articles behind this number, whatever search knows of them; the
    last one's number, 0 once there is none. Each keeps its former words until the new ones stand."""
    numbers = list(
        Article.objects.live()
        .filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:at_once]
    )
    if not numbers:
        return 0, Taken()
    again = Article.objects.live().filter(pk__in=numbers)
    return numbers[-1], take_in(again, at_once, waits=True)
