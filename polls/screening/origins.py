"""Origins of votes: an address and a network as keyed digests, for counters of a day at most. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from newsroom.http.client_ip import client_network, client_throttle_key

SECONDS_A_DAY = 86_400
DIGEST_CHARS = 24
ORIGIN_KEY_PURPOSE = b"polls/origins/1/"


@dataclass(frozen=True)
class Origin:
    """Where a vote comes from."""

    address: str
    network: str

    @classmethod
    def of_request(cls, meta: Mapping[str, Any]) -> "Origin":
        """The origin of a request: an IPv4 address or a /64 network of IPv6; /24 or /48."""
        proxies = settings.TRUSTED_PROXIES
        address = client_throttle_key(meta, proxies=proxies)
        return cls(address, client_network(meta, proxies=proxies))


def origin_digest(poll_id: int, place: str, *, now: float) -> str:
    """A digest of an address or a network, under a key of this day (UTC): other days and other polls have
    other ones."""
    day = str(int(now // SECONDS_A_DAY)).encode()
    purpose = ORIGIN_KEY_PURPOSE + day + b"\x01"
    key = hmac.new(settings.VOTE_SECRET.encode(), purpose, hashlib.sha256).digest()
    return hmac.new(key, f"{poll_id}/{place}".encode(), hashlib.sha256).hexdigest()[:DIGEST_CHARS]
