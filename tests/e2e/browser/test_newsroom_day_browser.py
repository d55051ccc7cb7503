"""A day in the newsroom in real browsers: one story from its first word to its withdrawal, by two people.

Ada writes in Korean on a wide screen, Ben edits in English on a phone. What the single parts do in detail:
test_autosave_browser.py, test_two_people_browser.py, test_calendar_browser.py.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Error, Page, ViewportSize, expect

from accounts.models import User
from articles.models import Article, Edition
from desk.models import Draft, Release
from tests.e2e.browser.admin.test_admin_browser import body_editor, pick_autocomplete, wait_for_form
from tests.e2e.browser.story_form.test_autosave_browser import (
    type_in_body,
    wait_until,
    wait_until_ready,
)
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, collect_console_message, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
DAY = timedelta(days=1)
NAMES = ("value", "aria-label")
FOCUSED = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const at = (x, y) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
  const isSeen = [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]].some(([x, y]) => {
    const hit = at(x, y);
    const isBehind = style.pointerEvents === "none" && hit === element.parentElement;
    return hit && (element.contains(hit) || isBehind);
  });
  const hasOutline = (one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 1;
  const field = element.closest(".select2-selection"); // which shows the focus of what is in it
  const ofField = field && hasOutline(getComputedStyle(field));
  const hasRing = hasOutline(style) || style.boxShadow !== "none" || Boolean(ofField);
  return {
    id: element.id || element.name || element.className || element.tagName,
    html: element.outerHTML.slice(0, 240),
    isEditor: element.isContentEditable, isPage: element === document.body, isSeen, hasRing,
  };
}"""


def sign_in(page: Page, user: User, language: str) -> None:
    client, site = Client(), page.url
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    values = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language}
    page.context.add_cookies(
        [
            {"name": name, "value": value, "domain": "localhost", "path": "/"}
            for name, value in values.items()
        ]
    )
    page.goto("/admin/")
    expect(page.locator(".desk-home")).to_be_visible()
    assert page.url != site


def phone_of(ben: User, chromium: Browser, live_server: Any, complaints: list[str]) -> Page:
    """Ben's phone: English, 390 px wide."""
    context = chromium.new_context(base_url=live_server.url, viewport=NARROW, locale="en-US")
    context.set_default_timeout(40_000)
    opened = context.new_page()
    opened.on("console", lambda message: collect_console_message(complaints, message))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: dialog.accept())
    sign_in(opened, ben, "en")
    return opened


def form_address() -> str:
    return f"/admin/desk/draft/{Draft.objects.get().pk}/change/"


def press(page: Page, button: str) -> None:
    page.locator(f"[name=do][value={button}]:visible").click()


def save(page: Page) -> None:
    page.locator(".save-bar [name=_continue]:not(.compare)").click()


def ask(page: Page, summary: str) -> None:
    """Open one of the questions beside the buttons."""
    page.locator(".ask-row summary", has_text=summary).click()


def message(page: Page) -> Any:
    return page.locator(".messagelist")


def test_one_story_from_its_first_word_to_its_withdrawal(
    page: Page, chromium: Browser, live_server: Any, ada: User, ben: User
) -> None:
    section = make.section()
    section.needs_approval = True
    section.save()
    make.author("한빛")
    complaints: list[str] = []
    client = Client()
    page.context.set_default_timeout(40_000)
    page.set_viewport_size(WIDE)
    sign_in(page, ada, "ko")
    phone = phone_of(ben, chromium, live_server, complaints)
    hers = write_and_lose_the_browser(page, complaints)
    send_back_with_a_note(hers, phone)
    merge_two_saves(hers, phone)
    at = approve_and_schedule(hers, phone, client)
    swap_the_edition(hers, phone)
    open_preview_link(hers, chromium, live_server)
    move_in_the_calendar(phone, at)
    publish_correct_and_withdraw(phone, client)
    hers.context.close()
    phone.context.close()
    assert complaints == []


def write_and_lose_the_browser(page: Page, complaints: list[str]) -> Page:
    """Ada writes, her window crashes, and the text is there in the next one; what was missing is added."""
    page.goto("/admin/desk/draft/add/")
    wait_until_ready(page)
    page.locator("#id_headline").fill("하루를 사는 기사")
    type_in_body(page, "아침에 쓴 첫 문단입니다.")
    expect(page.locator("#autosave-state")).to_contain_text("자동 저장됨")
    page.wait_for_url("**/change/")
    wait_until(page, "document.getElementById('draft_form').unsavedWork.isUntouched()")
    window = page.context.new_page()
    window.on("console", lambda message: collect_console_message(complaints, message))
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=5000)
    window.set_viewport_size(WIDE)
    window.goto(form_address())
    wait_until_ready(window)
    expect(body_editor(window)).to_contain_text("아침에 쓴 첫 문단입니다.")
    for number in (1, 2, 3):
        window.locator(f"#id_summary_{number}").fill(f"요약 {number}번 줄")
    window.locator("#id_section").select_option("산업")
    pick_autocomplete(window, "authors", "한빛")
    press(window, "submit")
    expect(message(window)).to_contain_text("검토를 요청했습니다.")
    assert Draft.objects.get().stage == Draft.Stage.SUBMITTED
    return window


