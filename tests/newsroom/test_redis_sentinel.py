"""REDIS_URL of Sentinels: cache, counters and broker go on with the new master after the old one died."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from kombu import Connection
from redis.exceptions import RedisError

from newsroom.conf.backends import broker_url, cache_settings, redis_transport_options
from newsroom.conf.redis_address import parse_sentinel_address
from newsroom.fallback_cache import FallbackRedisCache
from newsroom.redis_connections import redis_client
from tests.support.loopback.processes import wait_until
from tests.support.loopback.sentinel import SentinelServers, sentinel_servers

SEVERAL = "sentinel://ada:a%40b@one:26380,two/3?master=main&sentinel_password=other"


def test_an_address_of_sentinels_is_read() -> None:
    address = parse_sentinel_address(SEVERAL)
    assert address is not None
    assert address.sentinels == (("one", 26380), ("two", 26379))
    assert (address.username, address.password, address.database) == ("ada", "a@b", 3)
    assert address.sentinel_options == {"password": "other"}
    assert broker_url(SEVERAL) == (
        "sentinel://ada:a%40b@one:26380/3;sentinel://ada:a%40b@two:26379/3"
    )
    assert redis_transport_options(SEVERAL)["master_name"] == "main"


def test_an_address_of_one_server_stays_as_it_is() -> None:
    assert parse_sentinel_address("redis://host:6379/0") is None
    assert broker_url("redis://host:6379/0") == "redis://host:6379/0"
    assert broker_url("") == "memory://localhost//"
    assert "master_name" not in redis_transport_options("redis://host:6379/0")


@pytest.mark.parametrize("url", ["sentinel://one:26379/0", "sentinel://,two/0?master=main"])
def test_an_incomplete_address_of_sentinels_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="master=newsroom"):
        parse_sentinel_address(url)


@pytest.fixture(scope="module")
def servers() -> Iterator[SentinelServers]:
    with sentinel_servers() as started:
        yield started


@pytest.mark.redis
def test_cache_and_broker_follow_the_master(servers: SentinelServers) -> None:
    settings = cache_settings(servers.url)
    cache = FallbackRedisCache(settings["LOCATION"], {"OPTIONS": {}})
    client = redis_client(servers.url, socket_timeout=1, socket_connect_timeout=1)
    wait_until(lambda: port_of_master(client) == servers.master_port, within=30)
    wait_until(lambda: client.info("replication")["connected_slaves"] == 1, within=30)
    cache.set("before", "master")
    with Connection(broker_url(servers.url), transport_options=broker_options(servers)) as broker:
        broker.SimpleQueue("sentinel-test").put({"number": 1})
    client.wait(1, 5000)

    servers.kill_master()

    wait_until(lambda: port_of_master(client) == servers.replica_port, within=60)
    wait_until(lambda: client.set("after", "replica"), within=30)
    assert cache.get("before") == "master"
    with Connection(broker_url(servers.url), transport_options=broker_options(servers)) as broker:
        queue = broker.SimpleQueue("sentinel-test")
        queue.put({"number": 2})
        messages = [queue.get(timeout=10) for _ in range(2)]
    assert [message.payload["number"] for message in messages] == [1, 2]


def broker_options(servers: SentinelServers) -> dict[str, object]:
    return redis_transport_options(servers.url)


def port_of_master(client: object) -> int | None:
    """The port of the server that a client reaches now; None while there is none."""
    try:
        return int(client.config_get("port")["port"])  # type: ignore[attr-defined]
    except RedisError:
        return None
