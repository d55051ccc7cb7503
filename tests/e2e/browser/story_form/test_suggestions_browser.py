"""Suggested lines on the story form, in a real browser: nothing is taken over by itself."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.models import Draft
from desk.workers.suggestions import answer_due_suggestions
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot
from tests.support.loopback.receivers import running_receiver

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = (
    "<p>가상시가 강변 산책로 3.5㎞를 새로 열었다고 30일 밝혔다.</p>"
    "<p>산책로는 강변 공원과 도서관을 잇는다. 시는 내년에 조명을 교체할 계획이다.</p>"
)
HEADLINES = ["강변 산책로 3.5㎞ 새로 열려", "공원과 도서관 잇는 강변길"]


def test_lines_are_changed_taken_over_and_taken_back(page: Page, ben: User, settings: Any) -> None:
    story = make.draft(body=BODY, headline="강변 산책로", summary_1="", summary_2="", summary_3="")
    content = {"choices": [{"message": {"content": json.dumps(HEADLINES, ensure_ascii=False)}}]}
    with running_receiver() as assistant:
        assistant.answer = (200, {}, json.dumps(content).encode())
        settings.ASSISTANT_URL = f"http://127.0.0.1:{assistant.port}/v1"
        sign_in(page, ben)
        page.goto(f"/admin/desk/draft/{story.pk}/change/")
        # The test thread asks the assistant: no autosave is to lock the tables of SQLite meanwhile.
        page.route("**/autosave/", lambda route: route.abort())
        box = page.locator("#suggestions")

        box.get_by_role("button", name="요약 제안", exact=True).click()
        first = box.get_by_label("제안 1")
        expect(first).to_be_focused()
        expect(page.locator("#id_summary_1")).to_have_value("")
        first.fill("강변 산책로 3.5㎞ 열려")
        first.press("Enter")
        expect(page.locator("#id_summary_1")).to_have_value("강변 산책로 3.5㎞ 열려")
        box.get_by_role("button", name="2번 줄에 넣기").click()
        expect(page.locator("#id_summary_2")).not_to_have_value("")
        take_screenshot(page, "suggestions")
        assert axe_violations(page) == []
        box.get_by_role("button", name="되돌리기").nth(1).click()
        expect(page.locator("#id_summary_2")).to_have_value("")

        with page.expect_response("**/suggestions/"):
            box.get_by_role("button", name="AI 제목 제안").click()
        expect(box.get_by_role("status")).to_have_text("도우미의 답을 기다립니다…")
        answer_due_suggestions()
        box.get_by_role("button", name="제목으로 넣기").first.click()
        expect(page.locator("#id_headline")).to_have_value(HEADLINES[0])
        choice = page.locator("#id_ai_kind")
        expect(choice).to_have_value("assisted")
        box.get_by_role("button", name="되돌리기").click()
        expect(page.locator("#id_headline")).to_have_value("강변 산책로")
        expect(choice).to_have_value("")
        box.get_by_role("button", name="제목으로 넣기").first.click()
        page.locator("#id_headline").fill("고쳐 쓴 제목")
        expect(box.get_by_role("button", name="되돌리기")).to_have_count(0)
        box.get_by_role("button", name="제목으로 넣기").nth(1).click()
        box.get_by_role("button", name="되돌리기").click()
        expect(page.locator("#id_headline")).to_have_value("고쳐 쓴 제목")
        box.get_by_role("button", name="제목으로 넣기").first.click()
        expect(page.locator("#id_headline")).to_have_value(HEADLINES[0])
        page.get_by_role("button", name="저장", exact=True).click()
        expect(page.locator(".messagelist")).to_be_visible()
        saved = Draft.objects.get(pk=story.pk)
        assert (saved.headline, saved.ai_kind) == (HEADLINES[0], "assisted")
        assert saved.summary == ["강변 산책로 3.5㎞ 열려", "", ""]


def test_a_refusal_is_said_beside_the_button(page: Page, ben: User) -> None:
    story = make.draft(body="<h2>아직 소제목뿐</h2>")
    sign_in(page, ben)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/admin/desk/draft/{story.pk}/change/")
    box = page.locator("#suggestions")
    expect(box.get_by_role("button")).to_have_count(1)
    box.get_by_role("button", name="요약 제안").click()
    expect(box.get_by_role("status")).to_contain_text("제안할 문장이 없습니다")
    take_screenshot(page, "suggestions-phone")
