"""The anonymous sweep: what readers may not know of changes no answer, whatever they ask.

The world is asked twice, with hidden stories in it and as if they had never been, by every route ×
method × parameter that tests/support/clients/anonymous_crawler.py can think of. No byte, no header, no
count may differ, nor the
number of questions to the database: a stranger with a stopwatch learns nothing either.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

import pytest
import time_machine
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from desk.actions import edit, expire, publish_now, schedule_draft, withdraw
from desk.models import Draft, Release
from desk.tasks import publish_due
from media.models import Photo
from newsroom.celery import app
from polls.models import Poll
from tests.desk.test_canary import CANARY, secrets
from tests.support import make
from tests.support.clients.anonymous_crawler import (
    CandidateValues,
    Probe,
    RecordedResponse,
    all_probes,
    record_response,
    routes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still(settings: Any) -> Any:
    """Nobody is slowed down, and the clock stands: two askings differ in nothing but what is there."""
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    generous = {"DEFAULT_THROTTLE_RATES": dict.fromkeys(rates, "1000000/min")}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | generous
    logging.disable()
    with time_machine.travel(timezone.now(), tick=False):
        yield
    logging.disable(logging.NOTSET)


def open_world() -> Article:
    """What everybody may know: stories with all that a story has, in a house that is well."""
    first = make.live(slug="open", poll=make.poll_data(), lead_photo=make.photo())
    make.live(slug="open-too", headline="다른 문 이야기", tags=["로봇"])
    publish_due()
    derive()
    return first


def derive() -> None:
    """One round of everything that is made afterwards from rows: search, suggestions, counts."""
    for entry in app.conf.beat_schedule.values():
        if entry["task"].startswith(("articles.", "comments.", "polls.", "saves.")):
            import_string(entry["task"])()


Hide = Callable[[Article, User], None]


def drafts(_open: Article, _ben: User) -> None:
    make.draft(slug=f"{CANARY}-draft", **secrets())


def planned(_open: Article, _ben: User) -> None:
    make.planned(slug=f"{CANARY}-planned", **secrets())
    make.bundled(make.draft(slug=f"{CANARY}-bundled", **secrets()), make.draft())


def embargoed(_open: Article, ben: User) -> None:
    ends = timezone.now() + timedelta(hours=2)
    make.draft(slug=f"{CANARY}-kept", embargo_until=ends, **secrets())
    story = make.draft(slug=f"{CANARY}-embargoed", embargo_until=ends, **secrets())
    schedule_draft(story, at=ends, by=ben)


def next_words(open_article: Article, ben: User) -> None:
    """A live story's working copy: other words, another address, planned for later."""
    story = edit(make.draft_of(open_article), by=ben, slug=f"{CANARY}-next", **unpolled())
    schedule_draft(story, at=timezone.now() + timedelta(hours=1), by=ben)


def unpolled() -> dict[str, Any]:
    return {name: words for name, words in secrets().items() if name != "poll"}


def guesses_now() -> CandidateValues:
    """Everything that a stranger could have guessed or been told of what is hidden now."""
    secret = Article.objects.filter(slug__startswith=CANARY)
    slugs = {*secret.values_list("slug", flat=True), f"{CANARY}-next", "open"}
    slugs |= set(Draft.objects.filter(slug__startswith=CANARY).values_list("slug", flat=True))
    numbers = {pk for m in (Poll, Photo, Draft, Release, Comment) for pk in ids(m)}
    photos = Photo.objects.filter(alt=CANARY)
    slug = min(slugs - {"open"})
    return CandidateValues(
        slugs=sorted(slugs),
        numbers=sorted(numbers),
        keys=[str(key) for key in photos.values_list("key", flat=True)] or ["0" * 12],
        files=sorted({s["name"] for photo in photos for s in photo.sources}) or ["640.jpg"],
        words=[CANARY, f"{CANARY}tag", slug, f"http://testserver/articles/{quote(slug)}/"],
    )


def ids(model: Any) -> list[int]:
    return list(model.objects.order_by("-pk").values_list("pk", flat=True)[:4])


def both_worlds(
    hide: Hide, open_article: Article, ben: User, only: list[Probe] | None = None
) -> list[str]:
    """What tells the world with the hidden stories from the one where they have never been."""
    with transaction.atomic():
        hide(open_article, ben)
        derive()
        found = {one: record_response(one) for one in only or all_probes(guesses_now())}
        transaction.set_rollback(True)
    derive()
    return [
        line for one, there in found.items() for line in differing(one, there, record_response(one))
    ]


