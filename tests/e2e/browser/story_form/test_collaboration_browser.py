"""Two people and one's own autosaves in a real browser: a new story's lock, restored text, both texts."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from accounts.models import User
from desk.actions import edit, release_lock, send_back, submit
from desk.errors.collaboration import Locked
from desk.models import Draft
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
from tests.e2e.browser.story_form.test_two_people_browser import OWNS_LOCK, heartbeat, second_page
from tests.support import make
from tests.support.browser import chromium, page, take_screenshot
from tests.support.loopback.processes import wait_until as wait_for

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

expect.set_options(timeout=20_000)  # a browser beside other tests on a small machine


def save(page: Page) -> None:
    page.get_by_role("button", name="저장", exact=True).click()


def test_new_story_is_locked_for_its_writer_from_its_first_autosave(
    page: Page, chromium: Browser, live_server: Any, ada: User, ben: User
) -> None:
    complaints: list[str] = []
    sign_in(page, ada)
    page.goto("/admin/desk/draft/add/")
    wait_until_ready(page)
    page.locator("#id_headline").press_sequentially("갓 시작한 원고")
    expect(autosave_state(page)).to_contain_text("자동 저장됨")
    page.wait_for_function(OWNS_LOCK)
    draft = Draft.objects.get()
    assert draft.locked_by == ada
    his = second_page(chromium, live_server, complaints)
    sign_in(his, ben)
    his.goto("/admin/desk/draft/")
    expect(his.locator("#result_list")).to_contain_text("ada 님이 고치는 중")
    his.goto(f"/admin/desk/draft/{draft.pk}/change/")
    expect(his.locator(".lock-held")).to_contain_text("ada 님이")
    heartbeat(page)
    expect(page.locator("#presence")).to_contain_text("ben 님이")
    his.context.close()
    assert complaints == []


def leave_text_in_the_browser(page: Page, draft: Draft) -> Page:
    """ada's headline is autosaved, the answer is lost, and she closes the window; a new one is returned.

    A new tag, which no autosave makes, is in the browser alone.
    """

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    context = page.context
    context.route(AUTOSAVE, lose_the_answer)
    open_ready(page, draft)
    page.locator("#id_headline").fill("긴 머리")
    expect(autosave_state(page)).to_have_text("오프라인 – 이 브라우저에 보관")
    assert Draft.objects.get().headline == "긴 머리"
    page.locator("#id_tags").fill("처음 보는 꼬리")
    wait_until_stored(page, "처음 보는 꼬리")
    window = context.new_page()
    page.close()
    context.unroute(AUTOSAVE)
    wait_for(lambda: Draft.objects.get().locked_by is None, within=20)
    assert Draft.objects.get().tags.count() == 0
    return window


@pytest.mark.parametrize("changed_by", ["ada alone", "ben"])
def test_own_text_goes_on_from_own_autosaves_and_conflicts_with_anothers_change(
    page: Page, ada: User, ben: User, changed_by: str
) -> None:
    draft = make.draft(by=ada, headline="머리", tags=[])
    sign_in(page, ada)
    window = leave_text_in_the_browser(page, draft)
    if changed_by == "ben":
        edit(draft, by=ben, tags=["벤의 꼬리"])
    window.goto(f"/admin/desk/draft/{draft.pk}/change/")
    wait_until_ready(window)
    window.get_by_role("button", name="되돌려 놓기").click()
    expect(window.locator("#id_tags")).to_have_value("처음 보는 꼬리")
    save(window)
    if changed_by == "ben":
        expect(window.locator(".sides")).to_contain_text("벤의 꼬리")
        assert [tag.name for tag in draft.tags.all()] == ["벤의 꼬리"]
        return
    expect(window.locator(".messagelist")).to_contain_text("저장했습니다.")
    assert [tag.name for tag in draft.tags.all()] == ["처음 보는 꼬리"]
    assert window.evaluate("Object.keys(localStorage).filter(k => k.startsWith('unsaved'))") == []


def test_text_of_a_new_story_whose_answer_was_lost_goes_on_in_the_story_it_made(
    page: Page, ada: User
) -> None:
    sign_in(page, ada)
    context = page.context
    context.route(AUTOSAVE, lambda route: (route.fetch(), route.abort()))
    page.goto("/admin/desk/draft/add/")
    wait_until_ready(page)
    page.locator("#id_tags").fill("처음 보는 꼬리")
    page.locator("#id_headline").fill("하나뿐인 원고")
    expect(autosave_state(page)).to_have_text("오프라인 – 이 브라우저에 보관")
    wait_until_stored(page, "하나뿐인 원고")
    window = context.new_page()
    page.close()
    context.unroute(AUTOSAVE)
    window.goto("/admin/desk/draft/add/")
    wait_until_ready(window)
    window.get_by_role("button", name="되돌려 놓기").click()
    expect(window.locator("#id_headline")).to_have_value("하나뿐인 원고")
    save(window)
    expect(window.locator(".messagelist")).to_contain_text("저장했습니다.")
    assert [tag.name for tag in Draft.objects.get().tags.all()] == ["처음 보는 꼬리"]


def test_both_texts_are_shown_word_by_word_and_nothing_is_saved_before_the_choice(
    page: Page, ada: User, ben: User
) -> None:
    unchanged = "".join(f"<p>{n}번째 계단은 그대로였습니다.</p>" for n in range(2, 8))
    body = f"<p>로봇은 오늘 계단을 천천히 올랐습니다.</p>{unchanged}<p>끝에는 문이 있었습니다.</p>"
    draft = make.draft(by=ada, headline="로봇, 계단을 오르다", body=body)
    sign_in(page, ada)
    open_ready(page, draft)
    edit(
        draft,
        by=ben,
        deck="승강기가 멈춘 날의 기록",
        body=body.replace("오늘", "어제").replace("문이", "낡은 문이"),
    )
    type_in_body(page, " 문은 잠겨 있었습니다.")
    notice = page.locator("#autosave-conflict")
    expect(notice).to_contain_text("이 원고를 고쳤습니다")
    notice.get_by_role("button", name="무엇이 바뀌었는지 보기").click()
    conflict = page.locator("#edit-conflict")
    expect(conflict.locator("del", has_text="오늘").first).to_be_visible()
    expect(conflict.locator("ins", has_text="어제").first).to_be_visible()
    expect(conflict.locator("ins", has_text="승강기가")).to_be_visible()
    expect(conflict.get_by_text("바뀌지 않은 문단 4개").first).to_be_visible()
    assert Draft.objects.get().version == 2
    autosaves: list[str] = []
    page.on(
        "request", lambda asked: autosaves.append(asked.url) if "/autosave/" in asked.url else None
    )
    wait_until_ready(page)
    conflict.get_by_label("내가 쓴 글").check()
    type_in_body(page, " 다시.")
    expect(autosave_state(page)).to_contain_text("고르는 동안은 자동 저장하지 않음")
    wait_until_stored(page, "다시.")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        take_screenshot(page, f"collab-conflict-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="고른 대로 저장").click()
    expect(page.locator(".messagelist")).to_contain_text("합쳤습니다: 부제")
    assert autosaves == []
    saved = Draft.objects.get()
    assert saved.deck == "승강기가 멈춘 날의 기록"
    assert "오늘 계단을" in saved.body
    assert "다시." in saved.body


def test_story_that_is_sent_back_is_saved_automatically_again(
    page: Page, ada: User, ben: User
) -> None:
    draft = make.draft(by=ada, deck="")
    submit(draft, by=ada)
    sign_in(page, ada)
    open_ready(page, draft)
    page.locator("#id_deck").fill("검토 중에 쓴 부제")
    expect(autosave_state(page)).to_contain_text("검토 중이라 자동 저장하지 않음")

    def is_sent_back() -> bool:
        release_lock(draft, by=ada)
        try:
            send_back(draft, by=ben)
        except Locked:  # taken again by a heartbeat of the page
            return False
        return True

    wait_for(is_sent_back, within=20)
    heartbeat(page)
    expect(autosave_state(page)).to_contain_text("자동 저장됨")
    assert Draft.objects.get().deck == "검토 중에 쓴 부제"
    submit(draft, by=ada)
    heartbeat(page)
    wait_until(page, "document.getElementById('unsaved-work').dataset.stage === 'submitted'")
    page.locator("#id_deck").fill("늦은 부제")
    expect(autosave_state(page)).to_contain_text("검토 중이라 자동 저장하지 않음")
    assert Draft.objects.get().stage == "submitted"
