"""Autosave and versions in a real browser: crash, reload, history, offline, conflict, restore."""

import contextlib
import time
from typing import Any
from unittest.mock import Mock

import pytest
from playwright.sync_api import Error, Page, expect

from accounts.models import User
from desk.actions import edit, publish_now, submit
from desk.admin.story import autosave as autosave_pages
from desk.errors import EditedElsewhere
from desk.models import Draft, DraftVersion
from tests.e2e.browser.admin.test_admin_browser import body_editor, open_admin, sign_in
from tests.support import make
from tests.support.browser import chromium, page, take_screenshot

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

expect.set_options(timeout=20_000)  # a browser beside other tests on a small machine
STORED = (
    "Object.entries(localStorage).filter(([k]) => k.startsWith('unsaved')).map(([, v]) => v).join()"
)
AUTOSAVE = "**/autosave/"


def wait_until(page: Page, expression: str) -> None:
    """Wait until a JavaScript expression is true; the page's policy allows no polling by script."""
    deadline = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)


def autosave_state(page: Page) -> Any:
    return page.locator("#autosave-state")


def wait_until_ready(page: Page) -> None:
    expect(body_editor(page)).to_be_visible()
    wait_until(page, "document.getElementById('draft_form').unsavedWork.isReady()")
    # The editor's buttons are as wide as their names until the font of their icons is there.
    page.evaluate("document.fonts.ready.then(() => true)")


def type_in_body(page: Page, text: str) -> None:
    body_editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def wait_until_stored(page: Page, text: str) -> None:
    wait_until(page, f"{STORED}.includes('{text}')")


def open_ready(page: Page, draft: Draft) -> None:
    page.goto(f"/admin/desk/draft/{draft.pk}/change/")
    wait_until_ready(page)


def test_new_story_is_saved_while_it_is_written_and_survives_a_crash(page: Page, ben: User) -> None:
    sign_in(page, ben)
    page.goto("/admin/desk/draft/add/")
    wait_until_ready(page)
    page.locator("#id_headline").fill("쓰는 동안 남는 원고")
    type_in_body(page, "첫 문단입니다.")
    expect(autosave_state(page)).to_contain_text("자동 저장됨")
    page.wait_for_url("**/change/")
    wait_until(page, "document.getElementById('draft_form').unsavedWork.isUntouched()")
    expect(page.locator(".unsaved")).to_have_text("")
    expect(page.get_by_role("heading", name="쓰는 동안 남는 원고")).to_be_visible()
    take_screenshot(page, "autosave-state")
    address = page.url
    window = page.context.new_page()
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=5000)
    window.goto(address)
    expect(body_editor(window)).to_contain_text("첫 문단입니다.")
    expect(window.locator("#kept-text")).to_be_hidden()
    assert Draft.objects.get().headline == "쓰는 동안 남는 원고"
    assert list(DraftVersion.objects.values_list("kind", flat=True)) == ["autosave"]


