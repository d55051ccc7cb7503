"""The canary: a marker word in everything readers must not see, then every reader address fetched.

Addresses are read from the URL configuration, so that a new one is swept without being named here.
"""

import itertools
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Author, Edition, Section, Tag
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from comments.actions import post_comment
from comments.models import Comment
from desk.actions import edit, expire, publish_now, schedule_draft, start_from_wire, withdraw
from desk.models import Draft, Release
from media.models import Photo
from outbox.models import Event
from polls.actions import cast_vote
from polls.models import Poll
from polls.voter_key import Voter
from saves.actions import save_article
from tests.support import make
from tests.support.shared_rows import SharedRows
from wire.actions import receive_delivery
from wire.models import Delivery, Source, Story

CANARY = "카나리아7f3a"
WIRE = f"""{CANARY}

연합뉴스 2026-11-20 09:00:00

(서울=연합뉴스) {CANARY} 기자 = {CANARY}라고 밝혔다.

spy@{CANARY}.kr
"""
STAFF_ROADS = ("admin/", "_allauth/", "accounts/", "api/v1/desk/", "desk/")
# A poll and a photo go with their story when it is taken down, which a standing clock does not do.
ALONE = {"poll": None, "lead_photo": None, "social_photo": None}
NUMBERED_MODELS: tuple[Any, ...] = (
    Article, Comment, Delivery, Draft, Edition, Photo, Poll, Release, Story,
)  # fmt: skip
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def secrets() -> dict[str, Any]:
    """Words for every field of a draft, the canary in each.

    Section and author are the site's furniture, public from the day they are made, whoever uses them.
    """
    return {
        "headline": f"{CANARY} 제목",
        **dict.fromkeys(EDITORIAL_FIELD_NAMES, CANARY),
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
        "poll": make.poll_data(title=CANARY, question=CANARY),
        "lead_photo": make.photo(alt=CANARY, caption=CANARY, credit=CANARY),
        "lead_photo_text": {"caption": f"{CANARY} 이 기사에서"},
        "social_photo": make.photo(alt=CANARY, caption=CANARY, credit=CANARY),
    }


def hide_canaries() -> None:
    """A live article with a secret draft; a planned, a bundled, an embargoed, a withdrawn and a wired
    story, and two whose time is over: one taken down, one that a standing clock has left."""
    ben, chi = make.ben(), make.reader("chi")
    open_article = make.live(slug="open", poll=make.poll_data())
    edit(make.draft_of(open_article), by=ben, slug=f"{CANARY}-next", **secrets())
    make.planned(slug=f"{CANARY}-planned", **secrets())
    make.draft(slug=f"{CANARY}-draft", **secrets())
    gone = make.live(slug="gone", **secrets())
    withdraw(gone, notice="내렸습니다.", by=ben)
    held_back()
    over(chi)
    picked = Article.objects.exclude(live__isnull=False)
    publish_now(make.draft(slug="with-picks", related=list(picked)), by=ben)
    receive_delivery(Source.objects.get(slug="yonhap"), raw=WIRE.encode(), by=ben)
    start_from_wire(Story.objects.get(), by=ben)


STAGE = SharedRows(hide_canaries)


@pytest.fixture
def stage(db: None, settings: Any) -> Article:
    """The live article among hidden ones; a test asks for it before it asks for people."""
    STAGE.insert(settings)
    return Article.objects.get(slug="open")


def held_back() -> None:
    """Stories whose time has not come, for every reason there is."""
    make.bundled(make.draft(slug=f"{CANARY}-bundled", **secrets()), make.draft())
    ends = timezone.now() + timedelta(hours=2)
    embargoed = {"embargo_until": ends, **secrets()}
    make.draft(slug=f"{CANARY}-embargoed-draft", **embargoed)
    schedule_draft(make.draft(slug=f"{CANARY}-embargoed", **embargoed), at=ends, by=make.ben())


def over(chi: User) -> None:
    """Expired articles that a reader had saved, commented on and voted in."""
    ago = timezone.now() - timedelta(hours=3)
    with time_machine.travel(ago):
        ended = [
            make.live(slug=f"{CANARY}-{slug}", expires_at=ago + timedelta(hours=1), **words)
            for slug, words in (("ended", secrets()), ("standing", secrets() | ALONE))
        ]
        for article in ended:
            save_article(article, by=chi)
            post_comment(article, text="잘 읽었습니다.", by=chi)
        assert ended[0].poll_id
        cast_vote(ended[0].poll_id, side="pro", voter=Voter(account=chi.pk))
    assert expire(ended[0].pk)


