"""Public answers in fewer bytes: brotli or gzip, as the client prefers (RFC 9110, section 12.5.3).

Only what is the same for everybody is packed.  A personal answer may hold a secret beside words that
somebody else has sent, and its packed length would tell of it (BREACH).
"""

import gzip
import re
from collections.abc import Iterator
from functools import lru_cache

import brotli
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers, set_response_etag

CONTENT_CODINGS = ("br", "gzip")  # ours, the better first
MIN_COMPRESSED_BYTES = 1024  # bytes; less fits into one packet anyway
COMPRESSIBLE_TYPE_PATTERN = re.compile(
    r"text/|application/(?:[a-z.]+\+)?(?:json|xml)\b|application/javascript\b|image/svg\+xml\b"
)
QVALUE_PATTERN = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@lru_cache(maxsize=200)
def negotiate_coding(accepted: str) -> str:
    """The coding to answer in, by an Accept-Encoding header; empty for none."""
    said = dict(parse_accept_encoding(accepted))
    rest = said.get("*", 0.0)
    ours = {coding: said.get(coding, rest) for coding in CONTENT_CODINGS}
    best = max(CONTENT_CODINGS, key=lambda coding: ours[coding])  # the first of equals
    plain = said.get("identity", 0.0)  # unpacked is always possible, but nobody's wish unless said
    return best if ours[best] > 0 and ours[best] >= plain else ""


def parse_accept_encoding(accepted: str) -> Iterator[tuple[str, float]]:
    """Each coding with its weight; one whose weight cannot be read is not taken."""
    for part in accepted.lower().split(","):
        coding, _semicolon, said = (word.strip() for word in part.partition(";"))
        match = QVALUE_PATTERN.fullmatch(said.replace(" ", "")) if said else None
        weight = float(match[1]) if match else 0.0 if said else 1.0
        yield coding.removeprefix("x-"), weight


def compress(content: bytes, coding: str) -> bytes:
    """The same bytes each time for the same content."""
    if coding == "br":
        return bytes(brotli.compress(content, quality=5))
    return gzip.compress(content, compresslevel=6, mtime=0)


def prepare_compression(answer: HttpResponse) -> bool:
    """Give the answer its validator and say what it depends on; whether it may be packed."""
    if not answer.has_header("ETag"):
        set_response_etag(answer)
    if not is_compressible(answer):
        return False
    patch_vary_headers(answer, ["Accept-Encoding"])
    return True


def is_compressible(answer: HttpResponse) -> bool:
    return (
        answer.status_code == 200
        and len(answer.content) >= MIN_COMPRESSED_BYTES
        and "public" in answer.get("Cache-Control", "")
        and not answer.has_header("Content-Encoding")
        and COMPRESSIBLE_TYPE_PATTERN.match(answer.get("Content-Type", "")) is not None
    )


def etag_for_coding(tag: str, coding: str) -> str:
    """The validator of an answer in a coding: other bytes, another tag (RFC 9110, section 8.8.3.3)."""
    return f'{tag[:-1]}-{coding}"' if coding else tag


def etags_for_all_codings(tag: str) -> list[str]:
    """The validators of an answer in all its codings."""
    return [tag, *(etag_for_coding(tag, coding) for coding in CONTENT_CODINGS)]
