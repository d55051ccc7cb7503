"""One actor decides at a time."""

from typing import Any

from django.db import connection

from accounts.models import User
from articles.models import Article
from desk.errors import EditedElsewhere, Trashed
from desk.models import Draft

# A burst's batches wait for each other's photos for a second; who holds an article longer than this
# has stopped in the middle, and the clock goes on with the others.
LOCK_TIMEOUT_SECONDS = "3s"


def limit_lock_wait() -> None:
    """Let nothing in this transaction wait long for a lock: it ends with an OperationalError. For the
    clock, which comes again; people wait until whoever was first is done."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT_SECONDS])


def lock_article(article_id: int) -> Article:
    """Hold the article until the transaction ends. What was read of it before is a rumour.

    Not against being pointed at: readers' comments and other stories' drafts need not wait.
    """
    return Article.objects.select_for_update(no_key=True).get(pk=article_id)


def lock_articles(article_ids: Any) -> dict[int, Article]:
    """Hold these articles (numbers, or a query of them), in the order of their numbers; by number."""
    rows = Article.objects.filter(pk__in=article_ids).order_by("pk")
    return {article.pk: article for article in rows.select_for_update(no_key=True)}


def lock_unlocked_articles(article_ids: Any) -> dict[int, Article]:
    """Hold those of these articles that nobody else holds; by number."""
    rows = Article.objects.filter(pk__in=article_ids).order_by("pk")
    return {
        article.pk: article for article in rows.select_for_update(no_key=True, skip_locked=True)
    }


def lock_draft(draft: Draft, *, version: int | None = None) -> Draft:
    """Hold the draft until the transaction ends, and read it anew.

    Raises EditedElsewhere where it is no longer the version somebody decided on, Trashed where it
    lies in the trash.
    """
    held = lock_draft_or_trashed(draft, version=version)
    if held.trashed_at:
        raise Trashed
    return held


def lock_draft_or_trashed(draft: Draft, *, version: int | None = None) -> Draft:
    """The same for a draft that may lie in the trash."""
    held: Draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if version is not None and held.version != version:
        raise EditedElsewhere
    return held


def save_new_version(draft: Draft, *, by: User, fields: list[str]) -> None:
    """Keep what changed in a held draft, as the next version."""
    draft.version += 1
    draft.changed_by = by
    draft.save(update_fields=[*fields, "version", "changed_by", "changed_at"])
