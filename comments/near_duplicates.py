"""Near-duplicates of comments: the same text but for punctuation, invisible characters or a few letters.

Among the writer's own recent comments, wherever they stand, each is compared. Among those of others under
the same article, candidates are those with nearly the same bands of the SimHash, by index. What decides
is how many pairs of letters the texts have in common.
"""

from collections.abc import Sequence
from itertools import islice

from django.db.models import Count
from django.db.models.functions import Now

from accounts.models import User
from articles.models import Article
from comments.content_filter import Finding
from comments.models import Comment, SimilarityBand
from comments.recent_comments import RECENT_WINDOW, RecentComment
from newsroom.text.simhash import bands_of, letters_of, pair_similarity, probes_of

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
    comments = Comment.objects.filter(pk__in=ids, state__in=COMPARED_STATES)
    return list(comments.exclude(author=writer).values_list("text", flat=True))


def candidates(article: Article, bands: list[int]) -> list[int]:
    """Ids of the comments of the window with these bands, those with most first. Reads an index alone."""
    shared = SimilarityBand.objects.filter(
        article=article, band__in=bands, posted_at__gt=Now() - NEAR_WINDOW
    )
    counted = shared.order_by().values("comment").annotate(n=Count("band"))
    ranked = counted.order_by("-n", "-comment").values_list("comment", flat=True)
    return list(ranked[:MAX_CANDIDATES])
