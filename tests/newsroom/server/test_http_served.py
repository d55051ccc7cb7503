"""HTTP conformance of every public URL, served by the real server: httplint, and checks as REDbot's.

A linter checks one message; consistency between messages (304, HEAD, Vary, ranges) is tested here.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version

import brotli
import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from newsroom.http.cache_control import REVALIDATE_ALWAYS
from tests.newsroom.api.test_openapi import SNAPSHOT
from tests.support.clients.anonymous_crawler import STAFF_PREFIXES, THIRD_PARTY_PREFIXES, routes
from tests.support.contract.http_linting import lint_response
from tests.support.loopback.live_server import HTTPResponse, ServedNewsroom, served_newsroom

DECOMPRESS = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}
# Every public route, each with a URL to request.
PUBLIC_URLS = {
    "api/v1/schema/": "/api/v1/schema/",
    "api/v1/docs/": "/api/v1/docs/",
    "api/v1/articles/": "/api/v1/articles/",
    "api/v1/articles/changes/": "/api/v1/articles/changes/",
    "api/v1/articles/popular/": "/api/v1/articles/popular/",
    "api/v1/articles/suggest/": "/api/v1/articles/suggest/?q=로",
    "api/v1/articles/{slug}/": "/api/v1/articles/{slug}/",
    "api/v1/articles/{slug}/editions/": "/api/v1/articles/{slug}/editions/",
    "api/v1/articles/{slug}/ninjs/": "/api/v1/articles/{slug}/ninjs/",
    "api/v1/articles/{slug}/comments/": "/api/v1/articles/{slug}/comments/",
    "api/v1/comments/{pk}/": "/api/v1/comments/{id}/",
    "api/v1/sections/": "/api/v1/sections/",
    "api/v1/authors/": "/api/v1/authors/",
    "api/v1/authors/{slug}/": "/api/v1/authors/한빛/",
    "api/v1/tags/": "/api/v1/tags/",
    "api/v1/masthead/": "/api/v1/masthead/",
    "api/v1/polls/{pk}/": "/api/v1/polls/{poll}/",
    "media/photos/{key}/{name}": "/media/photos/{key}/{file}",
    "feeds/{name}": "/feeds/atom.xml",
    "sections/{slug}/feeds/{name}": "/sections/산업/feeds/feed.json",
    "sitemap.xml": "/sitemap.xml",
    "sitemap-news.xml": "/sitemap-news.xml",
    "sitemap-{month}.xml": "/sitemap-{month}-1.xml",
    "": "/",
    "articles/": "/articles/",
    "articles/{slug}/": "/articles/{slug}/",
    "sections/{slug}/": "/sections/산업/",
    "authors/{slug}/": "/authors/한빛/",
    "tags/{slug}/": "/tags/로봇/",
    "search/": "/search/?q=로봇",
    "account/": "/account/",
    "oembed": "/oembed?url={site}/articles/{slug}/",
    "polls/{pk}/embed/": "/polls/{poll}/embed/",
    "robots.txt": "/robots.txt",
}
# Personal, for monitoring, or for writing.
NOT_PUBLIC = (
    "api/v1/me/", "me/", "account/verify/", "account/password/", "health/", "metrics", "favicon.ico",
    "{key}.txt", "api/v1/articles/{slug}/views/", "api/v1/articles/{slug}/save/",
    "api/v1/polls/{pk}/vote/", "api/v1/comments/{pk}/re", "api/v1/desk", "api/v1/wire",
    "api/v1/comments/{pk}/appeal/", "api/v1/comments/{pk}/block-", "comments/{pk}/block-request/",
)  # fmt: skip
MORE_URLS = {
    "feed": "/feeds/rss.xml",
    "json feed": "/feeds/feed.json",
    "full feed": "/feeds/rss.xml?content=full&limit=20",
    "search": "/api/v1/articles/?q=로봇",
    "filtered": "/api/v1/articles/?section=산업&page_size=1",
    "sparse": "/api/v1/articles/?fields=slug,url",
}
ERROR_URLS = {
    "/api/v1/articles/없는-기사/": 404,
    "/api/v1/articles/옛-주소/": 301,
    "/api/v1/articles/거둔-기사/": 410,
    "/api/v1/articles/로봇-문": 301,
    "/api/v1/articles/?nonsense=1": 400,
    "/api/v1/articles/?page_size=101": 400,
    "/api/v1/articles/?cursor=x": 400,
    "/api/v1/nowhere/": 404,
    "/api/v1/me/": 401,
    "/articles/없는-기사/": 404,
    "/articles/옛-주소/": 301,
    "/articles/거둔-기사/": 410,
    "/nowhere/": 404,
    "/media/photos/nothing/480.jpg": 404,
    "/favicon.ico": 302,
}
# Findings of the linter that are intended; each must occur.
INTENDED_FINDINGS = {
    # `public` is part of the contract; compression and the response cache depend on it.
    "PUBLIC_UNNECESSARY",
    # The linter does not know brotli (RFC 7932).
    "ENCODING_UNWANTED",
}
# Headers that may differ between two requests.
VOLATILE_HEADERS = {"date", "x-request-id"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    with served_newsroom(tmp_path_factory.mktemp("served")) as server:
        yield server


def public_paths(server: ServedNewsroom) -> list[str]:
    return [server.at(place) for place in (PUBLIC_URLS | MORE_URLS).values()]


def stable_headers(response: HTTPResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in VOLATILE_HEADERS}


def test_every_public_route_is_checked() -> None:
    templates = {route.template for route in routes()}
    excluded = (*THIRD_PARTY_PREFIXES, *STAFF_PREFIXES, *NOT_PUBLIC)
    public = {t for t in templates if not t.startswith(excluded) or t.startswith("api/v1/schema/")}
    assert public == set(PUBLIC_URLS)


def test_httplint_finds_nothing_unintended(server: ServedNewsroom) -> None:
    assert version("httplint") == "2025.4.1"
    paths = [*public_paths(server), *(server.at(place) for place in ERROR_URLS)]
    findings: dict[str, list[str]] = {}
    for path in paths:
        for method, headers in request_variants(server.ask(path).headers.get("etag")):
            response = server.ask(path, method=method, **headers)
            notes = lint_response(response, url=server.site + path, method=method, **headers)
            for name, note in notes.items():
                findings.setdefault(name, []).append(f"{method} {path} {headers}: {note}")
    unintended = {name for name in findings if name not in INTENDED_FINDINGS}
    assert {name: findings[name][:5] for name in unintended} == {}
    assert set(findings) == INTENDED_FINDINGS


def request_variants(etag: str | None) -> Iterator[tuple[str, dict[str, str]]]:
    """Methods and headers to request a URL with: plain, compressed, conditional, HEAD, a range."""
    yield from (("GET", {}), ("HEAD", {}), ("OPTIONS", {}), ("GET", {"Range": "bytes=0-9"}))
    yield from (("GET", {"Accept_Encoding": coding}) for coding in ("gzip", "br"))
    yield "GET", {"Origin": "https://elsewhere.example.com"}
    if etag:
        yield "GET", {"If_None_Match": etag}
        yield "HEAD", {"If_None_Match": etag}


def test_httplint_finds_invalid_headers(server: ServedNewsroom) -> None:
    """The negative control."""
    good = server.ask("/api/v1/articles/")
    headers = {**good.headers}
    invalid = {
        "etag": headers["etag"].strip('"'),
        "content-length": "7",
        "cache-control": "public, max-age=ten",
        "vary": "Accept Encoding",
        "date": "gestern",
        "content-type": "json",
    }
    url = f"{server.site}/api/v1/articles/"
    assert set(lint_response(good, url=url)) <= INTENDED_FINDINGS
    for name, value in invalid.items():
        bad = replace(good, fields=list((headers | {name: value}).items()))
        assert set(lint_response(bad, url=url)) - INTENDED_FINDINGS, name


def test_errors_are_no_store_and_redirects_have_the_usual_lifetime(
    server: ServedNewsroom,
) -> None:
    usual_lifetime = server.ask("/").headers["cache-control"]
    for place, status in ERROR_URLS.items():
        response = server.ask(server.at(place))
        assert response.status == status, place
        expected = {301: usual_lifetime, 302: None}.get(status, "no-store")
        if status == 301 and not place.endswith("/"):
            expected = REVALIDATE_ALWAYS  # a redirect to the slash depends on no plan
        assert response.headers.get("cache-control") == expected, place
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize("coding", [None, "gzip", "br"])
def test_conditional_get_is_304_with_the_same_validators(
    server: ServedNewsroom, coding: str | None
) -> None:
    headers = {"Accept_Encoding": coding} if coding else {}
    for path in public_paths(server):
        first = server.ask(path, **headers)
        etag = first.headers["etag"]
        again = server.ask(path, If_None_Match=etag, **headers)
        assert (again.status, again.body) == (304, b""), path
        for name in ("etag", "cache-control", "vary"):
            assert again.headers.get(name) == first.headers.get(name), (path, name)
        assert not {"content-type", "content-encoding"} & set(again.headers), path
        other = server.ask(path, If_None_Match='"something-else"', **headers)
        assert (other.status, other.body) == (200, first.body), path


@pytest.mark.parametrize("coding", [None, "gzip", "br"])
def test_head_has_the_headers_of_get(server: ServedNewsroom, coding: str | None) -> None:
    headers = {"Accept_Encoding": coding} if coding else {}
    for path in [*public_paths(server), *(server.at(place) for place in ERROR_URLS)]:
        got, head = server.ask(path, **headers), server.ask(path, method="HEAD", **headers)
        assert head.body == b"", path
        assert (head.status, stable_headers(head)) == (got.status, stable_headers(got)), path


def test_each_coding_has_the_same_content_and_a_strong_etag_of_its_own(
    server: ServedNewsroom,
) -> None:
    compressed_paths = 0
    for path in public_paths(server):
        responses = [
            server.ask(path, Accept_Encoding=coding) for coding in ("identity", "gzip", "br")
        ]
        contents = {DECOMPRESS[one.headers.get("content-encoding")](one.body) for one in responses}
        bodies, etags = {one.body for one in responses}, {one.headers["etag"] for one in responses}
        assert len(contents) == 1, path
        assert len(etags) == len(bodies), path
        assert all(etag.startswith('"') for etag in etags), path
        vary = {one.headers.get("vary", "") for one in responses}
        assert len(bodies) == 1 or all("Accept-Encoding" in names for names in vary), path
        compressed_paths += len(bodies) == 3
    assert compressed_paths > 15


def test_request_headers_outside_of_vary_do_not_change_the_response(
    server: ServedNewsroom,
) -> None:
    request_headers = {
        "Accept": "application/xml;q=0.5, text/html",
        "Accept_Language": "en-US, de;q=0.5",
        "Cookie": "sessionid=abc; csrftoken=def; django_language=en",
        "Authorization": "Basic bWFsOm1hbA==",
        "User_Agent": "Mozilla/5.0 (Linux; Android 15) Mobile",
        "Origin": "https://elsewhere.example.com",
        "X_Forwarded_Host": "elsewhere.example.com",
        "X_Forwarded_Proto": "https",
        "Save_Data": "on",
    }
    for path in public_paths(server):
        plain = server.ask(path)
        for name, value in request_headers.items():
            field = name.replace("_", "-")
            if field in plain.headers.get("vary", ""):
                continue
            other = server.ask(path, **{name: value})
            assert (other.status, stable_headers(other)) == (plain.status, stable_headers(plain)), (
                path,
                name,
            )
            assert other.body == plain.body, (path, name)


def test_range_request_is_ignored_or_answered_correctly(server: ServedNewsroom) -> None:
    """RFC 9110, section 14.2: a server may ignore Range; if it does not, it must be right."""
    for path in public_paths(server):
        whole = server.ask(path)
        for byte_range in (
            "bytes=0-9",
            "bytes=5-",
            "bytes=-7",
            "bytes=999999999-",
            "bytes=nonsense",
        ):
            response = server.ask(path, Range=byte_range)
            assert response.status in {200, 206, 416}, (path, byte_range)
            if response.status == 200:
                assert response.body == whole.body, (path, byte_range)
            if response.status == 206:
                span, _slash, size = (
                    response.headers["content-range"].partition(" ")[2].partition("/")
                )
                first, last = map(int, span.split("-"))
                assert response.body == whole.body[first : last + 1], (path, byte_range)
                assert size == str(len(whole.body)), (path, byte_range)
        stale = server.ask(path, Range="bytes=0-9", If_Range='"something-else"')
        assert (stale.status, stale.body) == (200, whole.body), path


def test_api_responses_match_the_openapi_document(server: ServedNewsroom) -> None:
    """With formats: URIs, times, e-mail addresses."""
    document = yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)
    parameter = re.compile(r"\{[^}]+\}")
    paths = {parameter.sub("{}", path): methods for path, methods in document["paths"].items()}
    checked = 0
    for template, place in PUBLIC_URLS.items():
        get = paths.get(f"/{parameter.sub('{}', template)}", {}).get("get")
        if get is None:
            continue
        schema = get["responses"]["200"]["content"]["application/json"]["schema"]
        complete_schema = {**schema, "components": document["components"]}
        validator = Draft202012Validator(complete_schema, format_checker=FormatChecker())
        response = json.loads(server.ask(server.at(place)).body)
        assert [error.message for error in validator.iter_errors(response)] == [], template
        checked += 1
    assert checked == 15


def test_unknown_query_parameter_is_named_and_no_store(server: ServedNewsroom) -> None:
    for template, place in PUBLIC_URLS.items():
        if not template.startswith("api/v1/") or template in {"api/v1/schema/", "api/v1/docs/"}:
            continue
        path = server.at(place)
        response = server.ask(f"{path}{'&' if '?' in path else '?'}utm_source=letter")
        assert response.status == 400, path
        assert response.headers["content-type"] == "application/problem+json", path
        assert response.headers["cache-control"] == "no-store", path
        assert b"/utm_source" in response.body, path
        assert "etag" not in response.headers, path
