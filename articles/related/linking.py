"""Every story gets its neighbours after it was published, and becomes one of others.

Whoever relates follows the change feed, as a mirror would: each story once after each change, however
many there were.  Idempotent, and nothing here decides what readers see (ArticleQuerySet.beside does).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from articles.models import Article, Change, Neighbour, Reached, SearchRow, Tagging
from articles.related.similarity import ArticleFeatures, most_similar, significant_ngrams
from articles.search.backends import OneOf, find_sort_keys
from articles.search.documents import make_sort_key
from articles.search.tokenizer import HEADLINE_PREFIX

RELATED_CURSOR = "neighbours"
MAX_CHANGES_PER_RUN = 10
MAX_RELATED_STORED, MIN_RELATED_STORED = (
    12,
    5,
)  # more than are shown, since some of them will be withdrawn
MAX_CANDIDATES_PER_SIGNAL = 40  # candidates by each of tags, section and words
MAX_QUERY_NGRAMS = 40
MAX_AGE_DIFFERENCE = timedelta(days=365)
MAX_REFILLED_PER_CHANGE = 20  # stories that get their neighbours anew because one went
Scores = dict[int, int]


def relate_changed_articles(*, batch_size: int = MAX_CHANGES_PER_RUN) -> int:
    """Relate the next stories that have changed; how many. One look where there are none."""
    reached = (
        Reached.objects.filter(name=RELATED_CURSOR).values_list("place", flat=True).first() or 0
    )
    if not Change.objects.filter(place__gt=reached).exists():
        return 0
    Reached.objects.get_or_create(name=RELATED_CURSOR)
    return advance_cursor(batch_size=batch_size)


@transaction.atomic
def advance_cursor(*, batch_size: int) -> int:
    """Take up where the last one stopped; nothing while somebody else is at it."""
    held = Reached.objects.select_for_update(skip_locked=True).filter(name=RELATED_CURSOR).first()
    if held is None:
        return 0
    lines = list(Change.objects.filter(place__gt=held.place).order_by("place")[:batch_size])
    for line in lines:
        relate_article(line.pk)
    if lines:
        held.place = lines[-1].place
        held.save(update_fields=["place"])
    return len(lines)


@transaction.atomic
def relate_article(article_id: int) -> None:
    """Find the neighbours of a story anew, and those it is one of; of one that is gone, neither."""
    left = set(Neighbour.objects.filter(related=article_id).values_list("article", flat=True))
    Neighbour.objects.filter(related=article_id).delete()
    Neighbour.objects.filter(article=article_id).delete()
    own, others = load_candidates(article_id)
    if own is not None:
        found = most_similar(own, others, limit=MAX_CANDIDATES_PER_SIGNAL)
        upsert_related({article_id: dict(found[:MAX_RELATED_STORED])})
        left -= insert_into_candidates(article_id, dict(found))
    refill_related(left)


def load_candidates(article: int) -> tuple[ArticleFeatures | None, list[ArticleFeatures]]:
    """What a story is like, and what those are like that may be near it; None where it is not live."""
    found = load_features([article])
    if not found:
        return None, []
    return found[0], load_features(candidate_ids(found[0]) - {article})


def insert_into_candidates(article: int, scores: Scores) -> set[int]:
    """Let those who are near the story have it as a neighbour, where it is nearer than another of
    theirs; who has it now."""
    theirs: dict[int, Scores] = defaultdict(dict)
    rows = Neighbour.objects.filter(article__in=scores)
    for other, related, score in rows.values_list("article", "related", "score"):
        theirs[other][related] = score
    better: dict[int, Scores] = {}
    for other, score in scores.items():
        have = theirs[other]
        if len(have) < MAX_RELATED_STORED:
            better[other] = {article: score}
        elif score > min(have.values()):
            last = min(have, key=lambda number: (have[number], number))
            Neighbour.objects.filter(article=other, related=last).delete()
            better[other] = {article: score}
    upsert_related(better)
    return set(better)


def refill_related(articles: Iterable[int]) -> None:
    """Find neighbours for some stories that have lost one and have too few left to show."""
    rows = Neighbour.objects.filter(article__in=sorted(articles)).values("article")
    enough = (
        rows.annotate(n=Count("pk"))
        .filter(n__gte=MIN_RELATED_STORED)
        .values_list("article", flat=True)
    )
    for article in sorted(set(articles) - set(enough))[:MAX_REFILLED_PER_CHANGE]:
        own, others = load_candidates(article)
        if own is not None:
            upsert_related({article: dict(most_similar(own, others, limit=MAX_RELATED_STORED))})


def upsert_related(neighbours: dict[int, Scores]) -> None:
    Neighbour.objects.bulk_create(
        (
            Neighbour(article_id=article, related_id=related, score=score)
            for article, scores in neighbours.items()
            for related, score in scores.items()
        ),
        update_conflicts=True,
        unique_fields=["article", "related"],
        update_fields=["score"],
    )


def candidate_ids(own: ArticleFeatures) -> set[int]:
    """Live stories that share tags, section or words of the headline with one; the newest of each."""
    newest = Article.objects.live().newest_first().values_list("pk", flat=True)
    tagged = (
        newest.filter(taggings__tag__in=own.tags)[:MAX_CANDIDATES_PER_SIGNAL] if own.tags else []
    )
    beside = newest.filter(section=own.section)[:MAX_CANDIDATES_PER_SIGNAL] if own.section else []
    return {*tagged, *beside, *ids_with_headline_ngrams(own.words, until=own.published_at)}


def ids_with_headline_ngrams(words: Iterable[str], *, until: datetime) -> Iterable[int]:
    """Stories whose headlines say some of these words, as search knows them."""
    asked = tuple(
        HEADLINE_PREFIX + word for word in sorted(words, key=len, reverse=True)[:MAX_QUERY_NGRAMS]
    )
    if not asked:
        return []
    above, below = (
        make_sort_key(until - MAX_AGE_DIFFERENCE),
        make_sort_key(until + MAX_AGE_DIFFERENCE),
    )
    places = find_sort_keys(
        OneOf(asked), above=above, below=below, ascending=False, limit=MAX_CANDIDATES_PER_SIGNAL
    )
    return SearchRow.objects.filter(place__in=places).values_list("article", flat=True)


def load_features(articles: Iterable[int]) -> list[ArticleFeatures]:
    """What those of these stories are like that are live. Two queries."""
    numbers = sorted(articles)
    tags: dict[int, list[int]] = defaultdict(list)
    rows = Tagging.objects.filter(article__in=numbers).values_list("article", "tag")
    for article, tag in rows:
        tags[article].append(tag)
    shown = Article.objects.live().filter(pk__in=numbers)
    found: Any = shown.values_list(
        "pk", "section", "first_published_at", "live__headline", "live__deck"
    )
    return [
        ArticleFeatures(pk, section, at, frozenset(tags[pk]), significant_ngrams(headline, deck))
        for pk, section, at, headline, deck in found
    ]
