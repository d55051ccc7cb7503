"""Sparse fieldsets of article lists: `fields` in lists and searches."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.support import make
from tests.support.clients.search_client import index_pending_articles

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"


def list_rows(api: APIClient, **parameters: str) -> Any:
    response = api.get(LIST, parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()["results"]


def test_a_sparse_card_has_only_the_requested_fields_in_documented_order(api: APIClient) -> None:
    article = make.live()
    (full_card,) = list_rows(api)
    (sparse,) = list_rows(api, fields="published_at,slug,headline")
    assert list(sparse) == ["slug", "headline", "published_at"]
    assert sparse == {name: full_card[name] for name in sparse}
    assert sparse["slug"] == article.slug


@pytest.mark.parametrize("name", ["section", "lead_photo", "authors", "counts", "summary", "url"])
def test_each_sparse_field_is_the_same_alone_as_in_the_full_card(api: APIClient, name: str) -> None:
    make.live(lead_photo=make.photo(), poll=make.poll_data())
    assert list_rows(api, fields=name) == [{name: list_rows(api)[0][name]}]


def test_search_hits_take_sparse_fields(api: APIClient) -> None:
    make.live(headline="로봇이 배달합니다")
    index_pending_articles()
    (hit,) = list_rows(api, q="로봇", fields="highlights,slug")
    assert list(hit) == ["slug", "highlights"]


@pytest.mark.parametrize("stories", [1, 20])
def test_a_sparse_list_costs_one_query_without_needless_joins(api: APIClient, stories: int) -> None:
    for _ in range(stories):
        make.live(lead_photo=make.photo(), poll=make.poll_data())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        list_rows(api, fields="slug,headline")
    (query,) = queries.captured_queries
    for table in ("author", "poll", "photo", "counts"):
        assert f'"articles_{table}' not in query["sql"]
        assert f'"{table}s_' not in query["sql"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ("slug,secret", "secret"),
        ("slug,slug", "slug"),
        ("slug,,headline", ","),
        ("slug,", ","),
        ("body_html", "body_html"),
        ("slug headline", "slug headline"),
        ("", ""),
    ],
)
def test_an_invalid_list_of_fields_is_refused_by_name(
    api: APIClient, fields: str, named: str
) -> None:
    response = api.get(LIST, {"fields": fields})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["pointer"] == "/fields"
    assert named in error["detail"] or named == ","


def test_the_next_page_has_the_same_sparse_fields(api: APIClient) -> None:
    for _ in range(3):
        make.live()
    first = api.get(LIST, {"fields": "slug", "page_size": "1"}).json()
    second = api.get(first["next"])
    assert [list(card) for card in second.json()["results"]] == [["slug"]]


def test_the_order_of_requested_fields_changes_no_byte(api: APIClient) -> None:
    make.live()
    one = api.get(LIST, {"fields": "slug,headline"})
    other = api.get(LIST, {"fields": "headline,slug"})
    again = api.get(LIST, {"fields": "slug,headline"})
    assert one.content == other.content
    assert one["ETag"] == other["ETag"] == again["ETag"]
    assert one["ETag"] != api.get(LIST)["ETag"]