def send_back_with_a_note(hers: Page, phone: Page) -> None:
    """Ben sends it back from his phone, and Ada reads why on her desk home."""
    phone.goto(form_address())
    wait_for_form(phone)
    ask(phone, "Send back")
    phone.locator("#id_review_note").fill("Who said this?")
    press(phone, "send_back")
    expect(message(phone)).to_contain_text("Sent back to the writer.")
    hers.goto("/admin/")
    expect(hers.locator(".desk-home")).to_contain_text("“Who said this?”")


def merge_two_saves(hers: Page, phone: Page) -> None:
    """Both change it, each another field: Ada's save takes over what Ben has saved meanwhile."""
    hers.goto(form_address())
    wait_until_ready(hers)
    phone.goto(form_address())
    wait_for_form(phone)
    phone.locator("#id_summary_3").fill("편집자가 다듬은 셋째 줄")
    save(phone)
    expect(message(phone)).to_contain_text("Saved.")
    phone.goto("/admin/")  # his lock ends with the page
    hers.locator("#id_deck").fill("홍보팀장이 말했다")
    expect(hers.locator("#autosave-conflict")).to_be_visible()
    save(hers)
    expect(message(hers)).to_contain_text("합쳤습니다")
    saved = Draft.objects.get()
    assert (saved.deck, saved.summary_3) == ("홍보팀장이 말했다", "편집자가 다듬은 셋째 줄")


def approve(hers: Page, phone: Page) -> None:
    press(hers, "submit")
    expect(message(hers)).to_contain_text("검토를 요청했습니다.")
    phone.goto(form_address())
    wait_for_form(phone)
    press(phone, "approve")
    expect(message(phone)).to_contain_text("Approved.")


def approve_and_schedule(hers: Page, phone: Page, client: Client) -> datetime:
    """The approved edition is scheduled for noon in a week; readers see nothing of it."""
    approve(hers, phone)
    at = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + 7 * DAY
    ask(phone, "Schedule")
    phone.locator("#id_at:visible").fill(f"{at:%Y-%m-%dT%H:%M}")
    press(phone, "schedule")
    expect(message(phone)).to_contain_text("Edition 1 will be published")
    assert client.get("/api/v1/articles/").json()["results"] == []
    return at


def swap_the_edition(hers: Page, phone: Page) -> None:
    """A later change takes the place of the scheduled edition, once it is approved again."""
    hers.goto(form_address())
    wait_until_ready(hers)
    hers.locator("#id_deck").fill("홍보팀장 한빛이 말했다")
    save(hers)
    expect(message(hers)).to_contain_text("저장했습니다.")
    approve(hers, phone)
    press(phone, "swap")
    expect(message(phone)).to_contain_text("Edition 2 will be published")
    assert Release.objects.waiting().get().edition.deck == "홍보팀장 한빛이 말했다"


def open_preview_link(hers: Page, chromium: Browser, live_server: Any) -> None:
    """Anybody with the link reads the text in a window without a session."""
    hers.goto(form_address())
    wait_until_ready(hers)
    press(hers, "preview")
    link = message(hers).get_by_role("link").get_attribute("href") or ""
    anonymous = chromium.new_context(base_url=live_server.url, viewport=NARROW)
    reading = anonymous.new_page()
    reading.goto(link)
    expect(reading.locator("h1", has_text="하루를 사는 기사")).to_be_visible()
    anonymous.close()


def move_in_the_calendar(phone: Page, at: datetime) -> None:
    """Ben moves it to the next day in the calendar, on his phone."""
    phone.goto(f"/admin/calendar/?view=week&date={at:%Y-%m-%d}")
    phone.locator(".entry-move").click()
    dialog = phone.locator("#move-dialog")
    dialog.get_by_label("Publish at").fill(f"{at + DAY:%Y-%m-%dT%H:%M}")
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(message(phone)).to_contain_text("하루를 사는 기사")
    assert Release.objects.waiting().get().due_at == at + DAY


