"""Surrogate keys: names under which CDNs and proxies store a response, so that a purge finds it at any URL.

Every public response gets them here: `Surrogate-Key` (Fastly, Varnish) and `Cache-Tag` (Cloudflare). Which
event purges which keys is registered by each app (outbox/cache_targets.py).
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from django.http.response import HttpResponseBase

# Bytes in each of the two headers: nginx reads all headers of a response into one page of 4 KiB.
MAX_SURROGATE_KEY_BYTES = 1400
# A longer value goes into a key as its hash: a Hangul letter has nine bytes when percent-encoded, and
# Fastly takes no key of more than 1,024.
MAX_KEY_VALUE_CHARS = 40


# Keys for our own response cache only, which are in no header.
INTERNAL_PREFIX = "#"


def set_surrogate_keys(response: HttpResponseBase, keys: Iterable[str]) -> None:
    """Set both headers. Keys by importance: those that do not fit are cut off.

    All of them are in the attribute `cache_keys`, for newsroom/http/response_cache.py.

    Only lists are so long, and a list is purged by its own first keys whenever an article on it changes.
    A key that is cut off delays a comment count on a card until the cached copy expires.
    """
    keys = list(keys)
    response.cache_keys = frozenset(keys)  # type: ignore[attr-defined]
    limited = keys_within_limit(key for key in keys if not key.startswith(INTERNAL_PREFIX))
    if limited:
        response["Surrogate-Key"] = " ".join(limited)
        response["Cache-Tag"] = ",".join(limited)


def keys_within_limit(keys: Iterable[str]) -> list[str]:
    """The keys without duplicates, in their order, as many as fit into MAX_SURROGATE_KEY_BYTES."""
    limited: list[str] = []
    remaining_bytes = MAX_SURROGATE_KEY_BYTES
    for key in dict.fromkeys(keys):
        remaining_bytes -= len(key) + 1
        if remaining_bytes < 0:
            break
        limited.append(key)
    return limited


@lru_cache(maxsize=10_000)
def surrogate_key(kind: str, value: str) -> str:
    """A surrogate key as headers must have it: ASCII without space and comma, and short."""
    plain = quote(value, safe="")
    if len(plain) > MAX_KEY_VALUE_CHARS:
        plain = hashlib.sha256(value.encode()).hexdigest()[:16]
    return f"{kind}-{plain}"