def test_text_that_was_not_saved_is_back_after_reload_and_on_the_way_back(
    page: Page, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make.draft(headline="처음 머리", body="<p>처음</p>")
    open_admin(page, ben)
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.route(AUTOSAVE, lambda route: route.abort())
    # No route of the browser stops what a page sends while it is left.
    monkeypatch.setattr(autosave_pages, "autosave", Mock(side_effect=EditedElsewhere))
    open_ready(page, draft)
    page.locator("#id_headline").fill("새 머리")
    type_in_body(page, " 끊긴 글")
    expect(autosave_state(page)).to_have_text("오프라인 – 이 브라우저에 보관")
    wait_until_stored(page, "끊긴 글")
    page.reload()
    expect(body_editor(page)).to_contain_text("끊긴 글")
    expect(page.locator("#id_headline")).to_have_value("새 머리")
    type_in_body(page, " 더 쓴 글")
    wait_until_stored(page, "더 쓴 글")
    page.goto("/admin/desk/draft/")
    page.go_back()
    expect(body_editor(page)).to_contain_text("더 쓴 글")
    page.go_back()
    page.go_forward()
    expect(body_editor(page)).to_contain_text("더 쓴 글")
    expect(page.get_by_text("되살렸습니다").or_(page.locator("#kept-text"))).to_be_visible()
    assert Draft.objects.get().body == "<p>처음</p>"
    monkeypatch.undo()
    page.context.unroute(AUTOSAVE)
    type_in_body(page, "!")
    expect(autosave_state(page)).to_contain_text("자동 저장됨")
    expect(page.locator("#kept-text")).to_be_hidden()
    assert "더 쓴 글!" in Draft.objects.get().body
    assert page.evaluate(STORED) == ""


def test_offline_text_is_kept_and_saved_when_the_network_is_back(page: Page, ben: User) -> None:
    draft = make.draft(headline="전철에서 쓰는 원고", body="<p>처음</p>")
    sign_in(page, ben)
    open_ready(page, draft)
    page.context.set_offline(True)
    type_in_body(page, " 굴 속에서")
    expect(autosave_state(page)).to_have_text("오프라인 – 이 브라우저에 보관")
    wait_until_stored(page, "굴 속에서")
    take_screenshot(page, "autosave-offline")
    page.context.set_offline(False)
    expect(autosave_state(page)).to_contain_text("자동 저장됨")
    assert "굴 속에서" in Draft.objects.get().body


def test_conflict_is_shown_at_once_and_no_text_is_lost(page: Page, ada: User, ben: User) -> None:
    draft = make.draft(by=ada, headline="둘이 고치는 원고", deck="")
    sign_in(page, ada)
    open_ready(page, draft)
    edit(draft, by=ben, deck="벤의 부제")
    page.locator("#id_deck").fill("아다의 부제")
    notice = page.locator("#autosave-conflict")
    expect(notice).to_contain_text("이 원고를 고쳤습니다")
    expect(page.locator("#id_deck")).to_have_value("아다의 부제")
    wait_until_stored(page, "아다의 부제")
    take_screenshot(page, "autosave-conflict")
    assert Draft.objects.get().deck == "벤의 부제"
    notice.get_by_role("button", name="무엇이 바뀌었는지 보기").click()
    expect(page.locator(".theirs")).to_contain_text("벤의 부제")
    expect(page.locator("#id_deck")).to_have_value("아다의 부제")
    page.get_by_role("button", name="내 글로 덮어써 저장").click()
    expect(page.locator(".messagelist")).to_contain_text("저장했습니다.")
    assert Draft.objects.get().deck == "아다의 부제"


def test_story_under_review_is_saved_by_its_button_alone(page: Page, ada: User) -> None:
    draft = make.draft(by=ada, headline="검토 중인 원고", deck="")
    submit(draft, by=ada)
    sign_in(page, ada)
    open_ready(page, draft)
    page.locator("#id_deck").fill("뒤늦은 부제")
    expect(autosave_state(page)).to_contain_text("검토 중이라 자동 저장하지 않음")
    wait_until_stored(page, "뒤늦은 부제")
    assert Draft.objects.get().stage == "submitted"
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    assert (Draft.objects.get().stage, Draft.objects.get().deck) == ("writing", "뒤늦은 부제")


def test_versions_are_compared_and_one_is_restored(page: Page, ada: User, ben: User) -> None:
    paragraphs = "".join(f"<p>{n}번째 계단은 그대로였습니다.</p>" for n in range(2, 9))
    draft = make.draft(
        by=ada,
        headline="로봇, 계단을 오르다",
        body=f"<p>로봇은 오늘 계단을 천천히 올랐습니다.</p>{paragraphs}<p>끝에는 문이 있었습니다.</p>",
    )
    publish_now(draft, by=ben)
    edit(
        draft,
        by=ben,
        headline="로봇, 열두 계단을 오르다",
        summary_2="문은 가벼웠다",
        tags=["로봇"],
        body=f"<p>로봇은 어제 계단을 <strong>빠르게</strong> 올랐습니다.</p>{paragraphs}"
        "<h2>문은 누가 열었을까?</h2><p>끝에는 문이 있었습니다.</p>",
    )
    edit(draft, by=ada, notes="숫자 확인")
    sign_in(page, ada)
    open_ready(page, draft)
    page.get_by_role("link", name="저장본", exact=True).click()
    expect(page.get_by_text("1판 공개 중")).to_be_visible()
    take_screenshot(page, "versions-list")
    page.get_by_label("앞: 저장본 1", exact=True).check()
    page.get_by_label("뒤: 저장본 3", exact=True).check()
    page.get_by_role("button", name="고른 두 저장본 비교").click()
    expect(page.locator("ins", has_text="어제")).to_be_visible()
    expect(page.locator("del", has_text="오늘")).to_be_visible()
    expect(page.get_by_text("바뀌지 않은 문단 5개")).to_be_visible()
    for width, name in ((1440, "desktop"), (390, "phone")):
        page.set_viewport_size({"width": width, "height": 900})
        take_screenshot(page, f"versions-diff-{name}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="1번 저장본으로 되돌리기").click()
    expect(page.get_by_text("저장본 1(으)로 되돌려")).to_be_visible()
    expect(page.locator("#id_headline")).to_have_value("로봇, 계단을 오르다")
    page.get_by_role("link", name="저장본", exact=True).click()
    expect(page.get_by_text("저장본 1(으)로 되돌림")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    take_screenshot(page, "versions-list-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
