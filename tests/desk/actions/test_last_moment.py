"""Races of editors with the scheduler over one story: one decides, the other is refused.

Real threads on PostgreSQL. One of them is stopped in the middle of its transaction, so that it is
no chance who came first.
"""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from articles.models import Article
from audit.models import Entry
from desk.actions import publish_now, replace_scheduled, schedule_draft, unschedule, withdraw
from desk.errors import NothingWaiting, Settled
from desk.models import Draft, Release
from desk.tasks import process_due
from media.models import Photo
from newsroom.errors import Refused
from outbox.models import Event
from tests.support import make
from tests.support.locks import waiting_for_locks
from tests.support.loopback.processes import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
Act = Callable[[Draft], Any]


def unschedule_story(draft: Draft) -> None:
    unschedule(draft, by=make.ben())


def reschedule_story(draft: Draft) -> None:
    unschedule(draft, by=make.ben())
    schedule_draft(draft, at=timezone.now() + HOUR, by=make.ben())


def replace_text(draft: Draft) -> None:
    replace_scheduled(draft, by=make.ben())


def publish_story(draft: Draft) -> None:
    publish_now(draft, by=make.ben())


def withdraw_story(draft: Draft) -> None:
    assert draft.article
    withdraw(draft.article, notice="내림", by=make.ben())


def overdue_draft(*, was_live: bool = False, **words: Any) -> tuple[Draft, Release]:
    """A draft that has changed since it was scheduled, and its release, which is due."""
    if was_live:
        draft = make.draft_of(make.live(headline="살아 있던 제목", **words))
        release = schedule_draft(
            make.changed(draft, headline="예약한 제목"), at=timezone.now() + HOUR, by=make.ben()
        )
    else:
        release = make.planned(headline="예약한 제목", **words)
    draft = make.changed(make.draft_of(release.article), headline="새 제목")
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now())
    return draft, release


def live_headline(release: Release) -> str | None:
    article = Article.objects.select_related("live").get(pk=release.article_id)
    return article.live.headline if article.live else None


def event_names(release: Release) -> list[str]:
    events = Event.objects.filter(key=release.article.key()).order_by("pk")
    return list(events.values_list("name", flat=True))


EDITORS: list[tuple[Act, bool, str | None, str, list[str]]] = [
    (unschedule_story, False, None, "cancelled", []),
    (reschedule_story, False, None, "cancelled", []),
    (replace_text, False, "새 제목", "done", ["article.published"]),
    (publish_story, False, "새 제목", "overtaken", ["article.published"]),
    (withdraw_story, True, None, "cancelled", ["article.published", "article.withdrawn"]),
]


