"""For how long caches may keep what readers get: never beyond the next planned change."""

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
from newsroom.http.cacheability import fresh_seconds
from tests.support import make

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=30)
LATER = timedelta(hours=1)
PUBLIC = [
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
def _long_lives(settings: Any) -> None:
    settings.SHARED_CACHE_SECONDS, settings.SHARED_CACHE_STALE_SECONDS = 600, 60
    next_planned_change.forget()


def terms(client: Client, path: str) -> dict[str, int]:
    """The directives of the answer that have a number."""
    next_planned_change.forget()
    answer: Any = client.get(path)
    b"".join(answer)  # a photo's file is closed at its end
    said = answer["Cache-Control"]
    return {name: int(seconds) for name, seconds in re.findall(r"([a-z-]+)=(\d+)", said)}


def headers_of(answer: Any) -> dict[str, str]:
    """All but the number that each request has."""
    return {name: value for name, value in answer.items() if name != "X-Request-ID"}


def life(client: Client, path: str) -> int:
    """Seconds for which a shared cache may give the answer, stale or not."""
    said = terms(client, path)
    assert said["max-age"] == 0
    return said["s-maxage"] + said.get("stale-while-revalidate", 0)


def test_without_plans_caches_keep_what_the_operator_said(client: Client) -> None:
    make.live()
    assert terms(client, "/api/v1/articles/") == {
        "max-age": 0,
        "s-maxage": 600,
        "stale-while-revalidate": 60,
    }


def plan_a_story(_live: Article) -> None:
    make.planned(at=timezone.now() + SOON)


def plan_a_bundle(_live: Article) -> None:
    make.bundled(make.draft(), make.draft(), at=timezone.now() + SOON)


def plan_an_end(live: Article) -> None:
    edit(make.draft_of(live), by=make.ben(), expires_at=timezone.now() + SOON)


def plan_after_an_embargo(_live: Article) -> None:
    make.planned(
        at=timezone.now() + SOON, embargo_until=timezone.now() + SOON - timedelta(seconds=1)
    )


def open_a_poll(_live: Article) -> None:
    now = timezone.now()
    make.live(poll=make.poll_data(opens_at=now + SOON, closes_at=now + LATER))


def end_a_poll(_live: Article) -> None:
    make.live(poll=make.poll_data(closes_at=timezone.now() + SOON))


def try_again(_live: Article) -> None:
    now = timezone.now()
    release = make.planned(at=now + LATER)
    Release.objects.filter(pk=release.pk).update(
        state="failed", due_at=now - LATER, retry_at=now + SOON
    )


@pytest.mark.parametrize(
    "plan",
    [
        plan_a_story,
        plan_a_bundle,
        plan_an_end,
        plan_after_an_embargo,
        open_a_poll,
        end_a_poll,
        try_again,
    ],
)
def test_no_answer_lives_longer_than_until_the_next_planned_change(
    client: Client, plan: Callable[[Article], None]
) -> None:
    live = make.live()
    plan(live)
    own = f"/api/v1/articles/{live.slug}/"
    lives = {path: life(client, path) for path in [*PUBLIC, own, f"/articles/{live.slug}/"]}
    assert max(lives.values()) <= 30
    assert min(lives.values()) >= 20, lives


def test_a_plan_that_was_given_up_shortens_nothing(client: Client) -> None:
    release = make.planned(at=timezone.now() + SOON)
    unschedule(make.draft_of(release.article), by=make.ben())
    assert life(client, "/") == 660


def test_while_a_plan_is_being_carried_out_nothing_is_kept(client: Client) -> None:
    release = make.planned(at=timezone.now() + SOON)
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/")["Cache-Control"] == "public, max-age=0, s-maxage=0, must-revalidate"


def test_a_clock_that_stands_does_not_end_all_caching(client: Client) -> None:
    release = make.planned(at=timezone.now() + SOON)
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert life(client, "/") == 660


def test_the_answers_of_a_planned_story_s_address_are_those_of_any(client: Client) -> None:
    """A lifetime of its own would tell when a story comes that nobody knows of."""
    release = make.planned(at=timezone.now() + SOON)
    for place in ("/api/v1/articles/", "/articles/"):
        there = client.get(f"{place}{release.article.slug}/")
        nowhere = client.get(f"{place}nowhere/")
        assert (there.status_code, there.content) == (404, nowhere.content)
        assert headers_of(there) == headers_of(nowhere)
        assert there["Cache-Control"] == "no-store"


def test_what_is_gone_is_kept_by_nobody(client: Client, ben: User) -> None:
    live = make.live()
    edit(make.draft_of(live), by=ben, expires_at=timezone.now() + SOON)
    Article.objects.filter(pk=live.pk).update(expires_at=timezone.now())
    assert client.get(f"/api/v1/articles/{live.slug}/")["Cache-Control"] == "no-store"


def test_a_search_is_kept_by_no_shared_cache(client: Client) -> None:
    make.live()
    answer = client.get("/api/v1/articles/", {"q": "로봇"})
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_former_address_leads_on_for_as_long_as_any_answer_lives(
    client: Client, ben: User
) -> None:
    article = make.live(slug="옛-주소")
    publish_now(edit(make.draft_of(article), by=ben, slug="새-주소"), by=ben)
    for path in ("/articles/옛-주소/", "/api/v1/articles/옛-주소/"):
        answer = client.get(path)
        assert answer.status_code == 301
        assert "s-maxage=600" in answer["Cache-Control"]
        assert answer["Surrogate-Key"] == "article-%EC%98%9B-%EC%A3%BC%EC%86%8C"


def test_a_photo_lives_no_longer_than_its_story_may(client: Client) -> None:
    make.live(lead_photo=make.photo())
    source = client.get("/api/v1/articles/").json()["results"][0]["lead_photo"]["sources"][0]["url"]
    assert terms(client, source)["max-age"] == 300
    make.planned(at=timezone.now() + SOON)
    assert terms(client, source)["max-age"] <= 30


def test_the_rooms_are_asked_once_a_second_and_again_when_the_moment_has_come(
    django_assert_num_queries: Any,
) -> None:
    now = timezone.now()
    make.planned(at=now + SOON)
    asked = NextChange()
    assert asked.next_change(now) == Release.objects.get().due_at
    with django_assert_num_queries(0):
        asked.next_change(now)
    past = now + SOON + timedelta(seconds=1)
    assert asked.next_change(past) == Release.objects.get().due_at, "it is just going out"
    with django_assert_num_queries(0):
        asked.next_change(past)


def test_a_house_that_wants_none_has_none(client: Client, settings: Any) -> None:
    settings.SHARED_CACHE_SECONDS = 0
    make.planned(at=timezone.now() + SOON)
    assert client.get("/")["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_the_memory_ends_on_the_moment_too(settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60
    make.planned(at=timezone.now() + timedelta(seconds=30))
    next_planned_change.forget()
    assert 0 < fresh_seconds() <= 30
