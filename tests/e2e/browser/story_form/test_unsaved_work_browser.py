"""Unsaved work in a real browser: expired sessions, failing servers, closed windows."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from accounts.models import User
from desk.models import Draft
from tests.e2e.browser.admin.test_admin_browser import (
    body_editor,
    open_story,
    sign_in,
    wait_for_form,
)
from tests.support import make
from tests.support.browser import chromium, page, wait_for_open_requests
from tests.support.loopback.processes import wait_until

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _without_autosave(page: Page) -> None:
    """What happens to text that autosave has not saved; with it: test_autosave_browser.py."""
    page.context.route("**/autosave/", lambda route: route.abort())


def write(page: Page, *, headline: str, body: str) -> None:
    wait_for_form(page)
    page.locator("#id_headline").fill(headline)
    body_editor(page).click()
    page.keyboard.type(body)


def save(page: Page) -> None:
    page.get_by_role("button", name="저장", exact=True).click()


def sign_in_again(window: Page, user: User) -> None:
    window.get_by_label("이메일").fill(user.email)
    window.get_by_label("비밀번호").fill(f"{user.email.split('@')[0]}-password-1")
    window.get_by_role("button", name="로그인").click()


def test_expired_session_signs_in_again_and_saves_the_text(page: Page, ben: User) -> None:
    story = make.draft(headline="쓰던 이야기", body="")
    sign_in(page, ben)
    open_story(page, story.headline)
    write(page, headline="새 머리", body="세션이 끝나도 남는 글")
    page.context.clear_cookies(name="sessionid")
    save(page)
    expect(
        page.get_by_text("로그인이 끝났습니다. 쓴 글은 이 브라우저에 남아 있습니다.")
    ).to_be_visible()
    assert Draft.objects.get().headline == "쓰던 이야기"
    with page.expect_popup() as opened:
        page.get_by_role("link", name="새 창에서 로그인").click()
    sign_in_again(opened.value, ben)
    expect(page.get_by_text("저장했습니다.")).to_be_visible(timeout=20_000)
    assert Draft.objects.get().headline == "새 머리"
    assert Draft.objects.get().body == "<p>세션이 끝나도 남는 글</p>"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('unsaved'))") == []


def test_text_is_restored_after_signing_in_on_the_same_page(page: Page, ben: User) -> None:
    sign_in(page, ben)
    page.goto("/admin/desk/draft/add/")
    write(page, headline="새 원고", body="아직 어디에도 없는 글")
    page.context.clear_cookies(name="sessionid")
    save(page)
    expect(page.locator("#not-saved")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/desk/draft/add/")
    sign_in_again(page, ben)
    expect(body_editor(page)).to_have_text("아직 어디에도 없는 글")
    expect(page.locator("#id_headline")).to_have_value("새 원고")
    save(page)
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    assert Draft.objects.get().body == "<p>아직 어디에도 없는 글</p>"


def test_text_typed_before_the_form_is_ready_is_stored_and_not_overwritten(
    page: Page, ben: User
) -> None:
    story = make.draft(headline="쓰던 이야기")
    sign_in(page, ben)
    page.clock.install()
    page.goto(f"/admin/desk/draft/{story.pk}/change/")
    page.route("**/change/", lambda route: route.fulfill(status=503))
    page.locator("#id_headline").fill("처음 쓴 머리")
    save(page)
    expect(page.locator("#not-saved")).to_be_visible()
    page.locator("#not-saved .close").click()
    page.locator("#id_headline").fill("다시 쓴 머리")
    page.clock.run_for(2000)
    expect(page.locator("#id_headline")).to_have_value("다시 쓴 머리")
    expect(page.locator("#kept-text")).to_be_hidden()
    stored = page.evaluate("Object.entries(localStorage).find(([k]) => k.startsWith('unsaved'))[1]")
    assert "다시 쓴 머리" in stored


def test_unsaved_text_is_offered_after_the_window_was_closed(page: Page, ben: User) -> None:
    story = make.draft(headline="잃을 뻔한 이야기", body="<p>처음</p>")
    page.route("**/presence/", lambda route: route.abort())
    sign_in(page, ben)
    open_story(page, story.headline)
    # The text is in the browser alone: a page that closes autosaves, which no route of the browser stops,
    # but for a story under review; the answers to presence would say that this one is not.
    page.locator("#unsaved-work").evaluate("form => { form.dataset.stage = 'submitted' }")
    write(page, headline="끊긴 머리", body="끊긴 글 ")
    wait_until(lambda: "끊긴 글" in page.evaluate("JSON.stringify(localStorage)"), within=20)
    address = page.url
    window = page.context.new_page()
    page.close()
    window.goto(address)
    expect(window.get_by_text("이 브라우저에 남아 있습니다.").first).to_be_visible()
    window.get_by_role("button", name="되돌려 놓기").click()
    expect(window.locator("#id_headline")).to_have_value("끊긴 머리")
    expect(body_editor(window)).to_contain_text("끊긴 글")
    save(window)
    expect(window.get_by_text("저장했습니다.")).to_be_visible()
    assert Draft.objects.get().headline == "끊긴 머리"


@pytest.mark.parametrize("status", [503, 507])
def test_failed_save_leaves_the_form_as_it_is(page: Page, ben: User, status: int) -> None:
    story = make.draft(headline="자리가 없는 이야기", body="")
    sign_in(page, ben)
    open_story(page, story.headline)
    write(page, headline="새 머리", body="글")

    def refuse(route: Route) -> Any:
        return route.fulfill(status=status) if route.request.method == "POST" else route.continue_()

    page.route("**/change/", refuse)
    save(page)
    expect(page.get_by_text(f"서버가 지금은 저장할 수 없습니다({status}).")).to_be_visible()
    page.unroute("**/change/")
    page.get_by_role("button", name="다시 저장하기").click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    assert Draft.objects.get().headline == "새 머리"


def test_back_to_the_form_of_a_new_story_edits_that_story(page: Page, ben: User) -> None:
    sign_in(page, ben)
    page.goto("/admin/desk/draft/add/")
    write(page, headline="한 번만", body="글")
    save(page)
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="한 번만")).to_be_visible()
    page.locator("#id_headline").fill("두 번은 아니다")
    save(page)
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    assert Draft.objects.get().headline == "두 번은 아니다"


def test_time_zone_is_shown_to_an_editor_abroad(
    chromium: Browser, live_server: Any, ben: User
) -> None:
    story = make.draft(headline="멀리서 쓰는 이야기", embargo_until="2026-12-01T09:00:00+09:00")
    address = f"/admin/desk/draft/{story.pk}/change/"
    for zone, hint_count in (("America/New_York", 1), ("Asia/Tokyo", 0)):
        window = chromium.new_context(base_url=live_server.url, locale="ko-KR", timezone_id=zone)
        with wait_for_open_requests():
            page = window.new_page()
            sign_in(page, ben)
            page.goto(address)
            expect(page.get_by_text("모든 시각은 한국 시각(KST, +09:00)입니다.")).to_have_count(
                hint_count
            )
            second_window = page.locator("#id_embargo_until_zone")
            expect(second_window).to_have_count(hint_count)
            if hint_count:
                expect(second_window).to_contain_text(
                    "한국 시각(KST, +09:00) = 이곳 2026년 11월 30일"
                )
            window.close()
