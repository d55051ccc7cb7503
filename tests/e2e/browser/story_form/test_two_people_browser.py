"""Two people at one story in real browsers: presence, lock, takeover, remarks, conflict."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from desk.actions import submit
from desk.models import Draft, Notice, Remark
from tests.e2e.browser.admin.test_admin_browser import body_editor, sign_in
from tests.support import make
from tests.support.browser import chromium, collect_console_message, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
TIMEOUT_MS = 40_000
OWNS_LOCK = """() => fetch(document.getElementById("presence").dataset.presence)
  .then((answer) => answer.json()).then((state) => Boolean(state.lock && state.lock.is_own))"""


def second_page(chromium: Browser, live_server: Any, complaints: list[str]) -> Page:
    """A window of another person, on a narrow screen."""
    window = chromium.new_context(
        base_url=live_server.url, locale="ko-KR", viewport={"width": 390, "height": 844}
    )
    window.set_default_timeout(TIMEOUT_MS)
    opened = window.new_page()
    opened.on("console", lambda message: collect_console_message(complaints, message))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    return opened


def heartbeat(page: Page) -> None:
    """What the page does by itself every 20 s, and whenever it becomes visible."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_two_people_at_one_story(
    page: Page, chromium: Browser, live_server: Any, ada: User, ben: User
) -> None:
    section = make.section()
    section.needs_approval = True
    section.save()
    draft = make.draft(by=ada, section=section)
    submit(draft, by=ada)
    address = f"/admin/desk/draft/{draft.pk}/change/"
    complaints: list[str] = []
    hers = second_page(chromium, live_server, complaints)
    page.context.set_default_timeout(TIMEOUT_MS)
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, ben)
    sign_in(hers, ada)
    hers.goto(address)
    page.goto(address)
    see_each_other_and_remark(page, ada)
    edit_and_take_over(page, hers)
    resolve_on_a_phone(hers, ada)
    page.goto("/admin/desk/draft/")
    take_screenshot(page, "workflow-list-1440")
    choose_between_both_texts(hers)
    hers.context.close()
    assert complaints == []


def see_each_other_and_remark(page: Page, ada: User) -> None:
    """Each sees who else is there; ben quotes a passage for ada, and goes to it from the remark."""
    presence = page.locator("#presence")
    expect(presence).to_contain_text("ada 님이 이 원고를 보고 있습니다.", timeout=TIMEOUT_MS)
    expect(page.locator(".four-eyes")).to_contain_text("승인할 수 있는 사람: ben")
    body_editor(page).locator("p").first.click(click_count=3)
    expect(page.locator(".remark-quote")).to_contain_text("로봇은 잠시 멈춰 섰습니다.")
    page.locator("#remark_text").fill("@ada 몇 초였나요?")
    page.get_by_role("button", name="메모 남기기").click()
    expect(page.locator(".remark-list li")).to_have_count(1, timeout=TIMEOUT_MS)
    assert Notice.objects.get(person=ada).what == Notice.What.MENTIONED
    page.get_by_role("button", name="구절로 가기").click()
    assert "로봇은" in page.evaluate("window.getSelection().toString()")
    expect(page.locator(".unsaved")).to_be_empty()  # a remark is no change of the story
    take_screenshot(page, "workflow-form-1440")


def edit_and_take_over(page: Page, hers: Page) -> None:
    """She types, so his save is refused; he takes the story over, and she is told in her open form."""
    hers.locator("#id_deck").press_sequentially("!")
    hers.wait_for_function(OWNS_LOCK)
    heartbeat(page)
    expect(page.locator(".lock-held")).to_contain_text("ada 님이", timeout=TIMEOUT_MS)
    take_screenshot(page, "workflow-locked-1440")
    page.locator("#id_deck").fill("편집자의 부제")
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.locator(".errorlist")).to_contain_text("ada 님이", timeout=TIMEOUT_MS)
    expect(page.locator("#id_deck")).to_have_value("편집자의 부제")
    page.get_by_role("button", name="넘겨받기").click()
    expect(page.locator(".lock-held")).to_be_hidden(timeout=TIMEOUT_MS)
    heartbeat(hers)
    expect(hers.locator(".lock-lost")).to_contain_text("ben 님이", timeout=TIMEOUT_MS)
    take_screenshot(hers, "workflow-taken-over-390")
    assert Notice.objects.filter(what=Notice.What.TAKEN_OVER).exists()
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible(timeout=TIMEOUT_MS)
    assert Draft.objects.get().deck == "편집자의 부제"


def resolve_on_a_phone(hers: Page, ada: User) -> None:
    """The remark is read and resolved on a narrow screen."""
    expect(hers.locator(".remark-list")).to_contain_text("몇 초였나요?", timeout=TIMEOUT_MS)
    hers.get_by_role("button", name="해결", exact=True).click()
    expect(hers.locator(".remark-list li")).to_have_count(0, timeout=TIMEOUT_MS)
    assert Remark.objects.get().resolved_by == ada


def choose_between_both_texts(hers: Page) -> None:
    """He has left, so that she can save: both texts are shown side by side, and hers is chosen."""
    hers.get_by_role("button", name="저장", exact=True).click()
    sides = hers.locator(".sides")
    expect(sides).to_contain_text("편집자의 부제", timeout=TIMEOUT_MS)
    take_screenshot(hers, "workflow-conflict-390")
    hers.set_viewport_size({"width": 1440, "height": 900})
    take_screenshot(hers, "workflow-conflict-1440")
    sides.get_by_text("내가 쓴 글").click()
    hers.get_by_role("button", name="고른 대로 저장").click()
    expect(hers.locator(".messagelist")).to_contain_text("저장했습니다", timeout=TIMEOUT_MS)
    assert Draft.objects.get().deck.startswith("!")
