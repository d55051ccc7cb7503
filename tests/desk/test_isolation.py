"""One plan that cannot be carried out delays no other (publishing 5, 6, 7, 22)."""

import math
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from desk.actions import schedule_bundle
from desk.models import Notice, Release
from desk.tasks import publish_due
from desk.workers import scheduler
from desk.workers.scheduler import PUBLISH_BATCH_SIZE, process_due
from outbox.models import Event
from tests.support import make
from tests.support.bulk_copies import scheduled_story_template
from tests.support.faults.failing_releases import (
    after_due_time,
    break_release,
    count_queries,
    repair_release,
    writes_rejected,
)

pytestmark = pytest.mark.django_db

RELEASES_PER_BATCH = 1000
PLACES = {
    "first": [0],
    "in the middle": [RELEASES_PER_BATCH // 2 - 1],
    "last": [RELEASES_PER_BATCH - 1],
    "several": [0, 1, 333, 500, 999],
}
State = Release.State


def scheduled_batch(n: int = RELEASES_PER_BATCH) -> list[Release]:
    """Plans for one second, in the order in which they go out."""
    mould = scheduled_story_template()
    mould.copy_many([mould.release.due_at] * (n - 1), names=[f"이야기-{k}" for k in range(n - 1)])
    return list(Release.objects.waiting().order_by("due_at", "pk"))


@pytest.mark.parametrize("places", PLACES.values(), ids=PLACES)
def test_batch_publishes_all_but_the_failing_releases(places: list[int]) -> None:
    """publishing 5, 22: and at the price of a few halvings of each batch that a broken one is in."""
    releases, tries = scheduled_batch(), Tries()
    bad = [releases[place] for place in places]
    for release in bad:
        break_release(release)
    with after_due_time(), connection.execute_wrapper(tries):
        done = process_due()
    halvings = (
        2 * math.ceil(math.log2(PUBLISH_BATCH_SIZE)) + 1
    )  # the last of them keeps the failure
    assert tries.number > len(bad)
    assert tries.number <= math.ceil(RELEASES_PER_BATCH / PUBLISH_BATCH_SIZE) + len(bad) * halvings
    assert (done.published, done.failed) == (RELEASES_PER_BATCH - len(bad), len(bad))
    assert Article.objects.live().count() == RELEASES_PER_BATCH - len(bad)
    failed = Release.objects.filter(state=State.FAILED).order_by("pk")
    assert list(failed.values_list("pk", flat=True)) == [release.pk for release in bad]
    assert set(failed.values_list("attempts", flat=True)) == {1}
    assert Event.objects.filter(name="article.published").count() == RELEASES_PER_BATCH - len(bad)
    assert Entry.objects.filter(verb="published").count() == RELEASES_PER_BATCH - len(bad)
    assert Notice.objects.count() == len(bad)


class Tries:
    """Counts the queries that lock the articles of due releases, which read all their columns."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += sql.startswith('SELECT "articles_article"."id", "articles_article"."uid"')
        return execute(sql, params, many, context)


def test_embargoed_releases_do_not_stop_the_batch() -> None:
    """An agency's embargo after the schedules; batches are not halved for it."""
    releases, shows = scheduled_batch(60), list[str]()
    early = releases[::6]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "UPDATE articles_article SET live_id" in sql:
            shows.append(sql)
        return execute(sql, params, many, context)

    until = releases[0].due_at + timedelta(hours=1)
    Article.objects.filter(pk__in=[r.article_id for r in early]).update(embargo_until=until)
    with after_due_time(), connection.execute_wrapper(watch):
        done = process_due()
    assert (done.published, done.failed) == (50, 10)
    assert len(shows) == 1, "all that may go out go out together, and nothing of it is undone"
    assert Article.objects.live().count() == 50
    waiting = Release.objects.filter(state=State.FAILED)
    assert {release.retry_at for release in waiting} == {until}


def test_many_embargoed_releases_do_not_delay_later_ones(monkeypatch: Any) -> None:
    """Embargoed releases are skipped first and recorded afterwards, without halving batches."""
    monkeypatch.setattr(scheduler, "PUBLISH_BATCH_SIZE", 20)
    releases, live = scheduled_batch(61), list[int]()
    *early, good = releases
    until = good.due_at + timedelta(hours=1)
    Article.objects.filter(pk__in=[r.article_id for r in early]).update(embargo_until=until)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "UPDATE articles_article SET live_id" in sql:
            live.append(Release.objects.filter(state=State.FAILED).count())
        return execute(sql, params, many, context)

    with after_due_time(), connection.execute_wrapper(watch):
        done = process_due()
    assert (done.published, done.failed) == (1, 60)
    assert live == [0], "before any of the others was as much as noted"
    waiting = Release.objects.filter(state=State.FAILED)
    assert {release.retry_at for release in waiting} == {until}
    assert set(waiting.values_list("attempts", flat=True)) == {1}


def test_embargoed_release_is_retried_when_its_embargo_ends() -> None:
    release = make.planned()
    until = release.due_at + timedelta(seconds=2)  # sooner than a first rest would be over
    Article.objects.filter(pk=release.article_id).update(embargo_until=until)
    with after_due_time():
        process_due()
    release.refresh_from_db()
    assert (release.state, release.retry_at) == (State.FAILED, until)


def test_failing_release_holds_up_its_own_bundle_only(ben: User) -> None:
    """publishing 5, and all or none of a bundle."""
    at = timezone.now() + make.DUE_AFTER
    locked = schedule_bundle([make.draft() for _ in range(3)], title="묶음", at=at, by=ben)
    connection2 = schedule_bundle(
        [make.draft() for _ in range(2)], title="다른 묶음", at=at, by=ben
    )
    alone = make.planned(at=at)
    bad = Release.objects.filter(bundle=locked)[1]
    break_release(bad)
    with after_due_time():
        assert process_due().published == 3
    assert {r.state for r in Release.objects.filter(bundle=locked)} == {State.FAILED}
    assert {r.state for r in Release.objects.filter(bundle=connection2)} == {State.DONE}
    alone.refresh_from_db()
    assert alone.state == State.DONE
    repair_release(bad)
    with after_due_time(make.DUE_AFTER + timedelta(seconds=10)):
        assert process_due().published == 3
    live = Article.objects.filter(pk__in=Release.objects.filter(bundle=locked).values("article"))
    assert set(live.values_list("first_published_at", flat=True)) == {at}


def test_failure_that_cannot_be_recorded_delays_no_other_release() -> None:
    """publishing 5: the database refuses every word about it, and the rest goes out."""
    releases = [make.planned() for _ in range(5)]
    with after_due_time(), writes_rejected("desk_release", where=f"OLD.id = {releases[0].pk}"):
        assert process_due().published == 4
        assert process_due().published == 0
        releases[0].refresh_from_db()
        assert (releases[0].state, releases[0].attempts) == (State.PENDING, 0)
    with after_due_time():
        assert process_due().published == 1


def test_failed_publication_leaves_the_article_unchanged(api: Any) -> None:
    """publishing 7: nothing of the half-done move is left behind."""
    release = make.planned(lead_photo=make.photo(), poll=make.poll_data())
    with after_due_time(), writes_rejected("desk_release", where="NEW.state = 'done'"):
        assert process_due().failed == 1
        article = Article.objects.get(pk=release.article_id)
        assert article.live_id is None
        assert article.published_at is None
        assert api.get(f"/api/v1/articles/{article.slug}/").status_code == 404
    assert not Event.objects.filter(name="article.published").exists()
    assert not Entry.objects.filter(verb="published").exists()
    assert release.edition.lead_photo
    release.edition.lead_photo.refresh_from_db()
    assert not release.edition.lead_photo.public


def test_database_error_is_not_recorded_on_the_release() -> None:
    """A lock that another program holds too long, a disk that is full: it waits as it is, and is tried
    again with the next round."""
    release = make.planned()

    def full(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("\nUPDATE articles_article SET live_id"):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with after_due_time():
        with connection.execute_wrapper(full):
            assert process_due().failed == 1
        release.refresh_from_db()
        assert (release.state, release.attempts, release.reason) == (State.PENDING, 0, "")
        assert not Notice.objects.exists()
        assert process_due().published == 1


def test_batch_without_enough_memory_is_published_in_halves() -> None:
    """publishing 22"""
    releases = scheduled_batch(40)

    def small(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        numbers = sql.rpartition(" IN (")[2].split(",")
        if sql.startswith("\nUPDATE articles_article SET live_id") and len(numbers) > 10:
            raise MemoryError
        return execute(sql, params, many, context)

    with after_due_time(), connection.execute_wrapper(small):
        done = process_due()
    assert (done.published, done.failed) == (len(releases), 0)
    assert not Notice.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_lock_timeout_leaves_the_release_pending() -> None:
    """The same from a real PostgreSQL: 55P03, lock not available."""
    release = make.planned()
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now())
    connection2 = connection.copy()
    try:
        with connection2.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"SELECT 1 FROM desk_release WHERE id = {release.pk} FOR UPDATE")
            assert process_due().failed == 1
            cursor.execute("ROLLBACK")
    finally:
        connection2.close()
    release.refresh_from_db()
    assert (release.state, release.attempts) == (State.PENDING, 0)
    assert process_due().published == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_stalled_lock_holder_does_not_stop_the_scheduler(ben: User) -> None:
    """publishing 5: a worker that sleeps in the middle, a forgotten console: one due, one over, one of
    a bundle are held; everything else goes out, round after round."""
    over = make.live(expires_at=timezone.now() + make.DUE_AFTER)
    locked = make.planned()
    together = schedule_bundle([make.draft(), make.draft()], title="묶음", at=locked.due_at, by=ben)
    member = together.releases.order_by("pk").first()
    assert member
    connection2 = connection.copy()
    try:
        with connection2.cursor() as cursor:
            cursor.execute("BEGIN")
            numbers = f"{over.pk}, {locked.article_id}, {member.article_id}"
            cursor.execute(f"SELECT 1 FROM articles_article WHERE id IN ({numbers}) FOR UPDATE")
            with after_due_time():
                for _ in range(2):
                    free = make.planned(at=timezone.now() + timedelta(seconds=1))
                    Release.objects.filter(pk=free.pk).update(due_at=timezone.now())
                    began = time.monotonic()
                    assert process_due().published == 1
                    assert time.monotonic() - began < 20, "it waited for whoever stopped"
                    free.refresh_from_db()
                    assert free.state == State.DONE
            cursor.execute("ROLLBACK")
    finally:
        connection2.close()
    with after_due_time():
        done = process_due()
    assert (done.published, done.expired, done.failed) == (3, 1, 0)


class Cut:
    """Cuts the newsroom's connection, in the moment when pointers are about to move."""

    def __init__(self, *, and_shut: bool) -> None:
        self.admin, self.and_shut, self.done = connection.copy(), and_shut, False
        self.admin.settings_dict["NAME"] = "postgres"  # a connection cannot close its own database
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (self.backend,) = cursor.fetchone()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("\nUPDATE articles_article SET live_id") and not self.done:
            if self.and_shut:
                self.let_in("false")
            self.ask(f"SELECT pg_terminate_backend({self.backend}, 5000)")
            self.done = True
        return execute(sql, params, many, context)

    def let_in(self, whether: str) -> None:
        name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        self.ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {whether}")

    def ask(self, sql: str) -> None:
        with self.admin.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1, 5])