def publish_correct_and_withdraw(phone: Page, client: Client) -> None:
    """Published at once after all, corrected with a public note, and withdrawn with a notice."""
    phone.goto(form_address())
    wait_for_form(phone)
    press(phone, "publish")
    expect(message(phone)).to_contain_text("Published. Readers see edition")
    address = f"/api/v1/articles/{Article.objects.get().slug}/"
    assert client.get(address).json()["deck"] == "홍보팀장 한빛이 말했다"
    ask(phone, "Publish a correction")
    number = Edition.objects.get(article__live=F("pk")).number
    phone.locator("#id_correction_kind").select_option("correction")
    phone.locator("#id_correction_note").fill("직함을 바로잡습니다.")
    press(phone, "correct")
    expect(message(phone)).to_contain_text(f"Readers see edition {number + 1}.")
    assert client.get(address).json()["corrections"][0]["note"] == "직함을 바로잡습니다."
    phone.get_by_role("link", name="Withdraw the article").click()
    phone.locator("#content textarea").fill("사실과 달라 내립니다.")
    phone.locator("#content").get_by_role("button", name="Withdraw").click()
    expect(phone.locator(".state blockquote")).to_have_text("사실과 달라 내립니다.")
    assert client.get(address).status_code == 410


def test_story_form_by_keyboard_alone(page: Page, ada: User) -> None:
    make.section()
    make.author("한빛")
    page.set_viewport_size(WIDE)
    sign_in(page, ada, "ko")
    page.goto("/admin/desk/draft/add/")
    wait_until_ready(page)
    visited = list[str]()
    tab_to(page, "id_headline", visited)
    page.keyboard.type("자판으로만 쓴 기사")
    for number in (1, 2, 3):
        tab_to(page, f"id_summary_{number}", visited)
        page.keyboard.type(f"요약 {number}번 줄")
    tab_to(page, "the body", visited)
    page.keyboard.type("자판으로 쓴 문단입니다.")
    tab_to(page, "id_section", visited)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#id_section option:checked")).to_have_text("산업")
    authors = page.get_by_role("combobox", name="필자")
    tab_to(page, "필자", visited)
    page.keyboard.type("한빛")
    expect(authors).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("option", name="한빛")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".field-authors .select2-selection__choice")).to_contain_text("한빛")
    tab_to(page, "_continue", visited)
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text("저장했습니다.")
    order = ["id_headline", "id_summary_1", "id_summary_2", "id_summary_3", "the body"]
    assert [name for name in visited if name in order] == order
    wait_until_ready(page)
    tab_to(page, "submit", [])
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text("검토를 요청했습니다.")
    draft = Draft.objects.get()
    assert draft.stage == Draft.Stage.SUBMITTED
    assert draft.body == "<p>자판으로 쓴 문단입니다.</p>"


def tab_to(page: Page, target: str, visited: list[str]) -> None:
    """Press Tab until this element has the focus. Every stop on the way is seen, and shows its focus."""
    for _stop in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        name = "the body" if stop["isEditor"] else stop["id"]
        if stop["isPage"]:
            continue
        assert stop["isSeen"], f"covered or out of sight: {stop['html']}"
        assert stop["hasRing"] or stop["isEditor"], f"no visible focus: {stop['html']}"
        visited.append(name)
        if name == target or any(f'{one}="{target}"' in stop["html"] for one in NAMES):
            return
    raise AssertionError(f"{target} is not reached: {visited}")


def test_story_form_has_no_accessibility_violations(page: Page, ben: User) -> None:
    photo, article = make.photo(alt="복도의 로봇"), make.live(headline="먼저 나간 기사")
    story = make.draft(
        by=ben, lead_photo=photo, related=[article], poll=make.poll_data(), body=BODY
    )
    address = f"/admin/desk/draft/{story.pk}/change/"
    found = []
    for language in ("ko", "en"):
        sign_in(page, ben, language)
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            page.goto(address)
            wait_until_ready(page)
            page.evaluate(
                "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
            )
            found += [f"{language} {size['width']}: {rule}" for rule in axe_violations(page)]
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"the form is {width} px wide"
    page.locator(".field-authors .select2-search__field").click()
    expect(page.locator(".select2-results__option").first).to_be_visible()
    found += [f"open list: {rule}" for rule in axe_violations(page)]
    assert not found, "\n".join(found)


BODY = (
    "<h2>문은 왜 무거웠을까?</h2><p>경첩 때문입니다. <a href='https://a.example.com/'>다른 곳</a></p>"
    "<ul><li><p>하나</p></li></ul><table><tbody><tr><th><p>가</p></th><td><p>나</p></td></tr></tbody></table>"
)
