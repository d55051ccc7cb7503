"""Downloads: GET with the whole body, redirects followed, through the SSRF guard of the HTTP client.

Every address, that of a redirect too, is checked and pinned; one deadline and one size limit for all.
"""

import http.client
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from newsroom.http.ascii_urls import ascii_url
from outbox.http_client import HTTPClient, OutboundRequest, OutboundResponse
from outbox.ssrf_guard import PrivateNetworks

MAX_REDIRECTS = 5
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
READ_BYTES = 64 * 1024
GZIP_WINDOW_BITS = 31
# Sent to the first site alone: a redirect to another one must not hand it on.
CREDENTIAL_HEADERS = {"authorization", "cookie"}


class DownloadTooLarge(Exception):
    """The body, unpacked, is larger than `max_bytes`."""


class TooManyRedirects(Exception):
    """The address redirects more than MAX_REDIRECTS times, or to what is no address."""


@dataclass(frozen=True)
class Download(OutboundResponse):
    """A response with its whole body, unpacked, and its headers by their names in lower case."""

    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class DownloadClient(HTTPClient):
    """HTTP client that reads whole bodies, up to `max_bytes`."""

    def __init__(self, *, max_bytes: int, private_networks: PrivateNetworks = None) -> None:
        super().__init__(private_networks=private_networks)
        self.max_bytes = max_bytes

    def read(self, response: http.client.HTTPResponse) -> Download:
        """Raises DownloadTooLarge, and what reading raises: half a body is none."""
        headers = {name.lower(): value for name, value in response.getheaders()}
        body = read_body(response, headers.get("content-encoding", ""), self.max_bytes)
        return Download(
            response.status,
            retry_after=headers.get("retry-after", ""),
            location=headers.get("location", ""),
            body=body,
            headers=headers,
        )


def read_body(response: http.client.HTTPResponse, encoding: str, max_bytes: int) -> bytes:
    """The whole body, unpacked. Raises DownloadTooLarge, http.client.HTTPException, OSError."""
    if encoding.strip().lower() in {"", "identity"}:
        return read_plain(response, max_bytes)
    if encoding.strip().lower() not in {"gzip", "x-gzip"}:
        raise http.client.HTTPException(f"Content-Encoding {encoding[:40]}")
    unpacker = zlib.decompressobj(GZIP_WINDOW_BITS)
    packed = read_plain(response, max_bytes)
    try:
        body = unpacker.decompress(packed, max_bytes + 1)
    except zlib.error as error:
        raise http.client.HTTPException(str(error)) from error
    if len(body) > max_bytes:
        raise DownloadTooLarge
    if packed and not unpacker.eof:
        raise http.client.IncompleteRead(body)
    return body


def read_plain(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    """The body as it came. Raises DownloadTooLarge, http.client.IncompleteRead, OSError."""
    if (response.length or 0) > max_bytes:
        raise DownloadTooLarge
    parts, total, expected = list[bytes](), 0, response.length
    while part := response.read(READ_BYTES):
        total += len(part)
        if total > max_bytes:
            raise DownloadTooLarge
        parts.append(part)
    if expected is not None and total < expected:
        raise http.client.IncompleteRead(b"".join(parts))
    return b"".join(parts)


def download(
    url: str,
    *,
    headers: Mapping[str, str],
    max_bytes: int,
    deadline: float,
    private_networks: PrivateNetworks = None,
) -> Download:
    """The response of an address, or of the one that it redirects to, finished by `deadline`
    (time.monotonic()); whatever its status.

    Raises ForbiddenAddress, DownloadTooLarge, TooManyRedirects, OSError, http.client.HTTPException.
    """
    sent = dict(headers)
    with DownloadClient(max_bytes=max_bytes, private_networks=private_networks) as client:
        for _hop in range(MAX_REDIRECTS + 1):
            request = OutboundRequest(url, method="GET", headers=sent)
            response = client.call(request, deadline=deadline)
            if response.status not in REDIRECT_STATUSES or not response.location:
                assert isinstance(response, Download)
                return response
            try:
                target = ascii_url(urljoin(url, response.location))
                is_same_site = urlsplit(target)[:2] == urlsplit(url)[:2]
            except ValueError as error:
                raise TooManyRedirects from error
            if not is_same_site:
                sent = {k: v for k, v in sent.items() if k.lower() not in CREDENTIAL_HEADERS}
            url = target
    raise TooManyRedirects
