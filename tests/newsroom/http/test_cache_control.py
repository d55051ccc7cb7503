"""Cache-Control of public responses: never beyond the next planned change."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from desk.actions import edit, publish_now, unschedule
from desk.models import Release
from newsroom.http.cache_control import NextChange, next_planned_change
from newsroom.http.cached_response import fresh_seconds
from tests.support import make

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=30)
LATER = timedelta(hours=1)
PUBLIC_PATHS = [
    "/",
    "/articles/",
    "/api/v1/articles/",
    "/api/v1/sections/",
    "/api/v1/tags/",
    "/api/v1/masthead/",
    "/feeds/rss.xml",
    "/feeds/feed.json",
    "/sections/산업/feeds/atom.xml",
    "/sitemap.xml",
    "/sitemap-news.xml",
    "/robots.txt",
]


@pytest.fixture(autouse=True)
def _long_lifetimes(settings: Any) -> None:
    settings.SHARED_CACHE_SECONDS, settings.SHARED_CACHE_STALE_SECONDS = 600, 60
    next_planned_change.invalidate()


def directives(client: Client, path: str) -> dict[str, int]:
    """The numeric directives of the response's Cache-Control."""
    next_planned_change.invalidate()
    response: Any = client.get(path)
    b"".join(response)  # closes the file of a photo
    header = response["Cache-Control"]
    return {name: int(seconds) for name, seconds in re.findall(r"([a-z-]+)=(\d+)", header)}


def headers_of(response: Any) -> dict[str, str]:
    """All headers but the request id."""
    return {name: value for name, value in response.items() if name != "X-Request-ID"}


def shared_lifetime(client: Client, path: str) -> int:
    """Seconds for which a shared cache may serve the response, fresh or stale."""
    numbers = directives(client, path)
    assert numbers["max-age"] == 0
    return numbers["s-maxage"] + numbers.get("stale-while-revalidate", 0)


def test_lifetime_without_plans_is_the_configured_one(client: Client) -> None:
    make.live()
    assert directives(client, "/api/v1/articles/") == {
        "max-age": 0,
        "s-maxage": 600,
        "stale-while-revalidate": 60,
    }


def schedule_story(_live: Article) -> None:
    make.planned(at=timezone.now() + SOON)


def schedule_bundle(_live: Article) -> None:
    make.bundled(make.draft(), make.draft(), at=timezone.now() + SOON)


def set_expiry(live: Article) -> None:
    edit(make.draft_of(live), by=make.ben(), expires_at=timezone.now() + SOON)


def schedule_after_embargo(_live: Article) -> None:
    make.planned(
        at=timezone.now() + SOON, embargo_until=timezone.now() + SOON - timedelta(seconds=1)
    )


def schedule_poll_opening(_live: Article) -> None:
    now = timezone.now()
    make.live(poll=make.poll_data(opens_at=now + SOON, closes_at=now + LATER))


def schedule_poll_closing(_live: Article) -> None:
    make.live(poll=make.poll_data(closes_at=timezone.now() + SOON))


def schedule_retry(_live: Article) -> None:
    now = timezone.now()
    release = make.planned(at=now + LATER)
    Release.objects.filter(pk=release.pk).update(
        state="failed", due_at=now - LATER, retry_at=now + SOON
    )


@pytest.mark.parametrize(
    "plan",
    [
        schedule_story,
        schedule_bundle,
        set_expiry,
        schedule_after_embargo,
        schedule_poll_opening,
        schedule_poll_closing,
        schedule_retry,
    ],
)
def test_lifetime_ends_before_the_next_planned_change(
    client: Client, plan: Callable[[Article], None]
) -> None:
    live = make.live()
    plan(live)
    detail = f"/api/v1/articles/{live.slug}/"
    lifetimes = {
        path: shared_lifetime(client, path)
        for path in [*PUBLIC_PATHS, detail, f"/articles/{live.slug}/"]
    }
    assert max(lifetimes.values()) <= 30
    assert min(lifetimes.values()) >= 20, lifetimes


