"""Desk home and calendar in a real browser: dragging, keyboard, axe-core, two widths, both languages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import User
from comments.models import Comment
from desk.actions import record_failure, reschedule_release
from desk.models import Release
from tests.e2e.browser.admin.test_admin_browser import open_admin, sign_in
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

expect.set_options(timeout=20_000)  # a browser beside other tests on a small machine

CALENDAR = "/admin/calendar/"
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
DAY = timedelta(days=1)


def wednesday_noon() -> datetime:
    """The noon of a Wednesday to come: the days beside it are in the same week and still to come."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + 7 * DAY
    return noon + DAY * ((2 - noon.weekday()) % 7)


def due_local(release: Release) -> datetime:
    release.refresh_from_db()
    return timezone.localtime(release.due_at)


def week_of(at: datetime) -> str:
    return f"{CALENDAR}?view=week&date={at:%Y-%m-%d}"


def day_cell(page: Page, day: datetime) -> Any:
    return page.locator(f'.day-cell[data-date="{day:%Y-%m-%d}"]')


def test_story_is_moved_by_dragging_it_to_another_day(page: Page, ben: User) -> None:
    noon = wednesday_noon()
    release = make.planned(headline="끌어 옮길 글", at=noon)
    sign_in(page, ben)
    page.goto(week_of(noon))
    dialog = page.locator("#move-dialog")
    page.locator(".entry", has_text="끌어 옮길 글").drag_to(day_cell(page, noon + DAY))
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("나갈 시각")).to_have_value(f"{noon + DAY:%Y-%m-%dT%H:%M}")
    dialog.get_by_role("button", name="하지 않고 돌아가기").click()
    expect(dialog).to_be_hidden()
    assert due_local(release) == noon
    page.locator(".entry", has_text="끌어 옮길 글").drag_to(day_cell(page, noon + DAY))
    dialog.get_by_role("button", name="옮기기", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("“끌어 옮길 글”: 이제")
    expect(day_cell(page, noon + DAY)).to_contain_text("끌어 옮길 글")
    assert due_local(release) == noon + DAY
    page.goto(f"{CALENDAR}?view=day&date={noon + DAY:%Y-%m-%d}")
    page.locator(".entry", has_text="끌어 옮길 글").drag_to(page.locator('.hour[data-hour="15"]'))
    expect(dialog.get_by_label("나갈 시각")).to_have_value(f"{noon + DAY:%Y-%m-%dT}15:00")


def test_story_is_moved_with_the_keyboard_and_a_stale_page_moves_nothing(
    page: Page, ben: User
) -> None:
    noon = wednesday_noon()
    release = make.planned(headline="자판으로 옮길 글", at=noon)
    sign_in(page, ben)
    page.goto(week_of(noon))
    dialog, button = (
        page.locator("#move-dialog"),
        page.get_by_role("link", name="자판으로 옮길 글” 옮기기"),
    )
    button.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("나갈 시각")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    wanted = noon - DAY + timedelta(hours=1)
    dialog.get_by_label("나갈 시각").fill(f"{wanted:%Y-%m-%dT%H:%M}")
    reschedule_release(release, at=noon + 2 * DAY, by=make.chief())
    page.keyboard.press("Enter")
    expect(page.locator(".errornote, .errorlist").first).to_contain_text("그사이 다른 사람이 옮겨")
    expect(page.get_by_label("나갈 시각")).to_have_value(f"{wanted:%Y-%m-%dT%H:%M}")
    assert due_local(release) == noon + 2 * DAY
    page.get_by_role("button", name="옮기기", exact=True).click()
    expect(day_cell(page, wanted)).to_contain_text("자판으로 옮길 글")
    assert due_local(release) == wanted


@pytest.mark.parametrize("language", ["ko", "en"])
def test_home_and_calendar_are_accessible_and_fit_both_widths(
    page: Page, ben: User, chi: User, language: str
) -> None:
    fill_newsroom(ben, chi)
    open_admin(page, ben)
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": page.url.split("/admin/")[0]}]
    )
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for address in ("/admin/", CALENDAR, f"{CALENDAR}?view=week", f"{CALENDAR}?view=day"):
            page.goto(address)
            found += [f"{address} {size['width']}: {rule}" for rule in axe_violations(page)]
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{address} is {width} px wide"
    page.goto(CALENDAR)
    page.locator(".entry-move").first.click()
    found += axe_violations(page)
    assert not found, "\n".join(found)


def fill_newsroom(ben: User, chi: User) -> None:
    """Something in every block and of every kind."""
    article = make.live(poll=make.poll_data(), expires_at=timezone.now() + 2 * DAY)
    make.planned()
    make.bundled(make.draft(), make.draft())
    make.draft(by=ben, embargo_until=timezone.now() + DAY, summary_3="")
    record_failure([make.planned().pk], reason="창고가 잠겼습니다.")
    Comment.objects.create(article=article, author=chi, text="기다리는 댓글", state="held")
