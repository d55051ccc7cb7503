"""The state of a comment and the comment count of its article, changed together."""

from typing import Any

from django.db.models import F

from articles.models import Article, ArticleCounts
from audit.actions import record_audit
from comments.models import Comment
from outbox.actions import publish_event


def record_posted(comment: Comment, *, by: Any, **details: Any) -> None:
    """Write the audit entry of a new comment; if it is visible, its event and its count too."""
    record_audit(
        comment, verb="posted", by=by, article=comment.article_id, state=comment.state, **details
    )
    if comment.is_visible():
        publish_comment_event(comment, "comment.posted")
        change_comment_count(comment.article_id, 1)


def change_comment_state(
    comment: Comment, state: str, *, verb: str, by: Any, **columns: Any
) -> None:
    """Save another state of a locked comment, and other columns with it (`text`, `reason`).

    Writes the audit entry (`verb`), the event that readers' caches need, and the count of the article,
    in the caller's transaction.  The only place where the state of a comment changes, but for
    `erase_comments`.
    """
    was_visible, before = comment.is_visible(), comment.state
    for name, value in columns.items():
        setattr(comment, name, value)
    comment.state = state
    comment.version += 1
    comment.save(update_fields=["state", "version", *columns])
    # Statistics are computed from these states (comments/moderation_statistics.py).
    record_audit(
        comment,
        verb=verb,
        by=by,
        article=comment.article_id,
        reason=comment.reason,
        before=before,
        state=comment.state,
    )
    is_visible = comment.is_visible()
    if was_visible or is_visible:
        events = {(True, True): "comment.edited", (False, True): "comment.posted"}
        publish_comment_event(comment, events.get((was_visible, is_visible), "comment.removed"))
    change_comment_count(comment.article_id, is_visible - was_visible)


def publish_comment_event(comment: Comment, event: str) -> None:
    """Publish an event about a comment with its ids, never its text, which may have to be removed.

    Locks the article first, as publishing and withdrawing do: the events of one article are numbered in
    the order in which they became true (docs/decisions/0009).
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
    """Add to the comment count of an article. Last in a transaction: all writers contend for this row."""
    if change:
        counts = ArticleCounts.objects.filter(article=article_id)
        counts.update(comments=F("comments") + change)
