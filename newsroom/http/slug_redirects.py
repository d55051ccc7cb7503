"""Redirect from every form of a slug that a browser may send to the canonical one (301)."""

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
# What is there is redirected to; a redirect to where it is now, or a 404, is the answer itself.
FOUND_STATUSES = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, HTTPStatus.GONE}
View = Callable[..., HttpResponseBase]


def redirect_to_canonical_slug(view: View) -> View:
    """The view at canonical slugs alone: a GET of another form (NFD, upper case) gets a 301, with its
    query, if there is something.

    Other methods reach the view with the canonical slug, since clients do not repeat them after a
    redirect. The view takes `slug`.
    """

    @wraps(view)
    def found(request: HttpRequest, *, slug: str, **parts: Any) -> HttpResponseBase:
        canonical = canonical_slug(slug)
        if canonical == slug or request.method not in REDIRECTED_METHODS:
            return view(request, slug=canonical, **parts)
        try:
            answer = view(request, slug=canonical, **parts)
        except Http404:
            # Before slugs were canonical, an address may have been kept in another form.
            return view(request, slug=slug, **parts)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return view(request, slug=slug, **parts)
        return (
            redirect_with_cache_headers(answer, request, slug=canonical, **parts)
            if answer.status_code in FOUND_STATUSES
            else answer
        )

    return found


def redirect_with_cache_headers(
    answer: HttpResponseBase, request: HttpRequest, **parts: Any
) -> HttpResponseBase:
    """A 301 to this route with these parts, which caches keep under the keys and for the time of the
    answer there."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    query = request.META.get("QUERY_STRING", "")
    moved = HttpResponsePermanentRedirect(
        reverse(route, kwargs=parts) + (f"?{query}" if query else "")
    )
    for name in COPIED_CACHE_HEADERS:
        if name in answer:
            moved[name] = answer[name]
    return moved
