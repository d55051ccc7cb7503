"""Every form of an address that a browser may send leads to the canonical one."""

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
OF_AN_ARTICLE = [
    "/articles/{}/",
    "/api/v1/articles/{}/",
    "/api/v1/articles/{}/editions/",
    "/api/v1/articles/{}/ninjs/",
    "/api/v1/articles/{}/comments/",
]
OF_A_SECTION = ["/sections/{}/", "/sections/{}/feeds/rss.xml", "/sections/{}/feeds/feed.json"]
OF_AN_AUTHOR = ["/authors/{}/", "/api/v1/authors/{}/"]
OF_A_TAG = ["/tags/{}/"]
ALL = [*OF_AN_ARTICLE, *OF_A_SECTION, *OF_AN_AUTHOR, *OF_A_TAG]
FORMS = {
    "NFD": lambda slug: quote(unicodedata.normalize("NFD", slug)),
    "upper case": lambda slug: quote(slug.upper()),
    "NFD, upper case": lambda slug: quote(unicodedata.normalize("NFD", slug.upper())),
    "lower-case percent encoding": lambda slug: quote(unicodedata.normalize("NFD", slug)).lower(),
}


@pytest.fixture
def story() -> Any:
    section, author = make.section(HANGUL), make.author(HANGUL)
    return make.live(slug=HANGUL, section=section, authors=[author], tags=[HANGUL])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", ALL)
def test_every_form_of_a_slug_is_redirected_to_the_canonical_one(
    story: Any, client: Client, address: str, form: str
) -> None:
    asked = address.format(FORMS[form](HANGUL))
    answer = client.get(f"{asked}?")
    assert (answer.status_code, answer["Location"]) == (301, address.format(quote(HANGUL)))
    assert "public" in answer["Cache-Control"]
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("address", [*OF_AN_ARTICLE, *OF_AN_AUTHOR])
def test_a_missing_slash_and_another_form_arrive_at_the_canonical_address(
    story: Any, client: Client, address: str
) -> None:
    asked = address.format(quote(unicodedata.normalize("NFD", HANGUL))).rstrip("/")
    answer: Any = client.get(asked, follow=True)
    assert answer.status_code == 200
    assert {status for _url, status in answer.redirect_chain} == {301}
    assert answer.redirect_chain[-1][0] == address.format(quote(HANGUL))


@pytest.mark.parametrize("address", ALL)
def test_another_form_of_nothing_is_404(client: Client, address: str) -> None:
    nowhere = address.format(quote(unicodedata.normalize("NFD", "없는-곳")))
    assert client.get(nowhere).status_code == 404


def test_the_query_is_kept(story: Any, client: Client) -> None:
    asked = f"/api/v1/articles/{quote(HANGUL.upper())}/comments/?sort=oldest"
    assert client.get(asked)["Location"].endswith("/comments/?sort=oldest")


def test_a_withdrawn_article_is_gone_at_its_canonical_address(client: Client) -> None:
    story = make.live(slug=HANGUL)
    withdraw(story, notice="내렸습니다.", by=make.ben())
    answer: Any = client.get(f"/articles/{quote(HANGUL.upper())}/", follow=True)
    assert answer.status_code == 410


def test_a_former_slug_in_another_form_leads_to_the_present_one(client: Client) -> None:
    story = make.live(slug=HANGUL)
    publish_now(make.changed(make.draft_of(story), slug="새-주소"), by=make.ben())
    for address in OF_AN_ARTICLE:
        asked = address.format(quote(unicodedata.normalize("NFD", HANGUL)))
        assert client.get(asked)["Location"] == address.format(quote("새-주소"))


@pytest.mark.parametrize("form", FORMS)
def test_writes_take_every_form_of_a_slug(story: Any, form: str) -> None:
    client = APIClient()
    client.force_authenticate(make.reader("chi"))
    asked = f"/api/v1/articles/{FORMS[form](HANGUL)}"
    assert client.put(f"{asked}/save/").status_code == 204
    said = client.post(f"{asked}/comments/", {"text": "잘 읽었습니다."}, format="json")
    assert said.status_code == 201
    assert client.post(f"{asked}/views/").status_code == 204


@pytest.mark.parametrize("name", ["section", "tag", "author"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_filters_take_every_form_of_a_slug(story: Any, name: str, form: Any) -> None:
    slug = unicodedata.normalize(form, HANGUL).upper()
    answer = APIClient().get("/api/v1/articles/", {name: slug})
    assert [card["slug"] for card in answer.json()["results"]] == [HANGUL]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ㅋㅋㅋ-ㅠㅠ-신기록", "ㅋㅋㅋ-ㅠㅠ-신기록"),
        ("ＡＩ 시대", "ai-시대"),
        (unicodedata.normalize("NFD", "도서관"), "도서관"),
        ("네이버\u200b블로그", "네이버블로그"),
        ("Café", "café"),
    ],
)
def test_a_slug_is_kept_as_it_is_typed(typed: str, kept: str, client: Client) -> None:
    """Compatibility jamo stay: an address as an editor typed it opens."""
    story = make.live(slug=typed)
    assert story.slug == kept
    assert client.get(f"/articles/{kept}/").status_code == 200
    assert client.get(f"/api/v1/articles/{kept}/").status_code == 200
    assert make_slug(kept) == kept


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
    assert again.status_code == 200  # the form, with the reason: the address is taken


POSTS = [
    ("post", "/api/v1/desk/drafts"),
    ("put", "/api/v1/polls/1/vote"),
    ("delete", "/api/v1/polls/1/vote"),
    ("patch", "/api/v1/me"),
    ("post", "/api/v1/articles/없는-곳/comments"),
]


@pytest.mark.parametrize(("method", "address"), POSTS)
def test_a_write_without_its_slash_keeps_its_method(method: str, address: str) -> None:
    """A 301 would come back as a GET and look like success."""
    answer = APIClient().generic(method.upper(), address, "{}", content_type="application/json")
    assert answer.status_code == 308
    assert answer["Location"] == f"{quote(address)}/"
    assert answer["Cache-Control"] == "no-store"


def test_a_write_to_the_plain_scheme_keeps_its_method(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = APIClient().post("/api/v1/desk/drafts/", {}, format="json")
    assert answer.status_code == 308
    assert APIClient().get("/api/v1/articles/").status_code == 301


def test_a_probe_over_plain_http_is_answered_itself(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert APIClient().get("/health/live").status_code == 200


@pytest.mark.parametrize("name", ["published_after", "published_before"])
def test_an_offset_whose_plus_sign_was_not_encoded_is_understood(name: str) -> None:
    make.live()
    for offset in ("+09:00", "%2B09:00", "+0900", "Z"):
        answer = APIClient().get(f"/api/v1/articles/?{name}=2026-11-27T00:00:00{offset}")
        assert answer.status_code == 200, (offset, answer.content)


def test_hour_24_is_refused_in_words() -> None:
    refused = APIClient().get("/api/v1/articles/?published_after=2026-11-27T24:00:00Z")
    assert refused.status_code == 400
    assert "00:00" in refused.json()["errors"][0]["detail"]
    desk = APIClient()
    desk.force_authenticate(make.ben())
    draft = desk.post("/api/v1/desk/drafts/", {"embargo_until": "2026-11-27T24:00"}, format="json")
    assert draft.status_code == 400
    assert "00:00" in draft.json()["errors"][0]["detail"]
