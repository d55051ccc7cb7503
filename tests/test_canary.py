"""The canary: a marker word in everything readers must not see, then every reader address fetched.

Addresses are read from the URL configuration, so that a new one is swept without being named here.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from articles.models import Article, Author, Tag
from desk.actions import edit, put_out, start_from_wire, withdraw
from desk.models import Draft
from tests import make
from wire.actions import receive
from wire.models import Source, Story

CANARY = "카나리아7f3a"
WIRE = f"""{CANARY}

연합뉴스 2026-11-20 09:00:00

(서울=연합뉴스) {CANARY} 기자 = {CANARY}라고 밝혔다.

spy@{CANARY}.kr
"""
STAFF_ROADS = ("admin/", "_allauth/", "accounts/", "api/v1/desk/", "desk/")
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def secrets() -> dict[str, Any]:
    """Words for every field of a draft, the canary in each.

    Section and author are the site's furniture, public from the day they are made, whoever uses them.
    """
    return {
        "headline": f"{CANARY} 제목",
        "deck": CANARY,
        "summary_1": CANARY,
        "summary_2": CANARY,
        "summary_3": CANARY,
        "body": f"<p>{CANARY}</p>",
        "tags": [f"{CANARY}tag"],
        "source_name": CANARY,
        "source_url": f"https://example.com/{quote(CANARY)}",
        "source_credit": CANARY,
        "ai_kind": "assisted",
        "ai_note": CANARY,
        "notes": CANARY,
        "poll": make.poll_words(title=CANARY, question=CANARY),
        "lead_photo": make.photo(alt=CANARY, caption=CANARY, credit=CANARY),
    }


@pytest.fixture
def stage(ben: User) -> Article:
    """A live article with a secret draft, a planned, a withdrawn, a trashed and a wired story."""
    open_article = make.live(slug="open", poll=make.poll_words())
    edit(make.draft_of(open_article), by=ben, slug=f"{CANARY}-next", **secrets())
    make.planned(slug=f"{CANARY}-planned", **secrets())
    make.draft(slug=f"{CANARY}-draft", **secrets())
    gone = make.live(slug="gone", **secrets())
    withdraw(gone, notice="내렸습니다.", by=ben)
    picked = Article.objects.exclude(live__isnull=False)
    put_out(make.draft(slug="with-picks", related=list(picked)), by=ben)
    receive(Source.objects.get(slug="yonhap"), raw=WIRE.encode(), by=ben)
    start_from_wire(Story.objects.get(), by=ben)
    return open_article


def routes(patterns: Any = None, road: str = "") -> Iterator[str]:
    """Every route of the house as Django spells it, `articles/<str:slug>/`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = road + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


def values_for(kind: str) -> list[str]:
    """What a nosy reader could put there: the address or number of everything there is."""
    numbers = [str(n) for n in range(1, 60)]
    if kind == "int":
        return numbers
    slugs = [*Article.objects.values_list("slug", flat=True)]
    slugs += Author.objects.values_list("slug", flat=True)
    slugs += Tag.objects.values_list("slug", flat=True)
    slugs += Draft.objects.values_list("slug", flat=True)
    return [*dict.fromkeys(filter(None, slugs)), "open-2", "640.jpg"]


def reader_addresses() -> Iterator[str]:
    for route in dict.fromkeys(routes()):
        if route.startswith(STAFF_ROADS) or "(?P" in route or "static" in route:
            continue
        names = [(m.group(0), m.group(1) or "str") for m in PARAMETER.finditer(route)]
        choices = [values_for(kind) for _whole, kind in names]
        for values in itertools.islice(itertools.product(*choices), 400):
            address = route
            for (whole, _kind), value in zip(names, values, strict=True):
                address = address.replace(whole, quote(value), 1)
            yield f"/{address}"
    for name in ("section", "tag", "author"):
        yield f"/api/v1/articles/?{name}={quote(f'{CANARY}-{name}')}"
        yield f"/api/v1/articles/?{name}={quote(CANARY)}{name}"
    yield "/api/v1/articles/?page_size=100"


def leaks(client: Client) -> list[str]:
    """The reader addresses whose answer holds the canary, in words or percent-encoded."""
    found = []
    for address in reader_addresses():
        answer = client.get(address)
        # Without a clock beside the tests /health/ready is rightly red.
        assert answer.status_code < 500 or address.startswith("/health/"), address
        body = b"".join(answer) if answer.streaming else answer.content
        # A wrong address may be said back to the one who typed it; it tells them nothing.
        text = body.decode("utf-8", "replace") + str(dict(answer.headers))
        if answer.status_code in {200, 410} and (CANARY in text or quote(CANARY) in text):
            found.append(address)
    return found


def test_no_reader_address_shows_the_canary(stage: Article, client: Client) -> None:
    assert leaks(client) == []


def test_the_canary_sings_when_the_wall_has_a_hole(
    stage: Article, client: Client, ben: User
) -> None:
    """The negative control: what the sweep looks for is found once it is really public."""
    put_out(make.draft_of(stage), by=ben)
    sung = leaks(client)
    assert any("/api/v1/articles/" in address for address in sung)
    assert len(sung) > 3
