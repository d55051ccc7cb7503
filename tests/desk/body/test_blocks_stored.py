"""Blocks of a body as they are stored: sanitized once, the same again, and nothing unsafe in them."""

import itertools
from typing import Any
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser

from accounts.models import User
from articles.body_blocks import boxed_ids
from desk.actions import freeze
from desk.errors import NotReady
from desk.models import DraftVersion
from desk.models.querysets import has_content
from desk.rendering import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, clean_body, render_body, sanitize_html
from desk.versions.comparison import compare
from desk.versions.content import content_of
from newsroom.text.html_normalizer.related_boxes import MAX_BOXED_ARTICLES
from tests.support import make

UID, OTHER = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-aaaaaaaaaaaa"
BOX = f'<aside class="related-box" data-related="{UID}"></aside>'
YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
IMAGE = '<img src="/media/photos/abcdefgh1234/640.jpg" alt="가">'
STORED = {
    "a photo with caption and credit": (
        f"<figure>{IMAGE}<figcaption>설명 <small>통신 <b>제공</b></small></figcaption></figure>",
        f"<figure>{IMAGE}<figcaption>설명 <small>통신 <strong>제공</strong></small></figcaption></figure>",
    ),
    "small print elsewhere": ("<p>글 <small>작게</small> 끝</p>", "<p>글 작게 끝</p>"),
    "an embed": (
        '<figure data-embed="https://youtu.be/dQw4w9WgXcQ?t=1"><figcaption>영상</figcaption></figure>',
        f'<figure data-embed="{YOUTUBE}"><figcaption>영상</figcaption></figure>',
    ),
    "an embed without a caption": (
        f'<figure class="embed" data-embed="{YOUTUBE}"><figcaption> </figcaption></figure>',
        f'<figure data-embed="{YOUTUBE}"></figure>',
    ),
    "an embed of another site": (
        '<figure data-embed="https://a.example/1"><figcaption>가 <small>나</small></figcaption></figure>',
        "<p>가 나</p>",
    ),
    "a pull quote": (
        '<blockquote class="pull-quote loud"><p>한 문장</p></blockquote>',
        '<blockquote class="pull-quote"><p>한 문장</p></blockquote>',
    ),
    "a fact box": (
        '<h2>앞</h2><aside class="fact-box"><h3>상자</h3><ul><li>하나</li></ul></aside><p>뒤</p>',
        '<h2>앞</h2><aside class="fact-box"><h3>상자</h3><ul><li><p>하나</p></li></ul></aside><p>뒤</p>',
    ),
    "a fact box before any heading": (
        '<aside class="fact-box"><h3>상자</h3><p>하나</p></aside><h2>뒤</h2>',
        '<aside class="fact-box"><h2>상자</h2><p>하나</p></aside><h2>뒤</h2>',
    ),
    "levels in a fact box and after it": (
        '<h2>앞</h2><h3>안</h3><aside class="fact-box"><h1>상자</h1><h2>하나</h2></aside><h3>뒤</h3>',
        '<h2>앞</h2><h3>안</h3><aside class="fact-box"><h3>상자</h3><h4>하나</h4></aside><h3>뒤</h3>',
    ),
    "an empty fact box": ('<aside class="fact-box"><p> </p></aside><p>글</p>', "<p>글</p>"),
    "a fact box in a list": (
        '<ul><li>가<aside class="fact-box"><p>나</p></aside></li></ul>',
        "<ul><li><p>가</p><p>나</p></li></ul>",
    ),
    "an aside of another kind": ("<aside class=ad><p>글</p></aside>", "<p>글</p>"),
    "a related box": (
        f'<aside data-related="urn:uuid:{UID.upper()} {UID}" data-titles="[]"><p>남의 제목</p></aside>',
        BOX,
    ),
    "a related box in a fact box": (
        f'<aside class="fact-box"><p>가</p><aside data-related="{UID}"></aside><p>나</p></aside>',
        f'<aside class="fact-box"><p>가</p><p>나</p></aside>{BOX}',
    ),
    "a related box of nothing": ('<aside data-related="12 x"></aside><p>글</p>', "<p>글</p>"),
}


@pytest.mark.parametrize("name", STORED)
def test_blocks_are_stored_in_one_form(name: str) -> None:
    given, stored = STORED[name]
    once = sanitize_html(given)
    assert once.html == stored
    again = sanitize_html(once.html)
    assert (again.html, again.dropped) == (stored, ())


def test_an_embed_that_is_not_allowed_is_named_among_what_was_dropped() -> None:
    assert sanitize_html(STORED["an embed of another site"][0]).dropped == ("figure[data-embed]",)


def test_a_related_box_has_a_limited_number_of_articles() -> None:
    ids = [f"{number:08x}-2222-4333-8444-555555555555" for number in range(30)]
    body = clean_body(f'<aside data-related="{" ".join(ids)}"></aside>')
    assert body.count("-2222-") == MAX_BOXED_ARTICLES


