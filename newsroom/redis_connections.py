"""Redis connection pools and clients for an address of REDIS_URL: one server, or Sentinels' master."""

from typing import Any

from redis import ConnectionPool, Redis
from redis.sentinel import Sentinel, SentinelConnectionPool

from newsroom.conf.redis_address import SentinelAddress, parse_sentinel_address


def redis_pool(url: str, **options: Any) -> ConnectionPool:
    """Connection pool for this address; with Sentinels, a new connection goes to the current master."""
    address = parse_sentinel_address(url)
    if address is None:
        return ConnectionPool.from_url(url, **options)
    sign_in = {"username": address.username, "password": address.password, "db": address.database}
    return SentinelConnectionPool(  # type: ignore[no-untyped-call]
        address.master, sentinels_of(address, options), **options | sign_in
    )


def sentinels_of(address: SentinelAddress, options: dict[str, Any]) -> Sentinel:
    """The Sentinels of an address, asked with the timeouts of the connections to the master."""
    timeouts = {name: value for name, value in options.items() if name.startswith("socket_")}
    return Sentinel(  # type: ignore[no-untyped-call]
        list(address.sentinels), sentinel_kwargs=timeouts | address.sentinel_options
    )


def redis_client(url: str, **options: Any) -> Any:
    """Client for this address, with a connection pool of its own that it closes."""
    return Redis.from_pool(redis_pool(url, **options))
