"""Writing endpoints of the URL configuration, each with a sample path."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLResolver, get_resolver

WRITE_METHODS = ("post", "put", "patch", "delete")
SAMPLE_VALUES = {"int": "1", "slug": "yonhap", "str": "a-b", "path": "1", "address": "a-b"}


class Endpoint(NamedTuple):
    """A route that takes bodies, a sample path, and a writing method."""

    route: str
    path: str
    method: str


def writing_endpoints() -> list[Endpoint]:
    """One endpoint of each route. Function views declare no methods: those of the admin write."""
    return sorted(
        found for route in named_url_patterns(get_resolver()) for found in endpoints_of(*route)
    )


def named_url_patterns(
    resolver: Any, prefix: str = "/", names: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every route: its name, its address with <converters>, its view."""
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{names}{one.namespace}:" if one.namespace else names
            yield from named_url_patterns(one, path, inner)
        elif one.name:
            yield f"{names}{one.name}", path, one.callback


def endpoints_of(route: str, path: str, view: Any) -> Iterator[Endpoint]:
    if "^" in path:
        return
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    methods = [method for method in WRITE_METHODS if hasattr(kind, method)]
    if kind is None and (route.startswith("admin:") or route == "set_language"):
        methods = ["post"]
    if methods:
        sample = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLE_VALUES[found[1] or "str"], path)
        yield Endpoint(route, sample, methods[0].upper())
