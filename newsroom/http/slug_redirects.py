"""Redirects from non-canonical forms of a slug (NFD, upper case) to the canonical one (301)."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from newsroom.text.normalization import canonical_slug

REDIRECTED_METHODS = {"GET", "HEAD"}
COPIED_CACHE_HEADERS = ("Cache-Control", "Surrogate-Key", "Cache-Tag")
# Statuses of the canonical URL to which other forms are redirected; a redirect or a 404 is passed on.
FOUND_STATUSES = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, HTTPStatus.GONE}
View = Callable[..., HttpResponseBase]


def redirect_to_canonical_slug(view: View) -> View:
    """Decorator of a view that takes `slug`: GET and HEAD of another form get a 301, if there is something.

    Other methods reach the view with the canonical slug: clients do not repeat them after a 301.
    """

    @wraps(view)
    def redirecting(request: HttpRequest, *, slug: str, **kwargs: Any) -> HttpResponseBase:
        canonical = canonical_slug(slug)
        if canonical == slug or request.method not in REDIRECTED_METHODS:
            return view(request, slug=canonical, **kwargs)
        try:
            response = view(request, slug=canonical, **kwargs)
        except Http404:
            # Slugs stored before they were normalised may have another form.
            return view(request, slug=slug, **kwargs)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return view(request, slug=slug, **kwargs)
        if response.status_code in FOUND_STATUSES:
            return redirect_with_cache_headers(response, request, slug=canonical, **kwargs)
        return response

    return redirecting


def redirect_with_cache_headers(
    response: HttpResponseBase, request: HttpRequest, **kwargs: Any
) -> HttpResponseBase:
    """A 301 to this route with these URL arguments, with the query, the lifetime and keys of `response`."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    query = request.META.get("QUERY_STRING", "")
    redirect = HttpResponsePermanentRedirect(
        reverse(route, kwargs=kwargs) + (f"?{query}" if query else "")
    )
    for name in COPIED_CACHE_HEADERS:
        if name in response:
            redirect[name] = response[name]
    return redirect
