"""Legal erasures of agency copy beside its intake and its use, on real threads against PostgreSQL."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from articles.models import Article
from desk.actions import edit, publish_now, start_another_from_wire, start_from_wire
from desk.actions.legal.erasing import erase_article
from desk.errors import NothingToStartFrom
from desk.models import Draft, Erasure
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from tests.support.locks import waiting_for_locks
from tests.support.loopback.processes import wait_until
from wire.actions import join_story, lock_story_row, receive_delivery, reparse_delivery
from wire.actions.locking import lock_story_and_deliveries
from wire.models import Delivery, Source, Story, Version

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TITLE = "강변길 다시 연다"


@dataclass
class Copy:
    """An article that was made of agency copy."""

    chief: User
    source: Source
    delivery: Delivery
    story: Story
    article: Article

    def erase(self) -> Erasure:
        order: Any = {"reason": "법원 결정", "reference": "2026카합0000"}
        return erase_article(self.article, by=self.chief, slug=self.article.slug, **order)


@pytest.fixture
def copy(db: None) -> Copy:
    make.reference_rows()
    agency = {"name": "연합뉴스", "agency": "연합뉴스"}
    source = Source.objects.get_or_create(slug="yonhap", defaults=agency)[0]
    delivery, chief = receive_delivery(source, raw=agency_copy(TITLE), by=None), make.chief()
    story = Story.objects.get()
    draft = edit(start_from_wire(story, by=chief), by=chief, **make.draft_data())
    article = publish_now(draft, by=chief).article
    return Copy(chief, source, delivery, story, article)


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
                wait_until(lambda: waiting_for_locks() == 1, within=20)
        except Exception as error:  # noqa: BLE001  # whatever came of it is what the test asks
            outcomes[number] = error

    make.race(2, work)
    return [outcomes[0], outcomes[1]]


def test_nothing_is_begun_from_agency_copy_that_is_erased_meanwhile(copy: Copy) -> None:
    erased, refused = one_while_other_waits(
        copy.erase, lambda: start_another_from_wire(copy.story, by=copy.chief)
    )
    assert isinstance(erased, Erasure)
    assert isinstance(refused, NothingToStartFrom)
    assert not Story.objects.exists()


def test_agency_copy_stays_where_a_draft_is_begun_from_it_meanwhile(copy: Copy) -> None:
    draft, erased = one_while_other_waits(
        lambda: start_another_from_wire(copy.story, by=copy.chief), copy.erase
    )
    assert isinstance(erased, Erasure), erased
    assert Draft.objects.get(pk=draft.pk).wire_version == Version.objects.get()


def test_delivery_of_a_story_that_is_erased_meanwhile_begins_it_anew(copy: Copy) -> None:
    later = agency_copy(f"{TITLE}(종합)", sent="2026-10-01 10:00:00", body=["종합이다."])
    erased, delivery = one_while_other_waits(
        copy.erase, lambda: receive_delivery(copy.source, raw=later, by=None)
    )
    assert isinstance(erased, Erasure)
    assert (delivery.status, delivery.reason) == (Delivery.Status.PARSED, "")
    assert Version.objects.get().story == Story.objects.get()


def test_delivery_that_is_erased_before_it_is_read_again_fails_nobody(copy: Copy) -> None:
    erased, delivery = one_while_other_waits(
        copy.erase, lambda: reparse_delivery(copy.delivery, by=copy.chief)
    )
    assert isinstance(erased, Erasure)
    assert isinstance(delivery, Delivery), delivery
    assert not Delivery.objects.exists()


def test_erasure_and_intake_take_their_locks_in_one_order(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Intake holds the delivery when it locks the story."""
    original, is_held, errors = lock_story_row, threading.Event(), list[Exception]()

    def lock_story_while_the_erasure_waits(story_id: int) -> Story | None:
        is_held.set()
        wait_until(lambda: waiting_for_locks() == 1, within=20)
        try:
            return original(story_id)
        except Exception as error:
            errors.append(error)
            raise

    def work(number: int) -> Any:
        if number:
            return reparse_delivery(copy.delivery, by=copy.chief)
        assert is_held.wait(20)
        return copy.erase()

    monkeypatch.setattr("wire.actions.filing.lock_story_row", lock_story_while_the_erasure_waits)
    outcomes = make.race(2, work)
    assert not errors
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert not Story.objects.exists()


def test_erasure_reaches_the_story_that_the_copy_is_moved_to_meanwhile(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody joins the story with another one before the erasure holds it."""
    other_copy = agency_copy("다리 공사가 끝났다", body=["다리 소식이다."])
    other = receive_delivery(copy.source, raw=other_copy, by=None).version
    assert other
    assert other.story_id != copy.story.pk
    original, locked = lock_story_and_deliveries, list[int]()

    def lock_after_the_join(story_id: int) -> Any:
        if not locked:
            make.race(1, lambda _n: join_story(copy.story, to=other.story_id, by=copy.chief))
        locked.append(story_id)
        return original(story_id)

    monkeypatch.setattr("desk.actions.legal.erasing.lock_story_and_deliveries", lock_after_the_join)
    copy.erase()
    assert locked == [copy.story.pk, other.story_id]
    assert not Story.objects.exists()
    assert not Delivery.objects.exists()
