"""Conditional GET of an RSS or Atom feed, through the SSRF guard. No database."""

import base64
import http.client
import time
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from outbox.downloads import Download, DownloadTooLarge, TooManyRedirects, download
from outbox.errors import ForbiddenAddress
from outbox.retry_policy import parse_retry_after
from wire.channel_errors import FetchFailed
from wire.transports.failures import connection_failure

FEED_TIMEOUT_SECONDS = 20.0
HEADERS = {
    "User-Agent": "Newsroom-Wire/1",
    "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip",
}
STATUS_SENTENCES = {
    401: _("The feed asks for another user name or password (HTTP 401)."),
    403: _("The feed may not be read with these rights (HTTP 403)."),
    404: _("There is no feed at this address (HTTP 404)."),
    410: _("This feed was closed for good (HTTP 410). Ask the agency for the new address."),
    429: _("We ask this feed too often (HTTP 429)."),
}


@dataclass(frozen=True)
class FeedResponse:
    """A feed as it was sent; `body` None where it has not changed (304)."""

    body: bytes | None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


def fetch_feed(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    username: str = "",
    password: str = "",
    max_bytes: int,
    timeout_seconds: float = FEED_TIMEOUT_SECONDS,
) -> FeedResponse:
    """Fetch a feed unless it has not changed since it had these validators. Raises FetchFailed."""
    headers = HEADERS | {
        name: value
        for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified))
        if value
    }
    if username:
        credentials = base64.b64encode(f"{username}:{password}".encode()).decode()
        headers["Authorization"] = f"Basic {credentials}"
    try:
        response = download(
            url,
            headers=headers,
            max_bytes=max_bytes,
            deadline=time.monotonic() + timeout_seconds,
        )
    except Exception as error:
        raise FetchFailed(sentence_of(error, max_bytes=max_bytes)) from error
    if response.status == http.client.NOT_MODIFIED:
        return FeedResponse(None, etag=etag, last_modified=last_modified)
    if response.status != http.client.OK:
        raise failure_of(response)
    return FeedResponse(
        response.body,
        response.headers.get("content-type", "")[:200],
        sendable(response.headers.get("etag", ""), 300),
        sendable(response.headers.get("last-modified", ""), 100),
    )


def sendable(header: str, limit: int) -> str:
    """A validator that can be sent back as it is; empty for one that cannot."""
    return header if len(header) <= limit and header.isascii() and header.isprintable() else ""


def failure_of(response: Download) -> FetchFailed:
    """The failure of a status that brings no feed."""
    sentence = STATUS_SENTENCES.get(response.status) or _now(
        "The server answered with HTTP %(status)s instead of the feed."
    ) % {"status": response.status}
    asked = parse_retry_after(response.retry_after, now=timezone.now())
    return FetchFailed(sentence, requested_delay=asked)


def sentence_of(error: Exception, *, max_bytes: int) -> str:
    """Why a call failed, in words. Raises the error again where it is no failure of a call."""
    if isinstance(error, (ForbiddenAddress, OSError)):
        return connection_failure(error)
    if isinstance(error, DownloadTooLarge):
        return _now("The answer is larger than %(limit)s bytes.") % {"limit": max_bytes}
    if isinstance(error, TooManyRedirects):
        return _now("The address leads on and on (redirects).")
    if isinstance(error, http.client.HTTPException):
        return _now("The answer broke off, or is not HTTP.")
    raise error
