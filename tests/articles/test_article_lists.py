"""Article lists by tag, author and section: newest first, paginated, read from an index, never counted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from articles.models import Article, Byline, Tagging
from articles.read_queries import live_cards
from desk.actions import publish_now
from tests.support import make

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"
TAGS = ["로봇", "문"]


def paginated_slugs(api: APIClient, **filters: str) -> list[str]:
    """The slugs of all pages of a list, one article a page."""
    slugs, url = list[str](), LIST
    params: dict[str, str] = {"page_size": "1", **filters}
    while url:
        page = api.get(url, params).json()
        slugs += [card["slug"] for card in page["results"]]
        url, params = page["next"], {}
    return slugs


def test_tag_list_is_newest_first_without_repeats(api: APIClient) -> None:
    stories = [make.live(tags=TAGS[:1]) for _ in range(3)]
    make.live(tags=TAGS[1:])
    assert paginated_slugs(api, tag="로봇") == [story.slug for story in reversed(stories)]


def test_previous_page_is_the_page_before(api: APIClient) -> None:
    for _ in range(3):
        make.live(tags=TAGS)
    first = api.get(LIST, {"tag": "로봇", "page_size": "2"}).json()
    second = api.get(first["next"]).json()
    again = api.get(second["previous"]).json()
    assert again["results"] == first["results"]


def test_list_filters_combine(api: APIClient) -> None:
    both = make.live(tags=TAGS, authors=[make.author("가람")], section=make.section("과학"))
    make.live(tags=TAGS, authors=[make.author("가람")], section=make.section("경제"))
    make.live(tags=TAGS[:1], authors=[make.author("한빛")], section=make.section("과학"))
    assert paginated_slugs(api, tag="로봇", author="가람", section="과학") == [both.slug]
    assert paginated_slugs(api, tag="없는-이름표") == []


def test_corrected_article_keeps_its_place_in_lists(api: APIClient) -> None:
    older, newer = make.live(tags=TAGS[:1]), make.live(tags=TAGS[:1])
    before = Article.objects.get(pk=older.pk).first_published_at
    story = make.changed(make.draft_of(older), headline="고친 제목", tags=TAGS)
    publish_now(story, by=make.ben())
    assert paginated_slugs(api, tag="로봇") == [newer.slug, older.slug]
    assert paginated_slugs(api, tag="문") == [older.slug]
    rows = [*Tagging.objects.filter(article=older), *Byline.objects.filter(article=older)]
    assert {row.first_published_at for row in rows} == {before}


def test_expired_article_is_in_no_list(api: APIClient) -> None:
    story = make.live(tags=TAGS)
    Article.objects.filter(pk=story.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert paginated_slugs(api, tag="로봇") == []
    assert [row["slug"] for row in api.get("/api/v1/tags/").json()["results"]] == []


def test_lists_run_no_count_query(api: APIClient) -> None:
    make.live(tags=TAGS, authors=[make.author("가람")])
    for filters in ({}, {"tag": "로봇"}, {"author": "가람"}, {"section": "산업"}):
        with CaptureQueriesContext(connection) as queries:
            api.get(LIST, {"fields": "slug", **filters})
        assert not [q["sql"] for q in queries.captured_queries if "COUNT(" in q["sql"].upper()]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the number of rows")
@pytest.mark.parametrize(
    ("articles", "index"),
    [
        (live_cards().tagged("로봇"), "newest_of_a_tag"),
        (live_cards().by_author("가람"), "newest_of_an_author"),
        (live_cards().in_section("과학"), "live_by_section"),
        (live_cards(), "live_newest"),
    ],
)
def test_list_is_read_from_its_index_in_order(articles: Any, index: str) -> None:
    lines = [line.split(maxsplit=3) for line in articles.newest_first()[:21].explain().splitlines()]
    outermost = [step for _, inside, _, step in lines if inside == "0"]
    assert any(index in step for step in outermost)
    assert not [step for step in outermost if "ORDER BY" in step]
