"""Redirects from every form of a slug (NFD, upper case) to the canonical URL."""

import unicodedata
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from rest_framework.test import APIClient

from articles.slugs import make_slug
from desk.actions import publish_now, withdraw
from tests.support import make

pytestmark = pytest.mark.django_db

HANGUL = "가나다-도서관-ai"
ARTICLE_URLS = [
    "/articles/{}/",
    "/api/v1/articles/{}/",
    "/api/v1/articles/{}/editions/",
    "/api/v1/articles/{}/ninjs/",
    "/api/v1/articles/{}/comments/",
]
SECTION_URLS = ["/sections/{}/", "/sections/{}/feeds/rss.xml", "/sections/{}/feeds/feed.json"]
AUTHOR_URLS = ["/authors/{}/", "/api/v1/authors/{}/"]
TAG_URLS = ["/tags/{}/"]
ALL = [*ARTICLE_URLS, *SECTION_URLS, *AUTHOR_URLS, *TAG_URLS]
FORMS = {
    "NFD": lambda slug: quote(unicodedata.normalize("NFD", slug)),
    "upper case": lambda slug: quote(slug.upper()),
    "NFD, upper case": lambda slug: quote(unicodedata.normalize("NFD", slug.upper())),
    "lower-case percent encoding": lambda slug: quote(unicodedata.normalize("NFD", slug)).lower(),
}


@pytest.fixture
def article() -> Any:
    section, author = make.section(HANGUL), make.author(HANGUL)
    return make.live(slug=HANGUL, section=section, authors=[author], tags=[HANGUL])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("url", ALL)
def test_other_form_of_a_slug_is_redirected_to_the_canonical_url(
    article: Any, client: Client, url: str, form: str
) -> None:
    requested = url.format(FORMS[form](HANGUL))
    response = client.get(f"{requested}?")
    assert (response.status_code, response["Location"]) == (301, url.format(quote(HANGUL)))
    assert "public" in response["Cache-Control"]
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("url", [*ARTICLE_URLS, *AUTHOR_URLS])
def test_missing_slash_and_other_form_lead_to_the_canonical_url(
    article: Any, client: Client, url: str
) -> None:
    requested = url.format(quote(unicodedata.normalize("NFD", HANGUL))).rstrip("/")
    response: Any = client.get(requested, follow=True)
    assert response.status_code == 200
    assert {status for _url, status in response.redirect_chain} == {301}
    assert response.redirect_chain[-1][0] == url.format(quote(HANGUL))


@pytest.mark.parametrize("url", ALL)
def test_other_form_of_an_unknown_slug_is_404(client: Client, url: str) -> None:
    nowhere = url.format(quote(unicodedata.normalize("NFD", "없는-곳")))
    assert client.get(nowhere).status_code == 404


def test_redirect_keeps_the_query_string(article: Any, client: Client) -> None:
    requested = f"/api/v1/articles/{quote(HANGUL.upper())}/comments/?sort=oldest"
    assert client.get(requested)["Location"].endswith("/comments/?sort=oldest")


def test_withdrawn_article_is_410_after_the_redirect(client: Client) -> None:
    article = make.live(slug=HANGUL)
    withdraw(article, notice="내렸습니다.", by=make.ben())
    response: Any = client.get(f"/articles/{quote(HANGUL.upper())}/", follow=True)
    assert response.status_code == 410


def test_other_form_of_a_former_slug_leads_to_the_current_one(client: Client) -> None:
    article = make.live(slug=HANGUL)
    publish_now(make.changed(make.draft_of(article), slug="새-주소"), by=make.ben())
    for url in ARTICLE_URLS:
        requested = url.format(quote(unicodedata.normalize("NFD", HANGUL)))
        assert client.get(requested)["Location"] == url.format(quote("새-주소"))


@pytest.mark.parametrize("form", FORMS)
def test_writes_accept_every_form_of_a_slug(article: Any, form: str) -> None:
    client = APIClient()
    client.force_authenticate(make.reader("chi"))
    requested = f"/api/v1/articles/{FORMS[form](HANGUL)}"
    assert client.put(f"{requested}/save/").status_code == 204
    comment = client.post(f"{requested}/comments/", {"text": "잘 읽었습니다."}, format="json")
    assert comment.status_code == 201
    assert client.post(f"{requested}/views/").status_code == 204


