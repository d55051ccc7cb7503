"""The state of a comment, and the counts of its article and of the comment above it, changed together."""

from typing import Any

from django.db.models import F

from articles.models import Article, ArticleCounts
from audit.actions import record_audit
from comments.actions.locking import share_article
from comments.actions.queueing import open_item, refresh_item
from comments.models import Comment
from comments.notifications.notify import notify_of_change, notify_of_comment
from outbox.actions import publish_event


def record_posted(comment: Comment, *, by: Any, **details: Any) -> None:
    """Write the audit entry of a new comment; if it is visible, its event and its count too.

    The caller shares its article (`share_article`). Nothing is read of what a new comment cannot have.
    """
    record_audit(
        comment, verb="posted", by=by, article=comment.article_id, state=comment.state, **details
    )
    if comment.state == Comment.State.HELD:
        open_item(comment)
    if comment.is_visible():
        change_reply_count(comment, 1)
        notify_of_comment(comment)
        publish_event_of(comment, "comment.posted", article=comment.article)
        change_comment_count(comment.article_id, 1)


def change_comment_state(
    comment: Comment,
    state: str,
    *,
    verb: str,
    by: Any,
    details: dict[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Save another state of a locked comment, and other columns with it (`text`, `reason`).

    Writes the audit entry (`verb`, with the states before and after, and `details`), the notifications of
    readers, the event that their caches need, the item of the moderation queue, and the counts of the
    article and of the comment above it, which the caller has locked too (comments/actions/locking.py), in
    the caller's transaction.  A comment that readers no longer see is not pinned.  The only place where
    the state of a comment changes, but for `erase_comments`.
    """
    was_visible, was_shown, before = comment.is_visible(), comment.is_shown(), comment.state
    if state != Comment.State.VISIBLE and comment.pinned_at:
        columns["pinned_at"] = None
    for name, value in columns.items():
        setattr(comment, name, value)
    comment.state = state
    comment.version += 1
    comment.save(update_fields=["state", "version", *columns])
    audited = {"article": comment.article_id, "reason": comment.reason}
    audited |= {"before": before, "state": state} | (details or {})
    record_audit(comment, verb=verb, by=by, **audited)
    notify_of_change(comment, was_visible=was_visible, by=by)
    refresh_item(comment)
    is_visible = comment.is_visible()
    change_reply_count(comment, comment.is_shown() - was_shown)
    if was_visible or is_visible:
        events = {(True, True): "comment.edited", (False, True): "comment.posted"}
        publish_comment_event(comment, events.get((was_visible, is_visible), "comment.removed"))
    change_comment_count(comment.article_id, is_visible - was_visible)


def publish_comment_event(comment: Comment, event: str) -> None:
    """Publish an event about a comment with its ids, never its text, which may have to be removed.

    Publishing and withdrawing wait for the transaction, so that the events of one article are numbered in
    the order in which they became true (docs/decisions/0009); other comments do not.
    """
    share_article(comment.article_id)
    article = Article.objects.only("slug", "uid").get(pk=comment.article_id)
    publish_event_of(comment, event, article=article)


def publish_event_of(comment: Comment, event: str, *, article: Article) -> None:
    """Publish an event about a comment of an article that is shared already."""
    publish_event(
        event,
        key=article.key(),
        article_id=article.urn(),
        slug=article.slug,
        comment=comment.pk,
        parent=comment.parent_id,
    )


def change_reply_count(comment: Comment, change: int) -> None:
    """Add to the count of visible replies of the comment above this one, which is locked."""
    if change and comment.parent_id:
        parent = Comment.objects.filter(pk=comment.parent_id)
        parent.update(visible_replies=F("visible_replies") + change)


def change_comment_count(article_id: int, change: int) -> None:
    """Add to the comment count of an article. Last in a transaction: all writers contend for this row."""
    if change:
        counts = ArticleCounts.objects.filter(article=article_id)
        counts.update(comments=F("comments") + change)
