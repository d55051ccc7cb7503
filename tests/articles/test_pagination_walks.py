"""Walks through all pages of a list while stories are published, changed and withdrawn at random."""

import random
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from articles.models import Article
from desk.actions import edit, publish_now, restore, withdraw
from tests.support import make

STAY, COME_AND_GO = 40, 20
WALKS, TROUBLES = 3, 2
ADDRESS = re.compile(r'href="[^"]*/articles/([^/"?]+)/"')
OLDER = re.compile(r'rel="next" href="(\?cursor=[^"]+)"')
Walk = Callable[[Client], list[str]]


def through_the_api(parameters: str) -> Walk:
    def walk(client: Client) -> list[str]:
        met, following = list[str](), f"/api/v1/articles/?page_size=7{parameters}"
        while following:
            page = client.get(following).json()
            met += [card["slug"] for card in page["results"]]
            following = page["next"]
        return met

    return walk


def and_back(client: Client) -> list[str]:
    """To the last page, and from there by `previous` to the newest; as a walk forwards."""
    page = client.get("/api/v1/articles/?page_size=7").json()
    while page["next"]:
        page = client.get(page["next"]).json()
    met = [card["slug"] for card in page["results"]]
    while page["previous"]:
        page = client.get(page["previous"]).json()
        met = [card["slug"] for card in page["results"]] + met
    return met


def through_the_pages(client: Client) -> list[str]:
    met: list[str] = []
    following: str | None = ""
    while following is not None:
        page = client.get(f"/articles/{following}").content.decode()
        met += dict.fromkeys(map(unquote, ADDRESS.findall(page.partition("<main")[2])))
        older = OLDER.search(page)
        following = unescape(older[1]) if older else None
    return met


WALKS_THERE_ARE: dict[str, Walk] = {
    "list": through_the_api(""),
    "section": through_the_api("&section=산업"),
    "tag": through_the_api("&tag=로봇"),
    "author": through_the_api("&author=한빛"),
    "back": and_back,
    "pages": through_the_pages,
}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_walk_meets_every_story_that_stayed_once_and_in_order() -> None:
    """publishing 49: whatever is published, changed, withdrawn and put back meanwhile."""
    stories = [make.live() for _ in range(STAY + COME_AND_GO)]
    restless = random.sample(stories, COME_AND_GO)
    stay = [story.slug for story in reversed(stories) if story not in restless]
    walks = list(WALKS_THERE_ARE.values())
    left = list(walks)  # who still walks; popping is atomic

    def run(number: int) -> list[list[str]]:
        if number >= len(walks):
            trouble(restless[number % 2 :: 2], stories, while_=left)
            return []
        try:
            return [walks[number](Client()) for _ in range(WALKS)]
        finally:
            left.pop()

    out = make.race(len(walks) + TROUBLES, run)
    assert not [one for one in out if isinstance(one, Exception)], out
    met = [one for part in out if not isinstance(part, Exception) for one in part]
    assert len(met) == len(walks) * WALKS
    for one in met:
        assert len(one) == len(set(one)), "a story came twice"
        assert [slug for slug in one if slug in set(stay)] == stay
        assert one == newest_first(one)


def trouble(mine: list[Article], stories: list[Article], *, while_: list[Any]) -> None:
    """What happens in a newsroom all day, for as long as anybody walks."""
    while while_:
        article = random.choice(mine)
        away(article)
        make.live()
        back(article)
        publish_now(
            edit(make.draft_of(random.choice(stories)), by=make.ben(), deck="고친 말"),
            by=make.ben(),
        )


def away(article: Article) -> None:
    withdraw(article, notice="거두어들였습니다.", by=make.ben())


def back(article: Article) -> None:
    restore(article, by=make.staff("chief", role="chief"))
    publish_now(make.draft_of(article), by=make.ben())


def newest_first(slugs: list[str]) -> list[str]:
    rows = Article.objects.filter(slug__in=slugs).order_by("-first_published_at", "-pk")
    return list(rows.values_list("slug", flat=True))
