"""Public answers in fewer bytes, each with a validator of its own; personal ones as they are."""

import gzip
from typing import Any

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from newsroom.http.compression import is_compressible, negotiate_coding
from tests.support import make

pytestmark = pytest.mark.django_db
UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
PLACES = ["/", "/articles/", "/api/v1/articles/", "/feeds/rss.xml", "/feeds/feed.json"]


@pytest.fixture(params=[0, 0.5], ids=["made anew", "from memory"])
def story(request: Any, settings: Any) -> str:
    """The address of a story, read by processes with and without a memory."""
    settings.RESPONSE_CACHE_SECONDS = request.param
    return f"/api/v1/articles/{make.live().slug}/"


def get(path: str, accepted: str = "", **more: str) -> Any:
    said = {"Accept-Encoding": accepted} if accepted else {}
    return APIClient().get(path, headers={**said, **more})


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("GZIP ; Q=0.5", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", ""),
        ("gzip;q=0", ""),
        ("identity", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, zstd", ""),
        ("gzip;q=nonsense", ""),
        ("gzip;q=1.5", ""),
        (";;,,q=1", ""),
    ],
)
def test_the_client_says_which_coding_it_likes_best(accepted: str, coding: str) -> None:
    assert negotiate_coding(accepted) == coding


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_the_words_are_the_same_in_fewer_bytes(story: str, coding: str) -> None:
    plain, small = get(story), get(story, coding)
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == coding
    assert UNPACK[coding](small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2
    assert small["Content-Length"] == str(len(small.content))


def test_each_coding_has_a_strong_validator_of_its_own(story: str) -> None:
    tags = [get(story, accepted)["ETag"] for accepted in ("", "gzip", "br")]
    assert len(set(tags)) == 3
    assert all(tag.startswith('"') for tag in tags)
    assert tags == [get(story, accepted)["ETag"] for accepted in ("", "gzip", "br")]


@pytest.mark.parametrize("had", ["", "gzip", "br"])
@pytest.mark.parametrize("now", ["", "gzip", "br"])
def test_whoever_has_it_in_any_coding_has_it(story: str, had: str, now: str) -> None:
    tag = get(story, had)["ETag"]
    for named in (tag, f"W/{tag}", f'"other", {tag}'):
        again = get(story, now, **{"If-None-Match": named})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert "Accept-Encoding" in again["Vary"]
        assert again["Cache-Control"] == get(story)["Cache-Control"]


def test_a_validator_of_something_else_is_none_of_ours(story: str) -> None:
    tag = get(story, "br")["ETag"]
    for named in ('"other"', tag.replace("-br", "-zstd"), tag.replace("-br", "-gzip-br")):
        assert get(story, "br", **{"If-None-Match": named}).status_code == 200
    assert get(story, "br", **{"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
def test_head_says_what_get_says(story: str, accepted: str) -> None:
    got = get(story, accepted)
    head = APIClient().head(story, headers={"Accept-Encoding": accepted} if accepted else {})
    assert head.content == b""
    assert dict(head.items()) == dict(got.items())


@pytest.mark.parametrize("path", PLACES)
def test_every_long_public_text_says_that_it_depends_on_it(path: str) -> None:
    for _ in range(3):
        make.live()
    plain, small = Client().get(path), Client().get(path, headers={"Accept-Encoding": "br"})
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in small["Vary"]
    assert brotli.decompress(small.content) == plain.content


def test_a_short_answer_stays_as_it_is() -> None:
    answer = get("/api/v1/sections/", "br, gzip")
    assert "Content-Encoding" not in answer
    assert "Accept-Encoding" not in answer.get("Vary", "")


def test_a_photo_stays_as_it_is() -> None:
    make.live(lead_photo=make.photo())
    source = get("/api/v1/articles/").json()["results"][0]["lead_photo"]["sources"][0]["url"]
    answer = get(source, "br, gzip")
    assert "Content-Encoding" not in answer
    assert b"".join(answer)[:2] == b"\xff\xd8"


def test_personal_answers_are_not_packed(chi: User, as_user: Any) -> None:
    """Their length would tell of a secret that stands beside what somebody else has sent (BREACH)."""
    client = as_user(chi)
    client.patch("/api/v1/me/", {"nickname": "가" * 20}, format="json")
    for path in ("/api/v1/me/export/", "/api/v1/me/"):
        answer = client.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer


@pytest.mark.parametrize("terms", ["", "private", "max-age=60", "no-store"])
def test_only_what_is_said_to_be_for_everybody_is_packed(terms: str) -> None:
    answer = HttpResponse("가" * 1000, content_type="text/html", headers={"Cache-Control": terms})
    assert not is_compressible(answer)
    answer["Cache-Control"] = "public, max-age=0"
    assert is_compressible(answer)


def test_the_desk_is_not_packed(ben: User) -> None:
    for _ in range(3):
        make.draft()
    client = Client()
    client.force_login(ben)
    answer = client.get("/admin/", headers={"Accept-Encoding": "br, gzip"})
    assert answer.status_code == 200
    assert len(answer.content) > 1024
    assert "Content-Encoding" not in answer
