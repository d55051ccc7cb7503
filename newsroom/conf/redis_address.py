"""REDIS_URL as an address of Sentinels, which name the current master. Pure.

    redis://:password@host:6379/0                                       one server
    sentinel://:password@host1:26379,host2:26379/0?master=newsroom      the master of this name

With `&sentinel_password=` where the Sentinels have a password of their own.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SENTINEL_SCHEME = "sentinel"
DEFAULT_SENTINEL_PORT = 26379
EXAMPLE = "sentinel://:password@host1:26379,host2:26379/0?master=newsroom"


@dataclass(frozen=True)
class SentinelAddress:
    """Sentinels, the name of the master, and how to sign in to it."""

    sentinels: tuple[tuple[str, int], ...]
    master: str
    username: str | None
    password: str | None
    database: int
    sentinel_password: str | None
    sign_in: str  # as it is written in the URL

    @property
    def sentinel_options(self) -> dict[str, Any]:
        """Options of connections to the Sentinels themselves."""
        return {"password": self.sentinel_password} if self.sentinel_password else {}

    def broker_url(self) -> str:
        """The address as Celery wants it: one URL for each Sentinel, the first with the rest."""
        prefix = f"{self.sign_in}@" if self.sign_in else ""
        urls = [f"{SENTINEL_SCHEME}://{prefix}{host}:{port}" for host, port in self.sentinels]
        return ";".join(f"{url}/{self.database}" for url in urls)

    def broker_options(self) -> dict[str, Any]:
        """Celery's transport options for this address."""
        return {"master_name": self.master, "sentinel_kwargs": self.sentinel_options}


def parse_sentinel_address(url: str) -> SentinelAddress | None:
    """The Sentinels of an address; None for an address of one server. Raises ImproperlyConfigured."""
    parts = urlsplit(url)
    if parts.scheme != SENTINEL_SCHEME:
        return None
    sign_in, _at, hosts = parts.netloc.rpartition("@")
    username, _colon, password = sign_in.partition(":")
    query = parse_qs(parts.query)
    try:
        sentinels = tuple(split_host(host) for host in hosts.split(","))
        return SentinelAddress(
            sentinels=sentinels,
            master=query["master"][0],
            username=unquote(username) or None,
            password=unquote(password) or None,
            database=int(parts.path.strip("/") or 0),
            sentinel_password=query.get("sentinel_password", [None])[0],
            sign_in=sign_in,
        )
    except (KeyError, ValueError):
        raise ImproperlyConfigured(f"REDIS_URL of Sentinels is written {EXAMPLE}.") from None


def split_host(text: str) -> tuple[str, int]:
    """Host and port. Raises ValueError."""
    host, _colon, port = text.partition(":")
    if not host:
        raise ValueError(text)
    return host, int(port or DEFAULT_SENTINEL_PORT)
