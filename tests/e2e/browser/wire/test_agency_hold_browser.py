"""An editor reads in a real browser what the agency changed, and lets the held story go out."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.models import Draft, Release, WireHold
from tests.desk.agency.newsroom import CORRECTED, arrives, begun, planned
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
FIRST = ("가상시는 강변길을 다시 연다고 밝혔다.", "공사는 석 달 걸렸다.", "자전거도 다닌다.")
SECOND = (
    "가상시는 강변길을 다음 달에 다시 연다고 밝혔다.",
    "공사는 넉 달 걸렸다.",
    "자전거도 다닌다.",
)


def test_an_editor_reads_the_difference_and_confirms(page: Page, ben: User, chief: User) -> None:
    release = planned(begun(arrives(body=FIRST)))
    arrives(CORRECTED, hour=13, body=SECOND)
    draft = Draft.objects.get()
    sign_in(page, ben)
    page.goto(f"/admin/desk/draft/{draft.pk}/change/")
    expect(page.locator(".agency-words")).to_contain_text("통신사가 이 기사를 고쳤습니다.")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        take_screenshot(page, f"wstop-story-{width}")
        assert axe_violations(page, ".state") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="바뀐 내용을 읽고 정하기").click()
    expect(page.locator("ins", has_text="다음")).to_be_visible()
    assert axe_violations(page, ".version-diff") == []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        take_screenshot(page, f"wstop-diff-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"/admin/desk/release/{release.pk}/change/")
    take_screenshot(page, "wstop-release")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/admin/desk/notice/")
    expect(page.locator("#result_list")).to_contain_text("통신사가 고침")
    take_screenshot(page, "wstop-notices")
    page.goto(f"/admin/desk/draft/{draft.pk}/agency/")
    page.get_by_label("감사 기록에 남길 말").fill("데스크가 확인")
    page.get_by_role("button", name="읽었습니다. 내보내기").click()
    expect(page.locator(".messagelist")).to_contain_text("이제 이 기사를 보류하지 않습니다.")
    assert WireHold.objects.get().ended_by == ben
    assert Release.objects.get().held_at is None
