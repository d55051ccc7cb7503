"""Layout of the story form and its preview in a real browser: two columns, save bar, pane, overlay."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.models import Draft, DraftVersion
from tests.e2e.browser.admin.test_admin_browser import body_editor, sign_in
from tests.e2e.browser.story_form.test_autosave_browser import (
    AUTOSAVE,
    wait_until,
    wait_until_ready,
)
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG_BODY = "".join(
    f"<p>{n}번째 문단입니다. 로봇은 계단을 하나 더 올랐습니다.</p>" for n in range(60)
)
FRAME = "document.querySelector('#preview-pane iframe')"
# Whether the focused element (in the editor: the caret) is hidden behind the save bar.
IS_BEHIND_BAR = """async () => {
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  const bar = document.querySelector('.save-bar').getBoundingClientRect();
  const selection = getSelection(), active = document.activeElement;
  const isCaret = active.isContentEditable && selection.rangeCount;
  const range = isCaret && selection.getRangeAt(0);
  const rects = range ? range.getClientRects() : [];
  const element = isCaret ? selection.anchorNode : active;
  const box = rects.length ? rects[0] : element.getBoundingClientRect();
  const across = box.left < bar.right && box.right >= bar.left;
  return active.closest('.save-bar') === null && across && box.bottom > bar.top + 1 && box.top < bar.bottom;
}"""


def box(page: Page, selector: str) -> Any:
    found = page.locator(selector).first.bounding_box()
    assert found
    return found


def frame_of(page: Page) -> Any:
    return page.frame_locator("#preview-pane iframe")


def long_story() -> Draft:
    poll = make.poll_data(question="로봇에게 계단을 맡겨도 될까?")
    return make.draft(
        headline="로봇, 계단을 오르다", body=LONG_BODY, lead_photo=make.photo(), poll=poll
    )


def test_text_is_in_the_middle_and_the_save_bar_never_over_what_is_edited(
    page: Page, ben: User
) -> None:
    """WCAG 2.4.11, at three widths: with the keyboard through every field, and typing at the end."""
    story = long_story()
    page.route(AUTOSAVE, lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, ben)
    for width, height in ((1280, 800), (1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/admin/desk/draft/{story.pk}/change/")
        wait_until_ready(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        if width >= 1280:
            text, side, bar = (box(page, s) for s in (".story-text", ".story-side", ".save-bar"))
            assert text["width"] >= 560
            assert text["x"] + text["width"] <= side["x"]
            assert text["x"] + text["width"] <= bar["x"]
            assert bar["y"] + bar["height"] <= height
        page.locator("#id_headline").focus()
        hidden = []
        for _ in range(90):
            page.keyboard.press("Tab")
            name = page.evaluate("document.activeElement.id || document.activeElement.textContent")
            if page.evaluate(IS_BEHIND_BAR):
                hidden.append((width, name))
        assert hidden == []
        body_editor(page).click()
        page.keyboard.press("Control+End")
        for _ in range(4):
            page.keyboard.press("Enter")
            page.keyboard.type("끝에 덧붙인 문장입니다.")
            assert not page.evaluate(IS_BEHIND_BAR), width


def close_and_look_at_snippets(page: Page) -> None:
    """Close the preview; then title and address are typed, and shown as a search result."""
    page.get_by_role("button", name="미리보기 닫기").click()
    expect(page.locator("#preview-pane")).to_be_hidden()
    page.locator("#id_headline").fill("로봇, 지붕에 서다")
    group = page.locator("fieldset details summary", has_text="검색·공유·주소")
    group.click()
    page.locator("#id_seo_title").fill("검색에 보일 제목")
    expect(page.locator(".result-title")).to_have_text("검색에 보일 제목")
    page.locator("#id_slug").fill("옥상의 로봇")
    expect(page.locator(".planned-address")).to_contain_text("/articles/옥상의-로봇/")


def test_preview_beside_the_form_follows_what_is_typed(page: Page, ben: User) -> None:
    story = long_story()
    page.route(AUTOSAVE, lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, ben)
    page.goto(f"/admin/desk/draft/{story.pk}/change/")
    wait_until_ready(page)
    page.locator("#id_headline").focus()
    page.keyboard.press("Control+Alt+KeyP")
    shown = frame_of(page)
    expect(shown.get_by_role("heading", name="로봇, 계단을 오르다")).to_be_visible()
    expect(page.locator("#id_headline")).to_be_focused()
    expect(shown.get_by_text("로봇에게 계단을 맡겨도 될까?")).to_be_attached()
    wait_until(
        page,
        f"{FRAME}.contentDocument.querySelector('.lead-figure .photo').naturalWidth > 0",
    )
    pane, form = box(page, "#preview-pane"), box(page, ".story-grid")
    assert form["x"] + form["width"] <= pane["x"]
    assert page.evaluate(f"{FRAME}.contentWindow.innerWidth") <= 424
    scroll = f"{FRAME}.contentWindow.scroll"
    page.evaluate(f"{scroll}To(0, 300)")
    page.locator("#id_headline").fill("로봇, 옥상에 서다")
    expect(shown.get_by_role("heading", name="로봇, 옥상에 서다")).to_be_attached()
    assert page.evaluate(f"{scroll}Y") == 300
    page.locator("#id_summary_1").fill("")
    expect(page.locator("#preview-pane .preview-notes")).to_contain_text("3줄 요약")
    take_screenshot(page, "preview-phone-1440")
    page.get_by_role("button", name="데스크톱").click()
    wait_until(page, f"{FRAME}.contentWindow.innerWidth >= 1280")
    take_screenshot(page, "preview-desktop-1440")
    page.evaluate(f"{FRAME}.remove()")  # the pages of readers have tests of their own
    assert axe_violations(page) == []
    page.reload()
    wait_until_ready(page)  # open again, at the same width
    wait_until(page, f"{FRAME}.contentWindow.innerWidth >= 1280")
    close_and_look_at_snippets(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="나란히 미리보기").click()
    overlay = box(page, "#preview-pane")
    assert (overlay["x"], overlay["width"]) == (0, 390)
    expect(frame_of(page).get_by_role("heading", name="로봇, 지붕에 서다")).to_be_attached()
    take_screenshot(page, "preview-phone-390")
    page.keyboard.press("Escape")
    expect(page.locator("#preview-pane")).to_be_hidden()
    assert (Draft.objects.get().headline, DraftVersion.objects.count()) == (
        "로봇, 계단을 오르다",
        1,
    )
