"""Public reads answered from memory: quick, and never for long."""

import time
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from desk.actions import withdraw
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _memory(settings: Any) -> None:
    settings.KEEP_PUBLIC_SECONDS = 0.5


def test_the_second_reader_costs_no_query(api: APIClient, django_assert_num_queries: Any) -> None:
    path = f"/api/v1/articles/{make.live().slug}/"
    first = api.get(path)
    with django_assert_num_queries(0):
        second = api.get(path)
    assert (first.content, first["ETag"], first["Cache-Control"]) == (
        second.content,
        second["ETag"],
        second["Cache-Control"],
    )
    with django_assert_num_queries(0):
        assert api.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_who_votes_sees_it_at_once(api: APIClient) -> None:
    article = make.live(poll=make.poll_words())
    path = f"/api/v1/articles/{article.slug}/"
    poll = api.get(path).json()["poll"]["id"]
    api.put(f"/api/v1/polls/{poll}/vote/", {"side": "pro"}, format="json")
    assert api.get(path).json()["poll"]["total_votes"] == 1


def test_a_refused_request_empties_nothing(api: APIClient, django_assert_num_queries: Any) -> None:
    path = f"/api/v1/articles/{make.live().slug}/"
    api.get(path)
    assert api.post(path, {}, format="json").status_code == 405
    with django_assert_num_queries(0):
        api.get(path)


def test_a_withdrawal_elsewhere_is_seen_when_the_moment_is_over(api: APIClient, ben: User) -> None:
    article = make.live()
    path = f"/api/v1/articles/{article.slug}/"
    assert api.get(path).status_code == 200
    withdraw(article, notice="내렸습니다.", by=ben)
    time.sleep(0.6)
    assert api.get(path).status_code == 410


def test_what_is_not_there_yet_is_not_remembered(api: APIClient) -> None:
    path = "/api/v1/articles/곧-나올-기사/"
    assert api.get(path).status_code == 404
    make.live(slug="곧-나올-기사")
    assert api.get(path).status_code == 200


def test_another_question_is_another_answer(api: APIClient) -> None:
    make.live(section=make.section("정책"))
    assert len(api.get("/api/v1/articles/?section=정책").json()["results"]) == 1
    assert len(api.get("/api/v1/articles/?section=산업").json()["results"]) == 0


def test_personal_answers_are_never_remembered(
    api: APIClient, chi: User, mal: User, as_user: Any
) -> None:
    assert as_user(chi).get("/api/v1/me/").json()["nickname"] == "chi"
    assert as_user(mal).get("/api/v1/me/").json()["nickname"] == "mal"
    assert api.get("/api/v1/me/").status_code == 401


def test_photos_are_not_held_in_memory(api: APIClient) -> None:
    make.live(lead_photo=make.photo())
    address = api.get("/api/v1/articles/").json()["results"][0]["lead_photo"]["sources"][0]["url"]
    for _ in range(2):
        answer = api.get(address)
        assert answer.streaming
        assert b"".join(answer)
