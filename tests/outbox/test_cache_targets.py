"""Cache targets: the paths and surrogate keys that each event invalidates."""

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
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import publish_test_event, subscriber

ROBOT = {"slug": "robot"}
TAXONOMIES = {"sections": ["산업", "생활"], "authors": ["한빛"], "tags": ["로봇"]}


def affected(name: str, **data: Any) -> tuple[list[str], list[str]]:
    """The paths and surrogate keys that an event affects."""
    return affected_paths(name, key="robot", data=data), affected_keys(name, key="robot", data=data)


def test_article_event_affects_its_page_and_api_paths() -> None:
    paths, keys = affected("article.updated", **ROBOT)
    assert paths[:4] == [
        "/api/v1/articles/robot/",
        "/api/v1/articles/robot/editions/",
        "/api/v1/articles/robot/comments/",
        "/articles/robot/",
    ]
    assert {"/", "/articles/", "/api/v1/articles/", "/feeds/rss.xml", "/sitemap.xml"} <= {*paths}
    assert keys == ["article-robot", "list"]


def test_article_event_with_taxonomies_affects_only_their_lists() -> None:
    paths, keys = affected("article.updated", **ROBOT, **TAXONOMIES)
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
    } <= {*paths}
    assert keys == [
        "article-robot",
        "newest",
        f"section-{quote('산업')}",
        f"section-{quote('생활')}",
        f"author-{quote('한빛')}",
        f"tag-{quote('로봇')}",
    ]


def test_article_event_with_some_taxonomies_affects_every_list() -> None:
    assert affected("article.updated", **ROBOT, sections=["산업"])[1] == ["article-robot", "list"]


def test_first_publication_affects_lists_only() -> None:
    paths, keys = affected("article.published", **ROBOT, **TAXONOMIES)
    assert not [path for path in paths if "robot" in path]
    assert {"/", f"/sections/{quote('산업')}/"} <= {*paths}
    assert "article-robot" in keys


def test_article_event_may_name_a_single_section() -> None:
    alone = affected("article.updated", **ROBOT, section="산업", authors=[], tags=[])[1]
    assert alone == ["article-robot", "newest", f"section-{quote('산업')}"]


def test_renamed_article_is_purged_under_its_former_slug() -> None:
    paths, keys = affected("article.updated", **ROBOT, former_slugs=["droid"])
    assert "/articles/droid/" in paths
    assert {"article-robot", "article-droid"} <= {*keys}


def test_article_event_affects_related_articles_polls_and_photos() -> None:
    paths, keys = affected("article.withdrawn", **ROBOT, beside=["cat"], polls=[7], photos=["k3y"])
    assert {"/articles/cat/", "/api/v1/articles/cat/", "/api/v1/polls/7/"} <= {*paths}
    assert {"article-cat", "poll-7", "photo-k3y"} <= {*keys}


def test_comment_event_affects_its_thread_and_article() -> None:
    paths, keys = affected("comment.removed", **ROBOT, comment=9, parent=4)
    assert {
        "/api/v1/articles/robot/comments/",
        "/api/v1/comments/9/",
        "/api/v1/comments/4/",
        "/articles/robot/",
    } <= {*paths}
    assert keys == ["article-robot"]


def test_closed_poll_affects_the_articles_that_carry_it() -> None:
    paths, keys = affected("poll.closed", poll=7, articles=["robot"])
    assert {"/api/v1/polls/7/", "/articles/robot/", "/api/v1/articles/robot/"} <= {*paths}
    assert keys == ["poll-7"]


def test_section_event_affects_its_lists_and_its_name() -> None:
    paths = affected_paths("section.changed", key="산업", data={"former_slugs": ["옛산업"]})
    keys = affected_keys("section.changed", key="산업", data={"former_slugs": ["옛산업"]})
    now, then = quote("산업"), quote("옛산업")
    assert {f"/sections/{now}/", f"/sections/{then}/", "/api/v1/sections/"} <= {*paths}
    assert keys == [
        f"section-{now}",
        f"section-{then}",
        f"named-section-{now}",
        f"named-section-{then}",
        "sections",
        "list",
    ]


def test_masthead_event_affects_every_page() -> None:
    assert affected_keys("masthead.changed", key="masthead", data={}) == ["masthead"]
    assert "/" in affected_paths("masthead.changed", key="masthead", data={})


def test_ping_event_affects_nothing() -> None:
    assert (
        affected_paths("ping", key="ping-1", data={})
        == affected_keys("ping", key="ping-1", data={})
        == []
    )


@pytest.mark.parametrize(
    "data",
    [
        {"slug": None},
        {"slug": 7, "former_slugs": "robot", "sections": None},
        {"slug": ["a"], "sections": [None, 3, {"x": 1}], "authors": [[]], "tags": [""]},
    ],
)
def test_malformed_event_data_is_ignored(data: dict[str, Any]) -> None:
    assert all(path.isascii() for path in affected("article.updated", **data)[0])
    assert all(re.fullmatch(r"[!-+\--~]+", key) for key in affected("article.updated", **data)[1])


@pytest.mark.parametrize("slug", ["로봇이-문을-열다", "가" * 120, "a,b c", "Ⅳ", "x" * 400])
def test_surrogate_key_is_short_and_valid_in_a_header(slug: str) -> None:
    key = article_key(slug)
    assert re.fullmatch(r"[!-+\--~]{1,60}", key)  # no space, no comma
    assert key == article_key(slug) != article_key(slug + "x")


def test_surrogate_key_of_a_short_hangul_slug_is_percent_encoded() -> None:
    assert surrogate_key("section", "산업") == f"section-{quote('산업')}"


def test_surrogate_keys_are_cut_at_the_header_limit() -> None:
    articles = [article_key(f"기사-{number}-{'가' * 30}") for number in range(200)]
    keys = keys_within_limit(["list", "list", *articles])
    assert keys == ["list", *articles][: len(keys)]
    assert MAX_SURROGATE_KEY_BYTES - 60 < len(" ".join(keys)) <= MAX_SURROGATE_KEY_BYTES


@pytest.mark.django_db
def test_events_with_and_without_taxonomies_are_purged_together(receiver: HTTPReceiver) -> None:
    subscriber(f"http://127.0.0.1:{receiver.port}", kind=Subscriber.Kind.PURGE_HTTP)
    publish_test_event("옛-사건", name="article.updated")
    publish_test_event("새-사건", name="article.updated", **TAXONOMIES)
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
    data = {**ROBOT, **TAXONOMIES, "beside": ["cat"], "comment": 9, "parent": 4}
    data |= {"polls": [7], "poll": 7, "articles": ["robot"]}
    for name in EVENT_TYPES:
        for path in affected_paths(name, key="robot", data=data):
            assert resolve(unquote(path.partition("?")[0]))
