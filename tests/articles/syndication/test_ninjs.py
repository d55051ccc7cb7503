"""ninjs 3.1 of an article, by the rules of the standard (tests/support/ninjs.py)."""

import copy
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from desk.actions import edit, publish_now, withdraw
from tests.support import make
from tests.support.ninjs import ninjs_errors

pytestmark = pytest.mark.django_db


def in_full() -> dict[str, Any]:
    return {
        "lead_photo": make.photo(),
        "source_name": "시험통신",
        "source_url": "https://example.com/robot",
        "ai_kind": "assisted",
        "ai_note": "초안을 다듬는 데 썼습니다.",
        "poll": make.poll_data(),
    }


def ninjs(slug: str) -> Any:
    answer = APIClient().get(f"/api/v1/articles/{quote(slug)}/ninjs/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_an_article_is_a_news_object_that_the_standard_knows(ben: User) -> None:
    bare, full = ninjs(make.live().slug), ninjs(make.live(**in_full()).slug)
    assert ninjs_errors(bare) == ninjs_errors(full) == []
    assert full["standard"] == {
        "name": "ninjs",
        "version": "3.1",
        "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
    }
    assert (full["type"], full["pubStatus"], full["language"]) == ("text", "usable", "ko")
    assert [one["name"] for one in full["subjects"]] == ["산업", "로봇", "연구"]
    assert [one["name"] for one in full["infoSources"]] == ["한빛", "시험통신"]
    assert "associations" not in bare


def test_it_says_what_the_page_says(ben: User) -> None:
    article = make.live(**in_full())
    said, page = ninjs(article.slug), APIClient().get(f"/api/v1/articles/{article.slug}/").json()
    assert said["uri"] == article.urn() == page["seo"]["json_ld"]["identifier"]
    (web,) = said["renditions"]
    assert web["href"] == page["url"] == page["seo"]["canonical"]
    assert said["headlines"][0]["value"] == page["headline"]
    assert said["bodies"][0]["value"] == page["body_html"]
    assert (said["firstCreated"], said["versionCreated"]) == (
        page["published_at"],
        page["updated_at"],
    )
    (photo,) = said["associations"]
    sources = page["lead_photo"]["sources"]
    assert [r["href"] for r in photo["renditions"]] == [source["url"] for source in sources]
    assert [r["width"] for r in photo["renditions"]] == [source["width"] for source in sources]


def test_the_judge_minds_what_the_standard_does_not_know(ben: User) -> None:
    """The negative control."""
    good = ninjs(make.live(**in_full()).slug)
    for name, value in (
        ("headline", "예전 판의 이름"),
        ("pubStatus", "published"),
        ("uri", "/articles/no-host/"),
        ("uri", "http://testserver/articles/로봇/"),
        ("versionCreated", "2026-11-21T09:00:00"),
        ("version", 1),
        ("headlines", ["말"]),
    ):
        assert ninjs_errors(copy.deepcopy(good) | {name: value}), name


def test_only_what_is_live_is_told(client: Client, ben: User) -> None:
    article = make.live(slug="was-here")
    publish_now(edit(make.draft_of(article), by=ben, slug="is-here"), by=ben)
    make.planned(slug="not-yet")
    assert client.get("/api/v1/articles/not-yet/ninjs/").status_code == 404
    moved = client.get("/api/v1/articles/was-here/ninjs/")
    assert (moved.status_code, moved["Location"]) == (301, "/api/v1/articles/is-here/ninjs/")
    withdraw(article, notice="거두어들였습니다.", by=ben)
    assert client.get("/api/v1/articles/is-here/ninjs/").status_code == 410


def test_caches_keep_it_under_the_keys_of_the_story(client: Client, ben: User) -> None:
    article = make.live(slug="kept")
    first = client.get("/api/v1/articles/kept/ninjs/")
    assert "article-kept" in first["Surrogate-Key"].split()
    assert "public" in first["Cache-Control"]
    again = client.get("/api/v1/articles/kept/ninjs/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    publish_now(edit(make.draft_of(article), by=ben, headline="고친 제목"), by=ben)
    changed = client.get("/api/v1/articles/kept/ninjs/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_the_page_and_the_api_lead_there(client: Client) -> None:
    article = make.live()
    road = f"/api/v1/articles/{quote(article.slug)}/ninjs/"
    assert f'type="application/json" title="ninjs 3.1" href="{road}"' in (
        client.get(f"/articles/{article.slug}/").content.decode()
    )
    link = client.get(f"/api/v1/articles/{article.slug}/")["Link"]
    assert f'<http://testserver{road}>; rel="alternate"; type="application/json"' in link