def test_cancelled_release_does_not_shorten_lifetimes(client: Client) -> None:
    release = make.planned(at=timezone.now() + SOON)
    unschedule(make.draft_of(release.article), by=make.ben())
    assert shared_lifetime(client, "/") == 660


def test_lifetime_is_zero_while_a_release_is_due(client: Client) -> None:
    release = make.planned(at=timezone.now() + SOON)
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/")["Cache-Control"] == "public, max-age=0, s-maxage=0, must-revalidate"


def test_overdue_release_does_not_prevent_caching(client: Client) -> None:
    release = make.planned(at=timezone.now() + SOON)
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert shared_lifetime(client, "/") == 660


def test_scheduled_story_s_url_answers_like_any_unknown_url(client: Client) -> None:
    """A lifetime of its own would reveal when an unpublished story comes."""
    release = make.planned(at=timezone.now() + SOON)
    for prefix in ("/api/v1/articles/", "/articles/"):
        scheduled = client.get(f"{prefix}{release.article.slug}/")
        unknown = client.get(f"{prefix}nowhere/")
        assert (scheduled.status_code, scheduled.content) == (404, unknown.content)
        assert headers_of(scheduled) == headers_of(unknown)
        assert scheduled["Cache-Control"] == "no-store"


def test_expired_article_is_no_store(client: Client, ben: User) -> None:
    live = make.live()
    edit(make.draft_of(live), by=ben, expires_at=timezone.now() + SOON)
    Article.objects.filter(pk=live.pk).update(expires_at=timezone.now())
    assert client.get(f"/api/v1/articles/{live.slug}/")["Cache-Control"] == "no-store"


def test_search_is_not_stored_by_shared_caches(client: Client) -> None:
    make.live()
    response = client.get("/api/v1/articles/", {"q": "로봇"})
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_redirect_of_a_former_slug_has_the_lifetime_of_any_response(
    client: Client, ben: User
) -> None:
    article = make.live(slug="옛-주소")
    publish_now(edit(make.draft_of(article), by=ben, slug="새-주소"), by=ben)
    for path in ("/articles/옛-주소/", "/api/v1/articles/옛-주소/"):
        response = client.get(path)
        assert response.status_code == 301
        assert "s-maxage=600" in response["Cache-Control"]
        assert response["Surrogate-Key"] == "article-%EC%98%9B-%EC%A3%BC%EC%86%8C"


def test_photo_lifetime_ends_before_the_next_planned_change(client: Client) -> None:
    make.live(lead_photo=make.photo())
    source = client.get("/api/v1/articles/").json()["results"][0]["lead_photo"]["sources"][0]["url"]
    assert directives(client, source)["max-age"] == 300
    make.planned(at=timezone.now() + SOON)
    assert directives(client, source)["max-age"] <= 30


def test_next_change_is_fetched_once_a_second_and_when_it_is_due(
    django_assert_num_queries: Any,
) -> None:
    now = timezone.now()
    make.planned(at=now + SOON)
    next_change = NextChange()
    assert next_change.get(now) == Release.objects.get().due_at
    with django_assert_num_queries(0):
        next_change.get(now)
    past = now + SOON + timedelta(seconds=1)
    assert next_change.get(past) == Release.objects.get().due_at, "it is being published"
    with django_assert_num_queries(0):
        next_change.get(past)


def test_shared_caching_can_be_switched_off(client: Client, settings: Any) -> None:
    settings.SHARED_CACHE_SECONDS = 0
    make.planned(at=timezone.now() + SOON)
    assert client.get("/")["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_response_cache_ends_at_the_next_planned_change_too(settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60
    make.planned(at=timezone.now() + timedelta(seconds=30))
    next_planned_change.invalidate()
    assert 0 < fresh_seconds() <= 30