def test_terminated_connection_costs_one_attempt(number: int) -> None:
    """publishing 7, 9: nothing half-done, nothing twice, nothing blamed on the stories."""
    for _ in range(number):
        make.planned()
    Release.objects.update(due_at=timezone.now())
    cut = Cut(and_shut=False)
    try:
        with connection.execute_wrapper(cut):
            publish_due()
    finally:
        cut.admin.close()
    assert cut.done
    publish_due()
    assert set(Release.objects.values_list("state", "attempts")) == {("done", 0)}
    assert Event.objects.filter(name="article.published").count() == number
    assert Entry.objects.filter(verb="published").count() == number
    assert not Notice.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_pass_without_a_database_raises_and_the_next_one_works() -> None:
    """publishing 12"""
    for _ in range(3):
        make.planned()
    Release.objects.update(due_at=timezone.now())
    cut = Cut(and_shut=True)
    try:
        with connection.execute_wrapper(cut), pytest.raises(OperationalError):
            publish_due()
    finally:
        cut.let_in("true")
        cut.admin.close()
    assert not Article.objects.live().exists()
    assert set(Release.objects.values_list("state", "attempts")) == {("pending", 0)}
    assert publish_due().startswith("3 published")


def test_error_of_every_release_costs_a_constant_number_of_queries_each(ben: User) -> None:
    """publishing 6: a mistake of ours at noon; the round still comes to its end, and everyone hears."""

    def cost_of(n: int) -> float:
        for release in scheduled_batch(n):
            break_release(release)
        with after_due_time():
            queries_used = count_queries(process_due)
            assert process_due().failed == 0
        failed = Release.objects.filter(state=State.FAILED)
        assert failed.count() == Notice.objects.count() == n
        failed.update(state=State.CANCELLED, settled_at=timezone.now())
        Notice.objects.all().delete()
        return queries_used / n

    small_cost = cost_of(8)
    Article.objects.update(slug=Concat("slug", Value("-old")))
    assert cost_of(64) < 1.5 * small_cost
