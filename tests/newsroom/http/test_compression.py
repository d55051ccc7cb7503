"""Compression of public responses with brotli and gzip, with an ETag for each coding; personal ones are
not."""

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
DECOMPRESS = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
PUBLIC_PATHS = ["/", "/articles/", "/api/v1/articles/", "/feeds/rss.xml", "/feeds/feed.json"]


@pytest.fixture(params=[0, 0.5], ids=["rendered", "cached"])
def detail_path(request: Any, settings: Any) -> str:
    """The path of an article, without and with the response cache."""
    settings.RESPONSE_CACHE_SECONDS = request.param
    return f"/api/v1/articles/{make.live().slug}/"


def get(path: str, accept_encoding: str = "", **more: str) -> Any:
    headers = {"Accept-Encoding": accept_encoding} if accept_encoding else {}
    return APIClient().get(path, headers={**headers, **more})


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
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
def test_coding_is_negotiated_by_accept_encoding(accept_encoding: str, coding: str) -> None:
    assert negotiate_coding(accept_encoding) == coding


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_compressed_response_has_the_same_content(detail_path: str, coding: str) -> None:
    plain, compressed = get(detail_path), get(detail_path, coding)
    assert "Content-Encoding" not in plain
    assert compressed["Content-Encoding"] == coding
    assert DECOMPRESS[coding](compressed.content) == plain.content
    assert len(compressed.content) < len(plain.content) / 2
    assert compressed["Content-Length"] == str(len(compressed.content))


def test_each_coding_has_a_strong_etag_of_its_own(detail_path: str) -> None:
    etags = [get(detail_path, coding)["ETag"] for coding in ("", "gzip", "br")]
    assert len(set(etags)) == 3
    assert all(etag.startswith('"') for etag in etags)
    assert etags == [get(detail_path, coding)["ETag"] for coding in ("", "gzip", "br")]


@pytest.mark.parametrize("stored_coding", ["", "gzip", "br"])
@pytest.mark.parametrize("requested_coding", ["", "gzip", "br"])
def test_etag_of_any_coding_gives_304(
    detail_path: str, stored_coding: str, requested_coding: str
) -> None:
    etag = get(detail_path, stored_coding)["ETag"]
    for header in (etag, f"W/{etag}", f'"other", {etag}'):
        again = get(detail_path, requested_coding, **{"If-None-Match": header})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert "Accept-Encoding" in again["Vary"]
        assert again["Cache-Control"] == get(detail_path)["Cache-Control"]


def test_foreign_etag_gives_200(detail_path: str) -> None:
    etag = get(detail_path, "br")["ETag"]
    for header in ('"other"', etag.replace("-br", "-zstd"), etag.replace("-br", "-gzip-br")):
        assert get(detail_path, "br", **{"If-None-Match": header}).status_code == 200
    assert get(detail_path, "br", **{"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize("accept_encoding", ["", "gzip", "br"])
def test_head_has_the_headers_of_get(detail_path: str, accept_encoding: str) -> None:
    got = get(detail_path, accept_encoding)
    head = APIClient().head(
        detail_path, headers={"Accept-Encoding": accept_encoding} if accept_encoding else {}
    )
    assert head.content == b""
    assert dict(head.items()) == dict(got.items())


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_long_public_text_varies_on_accept_encoding(path: str) -> None:
    for _ in range(3):
        make.live()
    plain, compressed = Client().get(path), Client().get(path, headers={"Accept-Encoding": "br"})
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in compressed["Vary"]
    assert brotli.decompress(compressed.content) == plain.content


def test_short_response_is_not_compressed() -> None:
    response = get("/api/v1/sections/", "br, gzip")
    assert "Content-Encoding" not in response
    assert "Accept-Encoding" not in response.get("Vary", "")


def test_photo_is_not_compressed() -> None:
    make.live(lead_photo=make.photo())
    source = get("/api/v1/articles/").json()["results"][0]["lead_photo"]["sources"][0]["url"]
    response = get(source, "br, gzip")
    assert "Content-Encoding" not in response
    assert b"".join(response)[:2] == b"\xff\xd8"


def test_personal_responses_are_not_compressed(chi: User, as_user: Any) -> None:
    """Their compressed length would reveal a secret beside text that another person sent (BREACH)."""
    client = as_user(chi)
    client.patch("/api/v1/me/", {"nickname": "가" * 20}, format="json")
    for path in ("/api/v1/me/export/", "/api/v1/me/"):
        response = client.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert response.status_code == 200
        assert "Content-Encoding" not in response


@pytest.mark.parametrize("cache_control", ["", "private", "max-age=60", "no-store"])
def test_only_public_responses_are_compressible(cache_control: str) -> None:
    response = HttpResponse(
        "가" * 1000, content_type="text/html", headers={"Cache-Control": cache_control}
    )
    assert not is_compressible(response)
    response["Cache-Control"] = "public, max-age=0"
    assert is_compressible(response)


def test_admin_pages_are_not_compressed(ben: User) -> None:
    for _ in range(3):
        make.draft()
    client = Client()
    client.force_login(ben)
    response = client.get("/admin/", headers={"Accept-Encoding": "br, gzip"})
    assert response.status_code == 200
    assert len(response.content) > 1024
    assert "Content-Encoding" not in response
