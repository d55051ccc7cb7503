"""The wire inbox in a real browser: a question is answered, versions are split off, and it is undone."""

import os

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page
from tests.support.formats.wire_copy import agency_copy
from wire.actions import receive_delivery
from wire.models import Source, Story, Version

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
DAY = "2026-11-14"


def come(headline: str, *, at: str, body: str) -> Version:
    source = Source.objects.get(slug="yonhap")
    raw = agency_copy(headline, sent=f"{DAY} {at}", body=[body])
    version = receive_delivery(source, raw=raw, by=None).version
    assert version
    return version


def show_story(page: Page, story: Story) -> None:
    page.goto(f"/admin/wire/story/{story.pk}/change/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def look_at(page: Page, name: str) -> None:
    """The page has no accessibility violations, wide and narrow, and nothing to scroll sideways."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/widentity-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_editor_answers_a_question_splits_a_version_off_and_undoes_it(page: Page) -> None:
    make.reference_rows()
    ben: User = make.ben()
    body = "가상시는 강변길을 다시 연다고 밝혔다."
    story = come("가상시, 강변길 다시 연다", at="09:00:00", body=body).story
    come("가상시, 강변길 다시 연다(종합)", at="10:00:00", body=f"{body} 공사는 석 달 걸렸다.")
    gone = come(
        "[전문취소] 가상시 강변길 내달 다시 연다", at="12:00:00", body="이 기사를 취소합니다."
    ).story
    sign_in(page, ben)
    page.goto("/admin/wire/story/")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    look_at(page, "list")
    page.goto("/admin/wire/story/?question=open")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)

    show_story(page, gone)
    expect(page.locator("#story-questions")).to_contain_text("가상시, 강변길 다시 연다")
    look_at(page, "question")
    page.get_by_role("button", name="이 기사에 속함").click()
    expect(page.locator(".messagelist")).to_contain_text("기사문을 이 기사에 합쳤습니다.")
    assert page.url.endswith(f"/{story.pk}/change/")
    expect(page.locator("#content .chip.gone")).to_be_visible()
    look_at(page, "joined")
    page.get_by_role("button", name="마지막 결정 되돌리기").click()
    expect(page.locator("#story-questions")).to_be_visible()

    page.get_by_role("link", name="기사문 나누기…").click()
    page.get_by_label("2 ·").check()
    look_at(page, "split")
    page.get_by_role("button", name="기사문 나누기…").click()
    expect(page.locator(".messagelist")).to_contain_text("다른 기사로 나눴습니다")
    assert Story.objects.filter(current__isnull=False).count() == 3
