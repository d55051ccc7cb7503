"""oEmbed 1.0 of polls, and the embed page."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from desk.actions import withdraw
from tests.support import make

pytestmark = pytest.mark.django_db
EVIL = "<script>alert('x')</script>\"'&"
MUST = {"version", "type", "html", "width", "height"}  # oembed.com, 2.3.4.4


@pytest.fixture
def article() -> Article:
    return make.live(headline="문을 맡길까", poll=make.poll_data(), lead_photo=make.photo())


def article_url(article: Article) -> str:
    return f"http://testserver/articles/{quote(article.slug)}/"


def get_oembed(client: Client, url: str, **more: Any) -> Any:
    return client.get("/oembed", {"url": url, **more})


class Frames(HTMLParser):
    """Parser that collects the elements of an HTML fragment with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs)))


def test_oembed_returns_an_iframe_of_the_poll(client: Client, article: Article) -> None:
    response = get_oembed(client, article_url(article))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    data = response.json()
    assert set(data) >= MUST
    assert (data["version"], data["type"], data["title"]) == ("1.0", "rich", "문을 맡길까")
    assert data["url"] == client.get(f"/api/v1/articles/{article.slug}/").json()["url"]
    ((tag, frame),) = Frames(data["html"]).found
    assert tag == "iframe"
    assert frame["src"] == f"http://testserver/polls/{article.poll_id}/embed/"
    assert {"thumbnail_url", "thumbnail_width", "thumbnail_height"} <= set(data)


def test_oembed_xml_has_the_same_fields(client: Client, article: Article) -> None:
    response = get_oembed(client, article_url(article), format="xml")
    assert response["Content-Type"].startswith("text/xml")
    tree = ET.fromstring(response.content)
    assert tree.tag == "oembed"
    plain = get_oembed(client, article_url(article)).json()
    assert {one.tag: one.text for one in tree} == {name: str(v) for name, v in plain.items()}


def test_oembed_respects_maxwidth_and_maxheight(client: Client, article: Article) -> None:
    data = get_oembed(client, article_url(article), maxwidth=320, maxheight=300).json()
    assert (data["width"], data["height"]) == (320, 300)
    assert 'width="320" height="300"' in data["html"]
    assert data.get("thumbnail_width", 0) <= 320
    for wrong in ("0", "-1", "wide", "1" * 30, "１２"):
        assert get_oembed(client, article_url(article), maxwidth=wrong).status_code == 400


def test_oembed_unknown_format_is_501(client: Client, article: Article) -> None:
    assert get_oembed(client, article_url(article), format="yaml").status_code == 501


@pytest.mark.parametrize(
    "url",
    [
        "", "nonsense", "http://[", "https://elsewhere.example.com/articles/open/",
        "http://testserver/articles/nowhere/", "http://testserver/articles/not-yet/",
        "http://testserver/articles/no-vote/", "http://testserver/articles/gone/",
        "http://testserver/", "http://testserver@elsewhere.example.com/articles/open/",
    ],
)  # fmt: skip
def test_oembed_of_another_url_is_404(url: str, client: Client, ben: User) -> None:
    """Scheduled or withdrawn articles, and those without a poll, are answered like unknown ones."""
    make.planned(slug="not-yet", poll=make.poll_data())
    make.live(slug="no-vote")
    make.live(slug="open", poll=make.poll_data())
    gone = make.live(slug="gone", poll=make.poll_data())
    withdraw(gone, notice="거두어들였습니다.", by=ben)
    response, nowhere = (
        get_oembed(client, url),
        get_oembed(client, "http://testserver/articles/xyz/"),
    )
    assert (response.status_code, response.content) == (404, nowhere.content)
    assert client.get(f"/polls/{gone.poll_id}/embed/").status_code == 404
    assert client.get(f"/polls/{10**26}/embed/").status_code == 404


def test_only_the_embed_page_may_be_framed(client: Client, article: Article) -> None:
    framed = client.get(f"/polls/{article.poll_id}/embed/")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "script-src 'self'" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert not framed.cookies
    for path in (f"/articles/{article.slug}/", "/polls/999999/embed/", "/"):
        page = client.get(path)
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"


def test_cached_embed_page_may_be_framed(client: Client, article: Article, settings: Any) -> None:
    """A response from the response cache keeps its frame-ancestors."""
    settings.RESPONSE_CACHE_SECONDS = 1
    for _ in range(2):
        response = client.get(f"/polls/{article.poll_id}/embed/")
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "X-Frame-Options" not in response


def test_embed_page_shows_the_tally_and_links_to_the_article(
    client: Client, article: Article
) -> None:
    response = client.get(f"/polls/{article.poll_id}/embed/")
    body = response.content.decode()
    assert "로봇에게 문을 맡겨도 될까?" in body
    assert f'href="{article_url(article)}#poll" target="_blank" rel="noopener"' in body
    assert "<script" not in body
    assert "<form" not in body
    keys = response["Surrogate-Key"].split()
    assert f"poll-{article.poll_id}" in keys


def test_embed_page_and_oembed_escape_html(client: Client) -> None:
    words = make.poll_data(title=EVIL, question=EVIL)
    for side in words["sides"]:
        side |= {"label": EVIL[:10], "argument": EVIL}
    article = make.live(headline=EVIL, poll=words)
    data = get_oembed(client, article_url(article)).json()
    assert [tag for tag, _ in Frames(data["html"]).found] == ["iframe"]
    tree = ET.fromstring(get_oembed(client, article_url(article), format="xml").content)
    assert tree.findtext("html") == data["html"]
    body = client.get(f"/polls/{article.poll_id}/embed/").content.decode()
    assert "script" not in {tag for tag, _ in Frames(body).found}


def test_article_page_links_to_oembed(client: Client, article: Article) -> None:
    head = client.get(f"/articles/{article.slug}/").content.decode()
    links = {
        attributes["type"]: attributes["href"]
        for tag, attributes in Frames(head).found
        if tag == "link" and "oembed" in str(attributes.get("type"))
    }
    assert set(links) == {"application/json+oembed", "text/xml+oembed"}
    for url in links.values():
        assert client.get(str(url)).status_code == 200
    plain = client.get(f"/articles/{make.live().slug}/").content.decode()
    assert "oembed" not in plain
