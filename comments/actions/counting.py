"""A comment's state changes here and nowhere else, and the count of its article with it."""

from typing import Any

from django.db.models import F

from articles.models import Article, ArticleCounts
from audit.actions import record_audit
from comments.models import Comment
from outbox.actions import publish_event


def record_posted(comment: Comment, *, by: Any, **details: Any) -> None:
    """Take a comment that has just been written into the count, the audit log and the outbox."""
    record_audit(
        comment, verb="posted", by=by, article=comment.article_id, state=comment.state, **details
    )
    if comment.is_visible():
        publish_comment_event(comment, "comment.posted")
        change_comment_count(comment.article_id, 1)


def change_comment_state(
    comment: Comment, state: str, *, verb: str, by: Any, **columns: Any
) -> None:
    """Give a comment, held by the caller, another state, and columns beside it (`text`, `reason`).

    Readers lose or get it, or see it changed, and the count follows, in the caller's transaction.
    """
    before = comment.is_visible()
    for name, value in columns.items():
        setattr(comment, name, value)
    comment.state = state
    comment.version += 1
    comment.save(update_fields=["state", "version", *columns])
    record_audit(comment, verb=verb, by=by, article=comment.article_id, reason=comment.reason)
    after = comment.is_visible()
    if before or after:
        events = {(True, True): "comment.edited", (False, True): "comment.posted"}
        publish_comment_event(comment, events.get((before, after), "comment.removed"))
    change_comment_count(comment.article_id, after - before)


def publish_comment_event(comment: Comment, event: str) -> None:
    """Let the world hear of it: the numbers, never the words, which may have to be taken back.

    The article is held first, as whoever publishes or withdraws it holds it: what is told of one story
    is numbered in the order in which it became true (docs/decisions/0009).
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=comment.article_id)
    publish_event(
        event,
        key=article.key(),
        article_id=article.urn(),
        slug=article.slug,
        comment=comment.pk,
        parent=comment.parent_id,
    )


def change_comment_count(article_id: int, change: int) -> None:
    """Change the kept count. The last thing in a transaction: everybody's writes meet in this row."""
    if change:
        kept = ArticleCounts.objects.filter(article=article_id)
        kept.update(comments=F("comments") + change)
