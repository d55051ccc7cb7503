"""An editor finds a story in the inbox in a real browser, and is asked before a second draft."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.actions import start_from_wire
from desk.models import Draft
from tests.desk.agency.newsroom import arrives
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (390, 1440)


def test_an_editor_searches_the_inbox_and_is_asked_before_a_second_draft(
    page: Page, ada: User, ben: User
) -> None:
    story = arrives("강변길 석 달 만에 다시 연다", body=("자전거도 다닌다.",))
    arrives("[속보] 시장, 새 다리 계획 밝혀", hour=10, body=("새 다리는 내년에 놓는다.",))
    start_from_wire(story, by=ada)
    sign_in(page, ben)
    page.goto("/admin/wire/story/")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        take_screenshot(page, f"inbox-list-{width}")
        assert axe_violations(page, "#changelist") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("발신지", exact=True).fill("가상시")
    page.get_by_role("button", name="적용 (발신지)").click()
    page.locator("#searchbar").fill("자전거도")
    page.locator("#searchbar").press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    assert "place=" in page.url
    page.locator("#result_list th a").click()
    expect(page.locator("#story-takings")).to_contain_text(str(ada))
    page.get_by_role("button", name="기사 쓰기").click()
    expect(page.get_by_role("link", name="먼저 쓴 원고 열기")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        take_screenshot(page, f"inbox-asked-{width}")
        assert axe_violations(page, "#content") == []
    page.get_by_role("button", name="그래도 새로 쓰기").click()
    expect(page.locator(".messagelist")).to_contain_text("원고를 시작했습니다")
    assert Draft.objects.count() == 2