def differing(one: Probe, there: RecordedResponse, nowhere: RecordedResponse) -> list[str]:
    return [
        f"{one.method} {one.address} {dict(one.headers)}: {name} {mine!r} is not {other!r}"
        for name in ("status", "headers", "cookies", "content", "queries")
        if (mine := getattr(there, name)) != (other := getattr(nowhere, name))
    ]


def all_of_it(open_article: Article, ben: User) -> None:
    for hide in (drafts, planned, embargoed, next_words):
        hide(open_article, ben)


@pytest.mark.slow
def test_what_is_hidden_changes_no_answer(ben: User) -> None:
    """publishing 2, 16, 26: no byte, no count, no header, no query."""
    assert both_worlds(all_of_it, open_world(), ben) == []


def test_what_comes_out_is_found_by_the_same_asking(ben: User) -> None:
    """The negative control: the same stranger hears of it everywhere once it is out."""

    def out(_open: Article, by: User) -> None:
        publish_now(make.draft(slug=f"{CANARY}-out", **secrets()), by=by)

    story, word = quote(f"{CANARY}-out"), quote(CANARY)
    asked = [
        "/api/v1/articles/", f"/api/v1/articles/{story}/", f"/api/v1/articles/{story}/comments/",
        f"/api/v1/articles/?q={word}", "/api/v1/tags/", f"/articles/{story}/", "/articles/", "/",
        f"/search/?q={word}", "/feeds/rss.xml", "/sitemap-news.xml",
        f"/sitemap-{timezone.localtime():%Y-%m}.xml",
    ]  # fmt: skip
    chosen = [Probe("GET", address) for address in asked]
    sung = {line.split()[1] for line in both_worlds(out, open_world(), ben, only=chosen)}
    assert sung == set(asked)


def test_every_route_of_the_house_is_asked() -> None:
    """A new route is swept by itself; one that no guess reaches would be swept by nobody."""
    guesses = CandidateValues(slugs=["a-slug"], numbers=[1], keys=["0" * 12], files=["640.jpg"])
    for route in routes():
        assert any(reaches(address, route.view) for address in route.addresses(guesses, 8)), route


def reaches(address: str, view: Any) -> bool:
    try:
        return resolve(unquote(address)).func is view
    except Resolver404:
        return False


# -- What the world has seen: expired and withdrawn stories, at every address they have had -----------


def seen_by_all(ben: User, **words: Any) -> Article:
    """A story that readers have seen at one address, and now at another, with a later one planned."""
    article = make.live(slug="one", **words)
    publish_now(edit(make.draft_of(article), by=ben, slug="two"), by=ben)
    edit(make.draft_of(article), by=ben, slug="three")
    article.refresh_from_db()
    return article


def answers_at(slug: str) -> dict[str, int]:
    addresses = {"page": f"/articles/{slug}/"} | {
        road: f"/api/v1/articles/{slug}/{road}" for road in ("", "editions/", "comments/")
    }
    return {
        name: record_response(Probe("GET", address)).status for name, address in addresses.items()
    }


def test_a_withdrawn_story_is_gone_at_its_address_and_its_former_one_leads_there(
    ben: User,
) -> None:
    withdraw(seen_by_all(ben), notice="사실과 달라 거두어들였습니다.", by=ben)
    assert answers_at("one") == {"page": 301, "": 301, "editions/": 301, "comments/": 301}
    assert answers_at("two") == {"page": 410, "": 410, "editions/": 410, "comments/": 404}
    assert set(answers_at("three").values()) == {404}


@pytest.mark.parametrize("slug", ["one", "two", "three"])
def test_a_story_whose_time_is_over_is_at_none_of_its_addresses(slug: str, ben: User) -> None:
    """publishing 2: neither when the clock has taken it down, nor while the clock stands."""
    article = seen_by_all(ben, expires_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert not article.is_shown(timezone.now())
        for _ in ("the clock stands", "and has gone on"):
            for method in ("GET", "HEAD", "OPTIONS", "POST", "DELETE"):
                for road in ("articles", "api/v1/articles"):
                    for end in ("", "editions/", "comments/", "save/"):
                        there = record_response(Probe(method, f"/{road}/{slug}/{end}"))
                        nowhere = record_response(Probe(method, f"/{road}/nowhere/{end}"))
                        assert told_apart(there, slug) == told_apart(nowhere, "nowhere")
            expire(article.pk)


def told_apart(answer: RecordedResponse, slug: str) -> Any:
    """The answer without its own address, which pages say back."""
    return answer.status, len(answer.headers), answer.content.replace(slug.encode(), b"")
