"""Every public address of the house on the wire, judged by httplint and by what REDbot asks besides.

A linter looks at one message; whether two of them fit together is asked here.
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
from tests.support.anonymous_crawler import STAFF_PREFIXES, THIRD_PARTY_PREFIXES, routes
from tests.support.http_linting import lint_response
from tests.support.live_server import HTTPResponse, ServedNewsroom, served_newsroom

UNPACK = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}
# Every route that strangers may read, each with what to ask for there.
PLACES = {
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
# For one person, for the machines that look after the house, or for writing.
NOT_PUBLIC = (
    "api/v1/me/", "me/", "account/verify/", "account/password/", "health/", "metrics", "favicon.ico",
    "{key}.txt", "api/v1/articles/{slug}/views/", "api/v1/articles/{slug}/save/",
    "api/v1/polls/{pk}/vote/", "api/v1/comments/{pk}/re", "api/v1/desk", "api/v1/wire",
)  # fmt: skip
OTHERS = {
    "feed": "/feeds/rss.xml",
    "json feed": "/feeds/feed.json",
    "full feed": "/feeds/rss.xml?content=full&limit=20",
    "search": "/api/v1/articles/?q=로봇",
    "filtered": "/api/v1/articles/?section=산업&page_size=1",
    "sparse": "/api/v1/articles/?fields=slug,url",
}
REFUSED = {
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
# What the linter minds and we do on purpose; each must be met, or it has no business here.
ON_PURPOSE = {
    # The contract says so in words; what may be packed and kept in memory goes by it.
    "PUBLIC_UNNECESSARY",
    # The linter knows no brotli (RFC 7932), asked for or not.
    "ENCODING_UNWANTED",
}
# They may change between two requests.
FLEETING = {"date", "x-request-id"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    with served_newsroom(tmp_path_factory.mktemp("served")) as house:
        yield house


def places(house: ServedNewsroom) -> list[str]:
    return [house.at(place) for place in (PLACES | OTHERS).values()]


def lasting(answer: HTTPResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in FLEETING}


def test_every_public_route_is_judged() -> None:
    found = {route.template for route in routes()}
    aside = (*THIRD_PARTY_PREFIXES, *STAFF_PREFIXES, *NOT_PUBLIC)
    public = {t for t in found if not t.startswith(aside) or t.startswith("api/v1/schema/")}
    assert public == set(PLACES)


def test_the_linter_minds_nothing_that_is_not_meant(house: ServedNewsroom) -> None:
    assert version("httplint") == "2025.4.1"
    asked = [*places(house), *(house.at(place) for place in REFUSED)]
    met: dict[str, list[str]] = {}
    for path in asked:
        for method, headers in ways(house.ask(path).headers.get("etag")):
            answer = house.ask(path, method=method, **headers)
            found = lint_response(answer, url=house.site + path, method=method, **headers)
            for name, words in found.items():
                met.setdefault(name, []).append(f"{method} {path} {headers}: {words}")
    assert {name: told[:5] for name, told in met.items() if name not in ON_PURPOSE} == {}
    assert set(met) == ON_PURPOSE


def ways(tag: str | None) -> Iterator[tuple[str, dict[str, str]]]:
    """How an address is asked: plain, packed, whether it is another now, for its headers, for a part."""
    yield from (("GET", {}), ("HEAD", {}), ("OPTIONS", {}), ("GET", {"Range": "bytes=0-9"}))
    yield from (("GET", {"Accept_Encoding": coding}) for coding in ("gzip", "br"))
    yield "GET", {"Origin": "https://elsewhere.example.com"}
    if tag:
        yield "GET", {"If_None_Match": tag}
        yield "HEAD", {"If_None_Match": tag}


def test_the_linter_minds_what_is_wrong(house: ServedNewsroom) -> None:
    """The negative control."""
    good = house.ask("/api/v1/articles/")
    told = {**good.headers}
    wrong = {
        "etag": told["etag"].strip('"'),
        "content-length": "7",
        "cache-control": "public, max-age=ten",
        "vary": "Accept Encoding",
        "date": "gestern",
        "content-type": "json",
    }
    url = f"{house.site}/api/v1/articles/"
    assert set(lint_response(good, url=url)) <= ON_PURPOSE
    for name, value in wrong.items():
        bad = replace(good, fields=list((told | {name: value}).items()))
        assert set(lint_response(bad, url=url)) - ON_PURPOSE, name


def test_what_is_not_there_is_kept_by_nobody_and_the_way_on_like_any_public_answer(
    house: ServedNewsroom,
) -> None:
    usual = house.ask("/").headers["cache-control"]
    for place, status in REFUSED.items():
        answer = house.ask(house.at(place))
        assert answer.status == status, place
        terms = {301: usual, 302: None}.get(status, "no-store")
        if status == 301 and not place.endswith("/"):
            terms = REVALIDATE_ALWAYS  # the way to the slash shows nothing that a plan could change
        assert answer.headers.get("cache-control") == terms, place
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("coding", [None, "gzip", "br"])
def test_what_has_not_changed_is_304_with_the_same_validators(
    house: ServedNewsroom, coding: str | None
) -> None:
    wish = {"Accept_Encoding": coding} if coding else {}
    for path in places(house):
        first = house.ask(path, **wish)
        tag = first.headers["etag"]
        again = house.ask(path, If_None_Match=tag, **wish)
        assert (again.status, again.body) == (304, b""), path
        for name in ("etag", "cache-control", "vary"):
            assert again.headers.get(name) == first.headers.get(name), (path, name)
        assert not {"content-type", "content-encoding"} & set(again.headers), path
        other = house.ask(path, If_None_Match='"something-else"', **wish)
        assert (other.status, other.body) == (200, first.body), path


@pytest.mark.parametrize("coding", [None, "gzip", "br"])
def test_head_says_what_get_says(house: ServedNewsroom, coding: str | None) -> None:
    wish = {"Accept_Encoding": coding} if coding else {}
    for path in [*places(house), *(house.at(place) for place in REFUSED)]:
        got, head = house.ask(path, **wish), house.ask(path, method="HEAD", **wish)
        assert head.body == b"", path
        assert (head.status, lasting(head)) == (got.status, lasting(got)), path


def test_each_coding_holds_the_same_words_and_has_a_strong_validator_of_its_own(
    house: ServedNewsroom,
) -> None:
    packed = 0
    for path in places(house):
        answers = [house.ask(path, Accept_Encoding=coding) for coding in ("identity", "gzip", "br")]
        words = {UNPACK[one.headers.get("content-encoding")](one.body) for one in answers}
        bodies, tags = {one.body for one in answers}, {one.headers["etag"] for one in answers}
        assert len(words) == 1, path
        assert len(tags) == len(bodies), path
        assert all(tag.startswith('"') for tag in tags), path
        vary = {one.headers.get("vary", "") for one in answers}
        assert len(bodies) == 1 or all("Accept-Encoding" in named for named in vary), path
        packed += len(bodies) == 3
    assert packed > 15


def test_nothing_else_in_a_request_changes_the_bytes_unless_vary_says_so(
    house: ServedNewsroom,
) -> None:
    wishes = {
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
    for path in places(house):
        plain = house.ask(path)
        for name, value in wishes.items():
            field = name.replace("_", "-")
            if field in plain.headers.get("vary", ""):
                continue
            other = house.ask(path, **{name: value})
            assert (other.status, lasting(other)) == (plain.status, lasting(plain)), (path, name)
            assert other.body == plain.body, (path, name)


def test_a_part_is_whole_or_right(house: ServedNewsroom) -> None:
    """RFC 9110, section 14.2: a server may ignore Range; if it does not, it must be right."""
    for path in places(house):
        whole = house.ask(path)
        for part in ("bytes=0-9", "bytes=5-", "bytes=-7", "bytes=999999999-", "bytes=nonsense"):
            answer = house.ask(path, Range=part)
            assert answer.status in {200, 206, 416}, (path, part)
            if answer.status == 200:
                assert answer.body == whole.body, (path, part)
            if answer.status == 206:
                span, _slash, size = (
                    answer.headers["content-range"].partition(" ")[2].partition("/")
                )
                first, last = map(int, span.split("-"))
                assert answer.body == whole.body[first : last + 1], (path, part)
                assert size == str(len(whole.body)), (path, part)
        stale = house.ask(path, Range="bytes=0-9", If_Range='"something-else"')
        assert (stale.status, stale.body) == (200, whole.body), path


def test_every_answer_of_the_api_fits_its_description(house: ServedNewsroom) -> None:
    """With formats: addresses, times, mail."""
    described = yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)
    hole = re.compile(r"\{[^}]+\}")
    paths = {hole.sub("{}", path): methods for path, methods in described["paths"].items()}
    judged = 0
    for template, place in PLACES.items():
        get = paths.get(f"/{hole.sub('{}', template)}", {}).get("get")
        if get is None:
            continue
        rule = get["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**rule, "components": described["components"]}
        judge = Draft202012Validator(whole, format_checker=FormatChecker())
        answer = json.loads(house.ask(house.at(place)).body)
        assert [fault.message for fault in judge.iter_errors(answer)] == [], template
        judged += 1
    assert judged == 15


def test_what_nobody_knows_in_a_query_is_named_and_kept_by_nobody(house: ServedNewsroom) -> None:
    for template, place in PLACES.items():
        if not template.startswith("api/v1/") or template in {"api/v1/schema/", "api/v1/docs/"}:
            continue
        path = house.at(place)
        answer = house.ask(f"{path}{'&' if '?' in path else '?'}utm_source=letter")
        assert answer.status == 400, path
        assert answer.headers["content-type"] == "application/problem+json", path
        assert answer.headers["cache-control"] == "no-store", path
        assert b"/utm_source" in answer.body, path
        assert "etag" not in answer.headers, path
