"""Changes of agency copy are shown to the desk on the drafts begun from it."""

from typing import Any

import pytest

from accounts.models import User
from desk.actions import move_to_trash, start_from_wire
from desk.models import Draft
from tests.support import make
from tests.support.faults.failing_releases import count_queries
from tests.support.formats.wire_copy import agency_copy
from wire.actions import receive_delivery
from wire.models import Source, Story

pytestmark = pytest.mark.django_db
LIST = "/admin/desk/draft/"
MARKS = ("통신사 고침", "통신사의 새 본문", "전문취소", "agency-words")


def arrives(headline: str, *, hour: int, body: str) -> None:
    yonhap = Source.objects.get(slug="yonhap")
    receive_delivery(
        yonhap, raw=agency_copy(headline, sent=f"2026-10-01 {hour:02}:00:00", body=[body]), by=None
    )


def begun(by: User, *, headline: str = "강변길 다시 연다") -> Draft:
    arrives(headline, hour=9, body="강변길이 다시 열린다.")
    return start_from_wire(Story.objects.order_by("pk").last(), by=by)  # type: ignore[arg-type]  # it has just come


def page_text(client: Any, address: str) -> str:
    return str(client.get(address).content.decode())


def test_unchanged_wire_story_shows_no_status(ben: User, as_user: Any) -> None:
    draft = begun(ben)
    for address in (LIST, f"{LIST}{draft.pk}/change/", "/admin/"):
        html = page_text(as_user(ben), address)
        assert not [word for word in MARKS if word in html]


@pytest.mark.parametrize(
    ("headline", "chip", "sentence"),
    [
        ("<고침> 강변길 다시 연다", "통신사 고침", "통신사가 이 기사를 고쳤습니다."),
        ("강변길 다시 연다(종합)", "통신사의 새 본문 있음", "통신사가 새 기사문을 보냈습니다."),
        ("[전문취소] 강변길 다시 연다", "전문취소", ""),
    ],
)
def test_agency_change_is_shown_in_the_list_and_on_the_page(
    ben: User, as_user: Any, headline: str, chip: str, sentence: str
) -> None:
    draft = begun(ben)
    arrives(headline, hour=11, body="강변길은 다음 달에 열린다.")
    browser = as_user(ben)
    assert chip in page_text(browser, LIST)
    assert chip in page_text(browser, "/admin/")
    page = page_text(browser, f"{LIST}{draft.pk}/change/")
    assert "agency-words" in page
    assert sentence in page
    assert f"/admin/wire/story/{Story.objects.get().pk}/change/" in page


def test_agency_change_is_not_shown_for_trashed_drafts(ben: User, as_user: Any) -> None:
    draft = begun(ben)
    arrives("<고침> 강변길 다시 연다", hour=11, body="고친 글이다.")
    move_to_trash(draft, by=ben)
    assert "통신사 고침" not in page_text(as_user(ben), f"{LIST}?standing=trash")


def test_list_of_wire_drafts_needs_the_same_number_of_queries(ben: User, as_user: Any) -> None:
    browser = as_user(ben)
    begun(ben)
    arrives("<고침> 강변길 다시 연다", hour=11, body="고친 글이다.")
    page_text(browser, LIST)
    few = (
        count_queries(lambda: page_text(browser, LIST)),
        count_queries(lambda: page_text(browser, "/admin/")),
    )
    for n in range(7):
        begun(ben, headline=f"{n}번 다리도 다시 연다")
        arrives(f"<고침> {n}번 다리도 다시 연다", hour=11, body="고친 글이다.")
    make.draft()
    many = (
        count_queries(lambda: page_text(browser, LIST)),
        count_queries(lambda: page_text(browser, "/admin/")),
    )
    assert many == few
