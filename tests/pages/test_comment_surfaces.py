"""Comments on every surface: what is hidden is on none, what is hostile is inert, counts agree."""

import re
import socket
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import delete_comment, hide_comment, hold_comment, post_comment
from comments.models import Comment

pytestmark = pytest.mark.django_db
SCRIPTS = Path(__file__).resolve().parents[2] / "pages/static/pages"
PARSES_MARKUP = re.compile(
    r"\.(inner|outer)HTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTML"
    r"|DOMParser|\.srcdoc|\beval\("
)
LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "[여기](//evil.example)",
    '<a href="//evil.example">여기</a>',
    "[![그림](https://evil.example/p.png)](https://evil.example)",
]
ELSEWHERE = re.compile(r"\s*(javascript|vbscript|data|https?):|\s*//|.*evil", re.IGNORECASE)
HOSTILE = [
    "<svg/onload=alert(1)>",
    "<base href=//evil.example>",
    '<b style="position:fixed" onclick=alert(1)>굵게',
    "**<img src=x onerror=alert(1)>**",
    '=HYPERLINK("http://evil.example","여기")',
]


SECRET = "은밀한 소문 끝자락"  # searched for by its first word


class Elements(HTMLParser):
    """Names and attributes of the elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, "", ""), *((tag, name, value or "") for name, value in attrs)]

    def dangerous(self) -> list[tuple[str, str, str]]:
        """Event attributes, and addresses that run or lead elsewhere."""
        return [
            (tag, name, value)
            for tag, name, value in self.attributes
            if name.startswith("on")
            or tag == "base"
            or (name in {"href", "src", "action", "formaction"} and ELSEWHERE.match(value))
        ]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def surfaces(article: Article, comment: Comment) -> list[str]:
    """Addresses at which anybody reads an article, its comments or lists."""
    thread = f"/api/v1/articles/{quote(article.slug)}/comments/"
    return [
        *(f"{thread}?sort={sort}" for sort in ("newest", "oldest", "best")),
        f"{thread}?parent={comment.parent_id or comment.pk}",
        f"/api/v1/comments/{comment.pk}/",
        *(f"/api/v1/articles/{path}" for path in ("", f"{quote(article.slug)}/", "changes/")),
        f"/api/v1/articles/?q={quote('은밀한')}",
        *("/", "/articles/", article.get_absolute_url(), f"/search/?q={quote('은밀한')}"),
        *("/feeds/atom.xml", "/feeds/rss.xml", "/sitemap-news.xml", "/metrics"),
        f"/oembed?url={quote('http://testserver' + article.get_absolute_url())}",
        f"/api/v1/me/state/?articles={quote(article.slug)}",
    ]


@pytest.mark.parametrize("state", [Comment.State.HIDDEN, Comment.State.HELD, Comment.State.DELETED])
@pytest.mark.parametrize("is_reply", [False, True], ids=["comment", "reply"])
def test_removed_comment_is_on_no_surface(
    article: Article, chi: User, mo: User, state: str, is_reply: bool
) -> None:
    """community B36."""
    top = post_comment(article, by=mo, text="남는 글").pk if is_reply else None
    removed = post_comment(article, by=chi, text=SECRET, parent=top)
    post_comment(article, by=mo, text="답글", parent=removed.pk)
    addresses = surfaces(article, removed)
    assert SECRET in text_of(APIClient().get(addresses[0]))
    if state == Comment.State.DELETED:
        delete_comment(removed, by=chi)
    else:
        remove = hide_comment if state == Comment.State.HIDDEN else hold_comment
        remove(removed, by=mo, reason="속사정")
    for address in addresses:
        response = APIClient().get(address)
        assert response.status_code in {200, 404}, address
        assert "끝자락" not in text_of(response), address
        assert "속사정" not in text_of(response), address


def test_scripts_of_reader_pages_parse_no_markup() -> None:
    """community B37, B38: what readers write is put into pages as text."""
    scripts = sorted(SCRIPTS.glob("*.js"))
    assert "comments.js" in {script.name for script in scripts}
    assert {s.name: PARSES_MARKUP.findall(s.read_text("utf-8")) for s in scripts} == {
        s.name: [] for s in scripts
    }
    assert PARSES_MARKUP.search("item.innerHTML = comment.text")


def test_links_and_markup_in_comments_are_text(
    article: Article, chi: User, mo: User, api: APIClient
) -> None:
    """community B37, B38, B40."""
    Comment.objects.bulk_create(
        Comment(article=article, author=chi, text=text, reason=text, state=state)
        for text in (*LINKS, *HOSTILE)
        for state in ("visible", "held")
    )
    read = api.get(f"/api/v1/articles/{article.slug}/comments/?sort=oldest&page_size=100").json()
    assert [comment["text"] for comment in read["results"]] == [*LINKS, *HOSTILE]
    page = api.get(article.get_absolute_url())
    assert "img-src 'self' data:;" in page["Content-Security-Policy"]
    client = Client()
    client.force_login(mo)
    visible = Comment.objects.visible().values_list("pk", flat=True)
    pages = [
        reverse("admin:comments_comment_changelist"),
        *(reverse("admin:comments_comment_change", args=[pk]) for pk in visible),
    ]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        assert [text for text in HOSTILE if text in text_of(response) and "<" in text] == []
        assert Elements(text_of(response)).dangerous() == [], address
    assert len(Elements(LINKS[7]).dangerous()) == len(Elements(HOSTILE[0]).dangerous()) == 1


def test_addresses_in_a_comment_are_never_fetched(
    article: Article, chi: User, mal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B40."""
    looked_up = list[object]()
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def recording_resolve(host: Any, *args: Any, **options: Any) -> Any:
        looked_up.append(host)
        return resolve(host, *args, **options)

    def recording_connect(self: socket.socket, address: Any) -> None:
        looked_up.append(address)
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", recording_resolve)
    monkeypatch.setattr(socket.socket, "connect", recording_connect)
    text = "http://192.0.2.7/latest/ 와 http://unreachable.invalid/p.png 를 보세요"
    comment = post_comment(article, by=chi, text=text)
    post_comment(article, by=mal, text="고맙습니다", parent=comment.pk)
    assert "192.0.2.7" not in str(looked_up)
    assert "unreachable.invalid" not in str(looked_up)


