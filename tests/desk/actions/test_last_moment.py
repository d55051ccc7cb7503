"""An editor and the clock want the same story in the same moment: one decides, the other is told.

Real threads on PostgreSQL. One of them is stopped in the middle of its transaction, so that it is
no chance who came first.
"""

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
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
from tests.support.processes import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
INSTANT = timedelta(milliseconds=100)
HOUR = timedelta(hours=1)
Act = Callable[[Draft], Any]


def take_back(draft: Draft) -> None:
    unschedule(draft, by=make.ben())


def put_off(draft: Draft) -> None:
    unschedule(draft, by=make.ben())
    schedule_draft(draft, at=timezone.now() + HOUR, by=make.ben())


def swap_words(draft: Draft) -> None:
    replace_scheduled(draft, by=make.ben())


def put_out_now(draft: Draft) -> None:
    publish_now(draft, by=make.ben())


def take_down(draft: Draft) -> None:
    assert draft.article
    withdraw(draft.article, notice="내림", by=make.ben())


def overdue(*, was_live: bool = False, **words: Any) -> tuple[Draft, Release]:
    """A draft whose text has changed since its first words were planned, and whose time has come."""
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


def shown(release: Release) -> str | None:
    article = Article.objects.select_related("live").get(pk=release.article_id)
    return article.live.headline if article.live else None


def events(release: Release) -> list[str]:
    told = Event.objects.filter(key=release.article.key()).order_by("pk")
    return list(told.values_list("name", flat=True))


EDITORS: list[tuple[Act, bool, str | None, str, list[str]]] = [
    (take_back, False, None, "cancelled", []),
    (put_off, False, None, "cancelled", []),
    (swap_words, False, "새 제목", "done", ["article.published"]),
    (put_out_now, False, "새 제목", "overtaken", ["article.published"]),
    (take_down, True, None, "cancelled", ["article.published", "article.withdrawn"]),
]


@pytest.mark.parametrize(
    ("act", "was_live", "headline", "state", "told"),
    EDITORS,
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_editor_holding_the_lock_decides_over_a_due_release(
    act: Act, was_live: bool, headline: str | None, state: str, told: list[str]
) -> None:
    """publishing 4, 10, 11, 14, 20: while the editor's transaction is open, sweeps come by."""
    draft, release = overdue(was_live=was_live)
    decided = threading.Event()

    def editor() -> None:
        with transaction.atomic():
            act(draft)
            decided.set()
            time.sleep(0.4)

    def clock() -> None:
        assert decided.wait(10)
        process_due()

    works = [editor, clock, clock]
    out = make.race(3, lambda n: works[n]())
    assert out == [None, None, None]
    process_due()
    release.refresh_from_db()
    assert (shown(release), release.state, events(release)) == (headline, state, told)


@contextmanager
def stopped_in_the_middle(release: Release) -> Any:
    """The clock has the story in its hands and waits for a photo that somebody else holds."""
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


def waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("act", [take_back, put_off, swap_words])
def test_editor_waiting_for_a_publication_is_refused(act: Act) -> None:
    """publishing 10: no plan is both taken back and carried out."""
    draft, release = overdue(lead_photo=make.photo())
    out: list[Any] = []
    with stopped_in_the_middle(release):
        thread = threading.Thread(
            target=lambda: out.extend(make.race(1, lambda _n: act(draft))), daemon=True
        )
        thread.start()
        wait_until(lambda: waiting_for_locks() == 2, within=10)
    thread.join()
    assert len(out) == 1
    assert isinstance(out[0], NothingWaiting | Settled), out
    release.refresh_from_db()
    assert (shown(release), release.state) == ("예약한 제목", "done")
    assert events(release) == ["article.published"]
    assert Release.objects.filter(article=release.article_id).count() == 1


def test_stalled_worker_does_not_hold_up_other_releases() -> None:
    """publishing 5, 8: what it holds waits, the rest goes out by another."""
    _draft, held = overdue(lead_photo=make.photo())
    others = [make.planned(headline="예약한 제목") for _ in range(5)]
    now_due = Release.objects.filter(pk__in=[release.pk for release in others])
    with stopped_in_the_middle(held):
        make.race(1, lambda _n: now_due.update(due_at=timezone.now()))  # on a line of its own
        second = threading.Thread(target=make.race, args=(1, lambda _n: process_due()))
        second.start()
        wait_until(lambda: Article.objects.live().count() == 5, within=10)
        assert shown(held) is None
    second.join()
    assert [shown(release) for release in [held, *others]] == ["예약한 제목"] * 6
    assert Event.objects.filter(name="article.published").count() == 6
    assert Entry.objects.filter(verb="published").count() == 6


@pytest.mark.parametrize("act", [put_off, swap_words, put_out_now])
def test_editor_and_scheduler_in_the_same_moment_publish_once(act: Act) -> None:
    """publishing 8, 10, 11; wire 5c: reschedule, swap and publication in the last millisecond."""
    for _ in range(6):
        release = make.planned(headline="예약한 제목")
        draft = make.changed(make.draft_of(release.article), headline="새 제목")
        moment = timezone.now() + INSTANT
        Release.objects.filter(pk=release.pk).update(due_at=moment)
        time.sleep((moment - timezone.now()).total_seconds())
        works: list[Callable[[], Any]] = [process_due, lambda d=draft: act(d), process_due]  # type: ignore[misc]
        out = make.race(3, lambda n, w=works: w[n]())  # type: ignore[misc]
        assert not [o for o in out if isinstance(o, Exception) and not isinstance(o, Refused)], out
        was_refused = any(isinstance(o, Refused) for o in out)
        assert agrees(release, act, was_refused=was_refused)


def agrees(release: Release, act: Act, *, was_refused: bool) -> bool:
    """Whether article, plans, events and audit log tell the same story, and what the editor was told."""
    done = Release.objects.done().filter(article=release.article_id).order_by("edition__number")
    told = Entry.objects.filter(verb="published", kind="desk.release")
    own = told.filter(subject__in=[str(each.pk) for each in done])
    words = [each.edition.headline for each in done]
    expected: dict[Act, list[str]] = {
        put_off: [] if not was_refused else ["예약한 제목"],
        swap_words: ["새 제목"] if not was_refused else ["예약한 제목"],
        put_out_now: ["새 제목"] if len(words) == 1 else ["예약한 제목", "새 제목"],
    }
    return (
        words == expected[act]
        and len(events(release)) == own.count() == len(words)
        and shown(release) == (words[-1] if words else None)
    )
