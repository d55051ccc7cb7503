"""The policy of a thread, changed by a moderator at once, and what it means for writers."""

from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import BigIntegerField

from accounts.models import User
from articles.models import Article, CommentsMode
from audit.actions import record_audit
from comments.actions.locking import lock_article
from comments.errors import CommentsClosed, NoSuchThread, PolicyChanged, PolicyOutOfRange
from comments.models import ThreadPolicy
from comments.models.policy import MAX_CLOSES_AFTER_DAYS, MAX_SLOW_MODE_SECONDS
from comments.permissions import may_moderate_comments
from newsroom.db.compiled_queries import CompiledQuery, Param, row_query
from newsroom.db.expressions import database_now
from newsroom.errors import require
from outbox.actions import publish_event

Mode = ThreadPolicy.Mode
MAX_REASON_CHARS = 200


@transaction.atomic
def set_thread_policy(
    article: Article,
    *,
    by: User,
    mode: str | None = None,
    slow_mode_seconds: int | None = None,
    closes_after_days: int | None = None,
    newest_first: bool | None = None,
    reason: str = "",
    version: int | None = None,
) -> ThreadPolicy:
    """Change the policy of a published article's thread; what is None stays. Works at once.

    `version` is the one that the moderator has read. The same again changes nothing.  Raises NotAllowed,
    NoSuchThread, PolicyOutOfRange, PolicyChanged.
    1. Lock the article, for which those who write comments wait, and read its policy.
    2. Save the policy, and what readers see of it with the article.
    3. Write the audit entry, and the event where readers see a difference.
    """
    require(may_moderate_comments(by))
    article = lock_article(article.pk)
    if article.first_published_at is None:
        raise NoSuchThread
    policy = ThreadPolicy.objects.filter(pk=article.pk).first() or ThreadPolicy(article=article)
    if version is not None and policy.version != version:
        raise PolicyChanged
    changed = assign_changed(
        policy,
        mode=mode,
        slow_mode_seconds=slow_mode_seconds,
        closes_after_days=closes_after_days,
        newest_first=newest_first,
    )
    if changed:
        policy.version += 1
        policy.save()
        record_policy_audit(article, by=by, reason=reason, changed=changed)
        if denormalise_policy(article, policy) or "newest_first" in changed:
            publish_policy_event(article)
    return policy


def assign_changed(policy: ThreadPolicy, **values: str | int | None) -> dict[str, str | int]:
    """Assign the values that are not None; those that differ from before. Raises PolicyOutOfRange."""
    changed = {
        name: value
        for name, value in values.items()
        if value is not None and value != getattr(policy, name)
    }
    for name, value in changed.items():
        setattr(policy, name, value)
    require_in_range(policy)
    return changed


def require_in_range(policy: ThreadPolicy) -> None:
    """Raise PolicyOutOfRange for a mode that is none, or a number out of bounds."""
    is_valid = (
        policy.mode in Mode.values
        and 0 <= policy.slow_mode_seconds <= MAX_SLOW_MODE_SECONDS
        and 0 <= policy.closes_after_days <= MAX_CLOSES_AFTER_DAYS
    )
    if not is_valid:
        raise PolicyOutOfRange


def denormalise_policy(article: Article, policy: ThreadPolicy) -> bool:
    """Write what readers see of a policy with the page to its locked article; whether that changes."""
    close_at, slow = closing_time(article, policy), policy.slow_mode_seconds or None
    if policy.mode == Mode.CLOSED and article.comments_close_at:
        close_at = min(article.comments_close_at, close_at or article.comments_close_at)
    if (article.comments_close_at, article.comments_slow_seconds) == (close_at, slow):
        return False
    article.comments_close_at, article.comments_slow_seconds = close_at, slow
    article.save(update_fields=["comments_close_at", "comments_slow_seconds"])
    return True


def record_policy_audit(
    article: Article, *, by: User, reason: str, changed: dict[str, str | int]
) -> None:
    """The entry of the audit log about what changed, with the reason of the moderator."""
    reason = reason[:MAX_REASON_CHARS]
    record_audit(article, verb="policy_changed", by=by, reason=reason, **changed)


def publish_policy_event(article: Article) -> None:
    """The event that readers see another policy of a thread."""
    publish_event(
        "comment.policy_changed",
        key=article.key(),
        article_id=article.urn(),
        slug=article.slug,
    )


def closing_time(article: Article, policy: ThreadPolicy) -> datetime | None:
    """From when on the policy closes the thread; None for never."""
    if policy.mode == Mode.CLOSED:
        return database_now()
    if policy.mode == Mode.OPEN or not policy.closes_after_days:
        return None
    published_at = article.first_published_at
    return published_at and published_at + timedelta(days=policy.closes_after_days)


@cache
def article_by_id_query() -> CompiledQuery[Article]:
    """Compiled once: each comment reads its article twice."""
    return CompiledQuery(Article.objects.live().filter(pk=Param("pk", BigIntegerField())))


def require_open(article_id: int) -> Article:
    """A live article whose comments are open.

    Raises NoSuchThread without one, CommentsClosed by its edition, its policy, or the time to close.
    """
    article = next(iter(article_by_id_query().fetch(pk=article_id)), None)
    if article is None:
        raise NoSuchThread
    require_not_closed(article)
    return article


def require_shared_open(article_id: int) -> Article:
    """The same of an article that is shared (`share_article`), with `policy_mode`."""
    article = require_open(article_id)
    policy = next(iter(row_query(ThreadPolicy).fetch(pk=article_id)), None)
    article.policy_mode = policy and policy.mode  # type: ignore[attr-defined]  # read by `holds_all`
    return article


def require_not_closed(article: Article) -> None:
    """Raise CommentsClosed where the comments of an article are closed, compared with database time."""
    close_at = article.comments_close_at
    is_past = close_at is not None and close_at <= database_now()
    if is_past or article.comments_mode == CommentsMode.CLOSED:
        raise CommentsClosed


def holds_all(article: Article) -> bool:
    """Whether every comment under an article of `require_shared_open` waits for a moderator."""
    policy_mode: str | None = article.policy_mode  # type: ignore[attr-defined]  # annotated
    return article.comments_mode == CommentsMode.HOLD or policy_mode == Mode.HOLD
