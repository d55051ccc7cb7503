"""A cache that keeps what may be kept until it is purged, and never asks by itself: the hardest one."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.support.receivers import HTTPReceiver, ReceivedRequest


@dataclass(frozen=True)
class CachedResponse:
    body: bytes
    keys: frozenset[str]


class StrictCache:
    """Stands in front of the newsroom at `origin`, and takes purges through a receiver."""

    def __init__(self, receiver: HTTPReceiver, origin: Client) -> None:
        self.origin = origin
        self.copies: dict[str, CachedResponse] = {}
        receiver.answer = self.purge

    def get(self, path: str) -> bytes:
        """What a reader gets: the copy, else what the newsroom says, kept where it may be."""
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
        """Fastly's way with keys, Varnish's with keys in a header, nginx's with an address."""
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
