"""Bulk changes in a real browser: select, preview, change, at a desk's and at a phone's width."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.actions import move_to_trash
from desk.models import Draft
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support import make
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

expect.set_options(timeout=20_000)


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


def test_stories_get_a_tag_after_a_preview(page: Page, ben: User) -> None:
    make.draft(headline="문을 여는 로봇", tags=["로봇"])
    make.draft(headline="계단 앞의 로봇", tags=["로봇", "계단"])
    changed = make.draft(headline="그 사이에 바뀐 이야기", tags=[])
    thrown = make.draft(headline="버린 이야기")
    move_to_trash(thrown, by=ben)
    page.set_default_timeout(60_000)
    sign_in(page, ben)
    page.goto("/admin/desk/draft/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(label="태그 붙이기")
    page.get_by_role("button", name="실행").click()
    expect(page.get_by_text("고른 기사 3건")).to_be_visible()
    page.get_by_label("태그").fill("계단")
    page.get_by_role("button", name="바뀔 내용 보기").click()
    expect(page.get_by_role("row", name="문을 여는 로봇")).to_contain_text("로봇, 계단")
    expect(page.get_by_role("row", name="계단 앞의 로봇")).to_contain_text("그대로")
    assert Draft.objects.filter(tags__name="계단").count() == 1
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0
    make.changed(changed, deck="다른 사람이 고친 부제")
    page.get_by_role("button", name="기사 2건 바꾸기").click()
    expect(page.get_by_role("status")).to_have_text(
        "기사 1건을 바꾸었습니다. 1건은 거절되었습니다."
    )
    expect(page.get_by_text("다른 사람이 이 원고를 고쳤습니다")).to_be_visible()
    assert Draft.objects.filter(tags__name="계단").count() == 2
    page.goto("/admin/desk/draft/?standing=trash")
    page.get_by_role("button", name="휴지통에서 꺼내기").click()
    expect(page.get_by_text("원고를 다시 꺼냈습니다.")).to_be_visible()
    assert Draft.objects.get(pk=thrown.pk).trashed_at is None