@pytest.mark.parametrize(
    ("act", "was_live", "headline", "state", "expected_events"),
    EDITORS,
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_editor_holding_the_lock_decides_over_a_due_release(
    act: Act, was_live: bool, headline: str | None, state: str, expected_events: list[str]
) -> None:
    """publishing 4, 10, 11, 14, 20: while the editor's transaction is open, sweeps come by."""
    draft, release = overdue_draft(was_live=was_live)
    decided, swept = threading.Event(), list[int]()

    def editor() -> None:
        with transaction.atomic():
            act(draft)
            decided.set()
            wait_until(lambda: len(swept) + waiting_for_locks() == 2, within=10)

    def clock() -> None:
        assert decided.wait(10)
        swept.append(process_due().published)

    runners = [editor, clock, clock]
    results = make.race(3, lambda n: runners[n]())
    assert results == [None, None, None]
    process_due()
    release.refresh_from_db()
    assert (live_headline(release), release.state, event_names(release)) == (
        headline,
        state,
        expected_events,
    )


@contextmanager
def stalled_publication(release: Release) -> Any:
    """A publication that holds the article and waits for the lock of a photo."""
    threads = []
    with transaction.atomic():
        Photo.objects.select_for_update().get(pk=release.edition.lead_photo_id or 0)
        thread = threading.Thread(target=make.race, args=(1, lambda _n: process_due()))
        thread.start()
        threads.append(thread)
        wait_until(lambda: waiting_for_locks() == 1, within=10)
        yield
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("act", [unschedule_story, reschedule_story, replace_text])
def test_editor_waiting_for_a_publication_is_refused(act: Act) -> None:
    """publishing 10: no plan is both taken back and carried out."""
    draft, release = overdue_draft(lead_photo=make.photo())
    results: list[Any] = []
    with stalled_publication(release):
        thread = threading.Thread(
            target=lambda: results.extend(make.race(1, lambda _n: act(draft))), daemon=True
        )
        thread.start()
        wait_until(lambda: waiting_for_locks() == 2, within=10)
    thread.join()
    assert len(results) == 1
    assert isinstance(results[0], NothingWaiting | Settled), results
    release.refresh_from_db()
    assert (live_headline(release), release.state) == ("예약한 제목", "done")
    assert event_names(release) == ["article.published"]
    assert Release.objects.filter(article=release.article_id).count() == 1


def test_stalled_worker_does_not_hold_up_other_releases() -> None:
    """publishing 5, 8: what it holds waits, the rest goes out by another."""
    _draft, stalled = overdue_draft(lead_photo=make.photo())
    others = [make.planned(headline="예약한 제목") for _ in range(5)]
    now_due = Release.objects.filter(pk__in=[release.pk for release in others])
    with stalled_publication(stalled):
        make.race(1, lambda _n: now_due.update(due_at=timezone.now()))  # on a line of its own
        second = threading.Thread(target=make.race, args=(1, lambda _n: process_due()))
        second.start()
        wait_until(lambda: Article.objects.live().count() == 5, within=10)
        assert live_headline(stalled) is None
    second.join()
    assert [live_headline(release) for release in [stalled, *others]] == ["예약한 제목"] * 6
    assert Event.objects.filter(name="article.published").count() == 6
    assert Entry.objects.filter(verb="published").count() == 6


@pytest.mark.parametrize("act", [reschedule_story, replace_text, publish_story])
def test_editor_and_scheduler_in_the_same_moment_publish_once(act: Act) -> None:
    """publishing 8, 10, 11; wire 5c: reschedule, swap and publication in the last millisecond."""
    for _ in range(6):
        release = make.planned(headline="예약한 제목")
        draft = make.changed(make.draft_of(release.article), headline="새 제목")
        Release.objects.filter(pk=release.pk).update(due_at=timezone.now())
        runners: list[Callable[[], Any]] = [process_due, lambda d=draft: act(d), process_due]  # type: ignore[misc]
        results = make.race(3, lambda n, w=runners: w[n]())  # type: ignore[misc]
        assert not [
            o for o in results if isinstance(o, Exception) and not isinstance(o, Refused)
        ], results
        was_refused = any(isinstance(o, Refused) for o in results)
        assert is_consistent(release, act, was_refused=was_refused)


def is_consistent(release: Release, act: Act, *, was_refused: bool) -> bool:
    """Whether article, releases, events, audit log and the editor's result agree."""
    done = Release.objects.done().filter(article=release.article_id).order_by("edition__number")
    entries = Entry.objects.filter(verb="published", kind="desk.release")
    own = entries.filter(subject__in=[str(each.pk) for each in done])
    words = [each.edition.headline for each in done]
    expected: dict[Act, list[str]] = {
        reschedule_story: [] if not was_refused else ["예약한 제목"],
        replace_text: ["새 제목"] if not was_refused else ["예약한 제목"],
        publish_story: ["새 제목"] if len(words) == 1 else ["예약한 제목", "새 제목"],
    }
    return (
        words == expected[act]
        and len(event_names(release)) == own.count() == len(words)
        and live_headline(release) == (words[-1] if words else None)
    )
