"""Every event names the addresses and keys of what it changed, from what it says of itself."""

import re
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.urls import resolve

from articles.cache_targets import article_key
from newsroom.http.surrogate_keys import MAX_SURROGATE_KEY_BYTES, keys_within_limit, surrogate_key
from outbox.actions import publish_event
from outbox.cache_targets import affected_keys, affected_paths
from outbox.checks import check_cache_targets
from outbox.event_types import EVENT_TYPES, EventType, UnregisteredEvent
from outbox.models import Subscriber
from outbox.worker import deliver_all_due
from tests.support.outbox import publish_test_event, subscriber
from tests.support.receivers import HTTPReceiver

ROBOT = {"slug": "robot"}
STANDS = {"sections": ["산업", "생활"], "authors": ["한빛"], "tags": ["로봇"]}


def of(name: str, **data: Any) -> tuple[list[str], list[str]]:
    """Paths and keys of an event."""
    return affected_paths(name, key="robot", data=data), affected_keys(name, key="robot", data=data)


def test_a_story_s_event_names_its_page_and_what_the_api_says_of_it() -> None:
    where, under = of("article.updated", **ROBOT)
    assert where[:4] == [
        "/api/v1/articles/robot/",
        "/api/v1/articles/robot/editions/",
        "/api/v1/articles/robot/comments/",
        "/articles/robot/",
    ]
    assert {"/", "/articles/", "/api/v1/articles/", "/feeds/rss.xml", "/sitemap.xml"} <= {*where}
    assert under == ["article-robot", "list"]


def test_an_event_that_says_where_the_story_stood_empties_those_lists_alone() -> None:
    where, under = of("article.updated", **ROBOT, **STANDS)
    assert {
        f"/sections/{quote('산업')}/",
        f"/sections/{quote('생활')}/",
        f"/api/v1/articles/?section={quote('산업')}",
        f"/sections/{quote('산업')}/feeds/rss.xml",
        f"/authors/{quote('한빛')}/",
        f"/api/v1/articles/?author={quote('한빛')}",
        f"/tags/{quote('로봇')}/",
        f"/api/v1/articles/?tag={quote('로봇')}",
        "/api/v1/tags/",
    } <= {*where}
    assert under == [
        "article-robot",
        "newest",
        f"section-{quote('산업')}",
        f"section-{quote('생활')}",
        f"author-{quote('한빛')}",
        f"tag-{quote('로봇')}",
    ]


def test_an_event_that_says_only_a_part_of_it_empties_every_list() -> None:
    assert of("article.updated", **ROBOT, sections=["산업"])[1] == ["article-robot", "list"]


def test_a_story_that_was_not_there_before_changes_lists_alone() -> None:
    where, under = of("article.published", **ROBOT, **STANDS)
    assert not [path for path in where if "robot" in path]
    assert {"/", f"/sections/{quote('산업')}/"} <= {*where}
    assert "article-robot" in under


def test_one_place_may_be_named_alone() -> None:
    alone = of("article.updated", **ROBOT, section="산업", authors=[], tags=[])[1]
    assert alone == ["article-robot", "newest", f"section-{quote('산업')}"]


def test_a_renamed_story_is_purged_under_its_old_address_too() -> None:
    where, under = of("article.updated", **ROBOT, former_slugs=["droid"])
    assert "/articles/droid/" in where
    assert {"article-robot", "article-droid"} <= {*under}


def test_what_stands_beside_a_story_goes_with_it() -> None:
    where, under = of("article.withdrawn", **ROBOT, beside=["cat"], polls=[7], photos=["k3y"])
    assert {"/articles/cat/", "/api/v1/articles/cat/", "/api/v1/polls/7/"} <= {*where}
    assert {"article-cat", "poll-7", "photo-k3y"} <= {*under}


def test_a_comment_s_event_names_its_thread_and_the_counts_above_it() -> None:
    where, under = of("comment.removed", **ROBOT, comment=9, parent=4)
    assert {
        "/api/v1/articles/robot/comments/",
        "/api/v1/comments/9/",
        "/api/v1/comments/4/",
        "/articles/robot/",
    } <= {*where}
    assert under == ["article-robot"]


