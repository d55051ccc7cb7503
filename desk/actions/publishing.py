"""Publish: the time has come, and the pointer moves; never backwards, never early.

Whoever holds an article decides about it. The clock takes many at once, those that nobody holds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from articles.models import Article, Edition
from audit.actions import record_audit, record_audit_batch
from desk.actions.embargo import EmbargoEnd, embargo_ends, require_within_terms
from desk.actions.failing import record_failure, record_missed
from desk.actions.go_live import go_live
from desk.actions.locking import (
    limit_lock_wait,
    lock_article,
    lock_articles,
    lock_unlocked_articles,
)
from desk.errors import Embargoed, Older, Withdrawn
from desk.models import Bundle, Release
from desk.models.releases import ReleaseQuerySet
from desk.permissions import may_publish
from newsroom.db.expressions import database_now, id_array
from newsroom.errors import require

State = Release.State


@transaction.atomic
def publish_edition(edition: Edition, *, by: User) -> Release:
    """Show the edition to readers at once, past anything older that was waiting.

    Raises Withdrawn, Older, Embargoed, Expired.
    """
    require(may_publish(by))
    article = lock_article(edition.article_id)
    now = database_now()
    require_publishable(article, edition, at=now)
    for waiting in Release.objects.waiting().filter(article=article).select_related("edition"):
        if waiting.edition.number <= edition.number:
            waiting.settle(State.OVERTAKEN, at=now)
            record_audit(waiting, verb="overtaken", by=by, edition=edition.number)
    release = Release.objects.create(
        article=article,
        edition=edition,
        due_at=now,
        state=State.DONE,
        settled_at=now,
        planned_by=by,
    )
    go_live([release])
    record_audit(release, verb="published", by=by, edition=edition.number)
    return release


@transaction.atomic
def publish_release(release_id: int) -> Release:
    """Carry out a release whose time has come, waiting for whoever holds its article. Safe to call
    twice. The shown time is the planned time, however late this runs.

    Raises Embargoed.
    """
    publish_waiting_for_locks([release_id])
    return Release.objects.select_related("edition", "article").get(pk=release_id)


@transaction.atomic
def publish_waiting_for_locks(release_ids: Sequence[int]) -> list[Release]:
    """Carry out those of these releases that are due, when whoever holds their articles is done.

    What was settled is returned, with its article and edition.  Raises Embargoed.
    """
    return carry_out_alone(release_ids, lock=lock_articles)


@transaction.atomic
def publish_unlocked(release_ids: Sequence[int]) -> list[Release]:
    """The same for many at once, all or none; those whose article somebody holds are left out, and those
    under embargo, where there are several.

    Raises Embargoed for a single one.
    """
    return carry_out_alone(release_ids, lock=lock_unlocked_articles)


def carry_out_alone(
    release_ids: Sequence[int], *, lock: Callable[[Any], dict[int, Article]]
) -> list[Release]:
    """Carry out those that are due and go out by themselves. What is over already is not even locked;
    what ended before the lock came is not read under it."""
    limit_lock_wait()
    articles = lock(alone(release_ids, now=database_now()).order_by().values("article"))
    now = database_now()
    # Those under embargo would stop the others of their batch; one that is alone says so itself.
    ready = past_embargo(articles, now=now) if len(release_ids) > 1 else articles
    return settle_due(alone(release_ids, now=now), articles=ready, now=now)


@transaction.atomic
def defer_embargoed(release_ids: Sequence[int], *, limit: int) -> list[int]:
    """Keep on some of those due releases that an embargo keeps back that it does, and until when; which
    those were. Those whose article somebody holds are left out."""
    limit_lock_wait()
    now = database_now()
    articles = lock_unlocked_articles(alone(release_ids, now=now).order_by().values("article"))
    early = articles.keys() - past_embargo(articles, now=now).keys()
    due = alone(release_ids, now=now).filter(article__in=id_array(early))
    ends = embargo_ends(articles[pk] for pk in early)
    found = list(due.values_list("pk", "article")[:limit])
    for release, article in found:
        kept_back = Embargoed(ends[article].until)
        record_failure([release], reason=str(kept_back), not_before=kept_back.next_check_at(now))
    return [release for release, _article in found]


def past_embargo(articles: dict[int, Article], *, now: datetime) -> dict[int, Article]:
    """Those of these articles that no embargo keeps back any more."""
    ends = embargo_ends(articles.values())
    early = {pk for pk, end in ends.items() if not end.is_over(now)}
    return {pk: article for pk, article in articles.items() if pk not in early}


@transaction.atomic
def publish_bundle(bundle: Bundle) -> list[Release]:
    """Carry out all plans of a bundle at one instant, or none of them. Safe to call twice.

    Raises Embargoed.
    """
    limit_lock_wait()
    Bundle.objects.select_for_update().get(pk=bundle.pk)  # nobody joins it meanwhile
    articles = lock_articles(Release.objects.filter(bundle=bundle).values("article"))
    now = database_now()
    waiting = Release.objects.waiting().filter(bundle=bundle)
    if waiting.filter(due_at__gt=now).exists():
        return []  # moved between the look and the lock
    return settle_due(waiting, articles=articles, now=now)


def alone(release_ids: Sequence[int], *, now: datetime) -> ReleaseQuerySet:
    """Those of these releases that are due and go out by themselves."""
    return Release.objects.due(now).filter(pk__in=id_array(release_ids), bundle__isnull=True)


def settle_due(
    due: ReleaseQuerySet, *, articles: dict[int, Article], now: datetime
) -> list[Release]:
    """Settle these releases of articles that are held (by their numbers).

    Read under the lock: what was done, cancelled, moved or failed since somebody looked is not among
    them any more.
    """
    rows = due.filter(article__in=id_array(articles)).select_related("edition").order_by("pk")
    releases = list(rows.defer("edition__body", "edition__body_html"))
    for release in releases:
        release.article = articles[release.article_id]
    ends = embargo_ends(release.article for release in releases)
    verdicts = judge(releases, ends=ends, now=now)
    if shown := [release for release in releases if verdicts[release.pk] == State.DONE]:
        put_off_to_embargo(shown, ends=ends)
        go_live(shown)
    settle_all(releases, verdicts=verdicts, now=now)
    if missed := [r for r in releases if verdicts[r.pk] == State.CANCELLED and is_over(r, now)]:
        record_missed(missed)
    return releases


def is_over(release: Release, now: datetime) -> bool:
    """Whether the time for readers to see it has ended."""
    expires_at = release.article.expires_at
    return expires_at is not None and expires_at <= now


def judge(
    releases: Sequence[Release], *, ends: Mapping[int, EmbargoEnd], now: datetime
) -> dict[int, Release.State]:
    """What becomes of each release, by its number. Raises Embargoed where one may not go out yet."""
    newest = newest_published_numbers(release.article_id for release in releases)
    verdicts = {}
    for release in releases:
        article = release.article
        if article.withdrawn_at or is_over(release, now):
            verdicts[release.pk] = State.CANCELLED
        elif newest.get(article.pk, 0) > release.edition.number:
            verdicts[release.pk] = State.OVERTAKEN
        elif (end := ends.get(article.pk)) and not end.is_over(now):
            raise Embargoed(end.until)
        else:
            verdicts[release.pk] = State.DONE
    return verdicts


def put_off_to_embargo(releases: Sequence[Release], *, ends: Mapping[int, EmbargoEnd]) -> None:
    """A plan that an embargo of the agency's held up counts from the end of that, with all of its
    bundle: readers are never told that they could have read it before."""
    moments: dict[int, datetime] = {}  # by bundle; by release where it goes out alone
    for release in releases:
        end = ends.get(release.article_id)
        if end and end.until and release.due_at < end.until:
            together = release.bundle_id or -release.pk
            moments[together] = max(end.until, moments.get(together, end.until))
    for release in releases:
        if later := moments.get(release.bundle_id or -release.pk):
            release.due_at = later
            release.save(update_fields=["due_at"])


def settle_all(
    releases: Sequence[Release], *, verdicts: dict[int, Release.State], now: datetime
) -> None:
    """Give the releases their outcomes, and each its line in the audit log."""
    for state in set(verdicts.values()):
        own = [pk for pk, verdict in verdicts.items() if verdict == state]
        told = {"reason": ""} if state == State.DONE else {}
        Release.objects.filter(pk__in=id_array(own)).update(
            state=state, settled_at=now, retry_at=None, **told
        )
    for release in releases:
        release.state, release.settled_at, release.retry_at = verdicts[release.pk], now, None
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


def require_publishable(article: Article, edition: Edition, *, at: datetime) -> None:
    """The pointer only moves forward, a withdrawn article stays away, and nothing is shown outside its
    terms. Raises Withdrawn, Older, Embargoed, Expired."""
    if article.withdrawn_at:
        raise Withdrawn
    if newest_published_numbers([article.pk]).get(article.pk, 0) > edition.number:
        raise Older
    require_within_terms(article, at=at)


def newest_published_numbers(article_ids: Iterable[int]) -> dict[int, int]:
    """The highest edition that readers of each article have seen. Judged by the history of releases,
    not by what is live now: withdrawn words must not return."""
    done = Release.objects.done().filter(article__in=id_array(article_ids)).order_by()
    return dict(done.values_list("article").annotate(Max("edition__number")))
