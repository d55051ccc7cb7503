"""Blocks of a body in a real browser: inserted, saved, changed by keyboard, and read."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from articles.models import Article
from desk.models import Draft
from desk.rendering import clean_body
from tests.desk.body.test_blocks_stored import STORED
from tests.e2e.browser.admin.test_admin_browser import body_editor, open_story, sign_in
from tests.e2e.browser.story_form.test_paste_browser import paste, typed
from tests.support import make
from tests.support.accessibility import axe_violations
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def tool(page: Page, name: str) -> Any:
    return page.locator(".prose-menubar").get_by_role("button", name=name, exact=True)


def stored_body() -> str:
    return Draft.objects.get(headline="블록을 넣을 이야기").body


def insert_photo_and_embed(page: Page) -> None:
    """By mouse and keyboard; the address of another site is refused with what is possible."""
    with page.expect_popup() as opened:
        tool(page, "사진").click()
    opened.value.locator(".pick", has_text="복도의 로봇").click()
    expect(body_editor(page).locator("figcaption")).to_have_text("로봇 시험장 뉴스룸")

    tool(page, "영상·게시물 넣기").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("영상이나 게시물의 주소").fill("https://video.example/watch?v=1")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("넣을 수 없는 주소입니다")
    dialog.get_by_label("영상이나 게시물의 주소").fill("https://youtu.be/dQw4w9WgXcQ?t=3")
    page.keyboard.press("Enter")
    expect(body_editor(page).locator(".embed-block")).to_contain_text("YouTube")


def insert_quote_and_boxes(page: Page) -> None:
    """By keyboard alone."""
    dialog = page.get_by_role("dialog")
    page.keyboard.type("문은 무거웠다")
    tool(page, "강조 인용: 한 문장을 크게").press("Enter")
    expect(body_editor(page).locator("blockquote.pull-quote")).to_have_text("문은 무거웠다")

    tool(page, "제목 있는 정보 상자 넣기").press("Enter")
    dialog.get_by_label("상자 제목").fill("로봇 규격")
    page.keyboard.press("Enter")
    page.keyboard.type("키는 2미터")
    expect(body_editor(page).locator(".fact-box")).to_contain_text("키는 2미터")

    tool(page, "관련 기사 상자 넣기").press("Enter")
    found = dialog.get_by_role("list", name="찾은 기사")
    expect(found.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_label("기사 찾기").fill("먼저")
    expect(found.get_by_role("listitem")).to_have_count(1)
    found.get_by_role("button", name="먼저 나간 기사").press("Enter")
    dialog.get_by_label("기사 찾기").fill("곧")
    found.get_by_role("button", name="곧-나갈-기사 (아직 나가지 않음)").press("Enter")
    expect(dialog.get_by_role("list", name="상자에 담은 기사")).to_contain_text("곧-나갈-기사")
    dialog.get_by_role("button", name="넣기").press("Enter")
    expect(body_editor(page).locator(".related-block")).to_contain_text("먼저 나간 기사")
    page.keyboard.type("끝 문단")


def press_active(page: Page, name: str) -> None:
    """Press the button of what the cursor is in, once the editor has seen where the cursor was put."""
    expect(tool(page, name)).to_have_class(re.compile(r"\bactive\b"))
    tool(page, name).press("Enter")


def change_boxes(page: Page) -> None:
    """By keyboard: a story taken out, the quote an ordinary paragraph, the fact box unwrapped."""
    dialog = page.get_by_role("dialog")
    body_editor(page).get_by_role("button", name="고치기").press("Enter")
    dialog.get_by_role("button", name="빼기: 곧-나갈-기사").press("Enter")
    dialog.get_by_role("button", name="넣기").press("Enter")
    body_editor(page).locator(".pull-quote p").click()
    press_active(page, "강조 인용: 한 문장을 크게")
    expect(body_editor(page).locator(".pull-quote")).to_have_count(0)
    body_editor(page).locator(".fact-box p").click()
    press_active(page, "제목 있는 정보 상자 넣기")
    expect(body_editor(page).locator(".fact-box")).to_have_count(0)


def test_each_block_is_inserted_saved_and_changed(page: Page, ben: User) -> None:
    photo = make.photo(alt="복도의 로봇", caption="로봇 시험장", credit="뉴스룸")
    other, planned = make.live(headline="먼저 나간 기사"), make.planned(slug="곧-나갈-기사")
    story = make.draft(headline="블록을 넣을 이야기", body="<p>첫 문단</p>")
    sign_in(page, ben)
    open_story(page, story.headline)
    body_editor(page).click()
    insert_photo_and_embed(page)
    insert_quote_and_boxes(page)
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    uids = f"{other.uid} {planned.edition.article.uid}"
    source = f"/media/photos/{photo.key}/{photo.sources[-1]['name']}"
    body = (
        f'<p>첫 문단</p><figure><img src="{source}" alt="복도의 로봇">'
        "<figcaption>로봇 시험장 <small>뉴스룸</small></figcaption></figure>"
        '<figure data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></figure>'
        '<blockquote class="pull-quote"><p>문은 무거웠다</p></blockquote>'
        '<aside class="fact-box"><h2>로봇 규격</h2><p>키는 2미터</p></aside>'
        f'<aside class="related-box" data-related="{uids}"></aside><p>끝 문단</p>'
    )
    assert stored_body() == body
    # Opened again it is the same, with the headlines; saving it changes nothing.
    expect(body_editor(page).locator(".related-block")).to_contain_text("먼저 나간 기사")
    expect(page.get_by_text("확인할 링크 1개")).to_be_visible()
    assert clean_body(typed(page).replace("/desk/photos/", "/media/photos/")) == body
    assert axe_violations(page, ".field-body") == []

    change_boxes(page)
    with page.expect_navigation():
        page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    for before, after in (
        (uids, str(other.uid)),
        ('<blockquote class="pull-quote">', ""),
        ("</blockquote>", ""),
        ('<aside class="fact-box">', ""),
        ("</aside><aside", "<aside"),
    ):
        body = body.replace(before, after)
    assert stored_body() == body


def test_pasted_blocks_are_stored_as_the_server_stores_them(page: Page, ben: User) -> None:
    key = make.photo().key
    story = make.draft(headline="블록을 붙일 이야기")
    sign_in(page, ben)
    open_story(page, story.headline)
    for name, (html, stored) in STORED.items():
        paste(page, html=html.replace("abcdefgh1234", key))
        shown = typed(page).replace("/desk/photos/", "/media/photos/")
        assert clean_body(shown) == stored.replace("abcdefgh1234", key), name


def test_reader_loads_an_embed_only_after_asking_for_it(page: Page, ben: User) -> None:
    embed = '<figure data-embed="https://tv.naver.com/v/1234"><figcaption>시험 주행</figcaption></figure>'
    article: Article = make.live(body=f"<p>글</p>{embed}")
    requested: list[str] = []

    def answer(route: Route) -> None:
        requested.append(route.request.url)
        route.fulfill(content_type="text/html", body="<p>player</p>")

    page.route(lambda address: not address.startswith(("http://localhost", "data:")), answer)
    page.goto(f"/articles/{article.slug}/")
    load = page.get_by_role("button", name="네이버TV에서 불러오기")
    expect(load).to_be_visible()
    expect(page.get_by_role("link", name="네이버TV에서 보기")).to_have_attribute(
        "href", "https://tv.naver.com/v/1234"
    )
    expect(page.locator("iframe")).to_have_count(0)
    assert requested == []
    assert axe_violations(page) == []
    load.press("Enter")
    expect(page.frame_locator("iframe").get_by_text("player")).to_be_visible()
    expect(page.locator("iframe")).to_have_attribute("title", "시험 주행")
    assert requested == ["https://tv.naver.com/embed/1234"]
