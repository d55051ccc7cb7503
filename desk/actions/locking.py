"""One actor decides at a time."""

from accounts.models import User
from articles.models import Article
from desk.errors import EditedElsewhere, Trashed
from desk.models import Draft


def lock(article_id: int) -> Article:
    """Hold the article until the transaction ends. What was read of it before is a rumour.

    Not against being pointed at: readers' comments and other stories' drafts need not wait.
    """
    return Article.objects.select_for_update(no_key=True).get(pk=article_id)


def hold(draft: Draft, *, version: int | None = None) -> Draft:
    """Hold the draft until the transaction ends, and read it anew.

    Raises EditedElsewhere where it is no longer the version somebody decided on, Trashed where it
    lies in the trash.
    """
    held = hold_any(draft, version=version)
    if held.trashed_at:
        raise Trashed
    return held


def hold_any(draft: Draft, *, version: int | None = None) -> Draft:
    """The same for a draft that may lie in the trash."""
    held: Draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if version is not None and held.version != version:
        raise EditedElsewhere
    return held


def touch(draft: Draft, *, by: User, fields: list[str]) -> None:
    """Keep what changed in a held draft, as the next version."""
    draft.version += 1
    draft.changed_by = by
    draft.save(update_fields=[*fields, "version", "changed_by", "changed_at"])