def test_a_closed_poll_is_purged_with_the_stories_that_carry_it() -> None:
    where, under = of("poll.closed", poll=7, articles=["robot"])
    assert {"/api/v1/polls/7/", "/articles/robot/", "/api/v1/articles/robot/"} <= {*where}
    assert under == ["poll-7"]


def test_a_section_s_event_names_its_lists_and_whatever_shows_its_name() -> None:
    where = affected_paths("section.changed", key="산업", data={"former_slugs": ["옛산업"]})
    under = affected_keys("section.changed", key="산업", data={"former_slugs": ["옛산업"]})
    now, then = quote("산업"), quote("옛산업")
    assert {f"/sections/{now}/", f"/sections/{then}/", "/api/v1/sections/"} <= {*where}
    assert under == [
        f"section-{now}",
        f"section-{then}",
        f"named-section-{now}",
        f"named-section-{then}",
        "sections",
        "list",
    ]


def test_the_masthead_is_on_every_page() -> None:
    assert affected_keys("masthead.changed", key="masthead", data={}) == ["masthead"]
    assert "/" in affected_paths("masthead.changed", key="masthead", data={})


def test_a_test_names_nothing() -> None:
    assert (
        affected_paths("ping", key="ping-1", data={})
        == affected_keys("ping", key="ping-1", data={})
        == []
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"slug": None},
        {"slug": 7, "former_slugs": "robot", "sections": None},
        {"slug": ["a"], "sections": [None, 3, {"x": 1}], "authors": [[]], "tags": [""]},
    ],
)
def test_data_of_another_form_names_what_it_can_and_breaks_nothing(odd: dict[str, Any]) -> None:
    assert all(path.isascii() for path in of("article.updated", **odd)[0])
    assert all(re.fullmatch(r"[!-+\--~]+", key) for key in of("article.updated", **odd)[1])


@pytest.mark.parametrize("slug", ["로봇이-문을-열다", "가" * 120, "a,b c", "Ⅳ", "x" * 400])
def test_a_key_is_short_and_fits_into_a_header_however_the_slug_is_written(slug: str) -> None:
    key = article_key(slug)
    assert re.fullmatch(r"[!-+\--~]{1,60}", key)  # no space, no comma
    assert key == article_key(slug) != article_key(slug + "x")


def test_a_short_hangul_slug_can_be_read_in_its_key() -> None:
    assert surrogate_key("section", "산업") == f"section-{quote('산업')}"


def test_no_more_keys_than_a_small_proxy_can_take() -> None:
    given = [article_key(f"기사-{number}-{'가' * 30}") for number in range(200)]
    kept = keys_within_limit(["list", "list", *given])
    assert kept == ["list", *given][: len(kept)]
    assert MAX_SURROGATE_KEY_BYTES - 60 < len(" ".join(kept)) <= MAX_SURROGATE_KEY_BYTES


@pytest.mark.django_db
def test_events_with_and_without_their_places_go_out_side_by_side(receiver: HTTPReceiver) -> None:
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Subscriber.Kind.PURGE_HTTP)
    publish_test_event("옛-사건", name="article.updated")
    publish_test_event("새-사건", name="article.updated", **STANDS)
    deliver_all_due()
    purged = [got.path for got in receiver.got]
    assert {f"/articles/{quote('옛-사건')}/", f"/sections/{quote('산업')}/"} <= {*purged}
    assert len(purged) == len(set(purged))


def test_every_registered_event_kind_has_cache_targets() -> None:
    assert check_cache_targets(None) == []


def test_an_event_kind_without_cache_targets_fails_the_system_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(EVENT_TYPES, "letter.posted", EventType("letter.posted"))
    [message] = check_cache_targets(None)
    assert (message.id, "'letter'" in message.msg) == ("outbox.E001", True)


def test_an_unregistered_event_cannot_be_published() -> None:
    with pytest.raises(UnregisteredEvent, match=r"letter\.posted"):
        publish_event("letter.posted", key="letter-1")


def test_every_path_to_purge_leads_to_a_view() -> None:
    """Hard-coded in the apps' cache_targets.py for speed, so compared with the URL configuration."""
    data = {**ROBOT, **STANDS, "beside": ["cat"], "comment": 9, "parent": 4}
    data |= {"polls": [7], "poll": 7, "articles": ["robot"]}
    for name in EVENT_TYPES:
        for path in affected_paths(name, key="robot", data=data):
            assert resolve(unquote(path.partition("?")[0]))
