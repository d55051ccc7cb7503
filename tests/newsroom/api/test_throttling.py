"""How often somebody may write, and how they are told."""

from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
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
def low_rates(settings: Any) -> None:
    """Three votes a minute by address, two by account."""
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


@pytest.mark.usefixtures("low_rates")
def test_every_write_has_rate_limit_headers(path: str) -> None:
    responses = [vote(path) for _ in range(4)]
    assert [response.status_code for response in responses] == [200, 200, 200, 429]
    assert {response["RateLimit-Policy"] for response in responses} == {'"vote";q=3;w=60'}
    assert [response["RateLimit"].split(";t=")[0] for response in responses] == [
        '"vote";r=2', '"vote";r=1', '"vote";r=0', '"vote";r=0'
    ]  # fmt: skip
    refused = responses[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "throttled"
    assert refused["RateLimit"].endswith(f";t={refused['Retry-After']}")
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_refused_requests_do_not_prolong_the_window() -> None:
    policy = RatePolicy("vote", 1, 2)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = count_request(policy, client="203.0.113.9")
        refused = [count_request(policy, client="203.0.113.9") for _ in range(5)]
        clock.shift(2.2)
        again = count_request(policy, client="203.0.113.9")
    assert first
    assert not first.is_exceeded
    assert {one.window_ends_at for one in refused if one and one.is_exceeded} == {
        first.window_ends_at
    }
    assert again
    assert not again.is_exceeded


@pytest.mark.usefixtures("low_rates")
def test_signed_in_client_has_a_limit_of_its_own(path: str, chi: User, as_user: Any) -> None:
    client = as_user(chi)
    responses = [vote(path, client) for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert responses[0]["RateLimit-Policy"] == '"vote_signed_in";q=2;w=60'
    assert vote(path).status_code == 200, "other clients at the same address are counted separately"


@pytest.mark.usefixtures("low_rates")
@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP", "True-Client-IP", "Via"]
)
def test_forwarding_headers_of_a_client_do_not_change_its_limit(path: str, header: str) -> None:
    """community B64."""
    values = [f"for=203.0.113.{n}" if header == "Forwarded" else f"203.0.113.{n}" for n in range(4)]
    assert [vote(path, headers={header: one}).status_code for one in values] == [200, 200, 200, 429]


@pytest.mark.usefixtures("low_rates")
def test_trusted_proxy_s_address_of_the_client_is_counted(path: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    forged = [f"198.51.100.{n}, 203.0.113.7" for n in range(4)]
    assert [
        vote(path, headers={"X-Forwarded-For": one}).status_code for one in forged
    ] == [200, 200, 200, 429]  # fmt: skip
    assert vote(path, headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 200


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("", ""),
        ("not an address\n", "not%20an%20address%0A"),
    ],
)
def test_ipv6_addresses_of_one_network_are_one_client(address: str, key: str) -> None:
    assert client_throttle_key({"REMOTE_ADDR": address}, proxies=0) == key


@pytest.mark.parametrize("client", ["in-memory", pytest.param("in-redis", marks=pytest.mark.redis)])
def test_concurrent_requests_do_not_exceed_the_limit(client: str) -> None:
    results = make.race(40, lambda _n: count_request(MINUTE, client=client))
    usages = [one for one in results if isinstance(one, RateUsage)]
    assert sorted(one.used for one in usages) == list(range(1, 41))
    assert len({one.window_ends_at for one in usages}) == 1
    assert sum(not one.is_exceeded for one in usages) == 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("low_rates")
def test_concurrent_votes_do_not_exceed_the_limit(path: str) -> None:
    statuses = make.race(12, lambda _n: vote(path).status_code)
    assert sorted(map(str, statuses)) == ["200"] * 3 + ["429"] * 9
    assert Vote.objects.count() == 3


def test_nothing_is_limited_while_the_cache_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: Any, **__: Any) -> None:
        raise NoRedis

    monkeypatch.setattr(cache, "get", unavailable)
    assert count_request(MINUTE, client="203.0.113.9") is None


@pytest.mark.usefixtures("low_rates")
def test_reads_are_not_counted_and_have_no_rate_limit_headers(path: str) -> None:
    for _ in range(5):
        response = APIClient().get(path.removesuffix("vote/"))
        assert response.status_code == 200
        assert "RateLimit" not in response
        assert "RateLimit-Policy" not in response


def test_rate_variable_is_a_number_and_a_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, expected in (("", "7/min"), ("20/min", "20/min"), ("5/hour", "5/hour"), ("0", None)):
        monkeypatch.setenv("RATE_TEST", value)
        assert read_rate("RATE_TEST", default="7/min") == expected
    for wrong in ("20", "many/min", "20/week", "-1/min", "0/min"):
        monkeypatch.setenv("RATE_TEST", wrong)
        with pytest.raises(ImproperlyConfigured, match="RATE_TEST"):
            read_rate("RATE_TEST", default="7/min")


def test_rate_can_be_switched_off(path: str, settings: Any) -> None:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"vote": None}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    response = vote(path)
    assert response.status_code == 200
    assert "RateLimit" not in response
