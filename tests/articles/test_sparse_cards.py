"""A client that needs three words of each story gets three words of each story."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.support import make
from tests.support.search_client import index_pending_articles

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"


def rows(api: APIClient, **parameters: str) -> Any:
    answer = api.get(LIST, parameters)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["results"]


def test_the_list_has_only_the_fields_asked_for_in_the_contracts_order(api: APIClient) -> None:
    article = make.live()
    (whole,) = rows(api)
    (sparse,) = rows(api, fields="published_at,slug,headline")
    assert list(sparse) == ["slug", "headline", "published_at"]
    assert sparse == {name: whole[name] for name in sparse}
    assert sparse["slug"] == article.slug


@pytest.mark.parametrize("name", ["section", "lead_photo", "authors", "counts", "summary", "url"])
def test_each_field_is_the_same_alone_as_in_company(api: APIClient, name: str) -> None:
    make.live(lead_photo=make.photo(), poll=make.poll_data())
    assert rows(api, fields=name) == [{name: rows(api)[0][name]}]


def test_a_search_has_them_too(api: APIClient) -> None:
    make.live(headline="로봇이 배달합니다")
    index_pending_articles()
    (found,) = rows(api, q="로봇", fields="highlights,slug")
    assert list(found) == ["slug", "highlights"]


@pytest.mark.parametrize("stories", [1, 20])
def test_it_costs_one_query_that_joins_nothing_it_does_not_show(
    api: APIClient, stories: int
) -> None:
    for _ in range(stories):
        make.live(lead_photo=make.photo(), poll=make.poll_data())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows(api, fields="slug,headline")
    (query,) = asked.captured_queries
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
def test_what_is_no_list_of_its_fields_is_refused_by_name(
    api: APIClient, fields: str, named: str
) -> None:
    answer = api.get(LIST, {"fields": fields})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/fields"
    assert named in error["detail"] or named == ","


def test_the_next_page_has_the_same_fields(api: APIClient) -> None:
    for _ in range(3):
        make.live()
    first = api.get(LIST, {"fields": "slug", "page_size": "1"}).json()
    second = api.get(first["next"])
    assert [list(card) for card in second.json()["results"]] == [["slug"]]


def test_the_order_of_the_names_changes_no_byte(api: APIClient) -> None:
    make.live()
    one = api.get(LIST, {"fields": "slug,headline"})
    other = api.get(LIST, {"fields": "headline,slug"})
    again = api.get(LIST, {"fields": "slug,headline"})
    assert one.content == other.content
    assert one["ETag"] == other["ETag"] == again["ETag"]
    assert one["ETag"] != api.get(LIST)["ETag"]
