"""One person in two windows or browsers: neither overwrites the text of the other unseen."""

from typing import Any
from unittest.mock import Mock

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from desk.actions import end_presence
from desk.api.views import collaboration
from desk.models import Draft, DraftVersion
from tests.e2e.browser.admin.test_admin_browser import sign_in
from tests.e2e.browser.story_form.test_autosave_browser import (
    AUTOSAVE,
    autosave_state,
    open_ready,
    type_in_body,
    wait_until,
    wait_until_ready,
    wait_until_stored,
)
from tests.e2e.browser.story_form.test_two_people_browser import second_page
from tests.support import make
from tests.support.browser import chromium, page, take_screenshot
from tests.support.loopback.processes import wait_until as wait_for

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
ADD = "/admin/desk/draft/add/"
# Whether no window waits to follow the first that has the story open.
FOLLOWS = """navigator.locks.query().then(
  ({ pending }) => !pending.some((lock) => lock.name.startsWith("presence:")))"""


def test_text_of_one_browser_is_never_put_over_that_of_another_unseen(
    page: Page, chromium: Browser, live_server: Any, ada: User
) -> None:
    draft = make.draft(by=ada, headline="두 곳에서 쓰는 원고")
    sign_in(page, ada)
    open_ready(page, draft)
    page.context.route(AUTOSAVE, lambda route: route.abort())
    # What a page sends while it is left is stopped by no route: its address is of no story.
    page.locator("#unsaved-work").evaluate("box => { box.dataset.autosave += '0/autosave/' }")
    type_in_body(page, " 사무실에서 쓴 글.")
    wait_until_stored(page, "사무실에서 쓴 글.")
    complaints: list[str] = []
    at_home = second_page(chromium, live_server, complaints)
    sign_in(at_home, ada)
    open_ready(at_home, draft)
    type_in_body(at_home, " 집에서 쓴 문단.")
    expect(autosave_state(at_home)).to_contain_text("자동 저장됨")
    page.context.unroute(AUTOSAVE)
    page.reload()
    wait_until_ready(page)
    expect(page.get_by_role("button", name="되돌려 놓기")).to_be_visible()
    page.get_by_role("button", name="되돌려 놓기").click()
    type_in_body(page, " 더.")
    expect(page.locator("#autosave-conflict")).to_be_visible()
    take_screenshot(page, "autosave-own-conflict")
    assert "집에서 쓴 문단." in Draft.objects.get().body
    assert "집에서 쓴 문단." in DraftVersion.objects.order_by("-number")[0].content["body"]
    assert complaints == []
    at_home.context.close()


def test_new_story_of_an_open_window_is_not_taken_over_by_a_second_one(
    page: Page, ada: User
) -> None:
    sign_in(page, ada)
    page.goto(ADD)
    wait_until_ready(page)
    page.context.route(AUTOSAVE, lambda route: route.abort())
    type_in_body(page, "첫 창의 글.")
    wait_until_stored(page, "첫 창의 글.")
    state = page.evaluate("history.state")
    second = page.context.new_page()
    second.goto(ADD)
    wait_until_ready(second)
    expect(second.locator("#kept-text")).to_be_hidden()
    second.evaluate("state => history.replaceState(state, '')", state)  # as in a duplicated tab
    second.reload()
    wait_until_ready(second)
    expect(second.locator("#kept-text")).to_be_hidden()
    page.context.unroute(AUTOSAVE)
    type_in_body(second, "둘째 창의 글.")
    second.wait_for_url("**/change/")
    type_in_body(page, " 더.")
    page.wait_for_url("**/change/")
    for window in (page, second):
        wait_until(window, "document.getElementById('draft_form').unsavedWork.isUntouched()")
    bodies = set(Draft.objects.values_list("body", flat=True))
    assert bodies == {"<p>첫 창의 글. 더.</p>", "<p>둘째 창의 글.</p>"}


def test_closing_a_second_window_leaves_the_lock_of_the_first(
    page: Page, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = Mock(wraps=end_presence)
    monkeypatch.setattr(collaboration, "end_presence", ends)
    draft = make.draft(by=ada, headline="두 창에서 쓰는 원고")
    sign_in(page, ada)
    open_ready(page, draft)
    type_in_body(page, " 첫 창의 글.")
    wait_for(lambda: Draft.objects.get().locked_by == ada, within=20)
    expect(autosave_state(page)).to_contain_text("자동 저장됨")
    second = page.context.new_page()
    open_ready(second, draft)
    second.goto("/admin/desk/draft/")
    expect(second.get_by_role("link", name="두 창에서 쓰는 원고")).to_be_visible()
    assert (ends.call_count, Draft.objects.get().locked_by) == (0, ada)
    open_ready(second, draft)
    type_in_body(second, " 둘째 창의 글.")
    expect(autosave_state(second)).to_contain_text("자동 저장됨")
    locked_first_at = Draft.objects.get().locked_at
    page.goto("/admin/desk/draft/")
    wait_for(lambda: ends.call_count == 1, within=20)
    wait_until(second, FOLLOWS)
    # Until it has been given back by the first window and taken again by the second.
    wait_for(
        lambda: (Draft.objects.get().locked_at or locked_first_at) != locked_first_at, within=40
    )
    assert Draft.objects.get().locked_by == ada
    second.goto("/admin/desk/draft/")
    wait_for(lambda: ends.call_count == 2, within=20)
    wait_for(lambda: Draft.objects.get().locked_by is None, within=20)
