"""Row locks (`SELECT ... FOR UPDATE`): the first transaction decides, the next reads what it left.

Locks are taken in one order, against deadlocks: agency copy (wire.actions.locking), the bundle, drafts by
id, articles by id, claims by id.
Whatever was read of a row before its lock may be out of date.
"""

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from desk.errors import EditedElsewhere, Settled, Trashed
from desk.errors.collaboration import Locked, OtherSection
from desk.models import Bundle, Claim, Draft, Release
from desk.section_rights import DraftRight, section_roles_of
from newsroom.db.expressions import IdArray

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


def lock_articles(article_ids: Iterable[int]) -> dict[int, Article]:
    """Lock these articles, in the order of their ids; {id: article}."""
    rows = Article.objects.filter(pk__in_array=IdArray(article_ids)).order_by("pk")
    return {article.pk: article for article in rows.select_for_update(no_key=True)}


def lock_bundles_of(article_id: int) -> set[int]:
    """Lock the bundles that have a release of this article, settled or not, in the order of their ids.

    Before its draft. Once the article is locked, `require_bundles_locked` asks whether it joined another.
    """
    rows = Bundle.objects.filter(pk__in=bundle_ids_of(article_id)).order_by("pk")
    return {bundle.pk for bundle in rows.select_for_update()}


def require_bundles_locked(article_id: int, locked: set[int]) -> None:
    """Raise EditedElsewhere where a locked article has joined a bundle that is not among those locked."""
    if not bundle_ids_of(article_id) <= locked:
        raise EditedElsewhere


def bundle_ids_of(article_id: int) -> set[int]:
    own = Release.objects.filter(article=article_id, bundle__isnull=False).order_by()
    return set(own.values_list("bundle_id", flat=True))


def lock_claims_of(article: Article) -> None:
    """Lock the claims about an article by id. The caller holds the article: no other claim is recorded."""
    rows = Claim.objects.filter(article=article).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def lock_unlocked_articles(article_ids: Iterable[int]) -> dict[int, Article]:
    """Lock those of these articles that no other transaction holds (`SKIP LOCKED`); {id: article}."""
    rows = Article.objects.filter(pk__in_array=IdArray(article_ids)).order_by("pk")
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


def lock_draft(draft: Draft, *, by: User, may: DraftRight, version: int | None = None) -> Draft:
    """Lock the draft until the transaction ends, read it again, and check that this person may go on.

    `may` is the right that the action takes, in the section of the draft (desk/section_rights.py).
    Raises OtherSection, Locked where somebody else holds the edit lock, EditedElsewhere where the draft is
    not at the `version` the caller decided on, Trashed.
    """
    locked = lock_draft_or_trashed(draft, by=by, may=may, version=version)
    if locked.trashed_at:
        raise Trashed
    return locked


def lock_draft_or_trashed(
    draft: Draft, *, by: User, may: DraftRight, version: int | None = None
) -> Draft:
    """As `lock_draft`, for a draft that may be in the trash."""
    locked, now = lock_draft_row(draft, by=by, may=may), timezone.now()
    if locked.is_locked_against(by.pk, now):
        raise locked_by_another(locked)
    require_version(locked, version)
    if locked.is_locked(now):  # by this person, who is active
        locked.lock_active_at = now
        locked.save(update_fields=["lock_active_at"])
    return locked


def lock_draft_row(draft: Draft, *, by: User, may: DraftRight) -> Draft:
    """As `lock_draft_or_trashed`, without regard to the edit lock. Raises OtherSection."""
    locked: Draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if not may(by, locked):
        raise OtherSection
    return locked


def lock_draft_row_of_article(article_id: int, *, by: User, may: DraftRight) -> None:
    """As `lock_draft_of_article`, without regard to the edit lock: for what leaves the text as it is.

    Raises OtherSection, also where there is no draft whose section could be asked for and the person is
    restricted to sections.
    """
    draft = Draft.objects.filter(article=article_id).only("pk").first()
    if draft is not None:
        lock_draft_row(draft, by=by, may=may)
    elif section_roles_of(by) is not None:
        raise OtherSection


def require_version(draft: Draft, version: int | None) -> None:
    """Raise EditedElsewhere where a locked draft is not at this version; None is any."""
    if version is not None and draft.version != version:
        raise EditedElsewhere


def locked_by_another(draft: Draft) -> Locked:
    """The refusal of a draft whose edit lock is held by another person."""
    return Locked(str(draft.locked_by), draft.locked_at or timezone.now())


def lock_draft_and_article(
    draft: Draft, *, by: User, may: DraftRight, version: int | None = None
) -> tuple[Draft, Article | None]:
    """Lock the draft, then its article (None before the first freeze). Raises as `lock_draft`."""
    draft = lock_draft(draft, by=by, may=may, version=version)
    return draft, lock_article(draft.article_id) if draft.article_id else None


def lock_draft_of_article(
    article_id: int, *, by: User, may: DraftRight, version: int | None = None
) -> None:
    """Lock the draft of an article, before the article itself, for an action on the article.

    Raises as `lock_draft_or_trashed`; EditedElsewhere where there is no draft of the `version`.
    """
    draft = Draft.objects.filter(article=article_id).only("pk").first()
    if draft is not None:
        lock_draft_or_trashed(draft, by=by, may=may, version=version)
    elif version is not None:
        raise EditedElsewhere


def save_new_version(draft: Draft, *, by: User, fields: list[str]) -> None:
    """Save these fields of a locked draft as its next version, by its last editor."""
    draft.version += 1
    draft.changed_by = by
    draft.save(update_fields=[*fields, "version", "changed_by", "changed_at"])


def save_trash_state(draft: Draft) -> None:
    """Save whether a locked draft is in the trash as its next version.

    Its last editor stays the last: it is the text that a second person approves.
    """
    draft.version += 1
    draft.save(update_fields=["trashed_at", "version", "changed_at"])
