"""Middleware for ETag, conditional GET (304) and Content-Encoding of public responses."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, parse_http_date_safe

from newsroom.http.cached_response import CachedResponse
from newsroom.http.compression import (
    compress,
    etag_for_coding,
    etags_for_all_codings,
    negotiate_coding,
    prepare_compression,
)


class ConditionalResponseMiddleware(ConditionalGetMiddleware):
    """ETag, 304 and Content-Encoding for GET, and the same headers for HEAD (RFC 9110, section 9.3.2).

    A client that has the response in any content coding gets 304: the representation has not changed.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if request.method not in {"GET", "HEAD"} or response.streaming:
            return super().process_response(request, response)
        cached: CachedResponse | None = getattr(response, "cached_response", None)
        if cached is None and not self.needs_etag(response):
            return super().process_response(request, response)
        is_compressible = cached.is_compressible if cached else prepare_compression(response)
        if not is_compressible:
            return conditional_response(request, response, etag=response.get("ETag"))
        return self.compressed_response(request, response, cached)

    def compressed_response(
        self, request: HttpRequest, response: HttpResponse, cached: CachedResponse | None
    ) -> Any:
        """The response in the negotiated coding, with the ETag of that coding, or 304 or 412."""
        etag = response["ETag"]
        coding = negotiate_coding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        response["ETag"] = matching_etag(request, etag) or etag_for_coding(etag, coding)
        final = conditional_response(request, response, etag=response["ETag"])
        if coding and final is response:
            body = response.content
            response.content = cached.compressed(coding) if cached else compress(body, coding)
            response["Content-Encoding"] = coding
        return final


def conditional_response(request: HttpRequest, response: HttpResponse, *, etag: str | None) -> Any:
    """The response, or 304 or 412 by its validators (RFC 9110, section 13.2.2)."""
    header = response.get("Last-Modified")
    last_modified = parse_http_date_safe(header) if header else None
    return get_conditional_response(
        request, etag=etag, last_modified=last_modified, response=response
    )


def matching_etag(request: HttpRequest, etag: str) -> str | None:
    """The ETag in If-None-Match that is one of this response in any coding; None if there is none."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header:
        return None
    known = {tag.removeprefix("W/") for tag in parse_etags(header)}
    return next((tag for tag in etags_for_all_codings(etag) if tag in known), None)
