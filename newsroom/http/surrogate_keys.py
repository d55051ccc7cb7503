"""The keys under which caches keep an answer, so that a purge finds it at whatever address it stands.

Every public answer gets them here and nowhere else: `Surrogate-Key` (Fastly, Varnish) and `Cache-Tag`
(Cloudflare).  Which event purges which key is registered by each app (outbox/cache_targets.py).
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from django.http.response import HttpResponseBase

# Bytes in each of the two headers: nginx reads all headers of an answer into one page of 4 KiB.
MAX_SURROGATE_KEY_BYTES = 1400
# A longer value goes into a key as its hash: a Hangul letter has nine bytes when percent-encoded, and
# Fastly takes no key of more than 1,024.
MAX_KEY_VALUE_CHARS = 40


def set_surrogate_keys(answer: HttpResponseBase, keys: Iterable[str]) -> None:
    """Name what the answer shows. Give the most telling keys first: what does not fit is cut off.

    That is safe for lists, the only answers so long: a list is purged by its own first keys whenever
    a story on it changes.  A key cut off only delays a count on a card until the copy's time is over.
    """
    kept = keys_within_limit(keys)
    if kept:
        answer["Surrogate-Key"] = " ".join(kept)
        answer["Cache-Tag"] = ",".join(kept)


def keys_within_limit(keys: Iterable[str]) -> list[str]:
    """Each key once, in their order, as many as fit into a header."""
    kept: list[str] = []
    left = MAX_SURROGATE_KEY_BYTES
    for key in dict.fromkeys(keys):
        left -= len(key) + 1
        if left < 0:
            break
        kept.append(key)
    return kept


@lru_cache(maxsize=10_000)
def surrogate_key(kind: str, value: str) -> str:
    """A surrogate key as headers must have it: ASCII without space and comma, and short."""
    plain = quote(value, safe="")
    if len(plain) > MAX_KEY_VALUE_CHARS:
        plain = hashlib.sha256(value.encode()).hexdigest()[:16]
    return f"{kind}-{plain}"
