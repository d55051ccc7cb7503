"""HTML normalizer: pasted, imported and sent HTML keeps its meaning, in the form that the editor shows."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from articles.models import Edition
from desk.actions import start_from_wire
from desk.models import Draft
from desk.rendering import clean_body, sanitize_html
from tests.desk.admin.test_admin_stories import StoryPage
from tests.desk.commands.test_commands_archive import imported, line
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from wire.actions import receive_delivery
from wire.models import Source, Story

PHOTO = "/media/photos/abcdefgh1234/640.jpg"
ATTRIBUTES = (
    "", ' style="font-weight:bold"', ' style="font-weight:400;font-style:italic"',
    ' style="text-decoration:underline line-through"', ' style="mso-list:l0 level2 lfo1"',
    ' style="mso-list:Ignore"', ' lang="en"', ' href="tel:02-000-0000" title="t"',
    ' href="https://a.example/?a=1&b=2"', ' href="javascript:x"', ' colspan="3"', ' rowspan="2"',
    ' start="4"', f' src="{PHOTO}" alt="가"', ' src="https://a.example/x.png"', " onclick=x",
    ' role="presentation"', ' class="MsoListParagraph"', ' scope="row"', ' cite="https://a.example/"',
)  # fmt: skip
ELEMENTS = (
    "p", "div", "b", "strong", "i", "span", "s", "u", "code", "pre", "a", "ul", "ol", "li", "dl", "dt",
    "dd", "h1", "h2", "h3", "h5", "blockquote", "figure", "figcaption", "img", "br", "hr", "table", "tr",
    "td", "th", "caption", "thead", "center", "font", "section", "q", "ruby", "rt", "sub", "sup", "iframe",
    "svg", "o:p", "details", "summary", "textarea", "template", "select", "button", "form", "nav",
)  # fmt: skip
TEXTS = (
    "글", "Word", " ", "\n", "&nbsp;", "&nbsp;&nbsp;", "가.&nbsp;&nbsp;", "1.&nbsp; ", "·&nbsp;", "o\t",
    "(1)", "&#8203;", "&shy;", "\u200d", "👩\u200d💻", "\ufe0f", "\u0338", "e\u0301", "<", "&amp;",
    '"', "\u3000", "\u2003", "\u3164", "\x00", "&#8238;", "<!--", "-->", "<![if x]>", "]]>", "</p>", "</b>",
    "</li>", "</table>", "</ul>", "</a>", "</pre>", "</div>", "</td>", "<br>", "<br><br>",
)  # fmt: skip
tags = st.builds("<{}{}>".format, st.sampled_from(ELEMENTS), st.sampled_from(ATTRIBUTES))
closed = st.builds("</{}>".format, st.sampled_from(ELEMENTS))
soup = st.lists(st.one_of(tags, closed, st.sampled_from(TEXTS)), max_size=30).map("".join)


@given(soup)
@settings(max_examples=150, deadline=None)
def test_sanitizing_is_idempotent(html: str) -> None:
    once = sanitize_html(html)
    again = sanitize_html(once.html)
    assert again.html == once.html
    assert again.dropped == ()


@given(soup)
@settings(max_examples=100, deadline=None)
def test_sanitized_text_is_in_blocks_and_no_block_is_empty(html: str) -> None:
    body = clean_body(html)
    assert body == "" or body.startswith("<")
    for empty in ("<p></p>", "<li></li>", "<ul></ul>", "<blockquote></blockquote>", "<h2></h2>"):
        assert empty not in body


WORD = (
    '<p class="MsoNormal" style="margin-left:36pt"><span style="mso-list:l0 level1 lfo1">가.&nbsp;&nbsp;'
    '</span><b style="mso-bidi-font-weight:normal">굵게</b><o:p></o:p></p><div>나눔</div><br><br>끝'
)
WORD_LIST = (
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span><span style="
    "'mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span></span><![endif]>하나</p>"
    "<p style='mso-list:l0 level2 lfo1'><!--[if !supportLists]--><span style='mso-list:Ignore'>o<span>"
    "&nbsp;&nbsp;</span></span><!--[endif]-->안쪽</p>"
    "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.&nbsp;&nbsp;</span>둘</p>"
)
WORD_HEADINGS = (
    "<p class=MsoTitle>문서 제목</p><p class=a3 style='mso-outline-level:2'><b>작은 제목</b></p>"
    "<p style='mso-outline-level:body-text'>글</p>"
    "<div role=heading aria-level=2>웹의 제목</div><div role=heading aria-level=9>글</div>"
)
HANGUL = (
    '<P CLASS=HStyle0 STYLE="margin-left:20pt;text-indent:-20pt"><SPAN STYLE=\'font-family:"바탕";'
    "font-weight:bold'>가.&nbsp;&nbsp;첫 안</SPAN></P><P CLASS=HStyle0>나.&nbsp;&nbsp;둘째 안</P>"
    "<P CLASS=HStyle0><!--[if !supportEmptyParas]-->&nbsp;<!--[endif]--><o:p></o:p></P>"
    "<P CLASS=HStyle0><SPAN STYLE='text-decoration:line-through'>뺀 말</SPAN></P>"
)
GOOGLE_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal" id="docs-internal-guid-1"><p><span '
    'style="font-weight:400">보통 글 </span><span style="font-weight:700">굵은 글 </span><span '
    'style="font-style:italic">기운 글</span></p></b>'
)
AGENCY = (
    "<center><font face='바탕'><font size=2>첫&nbsp;&nbsp;&nbsp;문단</font></font></center>"
    "<table><tr><td><font>왼쪽 칸</font></td><td>오른쪽\u200b 칸</td></tr></table>맨 끝"
)
MEANINGS = {
    "Word": (WORD, "<ol><li><p><strong>굵게</strong></p></li></ol><p>나눔</p><p>끝</p>"),
    "lists of Word": (
        WORD_LIST,
        "<ol><li><p>하나</p><ul><li><p>안쪽</p></li></ul></li><li><p>둘</p></li></ol>",
    ),
    "headings of Word and the web": (
        WORD_HEADINGS,
        "<h2>문서 제목</h2><h3><strong>작은 제목</strong></h3><p>글</p><h3>웹의 제목</h3><p>글</p>",
    ),
    "Hangul": (
        HANGUL,
        "<ol><li><p><strong>첫 안</strong></p></li><li><p>둘째 안</p></li></ol><p><s>뺀 말</s></p>",
    ),
    "Google Docs": (GOOGLE_DOCS, "<p>보통 글 <strong>굵은 글 </strong><em>기운 글</em></p>"),
    "agency": (AGENCY, "<p>첫 문단</p><p>왼쪽 칸</p><p>오른쪽 칸</p><p>맨 끝</p>"),
    "blocks": ("<div>첫 줄</div><div>둘째 줄</div>", "<p>첫 줄</p><p>둘째 줄</p>"),
    "terms": ("<dl><dt>용어<dd>뜻</dl>", "<p><strong>용어</strong></p><p>뜻</p>"),
    "telephone": (
        '<a href="tel:02-000-0000">전화</a>',
        '<p><a href="tel:02-000-0000" rel="noopener">전화</a></p>',
    ),
    "equivalents": (
        "<p><b>가</b><i>나</i><strike>다</strike><del>라</del><kbd>마</kbd></p>",
        "<p><strong>가</strong><em>나</em><s>다라</s><code>마</code></p>",
    ),
    "headings": (
        "<h1>가</h1><h3>나</h3><h6>다</h6><h2>라</h2>",
        "<h2>가</h2><h3>나</h3><h4>다</h4><h3>라</h3>",
    ),
    "code in a heading of a list": (
        "<ul><li><h3>가<code>나</code></h3></li></ul>",
        "<ul><li><p><strong>가</strong><code>나</code></p></li></ul>",
    ),
    "a caption apart from its image": (
        "<figure><ul><li>가<figcaption>나</figcaption></li></ul></figure>",
        "<ul><li><p>가</p><p>나</p></li></ul>",
    ),
    "breaks": ("가<br>나<br><br>다<p>&nbsp;</p><p><br></p>", "<p>가<br>나</p><p>다</p>"),
    "rows of one width": (
        "<table><tr><th>해<th>값<tr><td>1</table>",
        "<table><tbody><tr><th><p>해</p></th><th><p>값</p></th></tr>"  # noqa: ISC004
        "<tr><td><p>1</p></td><td></td></tr></tbody></table>",
    ),
    "data": (
        "<table><thead><tr><th>해</thead><tr><td colspan=1>1</table>",
        "<table><tbody><tr><th><p>해</p></th></tr><tr><td><p>1</p></td></tr></tbody></table>",
    ),
    "invisible": (
        "<p>중도\u200b금 소상\u00ad공인\U000e0041\ufeff 👩\u200d💻</p>",
        "<p>중도금 소상공인 👩\u200d💻</p>",
    ),
    "a sentence with a number": ("<p>1. 서론</p><p>J.&nbsp;Kim</p>", "<p>1. 서론</p><p>J.&nbsp;Kim</p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", MEANINGS)
def test_pasted_html_keeps_its_meaning(name: str) -> None:
    given_html, normalized = MEANINGS[name]
    assert sanitize_html(given_html).html == normalized
    assert sanitize_html(normalized).html == normalized


def test_unclosed_formatting_does_not_multiply_the_text() -> None:
    html = "".join(f'<b class="{n}">' for n in range(500)) + "<p>글" * 5000
    body = sanitize_html(html)
    assert body.html == "<p>글</p>" * 5000
    assert body.dropped == ("unclosed formatting",)


@pytest.mark.django_db
def test_desk_api_names_dropped_markup(desk_api: make.DeskClient) -> None:
    body = (
        '<p onclick="x()">글<script>x()</script></p><iframe src="https://video.example/1"></iframe>'
        '<style>p{color:red}</style><img src="https://elsewhere.example/x.png">'
        '<a href="javascript:x()">누르기</a><a href="tel:119">전화</a>'
    )
    made = desk_api.call("POST", "drafts/", {"body_html": body})
    names = ["a[href]", "iframe", "img", "p[onclick]", "script", "style"]
    assert made.json()["dropped"] == names
    assert made.json()["body_html"] == (
        '<p>글</p><p>누르기<a href="tel:119" rel="noopener">전화</a></p>'
    )
    read = desk_api.call("GET", f"drafts/{made.json()['id']}/")
    assert read.json()["dropped"] == []
    assert read["ETag"] == made["ETag"]
    changed = desk_api.call(
        "PATCH",
        f"drafts/{made.json()['id']}/",
        {"body_html": "<svg></svg><p>새 글</p>"},
        etag=made["ETag"],
    )
    assert changed.json()["dropped"] == ["svg"]
    untouched = desk_api.call(
        "PATCH", f"drafts/{made.json()['id']}/", {"deck": "덱"}, etag=changed["ETag"]
    )
    assert untouched.json()["dropped"] == []
    assert untouched.json()["body_html"] == "<p>새 글</p>"


@pytest.mark.django_db
def test_story_page_names_dropped_markup(ben: User) -> None:
    draft = make.draft()
    body = "<p>글</p><iframe src='https://video.example/1'></iframe><b>굵게</b>"
    page = StoryPage(ben).send(draft, body=body).content.decode()
    assert "본문에 남기지 않은 것: iframe." in page
    assert Draft.objects.get().body == "<p>글</p><p><strong>굵게</strong></p>"


@pytest.mark.django_db
def test_import_keeps_meaning_and_names_dropped_markup(ben: User, tmp_path: Path) -> None:
    body = "<div>첫 <b>줄</b></div><div>둘째 줄</div><iframe></iframe>"
    output = imported(tmp_path, line(body_html=body), line(slug="다른-글"))
    assert "line 1: not kept of the text: iframe\n" in output
    assert "line 2" not in output
    stored = Edition.objects.get(article__slug="옛-로봇").body_html
    assert stored == "<p>첫 <strong>줄</strong></p><p>둘째 줄</p>"


@pytest.mark.django_db
def test_wire_story_is_normalized(ben: User) -> None:
    raw = agency_copy(body=["중도\u200b금을 내린다고 밝혔다.", "다음 달 시작한다."])
    receive_delivery(Source.objects.get(slug="yonhap"), raw=raw, by=None)
    draft = start_from_wire(Story.objects.with_current_version().get(), by=ben)
    assert "중도금을 내린다고" in draft.body
    assert draft.body.endswith("</p><p>다음 달 시작한다.</p>")
