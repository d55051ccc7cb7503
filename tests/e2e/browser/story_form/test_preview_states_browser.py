"""Preview of the story form in a real browser: what it says when it fails, and what it shows when slow."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.e2e.browser.story_form.test_autosave_browser import (
    AUTOSAVE,
    wait_until,
    wait_until_ready,
)
from tests.support import make
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The first page of the frame is set when the test says so, as if the browser were slow to begin with it.
HOLD_FRAME = """(() => {
  const real = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "srcdoc");
  Object.defineProperty(HTMLIFrameElement.prototype, "srcdoc", {
    get() { return this.held || ""; },
    set(html) { this.held = html; window.releaseFrame = () => real.set.call(this, html); },
  });
})()"""


def test_preview_names_each_failure_and_shows_the_newest_text_after_a_slow_load(
    page: Page, ben: User
) -> None:
    story = make.draft(headline="첫 제목")
    page.route(AUTOSAVE, lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, ben)
    page.add_init_script(HOLD_FRAME)
    page.goto(f"/admin/desk/draft/{story.pk}/change/")
    wait_until_ready(page)
    page.get_by_role("button", name="나란히 미리보기").click()
    wait_until(page, "Boolean(window.releaseFrame)")
    state = page.locator(".preview-state")
    with page.expect_response("**/preview/"):
        page.locator("#id_headline").fill("둘째 제목")
    expect(state).to_have_text("최신")
    page.evaluate("releaseFrame()")
    shown = page.frame_locator("#preview-pane iframe")
    expect(shown.get_by_role("heading", name="둘째 제목")).to_be_attached()
    answers = {413: "글이 서버가", 500: "지금은 서버가", 403: "이제 이 기사를", 0: "연결되지"}
    status = 0
    page.route(
        "**/preview/",
        lambda route: route.fulfill(status=status, body="") if status else route.abort(),
    )
    for status, sentence in answers.items():
        page.locator("#id_headline").fill(f"제목 {status}")
        expect(state).to_contain_text(sentence)
    status = 403
    page.route("**/session/", lambda route: route.fulfill(json={"user": None}))
    page.locator("#id_headline").fill("마지막 제목")
    expect(state).to_contain_text("로그인이 끝났습니다")
