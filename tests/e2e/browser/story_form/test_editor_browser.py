"""Rich-text editor in a real browser: pasted blocks, counts, find and replace, spell checker."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.models import Draft
from tests.e2e.browser.admin.test_admin_browser import body_editor, open_story, sign_in
from tests.e2e.browser.story_form.test_paste_browser import PASTE, typed
from tests.support import make
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

TABLE = (
    "<table style='border-collapse:collapse'><colgroup><col style='width:54pt'></colgroup>"
    "<tr height=20 style='height:15pt'><td title=5\" style='width:72pt'>가</td><td>나</td></tr>"
    "<tr><td>다</td><td>라</td></tr></table>"
)
STORED_TABLE = (
    "<table><tbody><tr><td><p>가</p></td><td><p>나</p></td></tr>"
    "<tr><td><p>다</p></td><td><p>라</p></td></tr></tbody></table>"
)
# What is pasted where (the cursor is at |), and what the body is then.
PASTED = (
    ("|", "<h1>큰 제목</h1>", "<h2>큰 제목</h2>"),
    ("앞글|", "<h1>큰 제목</h1>", "<p>앞글</p><h2>큰 제목</h2>"),
    ("|뒷글", "<h1>큰 제목</h1>", "<h2>큰 제목</h2><p>뒷글</p>"),
    ("앞글|뒷글", "<h1>낱말</h1>", "<p>앞글낱말뒷글</p>"),
    ("앞글|", "<h1>큰 제목</h1><p>글</p>", "<p>앞글</p><h2>큰 제목</h2><p>글</p>"),
    ("앞|뒤", "<h1>제목</h1><p>글</p>", "<p>앞</p><h2>제목</h2><p>글</p><p>뒤</p>"),
    (
        "앞글|",
        "<ul><li>하나<li>둘</ul>",
        "<p>앞글</p><ul><li><p>하나</p></li><li><p>둘</p></li></ul>",
    ),
    ("앞글|", TABLE, f"<p>앞글</p>{STORED_TABLE}"),
    ("앞글|", "<p>이은 글</p>", "<p>앞글이은 글</p>"),
)
PLACE_CURSOR = """(surface, marked) => {
  const at = marked.indexOf("|");
  surface.editor.commands.setContent(`<p>${marked.replace("|", "")}</p>`);
  surface.editor.commands.focus(at + 1);
}"""
BODY = (
    "<h2>로봇 시험</h2><p>로<strong>봇</strong>이 문을 열었다. 로봇은 쉬었다.</p>"
    "<ul><li><p>로봇</p></li></ul>"
)


def set_body(page: Page, html: str) -> None:
    body_editor(page).evaluate("(surface, html) => surface.editor.commands.setContent(html)", html)


def bar(page: Page) -> Any:
    return page.get_by_role("search", name="찾아 바꾸기")


def test_pasted_blocks_stay_headings_lists_and_tables(page: Page, ben: User) -> None:
    story = make.draft(headline="붙여 넣을 이야기")
    sign_in(page, ben)
    open_story(page, story.headline)
    expect(body_editor(page)).to_be_visible()
    for marked, html, body in PASTED:
        body_editor(page).evaluate(PLACE_CURSOR, marked)
        body_editor(page).evaluate(PASTE, {"html": html, "text": " "})
        assert typed(page) == body, (marked, html)
    # HTML that is typed by hand breaks no content security policy either.
    page.get_by_role("button", name="HTML 고치기").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(TABLE)
    dialog.get_by_role("button", name="바꾸기", exact=True).click()
    expect(body_editor(page).locator("td")).to_have_count(4)
    assert typed(page) == STORED_TABLE


def test_counts_find_and_replace_while_writing(page: Page, ben: User) -> None:
    story = make.draft(headline="세고 바꿀 이야기", body=BODY)
    sign_in(page, ben)
    open_story(page, story.headline)
    for field in (page.locator("#id_headline"), page.locator("#id_summary_1")):
        expect(field).to_have_attribute("spellcheck", "true")
        expect(field).to_have_attribute("lang", "ko")
    expect(body_editor(page)).to_have_attribute("spellcheck", "true")
    expect(body_editor(page)).to_have_attribute("lang", "ko")
    expect(page.get_by_role("textbox", name="본문")).to_be_visible()

    count = page.locator(".text-count")
    expect(count).to_have_text("27자 (공백 빼고 22자) · 200자 원고지 0.2매 · 읽는 데 1분")
    set_body(page, "<p>" + "가나다라 " * 250 + "</p>")
    expect(count).to_have_text("1,249자 (공백 빼고 1,000자) · 200자 원고지 6.3매 · 읽는 데 2분")
    set_body(page, BODY)

    body_editor(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+h")
    find, replace = bar(page).get_by_label("찾을 말"), bar(page).get_by_label("바꿀 말")
    expect(find).to_be_focused()
    find.fill("로봇")
    status = bar(page).get_by_role("status")
    expect(status).to_have_text("4개 중 1번째")
    assert body_editor(page).locator(".found").count() == 5  # one of them is half bold
    find.press("Enter")
    expect(status).to_have_text("4개 중 2번째")
    find.press("Shift+Enter")
    expect(status).to_have_text("4개 중 1번째")
    replace.fill("기계")
    replace.press("Enter")
    expect(body_editor(page).locator("h2")).to_have_text("기계 시험")
    expect(status).to_have_text("3개 중 1번째")
    bar(page).get_by_role("button", name="모두 바꾸기").click()
    expect(status).to_have_text("3개를 바꿨습니다")
    changed = (
        "<h2>기계 시험</h2><p>기계이 문을 열었다. 기계은 쉬었다.</p><ul><li><p>기계</p></li></ul>"
    )
    assert typed(page) == changed
    # Markup is no text.
    find.fill("strong")
    expect(status).to_have_text("찾는 말이 없습니다")
    find.press("Escape")
    expect(bar(page)).to_be_hidden()
    expect(body_editor(page)).to_be_focused()
    page.keyboard.press("Control+z")
    assert typed(page) == BODY.replace("로봇 시험", "기계 시험")
    page.keyboard.press("Control+z")
    assert typed(page) == BODY
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Draft.objects.get().body == BODY
