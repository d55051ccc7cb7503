"""Validators, 304, and the coding of what is sent: the last word on a public answer's bytes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, parse_http_date_safe

from newsroom.http.compression import (
    compress,
    etag_for_coding,
    etags_for_all_codings,
    negotiate_coding,
    prepare_compression,
)
from newsroom.http.response_cache import CachedResponse


class ConditionalResponseMiddleware(ConditionalGetMiddleware):
    """ETag, 304 and Content-Encoding for GET, and for HEAD the same headers (RFC 9110, section 9.3.2).

    Whoever has the answer in any coding is told that it has not changed: the words are the same.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if request.method not in {"GET", "HEAD"} or response.streaming:
            return super().process_response(request, response)
        kept: CachedResponse | None = getattr(response, "kept", None)
        if kept is None and not self.needs_etag(response):
            return super().process_response(request, response)
        may_be_packed = prepare_compression(response) if kept is None else kept.is_compressible
        if not may_be_packed:
            return conditional_response(request, response, etag=response.get("ETag"))
        return self.in_coding(request, response, kept)

    def in_coding(
        self, request: HttpRequest, response: HttpResponse, kept: CachedResponse | None
    ) -> Any:
        tag = response["ETag"]
        coding = negotiate_coding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        response["ETag"] = matching_etag(request, tag) or etag_for_coding(tag, coding)
        answer = conditional_response(request, response, etag=response["ETag"])
        if coding and answer is response:
            plain = response.content
            response.content = kept.compressed(coding) if kept else compress(plain, coding)
            response["Content-Encoding"] = coding
        return answer


def conditional_response(request: HttpRequest, response: HttpResponse, *, etag: str | None) -> Any:
    """The response, or 304 or 412 by its validators (RFC 9110, section 13.2.2)."""
    said = response.get("Last-Modified")
    since = parse_http_date_safe(said) if said else None
    return get_conditional_response(request, etag=etag, last_modified=since, response=response)


def matching_etag(request: HttpRequest, tag: str) -> str | None:
    """The validator of ours that the client named, in whatever coding it has the answer."""
    said = request.META.get("HTTP_IF_NONE_MATCH")
    if not said:
        return None
    named = {name.removeprefix("W/") for name in parse_etags(said)}
    return next((own for own in etags_for_all_codings(tag) if own in named), None)