@pytest.mark.parametrize("name", ["section", "tag", "author"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_filters_accept_every_form_of_a_slug(article: Any, name: str, form: Any) -> None:
    slug = unicodedata.normalize(form, HANGUL).upper()
    response = APIClient().get("/api/v1/articles/", {name: slug})
    assert [card["slug"] for card in response.json()["results"]] == [HANGUL]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ㅋㅋㅋ-ㅠㅠ-신기록", "ㅋㅋㅋ-ㅠㅠ-신기록"),
        ("ＡＩ 시대", "ai-시대"),
        (unicodedata.normalize("NFD", "도서관"), "도서관"),
        ("네이버\u200b블로그", "네이버블로그"),
        ("Café", "café"),
    ],
)
def test_a_slug_is_kept_as_it_is_typed(typed: str, stored: str, client: Client) -> None:
    """Compatibility jamo stay: an url as an editor typed it opens."""
    article = make.live(slug=typed)
    assert article.slug == stored
    assert client.get(f"/articles/{stored}/").status_code == 200
    assert client.get(f"/api/v1/articles/{stored}/").status_code == 200
    assert make_slug(stored) == stored


def test_a_tag_is_kept_as_it_is_typed(client: Client) -> None:
    make.live(tags=["ㅋㅋㅋ"])
    assert client.get("/tags/ㅋㅋㅋ/").status_code == 200


@pytest.mark.parametrize("kind", ["section", "author", "tag"])
def test_the_admin_keeps_slugs_canonical(kind: str, client: Client) -> None:
    client.force_login(make.staff("chi-ef", role="chief"))
    fields = {"name": "도서관 AI", "slug": "도서관-AI", "position": "1", "role": "기자"}
    assert client.post(f"/admin/articles/{kind}/add/", fields).status_code == 302
    assert client.get(f"/{kind}s/도서관-ai/").status_code == (404 if kind == "tag" else 200)
    again = client.post(f"/admin/articles/{kind}/add/", fields | {"name": "다른 이름"})
    assert again.status_code == 200  # the form, with the reason: the url is taken


POSTS = [
    ("post", "/api/v1/desk/drafts"),
    ("put", "/api/v1/polls/1/vote"),
    ("delete", "/api/v1/polls/1/vote"),
    ("patch", "/api/v1/me"),
    ("post", "/api/v1/articles/없는-곳/comments"),
]


@pytest.mark.parametrize(("method", "url"), POSTS)
def test_a_write_without_its_slash_keeps_its_method(method: str, url: str) -> None:
    """A 301 would come back as a GET and look like success."""
    response = APIClient().generic(method.upper(), url, "{}", content_type="application/json")
    assert response.status_code == 308
    assert response["Location"] == f"{quote(url)}/"
    assert response["Cache-Control"] == "no-store"


def test_a_write_to_the_plain_scheme_keeps_its_method(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = APIClient().post("/api/v1/desk/drafts/", {}, format="json")
    assert response.status_code == 308
    assert APIClient().get("/api/v1/articles/").status_code == 301


def test_a_probe_over_plain_http_is_answered_itself(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert APIClient().get("/health/live").status_code == 200


@pytest.mark.parametrize("name", ["published_after", "published_before"])
def test_an_offset_whose_plus_sign_was_not_encoded_is_understood(name: str) -> None:
    make.live()
    for offset in ("+09:00", "%2B09:00", "+0900", "Z"):
        response = APIClient().get(f"/api/v1/articles/?{name}=2026-11-27T00:00:00{offset}")
        assert response.status_code == 200, (offset, response.content)


def test_hour_24_is_refused_in_words() -> None:
    refused = APIClient().get("/api/v1/articles/?published_after=2026-11-27T24:00:00Z")
    assert refused.status_code == 400
    assert "00:00" in refused.json()["errors"][0]["detail"]
    desk = APIClient()
    desk.force_authenticate(make.ben())
    draft = desk.post("/api/v1/desk/drafts/", {"embargo_until": "2026-11-27T24:00"}, format="json")
    assert draft.status_code == 400
    assert "00:00" in draft.json()["errors"][0]["detail"]