def routes(patterns: Any = None, road: str = "") -> Iterator[str]:
    """Every route of the site as Django spells it, `articles/<str:slug>/`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = road + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


def values_for(kind: str) -> list[str]:
    """What a crawler could put there: the slug or id of everything that exists."""
    if kind == "int":
        ids = {pk for model in NUMBERED_MODELS for pk in model.objects.values_list("pk", flat=True)}
        return [str(pk) for pk in sorted(ids | {max(ids) + 1})]
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
    yield from files_for_machines()
    for name in ("section", "tag", "author"):
        yield f"/api/v1/articles/?{name}={quote(f'{CANARY}-{name}')}"
        yield f"/api/v1/articles/?{name}={quote(CANARY)}{name}"
    yield "/api/v1/articles/?page_size=100"


def files_for_machines() -> Iterator[str]:
    """Feeds of all kinds, sitemaps of all months."""
    for name in ("rss.xml", "atom.xml", "feed.json"):
        yield f"/feeds/{name}"
        for slug in Section.objects.values_list("slug", flat=True):
            yield f"/sections/{quote(slug)}/feeds/{name}"
    yield f"/sitemap-{timezone.localtime():%Y-%m}.xml"


def leaks(client: Client) -> Iterator[str]:
    """The public addresses whose response contains the canary, plain or percent-encoded."""
    for address in reader_addresses():
        answer = client.get(address)
        # Without a clock beside the tests /health/ready is rightly red.
        assert answer.status_code < 500 or address.startswith("/health/"), address
        body = b"".join(answer) if answer.streaming else answer.content
        # An error may quote the requested address, which the client knows already.
        text = body.decode("utf-8", "replace") + str(dict(answer.headers))
        if answer.status_code in {200, 410} and (CANARY in text or quote(CANARY) in text):
            yield address


def test_no_public_address_shows_the_canary(stage: Article, client: Client) -> None:
    """publishing 2, 16, 26: for every road, filter and file there is."""
    assert list(leaks(client)) == []


def test_no_address_shows_the_canary_to_a_signed_in_reader(
    stage: Article, client: Client, chi: User
) -> None:
    """publishing 16: a story whose time is over is on nobody's list either, as a withdrawn one."""
    client.force_login(chi)
    assert list(leaks(client)) == []
    assert client.get("/api/v1/me/saves/").json()["results"] == []
    assert client.get("/api/v1/me/comments/").status_code == 200


def test_due_but_unpublished_stories_stay_hidden(stage: Article, client: Client) -> None:
    """publishing 2: what is due goes out when somebody publishes it, not by being due."""
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert list(leaks(client)) == []


def hidden() -> list[Article]:
    """Articles that readers must not learn of, the withdrawn one apart: that one has a notice."""
    secret = Article.objects.filter(slug__startswith=CANARY, withdrawn_at__isnull=True)
    assert secret.count() >= 5
    return list(secret)


def test_hidden_stories_answer_like_missing_ones(stage: Article, client: Client, chi: User) -> None:
    """publishing 2: by address, by verb, in words and headers."""
    client.force_login(chi)
    suffixes = ("", "comments/", "editions/")
    for article in hidden():
        for suffix in suffixes:
            answer, nowhere = (
                client.get(f"/api/v1/articles/{slug}/{suffix}")
                for slug in (article.slug, "nowhere")
            )
            assert (answer.status_code, answer.content) == (404, nowhere.content)
            assert set(answer.headers) == set(nowhere.headers)
        for verb, suffix, words in (
            ("put", "save/", {}),
            ("post", "comments/", {"text": "여기 있나요?"}),
        ):
            answer, nowhere = (
                getattr(client, verb)(
                    f"/api/v1/articles/{slug}/{suffix}",
                    json.dumps(words),
                    content_type="application/json",
                )
                for slug in (article.slug, "nowhere")
            )
            assert (answer.status_code, answer.content) == (404, nowhere.content)


def test_photos_and_polls_of_hidden_stories_answer_404(stage: Article, client: Client) -> None:
    """publishing 16: and nobody votes in a poll whose story is gone."""
    photos = list(Photo.objects.filter(alt=CANARY))
    polls = list(Poll.objects.filter(title=CANARY))
    assert min(len(photos), len(polls)) >= 5
    for photo in photos:
        for source in photo.sources:
            assert client.get(f"/media/photos/{photo.key}/{source['name']}").status_code == 404
    for poll in polls:
        assert client.get(f"/api/v1/polls/{poll.pk}/").status_code == 404
        vote = client.put(
            f"/api/v1/polls/{poll.pk}/vote/", {"side": "pro"}, content_type="application/json"
        )
        assert vote.status_code == 404


def test_events_say_nothing_of_unpublished_stories(stage: Article) -> None:
    """publishing 23, 75: neither that a story is planned, nor bundled, nor kept back."""
    never = [article for article in hidden() if article.first_published_at is None]
    assert len(never) >= 3
    events = Event.objects.filter(key__in=[article.key() for article in never])
    assert not events.exists()
    words = json.dumps(list(Event.objects.values_list("data", flat=True)), ensure_ascii=False)
    assert not any(article.slug in words for article in never)


def test_canary_fails_when_a_view_leaks_a_draft(stage: Article, client: Client, ben: User) -> None:
    """Negative control: the sweep finds the canary once it is public."""
    publish_now(make.draft_of(stage), by=ben)
    # No further than needed: after one of the API, and three others.
    sung = list[str]()
    for address in leaks(client):
        sung.append(address)
        if len(sung) > 3 and any("/api/v1/articles/" in address for address in sung):
            break
    assert any("/api/v1/articles/" in address for address in sung)
    assert len(sung) > 3
