"""ninjs 3.1 of an article, by the IPTC schema (tests/support/formats/ninjs.py)."""

import copy
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from desk.actions import edit, publish_now, withdraw
from tests.support import make
from tests.support.formats.ninjs import ninjs_errors

pytestmark = pytest.mark.django_db


def article_with_all_fields() -> dict[str, Any]:
    return {
        "lead_photo": make.photo(),
        "source_name": "시험통신",
        "source_url": "https://example.com/robot",
        "ai_kind": "assisted",
        "ai_note": "초안을 다듬는 데 썼습니다.",
        "poll": make.poll_data(),
    }


def get_ninjs(slug: str) -> Any:
    response = APIClient().get(f"/api/v1/articles/{quote(slug)}/ninjs/")
    assert response.status_code == 200, response.content
    return response.json()


def test_ninjs_conforms_to_the_iptc_schema(ben: User) -> None:
    minimal, full = (
        get_ninjs(make.live().slug),
        get_ninjs(make.live(**article_with_all_fields()).slug),
    )
    assert ninjs_errors(minimal) == ninjs_errors(full) == []
    assert full["standard"] == {
        "name": "ninjs",
        "version": "3.1",
        "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
    }
    assert (full["type"], full["pubStatus"], full["language"]) == ("text", "usable", "ko")
    assert [one["name"] for one in full["subjects"]] == ["산업", "로봇", "연구"]
    assert [one["name"] for one in full["infoSources"]] == ["한빛", "시험통신"]
    assert "associations" not in minimal


def test_ninjs_has_the_content_of_the_page(ben: User) -> None:
    article = make.live(**article_with_all_fields())
    item, page = (
        get_ninjs(article.slug),
        APIClient().get(f"/api/v1/articles/{article.slug}/").json(),
    )
    assert item["uri"] == article.urn() == page["seo"]["json_ld"]["identifier"]
    (web,) = item["renditions"]
    assert web["href"] == page["url"] == page["seo"]["canonical"]
    assert item["headlines"][0]["value"] == page["headline"]
    assert item["bodies"][0]["value"] == page["body_html"]
    assert (item["firstCreated"], item["versionCreated"]) == (
        page["published_at"],
        page["updated_at"],
    )
    (photo,) = item["associations"]
    sources = page["lead_photo"]["sources"]
    assert [r["href"] for r in photo["renditions"]] == [source["url"] for source in sources]
    assert [r["width"] for r in photo["renditions"]] == [source["width"] for source in sources]


def test_the_ninjs_validator_refuses_unknown_properties(ben: User) -> None:
    """Negative control of the validator."""
    valid = get_ninjs(make.live(**article_with_all_fields()).slug)
    for name, value in (
        ("headline", "예전 판의 이름"),
        ("pubStatus", "published"),
        ("uri", "/articles/no-host/"),
        ("uri", "http://testserver/articles/로봇/"),
        ("versionCreated", "2026-11-21T09:00:00"),
        ("version", 1),
        ("headlines", ["말"]),
    ):
        assert ninjs_errors(copy.deepcopy(valid) | {name: value}), name


def test_ninjs_exists_for_live_articles_only(client: Client, ben: User) -> None:
    article = make.live(slug="was-here")
    publish_now(edit(make.draft_of(article), by=ben, slug="is-here"), by=ben)
    make.planned(slug="not-yet")
    assert client.get("/api/v1/articles/not-yet/ninjs/").status_code == 404
    moved = client.get("/api/v1/articles/was-here/ninjs/")
    assert (moved.status_code, moved["Location"]) == (301, "/api/v1/articles/is-here/ninjs/")
    withdraw(article, notice="거두어들였습니다.", by=ben)
    assert client.get("/api/v1/articles/is-here/ninjs/").status_code == 410


def test_ninjs_has_the_surrogate_keys_of_the_article(client: Client, ben: User) -> None:
    article = make.live(slug="kept")
    first = client.get("/api/v1/articles/kept/ninjs/")
    assert "article-kept" in first["Surrogate-Key"].split()
    assert "public" in first["Cache-Control"]
    conditional = client.get(
        "/api/v1/articles/kept/ninjs/", headers={"If-None-Match": first["ETag"]}
    )
    assert conditional.status_code == 304
    publish_now(edit(make.draft_of(article), by=ben, headline="고친 제목"), by=ben)
    changed = client.get("/api/v1/articles/kept/ninjs/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_page_and_api_link_to_ninjs(client: Client) -> None:
    article = make.live()
    ninjs_path = f"/api/v1/articles/{quote(article.slug)}/ninjs/"
    assert f'type="application/json" title="ninjs 3.1" href="{ninjs_path}"' in (
        client.get(f"/articles/{article.slug}/").content.decode()
    )
    link = client.get(f"/api/v1/articles/{article.slug}/")["Link"]
    assert f'<http://testserver{ninjs_path}>; rel="alternate"; type="application/json"' in link
