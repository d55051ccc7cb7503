"""Requester: sends GET requests as one or more clients and records each response."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bench.recorded_responses.demo_newsroom import DemoNewsroom
from bench.recorded_responses.response_entry import ResponseEntry, response_entry


class Requester:
    """Sends requests as the clients of a newsroom; `responses` are the recorded entries in order."""

    def __init__(self, newsroom: DemoNewsroom) -> None:
        self.newsroom = newsroom
        self.responses: list[ResponseEntry] = []

    def get(self, path: str, *clients: str, method: str = "GET", **headers: str) -> Any:
        """Record the response for each client, without any for `anybody`; the last one is returned."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        response = None
        for client in clients or ("anybody",):
            response = self.newsroom.clients[client].generic(method, path, "", headers=sent)
            self.responses.append(response_entry(client, method, path, sent, response))
        return response

    def follow_pages(
        self, path: str, *, field: str = "next", client: str = "anybody", max_pages: int = 4
    ) -> None:
        """Record a list page by page along the links in `field`, and each page's previous one."""
        for _page in range(max_pages):
            response = self.get(path, client)
            output = response.json() if response.status_code == 200 else {}
            if output.get("previous"):
                self.get(relative_url(output["previous"]), client)
            if not output.get(field):
                return
            path = relative_url(output[field])

    def repeat_anonymous_requests(self) -> None:
        """Send every anonymous GET again: whether its response, from whatever cache, is as before."""
        for entry in list(self.anonymous_responses()):
            sent = entry.get("sent", {})
            client = self.newsroom.clients["anybody"]
            response = client.generic("GET", entry["path"], headers=sent)
            repeated = response_entry("anybody", "GET", entry["path"], sent, response)
            entry["again"] = "the same" if repeated == entry else repeated

    def anonymous_responses(self) -> Iterator[ResponseEntry]:
        for entry in self.responses:
            is_anonymous = entry["as"] == "anybody" and entry["method"] == "GET"
            if is_anonymous and entry["path"] != "/metrics":
                yield entry


def relative_url(url: str, *, base: str = "/") -> str:
    """Path and query of a URL; `base` is the path of one that has only a query."""
    parts = urlsplit(url)
    path = parts.path or base
    return path + (f"?{parts.query}" if parts.query else "")