HOSTILE = (
    "javascript:alert(1)", '"><script>alert(1)</script>', "' onmouseover=alert(1) x='", "data:text/html,x",
    "https://youtu.be/dQw4w9WgXcQ\" onload=alert(1)", f"{YOUTUBE}\"><img src=x onerror=alert(1)>",
    "//evil.example/", f"{UID}\"><svg onload=alert(1)>", "fact-box\" style=\"x:expression(1)",
    "&quot;&gt;<b>",
    "https://evil.example/?https://youtu.be/dQw4w9WgXcQ", "jav\tascript:alert(1)", "\x00https://youtu.be/x",
)  # fmt: skip
SHAPES = (
    '<figure data-embed="{}"><figcaption>{}</figcaption></figure>',
    '<aside data-related="{}">{}</aside>',
    '<aside class="fact-box {}" data-titles="{}"><p>글</p></aside>',
    '<blockquote class="pull-quote" cite="{}"><p>{}</p></blockquote>',
    IMAGE.replace("가", "{}").join(("<figure>", "<figcaption><small>{}</small></figcaption></figure>")),
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_hostile_values_reach_no_attribute_and_no_element(shape: str) -> None:
    """Stored and rendered: only the elements and attributes of the policy, with values of their form."""
    rendered_data = {"class", "data-provider", "data-name", "data-url", "data-frame"}
    allowed = {tag: names | rendered_data for tag, names in ALLOWED_ATTRIBUTES.items()}
    allowed["img"] |= {"loading", "decoding", "srcset", "sizes"}
    allowed["p"] = allowed["small"] = {"class", "lang"}
    allowed["a"] |= {"rel"}
    for first, second in itertools.product(HOSTILE, HOSTILE):
        stored = clean_body(shape.format(first, second))
        for html in (stored, render_body(stored, {})):
            root = LexborHTMLParser(html, is_fragment=True).root
            for node in root.traverse() if root else ():
                tag: Any = node.tag
                assert tag in ALLOWED_TAGS, html
                assert set(node.attributes) <= allowed.get(tag, set()), html
                for value in filter(None, node.attributes.values()):
                    assert "javascript:" not in value.lower() or tag == "img", html
            assert "evil.example" not in "".join(
                part for part in html.split("<") if part.startswith(("figure", "aside", "iframe"))
            )


@pytest.mark.django_db
def test_versions_compare_what_the_blocks_say() -> None:
    """Address of an embed, credit, articles of a box, and that a quote became a pull quote."""
    before = (
        f"<blockquote><p>한 문장</p></blockquote>{BOX}"
        f"<figure>{IMAGE}<figcaption>설명</figcaption></figure>"
    )
    after = (
        f'<blockquote class="pull-quote"><p>한 문장</p></blockquote>{BOX.replace(UID, OTHER)}'
        f"<figure>{IMAGE}<figcaption>설명 <small>시험통신</small></figcaption></figure>"
        f'<figure data-embed="{YOUTUBE}"></figure>'
    )
    draft = make.changed(make.draft(body=before), body=after)
    assert draft.body == after
    contents = [dict(content_of(draft)) | {"body": body} for body in (before, after)]
    (difference,) = compare(*contents)
    changed = [row for row in difference.rows if row.kind != "equal"]
    text = " ".join(part.text for row in changed for part in row.after)
    for words in (OTHER, "시험통신", YOUTUBE):
        assert words in text
    assert any("pull-quote" in (row.after_kind or "") for row in changed)
    assert DraftVersion.objects.filter(draft=draft).count() == 2


def test_boxes_of_a_body_name_at_most_thirty_articles() -> None:
    uids = [str(uuid4()) for _ in range(36)]
    boxes = "".join(
        f'<aside data-related="{" ".join(uids[n : n + 9])}"></aside>' for n in range(0, 36, 9)
    )
    clean = sanitize_html(boxes)
    assert [str(uid) for uid in boxed_ids(clean.html)] == uids[:30]
    assert clean.dropped == ("aside[data-related]",)
    assert sanitize_html(clean.html) == (clean.html, ())


@pytest.mark.parametrize(
    ("body", "is_enough"),
    [
        (f'<figure data-embed="{YOUTUBE}"></figure>', True),
        ('<figure><img src="/media/photos/AAAAAAAAAAAA/640.jpg" alt="문"></figure>', True),
        (BOX, False),
        ("<hr>", False),
    ],
)
def test_photo_or_embed_is_a_body(body: str, is_enough: bool) -> None:
    assert has_content(clean_body(body)) is is_enough


@pytest.mark.django_db
def test_photo_that_is_not_in_the_library_is_named_before_the_freeze(ben: User) -> None:
    photo = make.photo()
    body = f"<p>글</p><figure>{IMAGE}</figure><figure>{IMAGE}</figure>"
    draft = make.draft(
        by=ben, body=body + f'<img src="/media/photos/{photo.key}/640.jpg" alt="문">'
    )
    (problem,) = draft.problems()
    assert "abcdefgh1234" in problem
    with pytest.raises(NotReady):
        freeze(draft, by=ben)


def test_small_in_an_attribute_stays_escaped_so_that_no_credit_is_put_there() -> None:
    words = "&lt;small&gt;&lt;b&gt;"
    body = f'<p><a href="https://e.example/" title="{words}">가</a></p><figure>{IMAGE}</figure>'
    stored = clean_body(body.replace('alt="가"', f'alt="{words}"'))
    assert stored.count("&lt;small") == 2
    assert "<small" not in stored + render_body(stored, {})
