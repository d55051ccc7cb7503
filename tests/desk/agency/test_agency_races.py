"""A cancellation and publication at the same moment, on real threads against PostgreSQL.

Either the story never goes out, or it goes out and the policy of its source is applied; nobody is told
twice.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from articles.models import Article
from desk.actions import end_hold, publish_now, start_from_wire
from desk.actions.due_releases import publish_due_blocking
from desk.actions.legal.erasing import erase_article
from desk.errors import NothingToStartFrom
from desk.errors.wire import AlreadyTaken, HeldByWire
from desk.models import Draft, Erasure, Notice, Release, WireHold
from desk.tasks import process_due
from tests.desk.agency.newsroom import (
    CANCELLED,
    CORRECTED,
    TITLE,
    arrives,
    begun,
    live,
    planned,
    yonhap,
)
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from tests.support.locks import waiting_for_locks
from tests.support.loopback.processes import wait_until
from wire.actions import insert_delivery, parse_delivery
from wire.models import Delivery, Source, Story
from wire.tasks import parse_waiting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Policy = Source.CancellationPolicy


@pytest.fixture(autouse=True)
def _newsroom(db: None) -> None:
    make.reference_rows()
    make.chief()
    yonhap(cancellation_policy=Policy.WITHDRAW)


def one_while_other_waits(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """What came of both: the first is committed when the second waits for one of its locks."""
    done, outcomes = threading.Event(), dict[int, Any]()

    def work(number: int) -> None:
        try:
            if number:
                assert done.wait(20)
                outcomes[number] = second()
                return
            with transaction.atomic():
                outcomes[number] = first()
                done.set()
                wait_until(lambda: waiting_for_locks() >= 1, within=20)
        except Exception as error:  # noqa: BLE001  # whatever came of it is what the test asks
            outcomes[number] = error

    make.race(2, work)
    return [outcomes[0], outcomes[1]]


def overdue(draft: Draft | None = None) -> Release:
    """A release whose time has just come."""
    release = planned(draft)
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return release


def cancel() -> None:
    """File the cancellation that came, in the transaction of the caller where there is one."""
    parse_waiting()


def cancellation_came(*, hour: int = 10) -> None:
    raw = agency_copy(CANCELLED, sent=f"2026-10-01 {hour:02}:00:00", body=["전문을 취소합니다."])
    insert_delivery(yonhap(), raw=raw, name="", content_type="", by=None)


def test_publication_that_is_first_is_withdrawn_by_the_policy() -> None:
    release = overdue()
    cancellation_came()
    published, _nothing = one_while_other_waits(lambda: publish_due_blocking([release.pk]), cancel)
    assert [each.state for each in published] == [Release.State.DONE]
    article = Article.objects.get()
    assert (article.live, bool(article.withdrawn_at)) == (None, True)
    assert Notice.objects.filter(what=Notice.What.WIRE_CANCELLED).count() == 3


def test_cancellation_that_is_first_keeps_the_scheduler_from_publishing() -> None:
    release = overdue()
    cancellation_came()
    delivery = Delivery.objects.latest("pk")
    _delivery, published = one_while_other_waits(
        lambda: file_now(delivery), lambda: publish_due_blocking([release.pk])
    )
    assert published == []
    release.refresh_from_db()
    assert (release.state, bool(release.held_at)) == (Release.State.PENDING, True)


def file_now(delivery: Delivery) -> Any:
    """File a delivery inside of the transaction of the caller."""
    return parse_delivery(delivery, by=None)


def test_cancellation_that_is_first_refuses_an_editor_who_publishes_at_once() -> None:
    draft, ben = begun(), make.ben()
    cancellation_came()
    delivery = Delivery.objects.latest("pk")
    _delivery, refused = one_while_other_waits(
        lambda: file_now(delivery), lambda: publish_now(draft, by=ben)
    )
    assert isinstance(refused, HeldByWire)
    assert not Release.objects.exists()


def test_an_editor_who_is_first_sees_the_article_follow_the_policy() -> None:
    draft, ben = begun(), make.ben()
    cancellation_came()
    published, _nothing = one_while_other_waits(lambda: publish_now(draft, by=ben), cancel)
    assert published.state == Release.State.DONE
    assert Article.objects.get().withdrawn_at


def test_a_draft_that_begins_beside_the_cancellation_is_refused_or_held() -> None:
    story, ada = arrives(), make.staff("ada", role="reporter")
    cancellation_came()
    out = make.race(2, lambda n: cancel() if n else start_from_wire(story, by=ada))
    refused = [one for one in out if isinstance(one, NothingToStartFrom)]
    assert not [one for one in out if isinstance(one, Exception) and one not in refused]
    assert WireHold.objects.open().count() == Draft.objects.count()
    assert bool(refused) == (not Draft.objects.exists())


def test_four_workers_and_the_scheduler_settle_it_once() -> None:
    """Whatever the order: held back and never out, or out and withdrawn; each is told once."""
    # Another headline each: one like that of a cancelled story would wait for a person's answer.
    for title in (TITLE, "도서관 새로 짓는다", "겨울 축제 석 달 미룬다", "옛 항구에 박물관"):
        story = arrives(title)
        release = overdue(begun(story))
        for hour in (10, 11):
            raw = agency_copy(f"[전문취소] {title}", sent=f"2026-10-01 {hour}:00:00")
            insert_delivery(yonhap(), raw=raw, name="", content_type="", by=None)
        out = make.race(4, lambda n: process_due() if n % 2 else parse_waiting())
        assert not [one for one in out if isinstance(one, Exception)]
        parse_waiting()
        release.refresh_from_db()
        article = Article.objects.get(pk=release.article_id)
        is_out = release.state == Release.State.DONE
        assert article.live is None
        assert is_out == bool(article.withdrawn_at)
        assert is_out == (release.held_at is None)
        draft = Draft.objects.get(article=article)
        notices = Notice.objects.filter(kind="desk.draft", subject=draft.pk)
        assert sorted(notices.values_list("person__name", flat=True)) == ["ada", "ben", "chief"]


def test_two_stories_of_one_delivery_and_a_bundle_of_their_drafts_never_deadlock() -> None:
    first, second = (begun(arrives(f"{TITLE} {n}")) for n in range(2))
    for number in (1, 0):
        raw = agency_copy(f"[전문취소] {TITLE} {number}", sent="2026-10-01 10:00:00")
        insert_delivery(yonhap(), raw=raw, name="", content_type="", by=None)
    work = (lambda: make.bundled(second, first), parse_waiting, parse_waiting)
    out = make.race(3, lambda n: work[n]())
    assert not [
        one for one in out if isinstance(one, Exception) and not isinstance(one, HeldByWire)
    ]
    assert WireHold.objects.open().count() == 2
    waiting = Release.objects.waiting()
    assert waiting.count() == waiting.filter(held_at__isnull=False).count()


def test_an_erasure_by_law_beside_a_cancellation_does_not_deadlock() -> None:
    article, chief = live(), make.chief()
    cancellation_came()
    order: Any = {"reason": "법원 결정", "reference": "2026카합0000"}
    out = make.race(
        2, lambda n: cancel() if n else erase_article(article, by=chief, slug=article.slug, **order)
    )
    assert not [one for one in out if isinstance(one, Exception)]
    assert Erasure.objects.count() == 1
    assert not WireHold.objects.exists()
    assert Story.objects.count() <= 1


def test_a_confirmation_beside_another_change_lets_nothing_out_unread() -> None:
    planned()
    arrives(CORRECTED, hour=10)
    draft, hold, ben = Draft.objects.get(), WireHold.objects.open().get().pk, make.ben()
    cancellation_came(hour=11)
    make.race(2, lambda n: cancel() if n else end_hold(draft, hold=hold, by=ben))
    assert WireHold.objects.open().get().kind == "cancelled"
    assert Release.objects.get().held_at


def test_of_two_who_write_from_a_story_at_once_the_second_is_asked() -> None:
    story, (ada, ben) = (
        arrives(),
        (make.staff("ada", role="reporter"), make.staff("ben", role="editor")),
    )
    draft, refused = one_while_other_waits(
        lambda: start_from_wire(story, by=ada), lambda: start_from_wire(story, by=ben)
    )
    assert isinstance(refused, AlreadyTaken), refused
    assert refused.more["draft"] == draft.pk
    assert Draft.objects.get().created_by == ada
