"""Rendering of pages with the context of the layout (masthead, menu), Cache-Control and surrogate keys."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.cache_targets import MASTHEAD_KEY
from articles.read_queries import Layout, current_layout
from newsroom.http.cache_control import set_public_cache_control
from newsroom.http.surrogate_keys import set_surrogate_keys

LAYOUT_KEYS = (MASTHEAD_KEY, "sections")


def render_page(
    request: HttpRequest,
    template: str,
    /,
    *,
    status: int = 200,
    keys: Iterable[str] = (),
    layout: Layout | None = None,
    **context: Any,
) -> HttpResponse:
    """Render a page that is the same for all readers.

    A 200 may be stored by shared caches (newsroom/http/cache_control.py) under the surrogate `keys` and
    those of the layout. Other statuses (404, 410) are `no-store`: the page may exist a second later.
    The `layout` is read where the view has not read it already.
    """
    shown = (layout or current_layout())._asdict()
    response = render(request, template, shown | context, status=status)
    if status == 200:
        set_public_cache_control(response)
        set_surrogate_keys(response, [*LAYOUT_KEYS, *keys])
    else:
        response["Cache-Control"] = "no-store"
    return response
