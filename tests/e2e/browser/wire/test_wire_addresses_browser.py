"""An agency's address in a story, in a real browser: refused, then kept by an editor on purpose."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from articles.models import Article
from desk.actions import edit
from desk.models import KeptAddress
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

ADDRESS = "garam@newsis.com"


def test_an_editor_is_asked_about_an_agencys_address(page: Page, ben: User) -> None:
    draft = edit(make.draft(by=ben), by=ben, body=f"<p>문의는 {ADDRESS} 로.</p>")
    sign_in(page, ben)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/admin/desk/draft/{draft.pk}/change/")
    panel = page.locator(".state")
    expect(panel).to_contain_text(f"통신사 기자의 주소가 기사에 보입니다: {ADDRESS}")
    assert axe_violations(page, ".state") == []
    take_screenshot(page, "wtext-address-desktop")
    page.get_by_role("button", name="지금 발행").click()
    expect(page.locator(".errorlist").first).to_contain_text(ADDRESS)
    assert Article.objects.count() == 0
    page.set_viewport_size({"width": 390, "height": 844})
    take_screenshot(page, "wtext-address-phone")
    page.get_by_role("button", name="주소 남기기").click()
    expect(page.locator(".messagelist")).to_contain_text("주소를 기사에 남겼습니다")
    expect(panel).not_to_contain_text("통신사 기자의 주소가")
    assert KeptAddress.objects.get().address == ADDRESS
    page.get_by_role("button", name="지금 발행").click()
    expect(panel).to_contain_text("1판")
