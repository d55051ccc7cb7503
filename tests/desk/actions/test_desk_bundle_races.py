"""Races of bundles and expiry on real threads against PostgreSQL: readers see all stories or none."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from articles.models import Article
from audit.models import Entry
from desk.actions import (
    add_to_bundle,
    cancel_bundle,
    cancel_release,
    edit,
    publish_bundle,
    publish_now,
    record_failure,
    remove_from_bundle,
    replace_scheduled,
    reschedule_bundle,
    schedule_bundle,
    schedule_draft,
    withdraw,
)
from desk.models import Bundle, Draft, Release
from desk.tasks import process_due
from newsroom.errors import Refused
from outbox.models import Event
from tests.support import make
from tests.support.loopback.processes import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
INSTANT = timedelta(milliseconds=60)  # where it is over too early, a race begins at once
ROUNDS = 6


def unexpected_errors(results: list[Any]) -> list[Any]:
    return [o for o in results if isinstance(o, Exception) and not isinstance(o, Refused)]


def soon_due(*drafts: Draft) -> Bundle:
    """A bundle whose time comes in an instant, however long its stories took to freeze."""
    bundle = make.bundled(*drafts)
    bundle.due_at = timezone.now() + INSTANT
    bundle.save(update_fields=["due_at"])
    bundle.releases.update(due_at=bundle.due_at)
    return bundle


def ends_soon(*articles: Article) -> datetime:
    """Stories whose time is over in an instant, however long they took to publish."""
    ends = timezone.now() + INSTANT
    Article.objects.filter(pk__in=[a.pk for a in articles]).update(expires_at=ends)
    Draft.objects.filter(article__in=articles).update(expires_at=ends)
    return ends


def until(moment: datetime) -> None:
    time.sleep(max(0, (moment - timezone.now()).total_seconds()))


def both(*runners: Callable[[], Any]) -> list[Any]:
    results = make.race(len(runners), lambda n: runners[n]())
    assert not unexpected_errors(results), results
    return results


def states(bundle: Bundle) -> set[str]:
    return set(Release.objects.filter(bundle=bundle).values_list("state", flat=True))


def live() -> int:
    return Article.objects.live().count()


@contextmanager
def watched() -> Iterator[set[int]]:
    """The numbers of live articles that a reader saw who polled continuously, before, within and after."""
    counts, over = set[int](), threading.Event()

    def look() -> None:
        while not over.is_set():
            counts.add(live())
        counts.add(live())
        connections.close_all()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        wait_until(lambda: bool(counts), within=20)
        yield counts
    finally:
        over.set()
        watcher.join()


def test_readers_see_all_stories_of_a_bundle_or_none() -> None:
    bundle = soon_due(*[make.draft() for _ in range(20)])
    until(bundle.due_at)
    with watched() as counts:
        both(process_due, process_due)
    assert counts == {0, 20}


def test_concurrent_passes_publish_a_bundle_once() -> None:
    """publishing 8."""
    bundle = soon_due(*[make.draft() for _ in range(5)])
    until(bundle.due_at)
    both(*[process_due] * 4, lambda: publish_bundle(bundle))
    assert Event.objects.filter(name="article.published").count() == 5
    assert Entry.objects.filter(verb="published").count() == 5
    assert live() == 5


def test_bundle_with_a_failing_story_publishes_none() -> None:
    bundle = soon_due(*[make.draft() for _ in range(6)])
    broken = Release.objects.filter(bundle=bundle).order_by("pk")[5]
    Article.objects.filter(pk=broken.article_id).update(
        corrections="broken", first_published_at=broken.planned_at
    )
    until(bundle.due_at)
    with watched() as counts:
        both(process_due, process_due)
    assert counts == {0}
    assert states(bundle) == {"failed"}


def test_bundle_cancelled_in_the_last_moment_is_published_or_cancelled_as_a_whole() -> None:
    """publishing 10."""
    ben = make.ben()
    for n in range(ROUNDS):
        before = live()
        bundle = soon_due(*[make.draft() for _ in range(3)])
        until(bundle.due_at - timedelta(milliseconds=5 * (n - 3)))
        both(process_due, lambda m=bundle: cancel_bundle(m, by=ben))  # type: ignore[misc]  # bound now
        process_due()
        (state,) = states(bundle)
        assert state in {"done", "cancelled"}
        assert live() - before == (3 if state == "done" else 0)


def test_bundle_rescheduled_in_the_last_moment_is_published_or_waits_as_a_whole() -> None:
    """publishing 10, publishing 11."""
    ben = make.ben()
    for n in range(ROUNDS):
        before = live()
        bundle = soon_due(*[make.draft() for _ in range(3)])
        late = bundle.due_at + timedelta(minutes=5)
        until(bundle.due_at - timedelta(milliseconds=5 * (n - 3)))
        both(process_due, lambda m=bundle, t=late: reschedule_bundle(m, at=t, by=ben))  # type: ignore[misc]
        process_due()
        bundle.refresh_from_db()
        (state,) = states(bundle)
        assert state == ("pending" if bundle.due_at == late else "done")
        dues = set(Release.objects.filter(bundle=bundle).values_list("due_at", flat=True))
        assert dues == {bundle.due_at}
        assert live() - before == (0 if bundle.due_at == late else 3)


def test_other_stories_of_a_bundle_are_published_together_whatever_happens_to_one() -> None:
    """publishing 9, publishing 14: and no two of them wait for each other for ever."""
    ben = make.ben()
    runners: list[Callable[[Draft, Release], Any]] = [
        lambda draft, _release: publish_now(draft, by=ben),
        lambda _draft, release: cancel_release(release, by=ben),
        lambda _draft, release: remove_from_bundle(release, by=ben),
        lambda draft, _release: replace_scheduled(draft, by=ben),
        lambda _draft, release: withdraw(release.article, notice="내림", by=ben),
    ]
    for work in runners:
        first = make.draft_of(make.live())
        bundle = soon_due(first, make.draft(), make.draft())
        release = Release.objects.get(bundle=bundle, article=first.article)
        others = Release.objects.filter(bundle=bundle).exclude(pk=release.pk)
        until(bundle.due_at)
        both(process_due, lambda w=work, f=first, r=release: w(f, r), process_due)  # type: ignore[misc]
        process_due()
        assert set(others.values_list("state", flat=True)) == {"done"}
        release.refresh_from_db()
        assert release.settled_at


def test_concurrent_changes_of_a_bundle_are_serialised() -> None:
    """Lock order: bundle, drafts, articles."""
    ben = make.ben()
    for _ in range(ROUNDS):
        drafts = [make.draft() for _ in range(4)]
        bundle = soon_due(*drafts)
        late = make.draft()
        release = Release.objects.filter(bundle=bundle).order_by("pk")[2]
        until(bundle.due_at - timedelta(milliseconds=20))
        runners: list[Callable[[], Any]] = [
            lambda m=bundle, d=late: add_to_bundle(m, drafts=[d], by=ben),  # type: ignore[misc]
            lambda m=bundle: reschedule_bundle(m, at=timezone.now() + 5 * INSTANT, by=ben),  # type: ignore[misc]
            lambda r=release: remove_from_bundle(r, by=ben),  # type: ignore[misc]
            lambda d=drafts[3]: replace_scheduled(d, by=ben),  # type: ignore[misc]
            lambda d=drafts[0]: edit(d, by=ben, deck="새 부제"),  # type: ignore[misc]
            process_due,
        ]
        both(*runners)
        bundle.refresh_from_db()
        waiting = Release.objects.waiting().filter(bundle=bundle)
        assert set(waiting.values_list("due_at", flat=True)) <= {bundle.due_at}


def test_concurrent_bundles_of_the_same_stories_get_each_story_once() -> None:
    ben = make.ben()
    for _ in range(ROUNDS):
        drafts = [make.draft(headline=f"같은 제목 {n % 2}") for n in range(4)]
        at = timezone.now() + make.DUE_AFTER
        results = both(
            lambda d=drafts, t=at: schedule_bundle(d, title="하나", at=t, by=ben),  # type: ignore[misc]
            lambda d=drafts, t=at: schedule_bundle(d[::-1], title="둘", at=t, by=ben),  # type: ignore[misc]
        )
        assert sum(isinstance(o, Bundle) for o in results) == 1
        assert Release.objects.waiting().count() % 4 == 0


def test_failing_releases_that_are_being_bundled_do_not_deadlock() -> None:
    """Slugs are taken in an order of their own; the articles are locked by id before."""
    ben = make.ben()
    drafts = [make.draft(slug=f"거꾸로-{9 - n}") for n in range(6)]
    at = timezone.now() + make.DUE_AFTER
    plans = [schedule_draft(draft, at=at, by=ben).pk for draft in drafts]
    runners: list[Callable[[], Any]] = [
        lambda: schedule_bundle(drafts, title="하나", at=at, by=ben),
        lambda: [record_failure(plans, reason="창고가 잠겼습니다.") for _again in range(30)],
    ]
    both(*runners)
    assert Release.objects.waiting().filter(bundle__isnull=False).count() == len(drafts)


def test_concurrent_passes_expire_an_article_once() -> None:
    """publishing 8, publishing 16."""
    articles = [make.live() for _ in range(5)]
    until(ends_soon(*articles))
    both(*[process_due] * 4)
    assert Event.objects.filter(name="article.expired").count() == len(articles)
    assert Entry.objects.filter(verb="expired").count() == len(articles)
    assert not Article.objects.filter(live__isnull=False).exists()


def test_expiry_extended_in_the_last_moment_keeps_or_expires_the_article_and_never_both() -> None:
    ben = make.ben()
    for n in range(ROUNDS):
        article = make.live()
        story = make.draft_of(article)
        until(ends_soon(article) - timedelta(milliseconds=5 * (n - 3)))
        both(process_due, lambda s=story: edit(s, by=ben, expires_at=None))  # type: ignore[misc]
        gone = Event.objects.filter(name="article.expired", key=article.key()).exists()
        article.refresh_from_db()
        assert gone == (article.live_id is None)
