"""What is not there is answered from memory as well, and pushes nothing out of it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import issue_token
from desk.actions import publish_now, withdraw
from desk.tasks import process_due
from newsroom.http import response_cache
from newsroom.http.cache_control import next_planned_change
from newsroom.http.response_cache import MAX_CACHED_ABSENCES, ResponseCacheMiddleware
from tests.newsroom.http.test_request_coalescing import Kitchen, all_ask, get, public
from tests.support import make
from tests.support.clock import advance

pytestmark = pytest.mark.django_db
NOWHERE = "/api/v1/articles/nowhere/"


@pytest.fixture(autouse=True)
def _memory(settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60  # however slow this machine is


def nothing(number: int) -> HttpResponse:
    answer: Any = HttpResponse(f"nothing {number}", status=404)
    answer.is_public_read = True
    return answer  # type: ignore[no-any-return]


def moved() -> str:
    publish_now(make.changed(make.draft_of(make.live(slug="was")), slug="is"), by=make.ben())
    return "/api/v1/articles/was/"


def withdrawn() -> str:
    withdraw(make.live(slug="gone"), notice="거두어들였습니다.", by=make.ben())
    return "/api/v1/articles/gone/"


def planned() -> str:
    return f"/api/v1/articles/{make.planned(slug='soon').article.slug}/"


@pytest.mark.parametrize(
    ("place", "status"), [(lambda: NOWHERE, 404), (planned, 404), (withdrawn, 410), (moved, 301)]
)
def test_the_second_who_asks_costs_no_query(
    api: APIClient, place: Callable[[], str], status: int, django_assert_num_queries: Any
) -> None:
    path = place()
    first = api.get(path)
    with django_assert_num_queries(0):
        second = api.get(path)
    assert first.status_code == second.status_code == status
    assert first.content == second.content
    named = {"X-Request-ID"}  # what comes from memory was nobody's request
    assert set(first.items()) - set(second.items()) <= {(n, first.get(n)) for n in named}
    assert status == 301 or (first["Cache-Control"], "ETag" in first) == ("no-store", False)


def test_it_is_said_in_the_reader_s_language(api: APIClient) -> None:
    korean, english = (api.get(NOWHERE, headers={"Accept-Language": one}) for one in ("ko", "en"))
    assert korean.json()["detail"] != english.json()["detail"]
    again = api.get(NOWHERE, headers={"Accept-Language": "ko"})
    assert again.content == korean.content


def test_a_cookie_chooses_the_language_for_its_reader_alone(api: APIClient, settings: Any) -> None:
    korean = api.get(NOWHERE, headers={"Accept-Language": "ko"}).json()["detail"]
    api.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert api.get(NOWHERE, headers={"Accept-Language": "ko"}).json()["detail"] != korean
    api.cookies.clear()
    assert api.get(NOWHERE, headers={"Accept-Language": "ko"}).json()["detail"] == korean


def test_a_page_takes_the_place_of_what_was_not_there(settings: Any) -> None:
    """Else the 404 of one language would be given again once the page has been pushed out."""
    settings.RESPONSE_CACHE_SECONDS = 60
    kitchen = Kitchen(nothing)
    kitchen.go_on.set()
    reads = ResponseCacheMiddleware(kitchen)
    get(reads, "/story/")
    assert reads.absences
    kitchen.answer = public
    in_english = RequestFactory().get("/story/", headers={"Accept-Language": "en"})
    assert b"answer" in reads(in_english).content  # type: ignore[attr-defined]  # it is a page
    assert not reads.absences
    reads.responses.clear()
    assert b"answer" in get(reads, "/story/")


def test_what_comes_out_is_there_within_the_moment(api: APIClient, settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0.3
    assert api.get(NOWHERE).status_code == 404
    make.live(slug="nowhere")
    advance(0.5)
    assert api.get(NOWHERE).status_code == 200


def test_nothing_is_remembered_of_a_story_that_is_just_coming_out(
    api: APIClient, settings: Any
) -> None:
    settings.SHARED_CACHE_SECONDS = 1
    release = make.planned(slug="nowhere")
    type(release).objects.filter(pk=release.pk).update(due_at=timezone.now())
    next_planned_change.forget()
    assert api.get(NOWHERE).status_code == 404
    process_due()
    assert api.get(NOWHERE).status_code == 200
    next_planned_change.forget()


def test_what_is_withdrawn_is_gone_though_its_page_is_remembered(
    api: APIClient, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0.3
    story = make.live(slug="story")
    assert api.get("/api/v1/articles/story/").status_code == 200
    withdraw(story, notice="거두어들였습니다.", by=make.ben())
    advance(0.5)
    settings.RESPONSE_CACHE_SECONDS = 60
    assert api.get("/api/v1/articles/story/").status_code == 410
    with django_assert_num_queries(0):
        assert api.get("/api/v1/articles/story/").status_code == 410


def test_a_write_makes_it_forgotten(api: APIClient) -> None:
    poll = make.live(poll=make.poll_data()).poll_id
    assert api.get(NOWHERE).status_code == 404
    make.live(slug="nowhere")
    api.put(f"/api/v1/polls/{poll}/vote/", {"side": "pro"}, format="json")
    assert api.get(NOWHERE).status_code == 200


def test_invented_addresses_push_no_page_out(
    api: APIClient, django_assert_num_queries: Any
) -> None:
    path = f"/api/v1/articles/{quote(make.live().slug)}/"
    page = api.get(path).content
    for number in range(600):
        assert api.get(f"/api/v1/articles/nowhere-{number}/").status_code == 404
    with django_assert_num_queries(0):
        assert api.get(path).content == page


def test_no_more_of_them_are_remembered_than_fit() -> None:
    kitchen = Kitchen(nothing)
    kitchen.go_on.set()
    reads = ResponseCacheMiddleware(kitchen)
    for number in range(MAX_CACHED_ABSENCES + 50):
        get(reads, f"/nowhere-{number}/")
    assert len(reads.absences) == MAX_CACHED_ABSENCES
    assert not reads.responses


def test_what_only_somebody_may_ask_for_is_not_remembered_for_others(api: APIClient) -> None:
    path = "/api/v1/wire/yonhap/deliveries/999/"
    token = issue_token(make.staff("chief", role="chief"), scopes=("desk", "wire"))
    for _ in range(2):
        assert api.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 404
        assert api.get(path).status_code == 401


def test_of_many_who_ask_at_once_for_nothing_one_has_it_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(response_cache, "MAX_COALESCED_SECONDS", 60.0)
    kitchen = Kitchen(nothing)
    assert set(all_ask(ResponseCacheMiddleware(kitchen), kitchen)) == {b"nothing 1"}
    assert kitchen.made == 1
