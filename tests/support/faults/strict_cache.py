"""Strict cache fake: keeps every cacheable response until it is purged and never revalidates."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.support.loopback.receivers import HTTPReceiver, ReceivedRequest


@dataclass(frozen=True)
class CachedResponse:
    body: bytes
    keys: frozenset[str]


class StrictCache:
    """A cache in front of `origin` that is purged through an HTTP receiver."""

    def __init__(self, receiver: HTTPReceiver, origin: Client) -> None:
        self.origin = origin
        self.copies: dict[str, CachedResponse] = {}
        receiver.answer = self.purge

    def get(self, path: str) -> bytes:
        """The cached body, else the origin's, cached where it is cacheable."""
        if path in self.copies:
            return self.copies[path].body
        answer = self.origin.get(path)
        body = response_body(answer)
        if answer.status_code == 200 and "public" in answer["Cache-Control"]:
            keys = answer["Surrogate-Key"].split(" ")
            assert answer["Cache-Tag"].split(",") == keys
            self.copies[path] = CachedResponse(body, frozenset(keys))
        return body

    def purge(self, got: ReceivedRequest) -> int:
        """Purge by Fastly's API with keys, by Varnish's header with keys, or by path as nginx."""
        if got.method == "POST":
            return self.drop(set(json.loads(got.body)["surrogate_keys"]))
        if "surrogate-key" in got.headers:
            return self.drop(set(got.headers["surrogate-key"].split(" ")))
        return 200 if self.copies.pop(got.path, None) else 404

    def drop(self, keys: set[str]) -> int:
        gone = [path for path, copy in self.copies.items() if copy.keys & keys]
        for path in gone:
            del self.copies[path]
        return 200


def response_body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)
