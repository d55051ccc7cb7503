"""Wire admin: inbox, deliveries, sources, buttons."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from tests.support.formats.wire_copy import PLAIN_STORY, agency_copy
from wire.actions import receive_delivery
from wire.models import Delivery, Source, Story
from wire.parsers import yonhap as yonhap_text

SignIn = Callable[[User], APIClient]
TITLE = "강변길 다시 연다"


@pytest.fixture
def yonhap(db: None) -> Source:
    return Source.objects.get(slug="yonhap")


@pytest.fixture
def screen(as_user: SignIn, ben: User) -> APIClient:
    """Client of ben, an editor, in the admin."""
    return as_user(ben)


def withheld(source: Source) -> Story:
    receive_delivery(source, raw=agency_copy(TITLE, sent="2026-10-01 09:00:00"), by=None)
    gone = agency_copy(f"[전문취소] {TITLE}", sent="2026-10-01 10:00:00", body=["취소합니다."])
    receive_delivery(source, raw=gone, by=None)
    again = agency_copy(f"{TITLE}(종합)", sent="2026-10-01 11:00:00", body=["다시 보낸다."])
    receive_delivery(source, raw=again, by=None)
    return Story.objects.get()


def test_the_inbox_is_read_in_korean(screen: APIClient, yonhap: Source) -> None:
    receive_delivery(yonhap, raw=PLAIN_STORY.encode(), by=None)
    page = screen.get(reverse("admin:wire_story_changelist")).content.decode()
    assert "통신 기사" in page
    assert "가상연구소-한빛전자" in page
    assert "사용 가능" in page


def test_a_story_is_readable_whole(screen: APIClient, yonhap: Source) -> None:
    receive_delivery(yonhap, raw=PLAIN_STORY.encode(), by=None)
    address = reverse("admin:wire_story_change", args=[Story.objects.get().pk])
    page = screen.get(address).content.decode()
    for words in ("달빛 사업 출범을", "이서준 한빛전자 회장", "한가람 기자", "garam@yna.co.kr"):
        assert words in page
    assert 'name="_save"' not in page


def test_agency_copy_is_escaped_in_the_admin(screen: APIClient, yonhap: Source) -> None:
    receive_delivery(yonhap, raw=agency_copy("<script>alert(1)</script> 소식"), by=None)
    story, delivery = Story.objects.get(), Delivery.objects.get()
    for address in (
        reverse("admin:wire_story_changelist"),
        reverse("admin:wire_story_change", args=[story.pk]),
        reverse("admin:wire_delivery_change", args=[delivery.pk]),
    ):
        assert "<script>alert" not in screen.get(address).content.decode()


def test_raw_delivery_is_shown_read_only(screen: APIClient, yonhap: Source) -> None:
    delivery = receive_delivery(yonhap, raw=PLAIN_STORY.encode("cp949"), name="0001.txt", by=None)
    address = reverse("admin:wire_delivery_change", args=[delivery.pk])
    page = screen.get(address).content.decode()
    assert "업계지 &quot;서로에게" in page
    assert 'name="raw"' not in page
    assert screen.post(address, {"status": "failed", "reason": "바뀜"}).status_code == 403
    delivery.refresh_from_db()
    assert (delivery.status, delivery.reason) == ("parsed", "")


def test_unreadable_bytes_are_shown_in_hexadecimal(screen: APIClient, yonhap: Source) -> None:
    delivery = receive_delivery(yonhap, raw=b"\x1f\x8b\x08\x00", by=None)
    page = screen.get(reverse("admin:wire_delivery_change", args=[delivery.pk])).content.decode()
    assert "1f 8b 08 00" in page
    assert "gzip" in page


def test_a_failed_delivery_is_parsed_again_by_a_button(
    screen: APIClient, yonhap: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(yonhap_text, "parse", lambda _text: 1 / 0)
        delivery = receive_delivery(yonhap, raw=agency_copy(), by=None)
    address = reverse("admin:wire_delivery_press", args=[delivery.pk, "parse"])
    assert screen.get(address).status_code == 405
    response = screen.post(address, follow=True)
    assert "해석됨" in response.content.decode()
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.PARSED


def test_chosen_deliveries_are_parsed_again_together(screen: APIClient, yonhap: Source) -> None:
    delivery = receive_delivery(yonhap, raw=agency_copy(), by=None)
    chosen = {"action": "parse_chosen", "_selected_action": [delivery.pk]}
    response = screen.post(reverse("admin:wire_delivery_changelist"), chosen, follow=True)
    assert "1건을 해석했고 0건은 실패했습니다." in response.content.decode()


def test_editor_reinstates_a_withheld_story(screen: APIClient, yonhap: Source, ben: User) -> None:
    story = withheld(yonhap)
    page = screen.get(reverse("admin:wire_story_change", args=[story.pk])).content.decode()
    assert "다시 쓰기" in page
    address = reverse("admin:wire_story_press", args=[story.pk, "reinstate"])
    assert "사용 가능" in screen.post(address, follow=True).content.decode()
    story.refresh_from_db()
    assert story.is_usable()
    assert Entry.objects.filter(verb="reinstated", by=ben.pk).count() == 1
    assert "지금은 할 수 없습니다" in screen.post(address, follow=True).content.decode()
    assert Entry.objects.filter(verb="reinstated").count() == 1


def test_reporter_sees_the_inbox_without_buttons(
    as_user: SignIn, ada: User, yonhap: Source
) -> None:
    story = withheld(yonhap)
    screen = as_user(ada)
    page = screen.get(reverse("admin:wire_story_change", args=[story.pk]))
    assert page.status_code == 200
    assert "다시 쓰기" not in page.content.decode()
    assert (
        screen.post(reverse("admin:wire_story_press", args=[story.pk, "reinstate"])).status_code
        == 403
    )


def test_reader_has_no_access_to_the_wire_admin(as_user: SignIn, mal: User, yonhap: Source) -> None:
    delivery = receive_delivery(yonhap, raw=agency_copy(), by=None)
    screen = as_user(mal)
    for name, arguments in (
        ("admin:wire_story_changelist", []),
        ("admin:wire_delivery_change", [delivery.pk]),
    ):
        assert screen.get(reverse(name, args=arguments)).status_code == 302
    assert (
        screen.post(reverse("admin:wire_delivery_press", args=[delivery.pk, "parse"])).status_code
        == 302
    )


def test_a_chief_sets_up_a_source(as_user: SignIn, chief: User, yonhap: Source) -> None:
    form = {
        "name": "가상통신",
        "slug": "virtual",
        "agency": "가상통신",
        "format": "auto",
        "cancellation_policy": "alert",
    }
    response = as_user(chief).post(reverse("admin:wire_source_add"), form | {"active": "on"})
    assert response.status_code == 302
    assert Source.objects.by_slug("virtual").agency == "가상통신"
    assert Entry.objects.filter(verb="source_set_up", by=chief.pk).count() == 1


@pytest.mark.parametrize("name", ["admin:wire_story_changelist", "admin:wire_delivery_changelist"])
def test_wire_lists_need_the_same_number_of_queries(
    screen: APIClient, yonhap: Source, name: str, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(30) as spent:
            assert screen.get(reverse(name)).status_code == 200
        return len(spent.captured_queries)

    receive_delivery(yonhap, raw=agency_copy("소식 0"), by=None)
    queries()
    one = queries()
    for number in range(1, 20):
        receive_delivery(yonhap, raw=agency_copy(f"소식 {number}"), by=None)
    assert queries() == one


def test_invalid_id_in_the_url_is_404(screen: APIClient, yonhap: Source) -> None:
    for number in ("abc", "999999", "1_5F"):
        assert screen.get(f"/admin/wire/story/{number}/change/").status_code in {302, 404}
