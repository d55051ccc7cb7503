"""Publishing by the scheduler: settle the releases whose time has come, each exactly once.

    publish_due            many at once; articles that another transaction holds are skipped
    publish_due_blocking   the same, waiting for the locks of those articles (up to LOCK_TIMEOUT_SECONDS)
    publish_bundle         all releases of a bundle at one instant, or none
    defer_embargoed        postpone the next attempt of due releases that are under embargo

Exactly once: the row lock of the article decides, and every release is read again under it; what was
published, cancelled, rescheduled or failed in the meantime is no longer due. `Article.live` never moves
backwards, and nothing is published before its time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from articles.models import Article, Edition
from audit.actions import record_audit_batch
from desk.actions.embargo import EmbargoEnd, embargo_ends
from desk.actions.failing import record_failure, record_missed
from desk.actions.go_live import go_live
from desk.actions.locking import limit_lock_wait, lock_articles, lock_unlocked_articles
from desk.errors import Embargoed
from desk.models import Bundle, Release
from desk.models.releases import ReleaseQuerySet
from newsroom.db.expressions import IdArray, database_now

State = Release.State


@transaction.atomic
def publish_due(release_ids: Sequence[int]) -> list[Release]:
    """Settle those of these releases that are due and in no bundle: all of them, or none where one fails.

    Left out are those whose article another transaction holds and, where there are several, those
    under embargo. Returns what was settled, with article and edition. Raises Embargoed for a single one.
    """
    return settle_unbundled(release_ids, lock=lock_unlocked_articles)


@transaction.atomic
def publish_due_blocking(release_ids: Sequence[int]) -> list[Release]:
    """As `publish_due`, but wait for articles that another transaction holds."""
    return settle_unbundled(release_ids, lock=lock_articles)


@transaction.atomic
def publish_bundle(bundle: Bundle) -> list[Release]:
    """Settle all waiting releases of a bundle at one instant, or none of them. Safe to call twice.

    1. Lock the bundle, so that no release joins it, then the articles.
    2. Return nothing where it was rescheduled before the locks were taken, or one of its releases is held
       back.
    3. Settle.

    Raises Embargoed where one of its stories is under embargo.
    """
    limit_lock_wait()
    Bundle.objects.select_for_update().get(pk=bundle.pk)
    articles = lock_articles(Release.objects.filter(bundle=bundle).article_ids())
    now = database_now()
    waiting = Release.objects.waiting().filter(bundle=bundle)
    if waiting.filter(Q(due_at__gt=now) | Q(held_at__isnull=False)).exists():
        return []
    return settle_due(waiting, articles=articles, now=now)


@transaction.atomic
def defer_embargoed(release_ids: Sequence[int], *, limit: int) -> list[int]:
    """Record on up to `limit` of these due releases that they are under embargo, to be tried again when it
    ends. Returns their ids; those whose article another transaction holds are left out."""
    limit_lock_wait()
    now = database_now()
    articles = lock_unlocked_articles(due_unbundled(release_ids, now=now).article_ids())
    ends = embargo_ends(articles.values())
    embargoed = [pk for pk, end in ends.items() if not end.is_over(now)]
    due = due_unbundled(release_ids, now=now).filter(article__in_array=IdArray(embargoed))
    rows = list(due.values_list("pk", "article")[:limit])
    for release_id, article_id in rows:
        refusal = Embargoed(ends[article_id].until)
        record_failure([release_id], reason=str(refusal), not_before=refusal.next_check_at(now))
    return [release_id for release_id, _article_id in rows]


# -- steps --------------------------------------------------------------------------------------------


def settle_unbundled(
    release_ids: Sequence[int], *, lock: Callable[[Any], dict[int, Article]]
) -> list[Release]:
    """Lock the articles of those that are due, then settle what is due under the locks.

    Of several, those under embargo are left out, since they would make the whole batch fail; a single
    one raises Embargoed.
    """
    limit_lock_wait()
    articles = lock(due_unbundled(release_ids, now=database_now()).article_ids())
    now = database_now()
    if len(release_ids) > 1:
        ends = embargo_ends(articles.values())
        embargoed = {pk for pk, end in ends.items() if not end.is_over(now)}
        articles = {pk: article for pk, article in articles.items() if pk not in embargoed}
    return settle_due(due_unbundled(release_ids, now=now), articles=articles, now=now)


def due_unbundled(release_ids: Sequence[int], *, now: datetime) -> ReleaseQuerySet:
    """Those of these releases that are due and in no bundle."""
    return Release.objects.due(now).filter(pk__in_array=IdArray(release_ids), bundle__isnull=True)


def settle_due(
    due: ReleaseQuerySet, *, articles: dict[int, Article], now: datetime
) -> list[Release]:
    """Give each of these releases its outcome. `articles` are locked by the caller, by their ids.

    1. Read the releases, now that their articles are locked.
    2. Decide on the outcome of each: done, overtaken or cancelled.
    3. Let the editions of those that are done go live, at the end of the embargo at the earliest.
    4. Save the outcomes, with one audit entry each.
    5. Notify the planners of those whose article had expired.

    Raises Embargoed.
    """
    releases = list(due.filter(article__in_array=IdArray(articles)).order_by("pk"))
    editions = editions_without_body(release.edition_id for release in releases)
    for release in releases:
        release.article, release.edition = (
            articles[release.article_id],
            editions[release.edition_id],
        )
        release.edition.article = release.article
    ends = embargo_ends(release.article for release in releases)
    outcomes = decide_outcomes(releases, ends=ends, now=now)
    if published := [release for release in releases if outcomes[release.pk] == State.DONE]:
        move_to_embargo_end(published, ends=ends)
        go_live(published)
    save_outcomes(releases, outcomes=outcomes, now=now)
    cancelled = [release for release in releases if outcomes[release.pk] == State.CANCELLED]
    if missed := [release for release in cancelled if has_expired(release.article, now)]:
        record_missed(missed)
    return releases


def editions_without_body(edition_ids: Iterable[int]) -> dict[int, Edition]:
    rows = Edition.objects.filter(pk__in_array=IdArray(edition_ids)).defer("body", "body_html")
    return {edition.pk: edition for edition in rows}


def decide_outcomes(
    releases: Sequence[Release], *, ends: Mapping[int, EmbargoEnd], now: datetime
) -> dict[int, Release.State]:
    """{release id: outcome}. Cancelled: the article is withdrawn or has expired. Overtaken: readers have
    seen a newer edition. Raises Embargoed where one may not be published yet."""
    newest = Release.objects.newest_numbers(release.article_id for release in releases)
    outcomes = {}
    for release in releases:
        article = release.article
        if article.withdrawn_at or has_expired(article, now):
            outcomes[release.pk] = State.CANCELLED
        elif newest.get(article.pk, 0) > release.edition.number:
            outcomes[release.pk] = State.OVERTAKEN
        elif (end := ends.get(article.pk)) and not end.is_over(now):
            raise Embargoed(end.until)
        else:
            outcomes[release.pk] = State.DONE
    return outcomes


def has_expired(article: Article, now: datetime) -> bool:
    return article.expires_at is not None and article.expires_at <= now


def move_to_embargo_end(releases: Sequence[Release], *, ends: Mapping[int, EmbargoEnd]) -> None:
    """Set `due_at`, which readers see as the time of publication, to the end of an agency's embargo where
    it is earlier; the releases of a bundle together."""
    ends_by_bundle: dict[int, datetime] = {}  # {bundle id, or -release id outside of one: time}
    for release in releases:
        end = ends.get(release.article_id)
        if end and end.until and release.due_at < end.until:
            key = release.bundle_id or -release.pk
            ends_by_bundle[key] = max(end.until, ends_by_bundle.get(key, end.until))
    for release in releases:
        if due_at := ends_by_bundle.get(release.bundle_id or -release.pk):
            release.due_at = due_at
            release.save(update_fields=["due_at"])


def save_outcomes(
    releases: Sequence[Release], *, outcomes: dict[int, Release.State], now: datetime
) -> None:
    """Save the outcomes, one query for each kind, and one audit entry for each release."""
    for state in set(outcomes.values()):
        ids = [pk for pk, outcome in outcomes.items() if outcome == state]
        reason = {"reason": ""} if state == State.DONE else {}
        Release.objects.filter(pk__in_array=IdArray(ids)).update(
            state=state, settled_at=now, retry_at=None, **reason
        )
    for release in releases:
        release.state, release.settled_at, release.retry_at = outcomes[release.pk], now, None
    record_audit_batch(
        (
            release,
            "published" if release.state == State.DONE else str(release.state),
            {
                "edition": release.edition.number,
                "late_seconds": round((now - release.due_at).total_seconds(), 3),
                "planned_by": release.planned_by_id,
                "approved_by": release.approved_by_id,
            },
        )
        for release in releases
    )
