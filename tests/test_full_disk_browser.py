"""An editor saves on a full disk, in a real browser: what was typed is still there."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.models import Draft
from tests import make
from tests.browser import chromium, page
from tests.test_admin_browser import editor, sign_in
from tests.test_backend_failures import full

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_was_typed_is_sent_again_when_there_is_room_and_back_leads_to_the_form(
    page: Page, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> Any:
        raise full()

    draft = make.draft()
    sign_in(page, ben)
    page.goto(f"/admin/desk/draft/{draft.pk}/change/")
    with monkeypatch.context() as patched:
        patched.setattr(Draft, "save", fail)
        write(page, "처음 쓴 제목")
        expect(page.get_by_role("heading", name="저장하지 못했습니다")).to_be_visible()
        page.go_back()
        expect(page.locator("#id_headline")).to_be_visible()
        write(page, "다시 쓴 제목")
        expect(page.get_by_role("heading", name="저장하지 못했습니다")).to_be_visible()
        page.get_by_role("button", name="다시 보내기").click()
        expect(page.get_by_role("heading", name="저장하지 못했습니다")).to_be_visible()
    page.get_by_role("button", name="다시 보내기").click()
    expect(page.locator("#id_headline")).to_have_value("다시 쓴 제목")
    draft.refresh_from_db()
    assert draft.headline == "다시 쓴 제목"
    assert "밤새 쓴 본문" in draft.body


def write(page: Page, headline: str) -> None:
    page.locator("#id_headline").fill(headline)
    editor(page).click()
    page.keyboard.type("밤새 쓴 본문 ")
    page.locator("button.main[name=_continue]").click()
