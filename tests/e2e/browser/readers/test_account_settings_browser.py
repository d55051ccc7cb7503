"""Sign-up with its statements, sessions, consents and closing, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Consent
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot, tick_statements

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PASSWORD = "a-long-enough-word-7"


def look_at(page: Page, name: str) -> None:
    """Both widths, without an accessibility violation."""
    for size, ending in ((WIDE, ""), (NARROW, "-narrow")):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a typed dict of Playwright's
        assert axe_violations(page) == []
        take_screenshot(page, f"{name}{ending}")


def sign_in(page: Page) -> None:
    page.goto("/account/")
    form = page.locator("[data-sign-in]")
    form.locator("[name=email]").fill("chi@example.com")
    form.locator("[name=password]").fill("chi-password-1")
    form.locator("[type=submit]").click()
    page.wait_for_url("**/me/")


def test_sign_up_needs_its_statements_and_keeps_them(page: Page) -> None:
    page.goto("/account/")
    form = page.locator("[data-sign-up]")
    form.get_by_label("이메일").fill("new.reader@example.com")
    form.get_by_label("비밀번호").fill(PASSWORD)
    form.get_by_role("button", name="가입하기").click()
    expect(form.get_by_label("만 14세 이상")).to_be_focused()
    look_at(page, "account-sign-up")
    tick_statements(form)
    form.get_by_role("button", name="가입하기").click()
    page.wait_for_url("**/me/")
    assert set(Consent.objects.values_list("kind", flat=True)) == {"age", "privacy", "terms"}
    # A withdrawn consent is asked for again.
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-consents] li").nth(0).get_by_role("button", name="철회").click()
    due = page.locator("[data-consents-due]")
    due.get_by_label("이용약관").check()
    look_at(page, "account-consent-due")
    due.get_by_role("button", name="동의하기").click()
    expect(due).to_be_hidden()


def test_another_browser_is_signed_out_and_closing_is_taken_back(page: Page) -> None:
    """community B67."""
    chi = make.reader("chi")
    sign_in(page)
    sessions = page.locator("[data-sessions] li")
    expect(sessions).to_have_count(1)
    other = page.context.browser.new_context(base_url=page.url.replace("/me/", ""))  # type: ignore[union-attr]
    there = other.new_page()
    sign_in(there)
    page.reload()
    expect(sessions).to_have_count(2)
    expect(sessions.get_by_text("이 기기").locator("visible=true")).to_have_count(1)
    look_at(page, "account-sessions")
    sessions.get_by_role("button", name="로그아웃").locator("visible=true").click()
    expect(sessions).to_have_count(1)
    there.reload()
    expect(there.locator("[data-signed-out]")).to_be_visible()
    other.close()

    closing = page.locator("[data-close]")
    closing.get_by_role("checkbox").check()
    closing.get_by_role("button", name="탈퇴하기").click()
    expect(page.locator("[data-closing]")).to_be_visible()
    look_at(page, "account-closing")
    page.get_by_role("button", name="탈퇴 취소하기").click()
    expect(page.locator("[data-closing]")).to_be_hidden()
    chi.refresh_from_db()
    assert chi.closing_at is None
