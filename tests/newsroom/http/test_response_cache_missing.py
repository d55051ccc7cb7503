"""Response cache of 301, 404 and 410: hits without queries, by language, in a store of their own."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import issue_token
from desk.actions import publish_now, withdraw
from desk.tasks import process_due
from newsroom.http import response_cache
from newsroom.http.cache_control import next_planned_change
from newsroom.http.response_cache import MAX_CACHED_ABSENCES, ResponseCacheMiddleware
from tests.newsroom.conftest import FakeClock
from tests.support import make
from tests.support.loopback.slow_view import (
    SlowView,
    get,
    get_concurrently,
    not_found_response,
    public_response,
)

pytestmark = pytest.mark.django_db
NOWHERE = "/api/v1/articles/nowhere/"
EXPIRED_SECONDS = 0.5


@pytest.fixture(autouse=True)
def _response_cache(settings: Any, fake_clock: FakeClock) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0.3


def moved_path() -> str:
    publish_now(make.changed(make.draft_of(make.live(slug="was")), slug="is"), by=make.ben())
    return "/api/v1/articles/was/"


def withdrawn_path() -> str:
    withdraw(make.live(slug="gone"), notice="거두어들였습니다.", by=make.ben())
    return "/api/v1/articles/gone/"


def scheduled_path() -> str:
    return f"/api/v1/articles/{make.planned(slug='soon').article.slug}/"


@pytest.mark.parametrize(
    ("make_path", "status"),
    [(lambda: NOWHERE, 404), (scheduled_path, 404), (withdrawn_path, 410), (moved_path, 301)],
)
def test_second_request_costs_no_query(
    api: APIClient, make_path: Callable[[], str], status: int, django_assert_num_queries: Any
) -> None:
    path = make_path()
    first = api.get(path)
    with django_assert_num_queries(0):
        second = api.get(path)
    assert first.status_code == second.status_code == status
    assert first.content == second.content
    of_one_request = {"X-Request-ID"}
    assert set(first.items()) - set(second.items()) <= {(n, first.get(n)) for n in of_one_request}
    assert status == 301 or (first["Cache-Control"], "ETag" in first) == ("no-store", False)


def test_not_found_is_cached_by_language(api: APIClient) -> None:
    korean, english = (
        api.get(NOWHERE, headers={"Accept-Language": language}) for language in ("ko", "en")
    )
    assert korean.json()["detail"] != english.json()["detail"]
    again = api.get(NOWHERE, headers={"Accept-Language": "ko"})
    assert again.content == korean.content


def test_language_cookie_changes_the_response_of_its_client_alone(
    api: APIClient, settings: Any
) -> None:
    korean = api.get(NOWHERE, headers={"Accept-Language": "ko"}).json()["detail"]
    api.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert api.get(NOWHERE, headers={"Accept-Language": "ko"}).json()["detail"] != korean
    api.cookies.clear()
    assert api.get(NOWHERE, headers={"Accept-Language": "ko"}).json()["detail"] == korean


def test_page_replaces_cached_not_found_in_all_languages() -> None:
    """Otherwise the 404 of one language would be served again after the page was evicted."""
    view = SlowView(not_found_response)
    cache = ResponseCacheMiddleware(view)
    get(cache, "/story/")
    assert cache.absences
    view.respond = public_response
    in_english = RequestFactory().get("/story/", headers={"Accept-Language": "en"})
    assert b"answer" in cache(in_english).content  # type: ignore[attr-defined]  # it is a page
    assert not cache.absences
    cache.responses.clear()
    assert b"answer" in get(cache, "/story/")


def test_published_article_replaces_not_found_when_the_entry_expires(
    api: APIClient, fake_clock: FakeClock
) -> None:
    assert api.get(NOWHERE).status_code == 404
    make.live(slug="nowhere")
    fake_clock.advance(EXPIRED_SECONDS)
    assert api.get(NOWHERE).status_code == 200


def test_not_found_is_not_cached_while_a_release_is_due(api: APIClient, settings: Any) -> None:
    settings.SHARED_CACHE_SECONDS = 1
    release = make.planned(slug="nowhere")
    type(release).objects.filter(pk=release.pk).update(due_at=timezone.now())
    next_planned_change.invalidate()
    assert api.get(NOWHERE).status_code == 404
    process_due()
    assert api.get(NOWHERE).status_code == 200
    next_planned_change.invalidate()


def test_withdrawn_article_is_gone_when_its_cached_page_expires(
    api: APIClient, fake_clock: FakeClock, django_assert_num_queries: Any
) -> None:
    article = make.live(slug="story")
    assert api.get("/api/v1/articles/story/").status_code == 200
    withdraw(article, notice="거두어들였습니다.", by=make.ben())
    fake_clock.advance(EXPIRED_SECONDS)
    assert api.get("/api/v1/articles/story/").status_code == 410
    with django_assert_num_queries(0):
        assert api.get("/api/v1/articles/story/").status_code == 410


def test_write_flushes_cached_not_found(api: APIClient) -> None:
    poll = make.live(poll=make.poll_data()).poll_id
    assert api.get(NOWHERE).status_code == 404
    make.live(slug="nowhere")
    api.put(f"/api/v1/polls/{poll}/vote/", {"side": "pro"}, format="json")
    assert api.get(NOWHERE).status_code == 200


def test_requests_for_invented_paths_evict_no_page(
    api: APIClient, django_assert_num_queries: Any
) -> None:
    path = f"/api/v1/articles/{quote(make.live().slug)}/"
    page = api.get(path).content
    for number in range(600):
        assert api.get(f"/api/v1/articles/nowhere-{number}/").status_code == 404
    with django_assert_num_queries(0):
        assert api.get(path).content == page


def test_number_of_cached_absences_is_limited() -> None:
    cache = ResponseCacheMiddleware(SlowView(not_found_response))
    for number in range(MAX_CACHED_ABSENCES + 50):
        get(cache, f"/nowhere-{number}/")
    assert len(cache.absences) == MAX_CACHED_ABSENCES
    assert not cache.responses


def test_not_found_of_a_signed_in_client_is_not_cached_for_others(api: APIClient) -> None:
    path = "/api/v1/wire/yonhap/deliveries/999/"
    token = issue_token(make.staff("chief", role="chief"), scopes=("desk", "wire"))
    for _ in range(2):
        assert api.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 404
        assert api.get(path).status_code == 401


def test_concurrent_requests_share_one_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "MAX_COALESCED_SECONDS", 60.0)
    view = SlowView(not_found_response)
    responses = get_concurrently(ResponseCacheMiddleware(view), view, monkeypatch)
    assert set(responses) == {b"nothing 1"}
    assert view.calls == 1
