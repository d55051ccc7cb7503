"""Related articles: a sweep that finds the most similar articles of each changed article.

Follows the change feed like a mirror: each article once after its last change.  Idempotent; visibility is
decided when reading (`ArticleQuerySet.related_to`), not here.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from articles.models import (
    Article,
    Change,
    Edition,
    RelatedArticle,
    SearchRow,
    SweepCursor,
    Tagging,
)
from articles.related.similarity import ArticleFeatures, most_similar, significant_ngrams
from articles.search.backends import INDEX
from newsroom.db.expressions import IdArray
from newsroom.search.expressions import OneOf
from newsroom.search.sort_keys import make_sort_key
from newsroom.search.tokenizer import HEADLINE_PREFIX

RELATED_CURSOR = "neighbours"  # SweepCursor whose position is that of the last change processed
MAX_CHANGES_PER_RUN = 10
MAX_RELATED_STORED = 12  # more than are shown, since some may be withdrawn
MIN_RELATED_STORED = 5  # with fewer, an article that loses one gets its related articles anew
MAX_CANDIDATES_PER_SIGNAL = 40  # by each of tags, section and headline
MAX_QUERY_NGRAMS = 40
MAX_AGE_DIFFERENCE = timedelta(days=365)
MAX_REFILLED_PER_CHANGE = 20  # articles
Scores = dict[int, int]  # {article id: similarity}


def relate_changed_articles(*, batch_size: int = MAX_CHANGES_PER_RUN) -> int:
    """Relate the next changed articles; returns how many. Two cheap queries if nothing has changed."""
    positions = SweepCursor.objects.filter(name=RELATED_CURSOR).values_list("position", flat=True)
    if not Change.objects.filter(position__gt=positions.first() or 0).exists():
        return 0
    SweepCursor.objects.get_or_create(name=RELATED_CURSOR)
    return advance_cursor(batch_size=batch_size)


@transaction.atomic
def advance_cursor(*, batch_size: int) -> int:
    """Relate a batch of changed articles and move the cursor; 0 while another worker does."""
    cursors = SweepCursor.objects.select_for_update(skip_locked=True)
    cursor = cursors.filter(name=RELATED_CURSOR).first()
    if cursor is None:
        return 0
    changes = Change.objects.filter(position__gt=cursor.position).order_by("position")
    batch = list(changes[:batch_size])
    for change in batch:
        relate_article(change.pk)
    if batch:
        cursor.position = batch[-1].position
        cursor.save(update_fields=["position"])
    return len(batch)


@transaction.atomic
def relate_article(article_id: int) -> None:
    """Replace the related articles of an article, and its rows as a related one of others.

    For an article that is not live all are removed.  Articles that lose it are refilled.
    """
    as_related = RelatedArticle.objects.filter(related=article_id)
    losing = set(as_related.values_list("article", flat=True))
    as_related.delete()
    RelatedArticle.objects.filter(article=article_id).delete()
    features, candidates = load_candidates(article_id)
    if features is not None:
        similar = most_similar(features, candidates, limit=MAX_CANDIDATES_PER_SIGNAL)
        upsert_related({article_id: dict(similar[:MAX_RELATED_STORED])})
        losing -= insert_into_candidates(article_id, dict(similar))
    refill_related(losing)


def load_candidates(article_id: int) -> tuple[ArticleFeatures | None, list[ArticleFeatures]]:
    """The features of an article and of those that may be similar; (None, []) if it is not live."""
    loaded = load_features([article_id])
    if not loaded:
        return None, []
    return loaded[0], load_features(candidate_ids(loaded[0]) - {article_id})


def insert_into_candidates(article_id: int, scores: Scores) -> set[int]:
    """Add an article to the related ones of these, where there is room or a less similar one.

    Returns the ids of the articles that it was added to.
    """
    stored: dict[int, Scores] = defaultdict(dict)
    rows = RelatedArticle.objects.filter(article__in=scores)
    for other, related, score in rows.values_list("article", "related", "score"):
        stored[other][related] = score
    added: dict[int, Scores] = {}
    for other, score in scores.items():
        current = stored[other]
        if len(current) < MAX_RELATED_STORED:
            added[other] = {article_id: score}
        elif score > min(current.values()):
            least_similar = min(current, key=lambda related: (current[related], related))
            RelatedArticle.objects.filter(article=other, related=least_similar).delete()
            added[other] = {article_id: score}
    upsert_related(added)
    return set(added)


def refill_related(article_ids: Iterable[int]) -> None:
    """Find related articles again for those of these that have fewer than MIN_RELATED_STORED."""
    rows = RelatedArticle.objects.filter(article__in=sorted(article_ids)).values("article")
    filled = rows.annotate(n=Count("pk")).filter(n__gte=MIN_RELATED_STORED)
    too_few = sorted(set(article_ids) - set(filled.values_list("article", flat=True)))
    for article_id in too_few[:MAX_REFILLED_PER_CHANGE]:
        features, candidates = load_candidates(article_id)
        if features is not None:
            similar = most_similar(features, candidates, limit=MAX_RELATED_STORED)
            upsert_related({article_id: dict(similar)})


def upsert_related(scores_by_article: dict[int, Scores]) -> None:
    RelatedArticle.objects.bulk_create(
        (
            RelatedArticle(article_id=article_id, related_id=related_id, score=score)
            for article_id, scores in scores_by_article.items()
            for related_id, score in scores.items()
        ),
        update_conflicts=True,
        unique_fields=["article", "related"],
        update_fields=["score"],
    )


def candidate_ids(features: ArticleFeatures) -> set[int]:
    """The newest live articles that share tags, the section or n-grams of the headline."""
    newest = Article.objects.live().newest_first().values_list("pk", flat=True)
    by_tags: Any = (
        newest.filter(taggings__tag__in=features.tags) if features.tags else newest.none()
    )
    by_section: Any = newest.filter(section=features.section) if features.section else newest.none()
    return {
        *by_tags[:MAX_CANDIDATES_PER_SIGNAL],
        *by_section[:MAX_CANDIDATES_PER_SIGNAL],
        *ids_with_headline_ngrams(features.ngrams, around=features.published_at),
    }


def ids_with_headline_ngrams(ngrams: Iterable[str], *, around: datetime) -> Iterable[int]:
    """Articles within MAX_AGE_DIFFERENCE whose headlines have one of these n-grams, newest first."""
    longest = sorted(ngrams, key=len, reverse=True)[:MAX_QUERY_NGRAMS]
    if not longest:
        return []
    sort_keys = INDEX.find_sort_keys(
        OneOf(tuple(HEADLINE_PREFIX + ngram for ngram in longest)),
        above=make_sort_key(around - MAX_AGE_DIFFERENCE),
        below=make_sort_key(around + MAX_AGE_DIFFERENCE),
        ascending=False,
        limit=MAX_CANDIDATES_PER_SIGNAL,
    )
    return SearchRow.objects.filter(sort_key__in=sort_keys).values_list("article", flat=True)


def load_features(article_ids: Iterable[int]) -> list[ArticleFeatures]:
    """The features of those of these articles that are live. Three queries: PostgreSQL plans a join of
    articles and editions for full reads in a loop, where its statistics call both empty."""
    ids = sorted(article_ids)
    tags: dict[int, list[int]] = defaultdict(list)
    taggings = Tagging.objects.filter(article__in_array=IdArray(ids))
    for article_id, tag_id in taggings.values_list("article", "tag"):
        tags[article_id].append(tag_id)
    live: Any = Article.objects.live().filter(pk__in_array=IdArray(ids))
    values = list(live.values_list("pk", "section", "first_published_at", "live"))
    editions = Edition.objects.filter(pk__in_array=IdArray(live_id for *_rest, live_id in values))
    texts = {pk: lines for pk, *lines in editions.values_list("pk", "headline", "deck")}
    return [
        ArticleFeatures(pk, section, at, frozenset(tags[pk]), significant_ngrams(*texts[live_id]))
        for pk, section, at, live_id in values
    ]
