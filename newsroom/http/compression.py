"""Compression of public responses with brotli or gzip by Accept-Encoding (RFC 9110, section 12.5.3).

Only public responses are compressed. A personal one may contain a secret beside text that another person
sent, and its compressed length would reveal it (BREACH).
"""

import gzip
import re
from collections.abc import Iterator
from functools import lru_cache

import brotli
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers, set_response_etag

CONTENT_CODINGS = ("br", "gzip")  # supported, in order of preference
MIN_COMPRESSED_BYTES = 1024  # less fits into one packet anyway
COMPRESSIBLE_TYPE_PATTERN = re.compile(
    r"text/|application/(?:[a-z.]+\+)?(?:json|xml)\b|application/javascript\b|image/svg\+xml\b"
)
QVALUE_PATTERN = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@lru_cache(maxsize=200)
def negotiate_coding(accept_encoding: str) -> str:
    """The content coding for an Accept-Encoding header; empty for none."""
    weights = dict(parse_accept_encoding(accept_encoding))
    default = weights.get("*", 0.0)
    supported = {coding: weights.get(coding, default) for coding in CONTENT_CODINGS}
    best = max(CONTENT_CODINGS, key=lambda coding: supported[coding])  # the first of equals
    identity = weights.get("identity", 0.0)  # always acceptable, preferred only if named
    return best if supported[best] > 0 and supported[best] >= identity else ""


def parse_accept_encoding(accept_encoding: str) -> Iterator[tuple[str, float]]:
    """Each coding with its weight; 0 for a weight that cannot be parsed."""
    for part in accept_encoding.lower().split(","):
        coding, _semicolon, parameter = (piece.strip() for piece in part.partition(";"))
        match = QVALUE_PATTERN.fullmatch(parameter.replace(" ", "")) if parameter else None
        weight = float(match[1]) if match else 0.0 if parameter else 1.0
        yield coding.removeprefix("x-"), weight


def compress(content: bytes, coding: str) -> bytes:
    """The compressed content; the same bytes each time for the same content."""
    if coding == "br":
        return bytes(brotli.compress(content, quality=5))
    return gzip.compress(content, compresslevel=6, mtime=0)


def prepare_compression(response: HttpResponse) -> bool:
    """Set ETag, and `Vary: Accept-Encoding` on a compressible response; whether it is compressible."""
    if not response.has_header("ETag"):
        set_response_etag(response)
    if not is_compressible(response):
        return False
    patch_vary_headers(response, ["Accept-Encoding"])
    return True


def is_compressible(response: HttpResponse) -> bool:
    """Whether the response is a public 200 of a textual type, long enough and not compressed yet."""
    return (
        response.status_code == 200
        and len(response.content) >= MIN_COMPRESSED_BYTES
        and "public" in response.get("Cache-Control", "")
        and not response.has_header("Content-Encoding")
        and COMPRESSIBLE_TYPE_PATTERN.match(response.get("Content-Type", "")) is not None
    )


def etag_for_coding(etag: str, coding: str) -> str:
    """The ETag of a response in a coding: other bytes, another ETag (RFC 9110, section 8.8.3.3)."""
    return f'{etag[:-1]}-{coding}"' if coding else etag


def etags_for_all_codings(etag: str) -> list[str]:
    """The ETags of a response uncompressed and in all codings."""
    return [etag, *(etag_for_coding(etag, coding) for coding in CONTENT_CODINGS)]
