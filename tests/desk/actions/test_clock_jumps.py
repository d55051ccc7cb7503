"""Clock jumps, stopped schedulers, rescheduling: each release is published once, at the right time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from articles.models import Article
from audit.models import Entry
from desk.actions import schedule_draft
from desk.models import Release
from desk.tasks import process_due
from outbox.actions import acquire_lease, fan_out_all, renew_lease, replay_delivery
from outbox.metrics import measure_outbox
from outbox.models import Delivery, Event, Subscriber
from outbox.worker import deliver_all_due, has_due_work
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import event_type_and_slug, only_delivery, publish_test_event, subscriber

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = timedelta(days=1)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def status(api: APIClient, article: Article) -> int:
    return int(api.get(f"/api/v1/articles/{article.slug}/").status_code)


def published(article: Article) -> tuple[int, int]:
    """How many events and how many lines of the audit log say that it went out."""
    releases = Release.objects.filter(article=article).values_list("pk", flat=True)
    lines = Entry.objects.filter(
        kind="desk.release", verb="published", subject__in=[str(pk) for pk in releases]
    )
    return Event.objects.filter(key=article.key()).count(), lines.count()


def test_release_is_published_at_its_microsecond_and_not_before(api: APIClient) -> None:
    """publishing 1, 2"""
    release = make.planned()
    with at(release.due_at - TICK):
        assert process_due().published == 0
        assert status(api, release.article) == 404
        assert api.get("/api/v1/articles/").json()["results"] == []
    with at(release.due_at):
        assert process_due().published == 1
        assert status(api, release.article) == 200
        assert len(api.get("/api/v1/articles/").json()["results"]) == 1


@pytest.mark.parametrize(("verb", "outcome"), [("unschedule", 404), ("swap", 200)])
def test_editor_decision_in_the_last_microsecond_counts(
    api: APIClient, desk_api: make.DeskClient, verb: str, outcome: int
) -> None:
    """publishing 4, 10"""
    release = make.planned(headline="재목")
    draft = make.changed(make.draft_of(release.article), headline="제목")
    with at(release.due_at - TICK):
        assert desk_api.act(draft.pk, verb).status_code == 200
    with at(release.due_at):
        process_due()
        answer = api.get(f"/api/v1/articles/{release.article.slug}/")
    assert answer.status_code == outcome
    assert outcome == 404 or answer.json()["headline"] == "제목"


@pytest.mark.parametrize("by", [-2 * MINUTE, 2 * MINUTE], ids=["earlier", "later"])
def test_rescheduled_release_is_published_at_the_new_time_only(
    api: APIClient, desk_api: make.DeskClient, by: timedelta
) -> None:
    """publishing 11"""
    old = make.planned()
    draft, new = make.draft_of(old.article), old.due_at + by
    assert desk_api.act(draft.pk, "unschedule").status_code == 200
    assert desk_api.act(draft.pk, "schedule", {"at": new.isoformat()}).status_code == 200
    for moment in sorted([old.due_at, new, new - TICK, old.due_at + TICK, new + TICK]):
        with at(moment):
            process_due()
            assert (status(api, old.article) == 200) == (moment >= new)
    assert published(old.article) == (1, 1)
    page = api.get(f"/api/v1/articles/{old.article.slug}/").json()
    assert datetime.fromisoformat(page["published_at"]) == new


def test_clock_jumping_ahead_and_back_publishes_nothing_twice(api: APIClient) -> None:
    """publishing 9, wire 5c: what went out by a wrong clock stays out; the rest waits for its time."""
    soon, later = make.planned(), make.planned(at=timezone.now() + 2 * HOUR)
    for jump in (HOUR, -HOUR, 90 * MINUTE, timedelta(0), HOUR):
        with at(soon.due_at + jump):
            process_due()
            if jump >= HOUR:
                assert status(api, soon.article) == 200
            assert status(api, later.article) == 404
    assert published(soon.article) == (1, 1)
    with at(soon.due_at - HOUR):
        assert status(api, soon.article) == 200
    with at(later.due_at):
        process_due()
    assert published(later.article) == (1, 1)


def test_newer_edition_replaces_older_one_after_clock_was_set_back(api: APIClient) -> None:
    """wire 5c: `Article.live` follows the editions, not the clock; published times never run backwards."""
    first = make.planned(headline="먼저 쓴 제목")
    with at(first.due_at + HOUR):
        process_due()
    before = api.get(f"/api/v1/articles/{first.article.slug}/").json()
    draft = make.changed(make.draft_of(first.article), headline="고친 제목")
    second = schedule_draft(draft, at=timezone.now() + MINUTE, by=make.ben())
    assert second.due_at < first.due_at
    with at(second.due_at):
        assert process_due().published == 1
    after = api.get(f"/api/v1/articles/{first.article.slug}/").json()
    assert after["headline"] == "고친 제목"
    assert after["published_at"] == before["published_at"]
    assert after["updated_at"] >= before["updated_at"]


def test_scheduler_stopped_for_hours_publishes_each_release_once_and_records_the_delay(
    api: APIClient,
) -> None:
    """publishing 12, 13"""
    releases = [make.planned(at=timezone.now() + n * MINUTE) for n in range(1, 6)]
    with at(releases[-1].due_at + HOUR):
        assert process_due().published == 5
        assert process_due().published == 0
    for release in releases:
        assert published(release.article) == (1, 1)
        page: Any = api.get(f"/api/v1/articles/{release.article.slug}/").json()
        assert datetime.fromisoformat(page["published_at"]) == release.due_at
    late = Entry.objects.filter(verb="published").order_by("pk")
    late_minutes = [entry.details["late_seconds"] // 60 for entry in late]
    assert late_minutes == [64, 63, 62, 61, 60]
    shown = [card["slug"] for card in api.get("/api/v1/articles/").json()["results"]]
    assert shown == [release.article.slug for release in reversed(releases)]


def test_release_cancelled_while_the_scheduler_was_stopped_is_not_published(
    api: APIClient, desk_api: make.DeskClient
) -> None:
    """publishing 10, 12: due for an hour, but nobody came by; the editor was quicker."""
    release = make.planned()
    with at(release.due_at + HOUR):
        assert desk_api.act(make.draft_of(release.article).pk, "unschedule").status_code == 200
        assert process_due().published == 0
        assert status(api, release.article) == 404
    assert published(release.article) == (0, 0)


def test_overdue_release_published_by_hand_is_published_once(
    api: APIClient, desk_api: make.DeskClient
) -> None:
    """publishing 14: the clock stands, the editor presses the button, the clock comes back."""
    release = make.planned()
    with at(release.due_at + MINUTE):
        assert desk_api.act(make.draft_of(release.article).pk, "publish").status_code == 200
        assert process_due().published == 0
        assert status(api, release.article) == 200
    assert published(release.article) == (1, 1)


@pytest.mark.parametrize("kind", [Subscriber.Kind.WEBHOOK, Subscriber.Kind.WEBSUB])
def test_delivery_created_by_a_clock_ahead_is_sent_at_once_and_once(
    receiver: HTTPReceiver, kind: str
) -> None:
    subscriber(receiver.url, kind=kind)
    now = timezone.now()
    with at(now):
        publish_test_event()
    with at(now + HOUR):
        fan_out_all()
    with at(now + SECOND):
        assert has_due_work()
        deliver_all_due()
        assert only_delivery().state == Delivery.State.DONE
    calls = len(receiver.got)
    assert calls == len({got.body for got in receiver.got}) > 0
    with at(now + HOUR):
        deliver_all_due()
    assert len(receiver.got) == calls


def test_delivery_replayed_by_a_clock_ahead_is_sent_at_once(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    deliver_all_due()
    with at(timezone.now() + HOUR):
        replay_delivery(only_delivery(), by=make.ben())
    deliver_all_due()
    assert (only_delivery().state, len(receiver.got)) == (Delivery.State.DONE, 2)


def test_delivery_order_of_an_article_does_not_depend_on_the_clock(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    with at(timezone.now() + HOUR):
        fan_out_all()
    publish_test_event(name="article.updated")
    deliver_all_due()
    assert [event_type_and_slug(got)[0] for got in receiver.got] == [
        "article.published",
        "article.updated",
    ]


def test_delivery_lease_of_a_clock_ahead_does_not_block_for_an_hour() -> None:
    hook = subscriber("https://hooks.example.com/in")
    with at(timezone.now() + HOUR):
        expired = acquire_lease(hook)
    current = acquire_lease(hook)
    assert expired
    assert current
    assert renew_lease(hook, token=current)
    assert not renew_lease(hook, token=expired)


def test_hosts_whose_clocks_differ_by_seconds_deliver_once() -> None:
    hook = subscriber("https://hooks.example.com/in")
    with at(timezone.now() + 5 * SECOND):
        assert acquire_lease(hook)
    assert acquire_lease(hook) is None


def test_repeated_purge_by_a_clock_ahead_is_sent(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url, kind=Subscriber.Kind.PURGE_HTTP, options={"by": "keys"})
    publish_test_event()
    with at(timezone.now() + HOUR):
        deliver_all_due()
        assert only_delivery().is_repeat
    deliver_all_due()
    assert (only_delivery().state, len(receiver.got)) == (Delivery.State.DONE, 2)


def test_hosts_whose_clocks_differ_by_seconds_do_not_repeat_a_purge_early(
    receiver: HTTPReceiver,
) -> None:
    subscriber(receiver.url, kind=Subscriber.Kind.PURGE_HTTP, options={"by": "keys"})
    publish_test_event()
    with at(timezone.now() + 5 * SECOND):
        deliver_all_due()
    deliver_all_due()
    assert (only_delivery().state, len(receiver.got)) == (Delivery.State.WAITING, 1)


def test_delivery_waits_no_longer_than_the_longest_backoff(receiver: HTTPReceiver) -> None:
    """Retry-After speaks for the subscriber, the schedule for the delivery; both by a clock ahead."""
    hook = subscriber(receiver.url)
    publish_test_event()
    receiver.answer = (503, {"Retry-After": "86400"}, b"")
    with at(timezone.now() + 3 * DAY):
        deliver_all_due()
    hook.refresh_from_db()
    assert hook.paused_until
    assert hook.paused_until > timezone.now() + 3 * DAY
    receiver.answer = 200
    deliver_all_due()
    assert (only_delivery().state, len(receiver.got)) == (Delivery.State.DONE, 2)


def test_delivery_wait_within_the_backoff_is_kept(receiver: HTTPReceiver) -> None:
    subscriber(receiver.url)
    publish_test_event()
    receiver.answer = (503, {"Retry-After": "86400"}, b"")
    deliver_all_due()
    receiver.answer = 200
    with at(timezone.now() - 30 * SECOND):
        deliver_all_due()
    with at(timezone.now() + DAY - MINUTE):
        deliver_all_due()
    assert (only_delivery().state, len(receiver.got)) == (Delivery.State.WAITING, 1)
    with at(timezone.now() + DAY):
        deliver_all_due()
    assert (only_delivery().state, len(receiver.got)) == (Delivery.State.DONE, 2)


@pytest.mark.parametrize(("ahead", "lag"), [(timedelta(0), 90), (HOUR, 0)])
def test_delivery_lag_counts_from_the_event_where_a_clock_was_ahead(
    ahead: timedelta, lag: int
) -> None:
    """The age of an event with a time in the future is unknown, and never negative."""
    subscriber("https://hooks.example.com/in")
    now = timezone.now()
    with at(now + ahead):
        publish_test_event()
    with at(now + HOUR):
        fan_out_all()
    metrics = measure_outbox(now + 90 * SECOND)
    assert (metrics.depth, metrics.lag_seconds) == (1, lag)
    assert measure_outbox(now + HOUR + 9 * SECOND).lag_seconds == 9
