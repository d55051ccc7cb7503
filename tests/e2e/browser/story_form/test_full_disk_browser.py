"""Saving a story on a full disk, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.models import Draft
from tests.e2e.browser.admin.test_admin_browser import body_editor, sign_in
from tests.newsroom.http.test_backend_errors import full_disk
from tests.support import make
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_unsaved_text_survives_a_full_disk_and_is_saved_afterwards(
    page: Page, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> Any:
        raise full_disk()

    draft = make.draft()
    sign_in(page, ben)
    page.goto(f"/admin/desk/draft/{draft.pk}/change/")
    dialog = page.locator("#not-saved")
    with monkeypatch.context() as patched:
        patched.setattr(Draft, "save", fail)
        write(page, "처음 쓴 제목")
        expect(dialog.locator(".explains")).to_contain_text("507")
        dialog.locator(".close").click()
        expect(dialog).to_be_hidden()
        write(page, "다시 쓴 제목")
        expect(dialog).to_be_visible()
        expect(dialog.locator(".explains")).to_contain_text("507")
        expect(page.locator("#id_headline")).to_have_value("다시 쓴 제목")
    dialog.locator(".retry").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".messagelist")).to_be_visible()
    expect(page.locator("#id_headline")).to_have_value("다시 쓴 제목")
    draft.refresh_from_db()
    assert draft.headline == "다시 쓴 제목"
    assert "밤새 쓴 본문" in draft.body


def write(page: Page, headline: str) -> None:
    page.locator("#id_headline").fill(headline)
    body_editor(page).click()
    page.keyboard.type("밤새 쓴 본문 ")
    page.get_by_role("button", name="저장", exact=True).click()
