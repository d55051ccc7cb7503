"""The keys under which caches keep an answer, so that a purge finds it at whatever address it stands.

Every public answer gets them here and nowhere else: `Surrogate-Key` (Fastly, Varnish) and `Cache-Tag`
(Cloudflare).  How a key is spelled, and which event purges it, is said in outbox/cache_targets.py.
"""

from collections.abc import Iterable

from django.http.response import HttpResponseBase

# Bytes in each of the two headers: nginx reads all headers of an answer into one page of 4 KiB.
MAX_SURROGATE_KEY_BYTES = 1400


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
