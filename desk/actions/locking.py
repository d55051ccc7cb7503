"""Row locks (`SELECT ... FOR UPDATE`): the first transaction decides, the next reads what it left.

Locks are taken in one order, against deadlocks: the bundle, drafts by id, articles by id. Whatever was
read of a row before its lock may be out of date.
"""

from typing import Any

from django.db import connection

from accounts.models import User
from articles.models import Article
from desk.errors import EditedElsewhere, Settled, Trashed
from desk.models import Draft, Release

# Batches of a burst wait up to a second for each other's photos. A transaction that holds an article
# longer than this has stalled, and the scheduler goes on with the others.
LOCK_TIMEOUT_SECONDS = 3


def limit_lock_wait() -> None:
    """Set PostgreSQL's `lock_timeout` for this transaction, which then fails with an OperationalError.

    For the scheduler, which comes again; what people do waits as long as the lock is held.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_TIMEOUT_SECONDS}s"]
            )


def lock_article(article_id: int) -> Article:
    """Lock an article until the transaction ends, and read it.

    `FOR NO KEY UPDATE`: inserting rows that refer to the article (comments, drafts) need not wait.
    """
    return Article.objects.select_for_update(no_key=True).get(pk=article_id)


def lock_articles(article_ids: Any) -> dict[int, Article]:
    """Lock these articles (ids, or a query of them), in the order of their ids; {id: article}."""
    rows = Article.objects.filter(pk__in=article_ids).order_by("pk")
    return {article.pk: article for article in rows.select_for_update(no_key=True)}


def lock_unlocked_articles(article_ids: Any) -> dict[int, Article]:
    """Lock those of these articles that no other transaction holds (`SKIP LOCKED`); {id: article}."""
    rows = Article.objects.filter(pk__in=article_ids).order_by("pk")
    return {
        article.pk: article for article in rows.select_for_update(no_key=True, skip_locked=True)
    }


def lock_unsettled(release: Release) -> Release:
    """The release with its edition, read again under the lock of its article. Raises Settled."""
    article = lock_article(release.article_id)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    if release.settled_at:
        raise Settled
    release.article = article
    return release


def lock_draft(draft: Draft, *, version: int | None = None) -> Draft:
    """Lock the draft until the transaction ends, and read it again.

    Raises EditedElsewhere where it is not at the `version` the caller decided on, Trashed.
    """
    locked = lock_draft_or_trashed(draft, version=version)
    if locked.trashed_at:
        raise Trashed
    return locked


def lock_draft_or_trashed(draft: Draft, *, version: int | None = None) -> Draft:
    """As `lock_draft`, for a draft that may be in the trash."""
    locked: Draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if version is not None and locked.version != version:
        raise EditedElsewhere
    return locked


def lock_draft_and_article(
    draft: Draft, *, version: int | None = None
) -> tuple[Draft, Article | None]:
    """Lock the draft, then its article (None before the first freeze). Raises as `lock_draft`."""
    draft = lock_draft(draft, version=version)
    return draft, lock_article(draft.article_id) if draft.article_id else None


def save_new_version(draft: Draft, *, by: User, fields: list[str]) -> None:
    """Save these fields of a locked draft as its next version."""
    draft.version += 1
    draft.changed_by = by
    draft.save(update_fields=[*fields, "version", "changed_by", "changed_at"])