def test_count_on_cards_is_what_anybody_reads_in_the_thread(
    article: Article, chi: User, mal: User, mo: User, api: APIClient
) -> None:
    """community B48: the empty places of removed comments are not counted."""
    tops = [post_comment(article, by=chi, text=f"{n}번째 글") for n in range(6)]
    for n in range(25):
        post_comment(article, by=mal, text=f"{n}번째 답글", parent=tops[0].pk)
    replies = [
        post_comment(article, by=mal, text=f"답 {n}", parent=tops[n].pk) for n in range(1, 5)
    ]
    hide_comment(tops[1], by=mo, reason="")
    delete_comment(tops[2], by=chi)
    hold_comment(tops[5], by=mo, reason="")
    hide_comment(replies[2], by=mo, reason="")

    def read_all(query: str) -> list[Any]:
        url, comments = f"/api/v1/articles/{article.slug}/comments/?page_size=2{query}", list[Any]()
        while url:
            page = api.get(url).json()
            comments += page["results"]
            url = page["next"]
        return comments

    shown = read_all("")
    shown += [reply for top in shown for reply in read_all(f"&parent={top['id']}")]
    readable = {comment["id"] for comment in shown if comment["text"] is not None}
    assert len(readable) == 6 - 3 + 25 + 4 - 1
    detail = api.get(f"/api/v1/articles/{article.slug}/").json()
    (card,) = api.get("/api/v1/articles/").json()["results"]
    assert detail["counts"]["comments"] == card["counts"]["comments"] == len(readable)
    html = text_of(api.get(article.get_absolute_url()))
    assert f'<span data-count="comments">{len(readable)}</span>' in html
