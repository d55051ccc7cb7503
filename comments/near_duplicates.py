"""Near-duplicates of comments: the same text but for punctuation, invisible characters or a few letters.

Among the writer's own recent comments, wherever they stand, each is compared. Among those of others under
the same article, candidates are those with nearly the same bands of the SimHash, by index. What decides
is how many pairs of letters the texts have in common.
"""

from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import Any

from django.db.models import BigIntegerField, Count, PositiveSmallIntegerField
from django.db.models.functions import Now

from accounts.models import User
from articles.models import Article
from comments.content_filter import Finding
from comments.models import Comment, SimilarityBand
from comments.recent_comments import RECENT_WINDOW, RecentComment
from newsroom.db.compiled_queries import CompiledQuery, Param
from newsroom.db.read_models import ReadModel, read_as
from newsroom.text.simhash import PROBES, bands_of, letters_of, pair_similarity, probes_of

NEAR_WINDOW = RECENT_WINDOW
# Shorter texts are similar by chance, or are what many people say: "좋은 기사 잘 읽었습니다".
MIN_OWN_LETTERS, MIN_SHARED_LETTERS = 20, 30
MIN_SIMILARITY = 0.75  # two of twenty letters changed
MAX_OWN_COMMENTS, MAX_CANDIDATES = 30, 20
COMPARED_STATES = [Comment.State.VISIBLE, Comment.State.HELD, Comment.State.HIDDEN]


def find_near_duplicate(
    writer: User,
    article: Article,
    text: str,
    recent: Sequence[RecentComment],
    *,
    edited: Comment | None = None,
) -> Finding | None:
    """A `near_own` or `near_other` finding for a text that differs little from a recent comment.

    `recent` are the writer's own; `edited` is the comment that gets this text, compared with others alone.
    """
    letters = letters_of(text)
    if len(letters) < MIN_OWN_LETTERS:
        return None
    if is_near_any(letters, own_texts(recent, edited)):
        return Finding("near_own", "", 0, len(text))
    if len(letters) >= MIN_SHARED_LETTERS and is_near_any(
        letters, shared_texts(writer, article, letters)
    ):
        return Finding("near_other", "", 0, len(text))
    return None


def is_near_any(letters: str, texts: list[str]) -> bool:
    return any(pair_similarity(letters, letters_of(text)) >= MIN_SIMILARITY for text in texts)


def own_texts(recent: Sequence[RecentComment], edited: Comment | None) -> list[str]:
    """The writer's latest other comments of the window."""
    others = (r for r in recent if r.state in COMPARED_STATES and (not edited or r.pk != edited.pk))
    return [r.text for r in islice(others, MAX_OWN_COMMENTS)]


def shared_texts(writer: User, article: Article, letters: str) -> list[str]:
    """Comments of others under the article whose bands are nearly those of a text, the nearest ones."""
    ids = candidates(article, probes_of(bands_of(letters)))
    if not ids:
        return []
    comments = Comment.objects.filter(pk__in=ids, state__in=COMPARED_STATES)
    return list(comments.exclude(author=writer).values_list("text", flat=True))


def candidates(article: Article, bands: list[int]) -> list[int]:
    """Ids of the comments of the window with these PROBES bands, those with most first.

    Reads an index alone.
    """
    params = {f"band{number}": band for number, band in enumerate(bands)}
    return [row.comment_id for row in candidates_query().fetch(article=article.pk, **params)]


class Candidate(ReadModel):
    """A comment with some of the bands asked for."""

    comment_id: int


@cache
def candidates_query() -> CompiledQuery[Candidate]:
    """Compiled once: each comment of MIN_SHARED_LETTERS asks."""
    bands: Any = [Param(f"band{number}", PositiveSmallIntegerField()) for number in range(PROBES)]
    shared = SimilarityBand.objects.filter(
        article=Param("article", BigIntegerField()),
        band__in=bands,
        posted_at__gt=Now() - NEAR_WINDOW,
    )
    counted = shared.order_by().values("comment_id").annotate(n=Count("band"))
    return CompiledQuery(read_as(counted.order_by("-n", "-comment_id"), Candidate)[:MAX_CANDIDATES])
