"""Anonymous crawler: every route with guessed values, methods, query parameters, headers and path variants.

All requests are derived from the URL configuration, so that a new route is tried without being named here.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from django.core.cache import cache as default_cache
from django.db import connection
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

CLIENT_ADDRESS = "203.0.113.7"
THIRD_PARTY_PREFIXES = (
    "admin/",
    "accounts/",
    "_allauth/",
    "i18n/",
    "api/v1/schema/",
)  # other people's doors: a few tries are enough
STAFF_PREFIXES = ("api/v1/desk/", "desk/", "api/v1/wire/")
PATH_CONVERTER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
REGEX_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?P<body>(?:[^()]|\((?:[^()])*\))*)\)")
ALTERNATIVES = re.compile(r"[\w\\.|-]+")
PARAMETERS = (
    "q",
    "section",
    "tag",
    "author",
    "url",
    "articles",
    "slug",
    "fields",
    "since",
    "format",
)
JSON_BODIES: tuple[dict[str, str], ...] = ({}, {"side": "pro"}, {"text": "여기 있나요?"})
HEADERS: tuple[dict[str, str], ...] = (
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT", "Range": "bytes=0-9"},
    {"Accept": "application/xml", "Accept-Language": "en"},
    {"X-Forwarded-For": "127.0.0.1", "If-Match": "*"},
)
RANDOM_TOKEN = re.compile(
    rb'(csrfmiddlewaretoken" value=|"(?:csrfToken|challenge|session_token)":\s*)"[\w-]+"'
)


@dataclass
class CandidateValues:
    """Values that are tried for the parameters of routes."""

    slugs: list[str]
    words: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def at(self, name: str, kind: str) -> list[str]:
        if kind == "int":
            return [str(number) for number in self.numbers]
        found = {
            "key": self.keys,
            "name": self.files,
            "month": [f"{timezone.localtime():%Y-%m}", "2026-11-1"],
        }
        return found.get(name) or self.slugs


@dataclass(frozen=True)
class Route:
    """A route as a template (`articles/{slug}/`), with its parameters and its view."""

    template: str
    names: tuple[tuple[str, str], ...]  # name, and kind or "a|b" where it is one of these
    view: Any

    def addresses(self, guesses: CandidateValues, most: int) -> Iterator[str]:
        choices = [
            kind.split("|") if "|" in kind else guesses.at(name, kind) for name, kind in self.names
        ]
        for values in itertools.islice(itertools.product(*choices), most):
            address = self.template
            for (name, _kind), value in zip(self.names, values, strict=True):
                address = address.replace(f"{{{name}}}", quote(value), 1)
            yield f"/{address}"

    def parameters(self) -> list[str]:
        """Those that many addresses take, and those that this one declares."""
        query = getattr(getattr(self.view, "view_class", None), "query", None)
        declared = list(query().fields) if query else []
        return list(dict.fromkeys([*PARAMETERS, *declared]))


def routes(patterns: Any = None, prefix: str = "", names: tuple[Any, ...] = ()) -> Iterator[Route]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        template, found = route_template(str(pattern.pattern))
        here = (prefix + template, (*names, *found))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, *here)
        elif isinstance(pattern, URLPattern):
            yield Route(*here, pattern.callback)


def route_template(pattern_text: str) -> tuple[str, list[tuple[str, str]]]:
    """Part of a Django route as a template, and its parameters with their kinds."""
    names: list[tuple[str, str]] = []

    def of_regex(match: re.Match[str]) -> str:
        body = match["body"]
        choice = body.replace("\\", "") if "|" in body and ALTERNATIVES.fullmatch(body) else "str"
        names.append((match["name"], choice))
        return f"{{{match['name']}}}"

    def of_path(match: re.Match[str]) -> str:
        names.append((match["name"], match["kind"] or "str"))
        return f"{{{match['name']}}}"

    if REGEX_GROUP.search(pattern_text) or pattern_text.startswith("^"):
        plain = REGEX_GROUP.sub(of_regex, pattern_text)
        return plain.removeprefix("^").removesuffix("$").removesuffix(r"\Z").replace(
            "\\", ""
        ), names
    return PATH_CONVERTER.sub(of_path, pattern_text), names


@dataclass(frozen=True)
class Probe:
    """One anonymous request."""

    method: str
    address: str
    headers: tuple[tuple[str, str], ...] = ()
    body: int = 0

    def response(self) -> Any:
        return AnonymousRequests().generic(
            self.method,
            self.address,
            str(JSON_BODIES[self.body]).replace("'", '"').encode(),
            content_type="application/json",
            headers=dict(self.headers),
            REMOTE_ADDR=CLIENT_ADDRESS,
        )


def all_probes(guesses: CandidateValues) -> Iterator[Probe]:
    """All anonymous requests, without duplicates."""
    asked = (t for route in routes() for t in probes_of_route(route, guesses))
    yield from dict.fromkeys(asked)


def probes_of_route(route: Route, guesses: CandidateValues) -> Iterator[Probe]:
    if route.template.startswith(THIRD_PARTY_PREFIXES):
        yield from (Probe("GET", address) for address in route.addresses(guesses, 1))
        return
    addresses = list(route.addresses(guesses, 8))
    for address in addresses:
        yield from (Probe(method, address) for method in ("GET", "HEAD", "OPTIONS"))
    desk = route.template.startswith(STAFF_PREFIXES)
    bodies = range(1 if desk else len(JSON_BODIES))
    for address in addresses[:2] if desk else addresses[:3]:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            yield from (Probe(method, address, body=number) for number in bodies)
    if desk:
        return
    for address in addresses[:2]:
        yield from (Probe("GET", address, tuple(headers.items())) for headers in HEADERS)
        yield from (Probe("GET", spelling) for spelling in path_variants(address))
    for name, word in itertools.product(route.parameters(), guesses.words):
        yield from (Probe("GET", f"{at}?{urlencode({name: word})}") for at in addresses[:1])


def path_variants(address: str) -> list[str]:
    """Variants of a path: without slash, upper case, NFD, other formats as other systems spell them."""
    bare = address.rstrip("/")
    decomposed = quote(unicodedata.normalize("NFD", bare), safe="/%")
    return [
        bare, f"{bare}.json", f"{bare}.xml", f"{address}?format=json", f"{address}?page_size=1",
        f"{address}?fields=slug", f"{address}?nonsense=1", f"{decomposed}/", bare.upper() + "/",
        f"{bare}%20/", f"{bare}%00/", f"/{address}",
    ]  # fmt: skip


@dataclass(frozen=True)
class RecordedResponse:
    """Everything observable of a response: status, headers, cookie names, bytes, number of queries."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    content: bytes
    queries: int


@cache
def handler() -> ClientHandler:
    """The handler of all clients, so that the middleware is loaded once and not for every request."""
    return ClientHandler(enforce_csrf_checks=False)


class AnonymousRequests(RequestFactory):
    """Requests that are answered at once, without cookies and recorded templates."""

    def request(self, **environ: Any) -> Any:
        return handler()(self._base_environ(**environ))  # type: ignore[attr-defined]


def record_response(one: Probe) -> RecordedResponse:
    queries = list[str]()

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    default_cache.clear()
    with connection.execute_wrapper(count):
        answer = one.response()
        content = b"".join(answer) if answer.streaming else answer.content
    return RecordedResponse(
        answer.status_code,
        tuple(sorted((k, v) for k, v in answer.headers.items() if k != "X-Request-ID")),
        tuple(sorted(answer.cookies)),
        RANDOM_TOKEN.sub(rb"\1", content),
        len(queries),
    )
