"""Keyset pagination under concurrent publications, changes and withdrawals."""

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

STABLE_ARTICLES, CHANGING_ARTICLES = 40, 20
WALKS_PER_KIND, WRITERS = 3, 2
ARTICLE_LINK_PATTERN = re.compile(r'href="[^"]*/articles/([^/"?]+)/"')
NEXT_LINK_PATTERN = re.compile(r'rel="next" href="(\?cursor=[^"]+)"')
Walk = Callable[[Client], list[str]]


def walk_api(parameters: str) -> Walk:
    def walk(client: Client) -> list[str]:
        walked_slugs, next_link = list[str](), f"/api/v1/articles/?page_size=7{parameters}"
        while next_link:
            page = client.get(next_link).json()
            walked_slugs += [card["slug"] for card in page["results"]]
            next_link = page["next"]
        return walked_slugs

    return walk


def walk_api_backwards(client: Client) -> list[str]:
    """Walk to the last page and back by `previous`; slugs in the order of a walk forwards."""
    page = client.get("/api/v1/articles/?page_size=7").json()
    while page["next"]:
        page = client.get(page["next"]).json()
    walked_slugs = [card["slug"] for card in page["results"]]
    while page["previous"]:
        page = client.get(page["previous"]).json()
        walked_slugs = [card["slug"] for card in page["results"]] + walked_slugs
    return walked_slugs


def walk_pages(client: Client) -> list[str]:
    walked_slugs: list[str] = []
    next_link: str | None = ""
    while next_link is not None:
        page = client.get(f"/articles/{next_link}").content.decode()
        walked_slugs += dict.fromkeys(
            map(unquote, ARTICLE_LINK_PATTERN.findall(page.partition("<main")[2]))
        )
        match = NEXT_LINK_PATTERN.search(page)
        next_link = unescape(match[1]) if match else None
    return walked_slugs


WALK_BY_NAME: dict[str, Walk] = {
    "list": walk_api(""),
    "section": walk_api("&section=산업"),
    "tag": walk_api("&tag=로봇"),
    "author": walk_api("&author=한빛"),
    "back": walk_api_backwards,
    "pages": walk_pages,
}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_pagination_returns_every_stable_article_once_in_order() -> None:
    """publishing 49: whatever is published, changed, withdrawn and restored meanwhile."""
    stories = [make.live() for _ in range(STABLE_ARTICLES + CHANGING_ARTICLES)]
    changing = random.sample(stories, CHANGING_ARTICLES)
    stable_slugs = [story.slug for story in reversed(stories) if story not in changing]
    walks = list(WALK_BY_NAME.values())
    active_walks = list(walks)  # pop() is atomic

    def run(number: int) -> list[list[str]]:
        if number >= len(walks):
            change_articles(changing[number % 2 :: 2], stories, while_walking=active_walks)
            return []
        try:
            return [walks[number](Client()) for _ in range(WALKS_PER_KIND)]
        finally:
            active_walks.pop()

    results = make.race(len(walks) + WRITERS, run)
    assert not [walked for walked in results if isinstance(walked, Exception)], results
    walked_slugs = [
        walked for result in results if not isinstance(result, Exception) for walked in result
    ]
    assert len(walked_slugs) == len(walks) * WALKS_PER_KIND
    for walked in walked_slugs:
        assert len(walked) == len(set(walked)), "a story came twice"
        assert [slug for slug in walked if slug in set(stable_slugs)] == stable_slugs
        assert walked == newest_first(walked)


def change_articles(
    own_articles: list[Article], stories: list[Article], *, while_walking: list[Any]
) -> None:
    """Publish, change, withdraw and restore articles while any walk is active."""
    while while_walking:
        article = random.choice(own_articles)
        withdraw_article(article)
        make.live()
        restore_article(article)
        publish_now(
            edit(make.draft_of(random.choice(stories)), by=make.ben(), deck="고친 말"),
            by=make.ben(),
        )


def withdraw_article(article: Article) -> None:
    withdraw(article, notice="거두어들였습니다.", by=make.ben())


def restore_article(article: Article) -> None:
    restore(article, by=make.staff("chief", role="chief"))
    publish_now(make.draft_of(article), by=make.ben())


def newest_first(slugs: list[str]) -> list[str]:
    rows = Article.objects.filter(slug__in=slugs).order_by("-first_published_at", "-pk")
    return list(rows.values_list("slug", flat=True))
