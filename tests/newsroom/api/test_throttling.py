"""How often somebody may write, and how they are told."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from redis.exceptions import ConnectionError as NoRedis
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from newsroom.api.throttling import RatePolicy, RateUsage, count_request
from newsroom.conf.environment import read_rate
from newsroom.http.client_ip import client_throttle_key
from polls.models import Vote
from tests.support import make

MINUTE = RatePolicy("vote", 5, 60)


@pytest.fixture
def few(settings: Any) -> None:
    """Three votes a minute from an address, two of somebody signed in."""
    rates = {"vote": "3/min", "vote_signed_in": "2/min"}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | rates
    }


@pytest.fixture
def path(db: None) -> str:
    poll = Article.objects.get(pk=make.live(poll=make.poll_data()).pk).poll_id
    return f"/api/v1/polls/{poll}/vote/"


def vote(path: str, client: APIClient | None = None, **more: Any) -> Any:
    return (client or APIClient()).put(path, {"side": "pro"}, format="json", **more)


@pytest.mark.usefixtures("few")
def test_every_write_says_what_is_left(path: str) -> None:
    answers = [vote(path) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"vote";q=3;w=60'}
    assert [answer["RateLimit"].split(";t=")[0] for answer in answers] == [
        '"vote";r=2', '"vote";r=1', '"vote";r=0', '"vote";r=0'
    ]  # fmt: skip
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "throttled"
    assert refused["RateLimit"].endswith(f";t={refused['Retry-After']}")
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_refused_attempts_do_not_make_the_wait_longer() -> None:
    short = RatePolicy("vote", 1, 2)
    first = count_request(short, client="203.0.113.9")
    refused = [count_request(short, client="203.0.113.9") for _ in range(5)]
    assert first
    assert not first.is_exceeded
    assert {one.until for one in refused if one and one.is_exceeded} == {first.until}
    time.sleep(max(0.0, first.until - time.time()) + 0.2)
    again = count_request(short, client="203.0.113.9")
    assert again
    assert not again.is_exceeded


@pytest.mark.usefixtures("few")
def test_somebody_signed_in_has_a_limit_of_their_own(path: str, chi: User, as_user: Any) -> None:
    client = as_user(chi)
    answers = [vote(path, client) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"vote_signed_in";q=2;w=60'
    assert vote(path).status_code == 200, "their neighbours at the same address have their own"


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP", "True-Client-IP", "Via"]
)
def test_nobody_gets_more_by_saying_to_be_somebody_else(path: str, header: str) -> None:
    said = [f"for=203.0.113.{n}" if header == "Forwarded" else f"203.0.113.{n}" for n in range(4)]
    assert [vote(path, headers={header: one}).status_code for one in said] == [200, 200, 200, 429]


@pytest.mark.usefixtures("few")
def test_behind_our_proxy_its_own_word_counts_and_no_other(path: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    made_up = [f"198.51.100.{n}, 203.0.113.7" for n in range(4)]
    assert [
        vote(path, headers={"X-Forwarded-For": one}).status_code for one in made_up
    ] == [200, 200, 200, 429]  # fmt: skip
    assert vote(path, headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 200


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("", ""),
        ("not an address\n", "not%20an%20address%0A"),
    ],
)
def test_a_household_with_many_addresses_is_one(address: str, who: str) -> None:
    assert client_throttle_key({"REMOTE_ADDR": address}, proxies=0) == who


@pytest.mark.parametrize("who", ["in-memory", pytest.param("in-redis", marks=pytest.mark.redis)])
def test_of_many_at_once_no_more_get_through_than_may(who: str) -> None:
    got = make.race(40, lambda _n: count_request(MINUTE, client=who))
    spent = [one for one in got if isinstance(one, RateUsage)]
    assert sorted(one.used for one in spent) == list(range(1, 41))
    assert len({one.until for one in spent}) == 1
    assert sum(not one.is_exceeded for one in spent) == 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("few")
def test_of_many_votes_at_once_no_more_are_cast_than_may(path: str) -> None:
    got = make.race(12, lambda _n: vote(path).status_code)
    assert sorted(map(str, got)) == ["200"] * 3 + ["429"] * 9
    assert Vote.objects.count() == 3


def test_where_nobody_can_count_everybody_may_write(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise NoRedis

    monkeypatch.setattr(cache, "get", away)
    assert count_request(MINUTE, client="203.0.113.9") is None


@pytest.mark.usefixtures("few")
def test_reads_are_not_counted_and_tell_nobody_s_figures(path: str) -> None:
    for _ in range(5):
        answer = APIClient().get(path.removesuffix("vote/"))
        assert answer.status_code == 200
        assert "RateLimit" not in answer
        assert "RateLimit-Policy" not in answer


def test_a_rate_is_a_number_and_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for said, meant in (("", "7/min"), ("20/min", "20/min"), ("5/hour", "5/hour"), ("0", None)):
        monkeypatch.setenv("RATE_TEST", said)
        assert read_rate("RATE_TEST", default="7/min") == meant
    for wrong in ("20", "many/min", "20/week", "-1/min", "0/min"):
        monkeypatch.setenv("RATE_TEST", wrong)
        with pytest.raises(ImproperlyConfigured, match="RATE_TEST"):
            read_rate("RATE_TEST", default="7/min")


def test_without_a_rate_everybody_may(path: str, settings: Any) -> None:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"vote": None}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    answer = vote(path)
    assert answer.status_code == 200
    assert "RateLimit" not in answer
