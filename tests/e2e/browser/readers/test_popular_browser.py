"""Page view beacon and the most read list in a real browser."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.tasks import count_views
from tests.support import make
from tests.support.browser import chromium, page
from tests.support.clients.view_beacons import (
    BROWSER_USER_AGENT,
    counted_views,
    post_views_of_readers,
)

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
# A folder for pictures, where somebody wants to look at them.
PICTURES = os.environ.get("NEWSROOM_PICTURES", "")


def as_person(page: Page, live_server: Any) -> Page:
    """The same browser with a common user agent; page views of headless browsers are not counted."""
    assert page.context.browser
    window = page.context.browser.new_context(
        base_url=live_server.url, locale="ko-KR", user_agent=BROWSER_USER_AGENT
    )
    return window.new_page()


def test_opening_a_story_is_a_reading_and_opening_it_again_is_none(
    page: Page, live_server: Any
) -> None:
    story = make.live()
    person = as_person(page, live_server)
    for _ in range(2):
        with person.expect_response("**/views/") as sent:
            person.goto(story.get_absolute_url())
        assert sent.value.status == 204
    assert counted_views(story.slug) == 1
    person.context.close()


def test_a_robot_that_runs_scripts_reads_nothing(page: Page) -> None:
    story = make.live()
    with page.expect_response("**/views/") as sent:
        page.goto(story.get_absolute_url())
    assert sent.value.status == 204
    assert counted_views(story.slug) == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_the_front_page_leads_to_what_was_read_most(page: Page, width: int) -> None:
    for number, headline in enumerate(
        [
            "새벽 첫차에 오른 사람들, 하루를 여는 이야기",
            "강변 자전거길 열두 곳, 올가을 새로 이어진다",
            "시장 골목에 들어선 작은 도서관, 석 달 만에 회원 천 명을 넘긴 까닭",
            "로봇이 연 문",
            "물가 오름세 둔화, 장바구니는 아직 무겁다",
            "마을버스 시간표를 바꾼 고등학생들",
        ],
        start=1,
    ):
        post_views_of_readers(make.live(headline=headline, lead_photo=make.photo()).slug, number)
    count_views()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/")
    most = page.get_by_role("region", name="많이 본 기사")
    expect(most.get_by_role("listitem")).to_have_count(6)
    expect(most.get_by_role("link").first).to_have_text("마을버스 시간표를 바꾼 고등학생들")
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"front-{width}.png", full_page=True)
    most.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("마을버스 시간표를 바꾼 고등학생들")
