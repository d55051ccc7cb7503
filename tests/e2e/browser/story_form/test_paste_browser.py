"""Paste normalizer of the rich-text editor in a real browser, compared with the server."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from desk.models import Draft
from desk.rendering import clean_body
from tests.desk.test_html_normalizer import MEANINGS
from tests.e2e.browser.admin.test_admin_browser import body_editor, open_story, sign_in
from tests.support import make
from tests.support.browser import chromium, page

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


PASTE = """(surface, {html, text}) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", text);
  surface.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
IMAGE = '<img src="/media/photos/{key}/640.jpg" alt="가">'
SIZED = IMAGE.replace(">", ' width="30" height="20">')
SPANNED = (
    '<table><tbody><tr><td rowspan="2"><p>가</p></td><td><p>나</p></td><td></td></tr>'
    '<tr><td colspan="2"><p>다</p></td></tr></tbody></table>'
)
ROUND_TRIPS = (
    "<p>가 <strong>나 <em>다</em></strong><em> 라</em></p><h2>제목</h2><h3>작은 제목</h3><h4>더 작은</h4>",
    "<p><strong><em><s><u><sub>x</sub></u></s></em></strong><code>y</code><sup>z</sup></p>",
    '<p><a href="https://a.example/" title="t" rel="noopener"><strong>가</strong></a> 나<br>다</p><hr>',
    '<p><a href="tel:02-000-0000" rel="noopener">전화</a><a href="/곳/" rel="noopener">곳</a></p>',
    '<ul><li><p>가</p><ol start="3"><li><p>나</p><p>다</p></li></ol></li></ul>',
    '<blockquote lang="en" cite="https://a.example/"><p lang="ko">가</p></blockquote>',
    "<blockquote><p>가</p><ul><li><p>나</p></li></ul></blockquote>",
    '<table><tbody><tr><th scope="col"><p>가</p></th></tr><tr><td><p>나</p></td></tr></tbody></table>',
    SPANNED,
    f"<p>글</p>{SIZED}<p>글</p>",
    f"<figure>{IMAGE}<figcaption>설명 <em>강조</em></figcaption></figure>",
    "<pre><code>가\n  나</code></pre>",
)


def typed(page: Page) -> str:
    """The HTML that the form would submit."""
    return str(body_editor(page).evaluate("surface => surface.editor.getHTML()"))


def paste(page: Page, *, html: str = "", text: str = " ") -> None:
    body_editor(page).evaluate("surface => surface.editor.commands.setContent('')")
    body_editor(page).focus()
    body_editor(page).evaluate(PASTE, {"html": html, "text": text})


def test_pasted_html_is_stored_like_html_of_the_api(page: Page, ben: User) -> None:
    story = make.draft(headline="붙여 넣을 이야기")
    sign_in(page, ben)
    open_story(page, story.headline)
    for name, (html, stored) in MEANINGS.items():
        paste(page, html=html)
        assert clean_body(typed(page)) == stored, name
    paste(page, html=MEANINGS["Google Docs"][0])
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("저장했습니다.")).to_be_visible()
    assert Draft.objects.get().body == MEANINGS["Google Docs"][1]


def test_pasted_plain_text_becomes_paragraphs(page: Page, ben: User) -> None:
    story = make.draft(headline="맨글을 붙일 이야기")
    sign_in(page, ben)
    open_story(page, story.headline)
    paste(page, text="첫 문\u200b단\n\n\n둘째 문단\n셋째")
    assert typed(page) == "<p>첫 문단</p><p>둘째 문단</p><p>셋째</p>"
    # A web page, with what may not come along.
    paste(
        page,
        html="<h1 style='color:red'>머리</h1><table style='width:9px'><tr><td style='width:3px'>가<td>나"
        "<tr><td>다<td>라</table><iframe src='https://video.example/'></iframe><style>p{color:red}</style>"
        "<img src='https://elsewhere.example/x.png'><a href='javascript:x()'>누르기</a>",
    )
    assert clean_body(typed(page)).startswith("<h2>머리</h2><table><tbody><tr><td><p>가</p></td>")
    expect(page.get_by_text("붙여 넣지 않은 것: a[href], iframe, img")).to_be_visible()


def test_editor_copy_and_paste_is_lossless(page: Page, ben: User) -> None:
    body = "<ul><li><p>다</p></li></ul><p>가 <strong>나</strong></p>"
    story = make.draft(headline="옮길 이야기", body=body)
    sign_in(page, ben)
    open_story(page, story.headline)
    body_editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    body_editor(page).evaluate("surface => surface.editor.commands.setContent('')")
    expect(body_editor(page)).to_have_text("")
    page.keyboard.press("Control+v")
    expect(body_editor(page).locator("strong")).to_have_text("나")
    assert clean_body(typed(page)) == body


def test_editor_keeps_the_stored_html_unchanged(page: Page, ben: User) -> None:
    key: Any = make.photo().key
    story = make.draft(headline="그대로 둘 이야기")
    sign_in(page, ben)
    for body in ROUND_TRIPS:
        stored = clean_body(body.replace("{key}", key))
        Draft.objects.filter(pk=story.pk).update(body=stored)
        page.goto(f"/admin/desk/draft/{story.pk}/change/")
        expect(body_editor(page)).to_be_visible()
        shown = typed(page).replace("/desk/photos/", "/media/photos/")
        assert clean_body(shown) == stored
        assert stored == body.replace("{key}", key)
