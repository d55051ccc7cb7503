"""Desk API: invalid input is a 4xx that names the field, and nothing is written."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.actions import issue_token
from accounts.models import User
from desk.models import Draft
from polls.models import Poll
from tests.support import make

Desk = make.DeskClient
HUGE = 10**40
POLL = make.poll_data()


def sides(*keys: str) -> list[dict[str, str]]:
    return [{"key": key} for key in keys]


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"nosuch": 1}, "/nosuch"),
        ({"id": 1}, "/id"),
        ({"version": 9}, "/version"),
        ({"state": "live"}, "/state"),
        ({"headline": 5}, "/headline"),
        ({"headline": None}, "/headline"),
        ({"headline": ["x"]}, "/headline"),
        ({"headline": "가" * 201}, "/headline"),
        ({"deck": {"a": 1}}, "/deck"),
        ({"summary": "한 줄"}, "/summary"),
        ({"summary": ["1", "2", "3", "4"]}, "/summary"),
        ({"summary": ["1", 2, "3"]}, "/summary/1"),
        ({"summary": ["가" * 121]}, "/summary/0"),
        ({"summary": None}, "/summary"),
        ({"body_html": 7}, "/body_html"),
        ({"body_html": "<p>" + "가" * 300_001}, "/body_html"),
        ({"section": "없는 섹션"}, "/section"),
        ({"section": 3}, "/section"),
        ({"authors": ["없는-사람"]}, "/authors"),
        ({"authors": "한빛"}, "/authors"),
        ({"authors": ["x"] * 21}, "/authors"),
        ({"tags": ["가" * 41]}, "/tags/0"),
        ({"tags": ["a"] * 21}, "/tags"),
        ({"tags": ["!!"]}, "/tags"),
        ({"tags": [""]}, "/tags/0"),
        ({"tags": [None]}, "/tags/0"),
        ({"slug": "!!!"}, "/slug"),
        ({"slug": "a" * 121}, "/slug"),
        ({"lead_photo": 999_999}, "/lead_photo"),
        ({"lead_photo": "first"}, "/lead_photo"),
        ({"lead_photo": 2**63 - 1}, "/lead_photo"),
        ({"lead_photo": -1}, "/lead_photo"),
        ({"related": ["none-such"]}, "/related"),
        ({"poll": "yes"}, "/poll"),
        ({"poll": {}}, "/poll/question"),
        ({"poll": POLL | {"nosuch": 1}}, "/poll/nosuch"),
        ({"poll": POLL | {"sides": sides("pro")}}, "/poll/sides"),
        ({"poll": POLL | {"sides": sides("pro", "pro")}}, "/poll/sides"),
        ({"poll": POLL | {"sides": sides("pro", "maybe")}}, "/poll/sides/1/key"),
        ({"poll": POLL | {"sides": [*sides("pro"), {"key": "con", "x": 1}]}}, "/poll/sides/1/x"),
        ({"poll": POLL | {"closes_at": "2001-01-01T00:00:00+09:00"}}, "/poll/closes_at"),
        ({"poll": POLL | {"results": "never"}}, "/poll/results"),
        ({"source": {}}, "/source/name"),
        ({"source": {"name": "가", "url": "ftp://example.com/"}}, "/source/url"),
        ({"source": {"name": "가", "url": "javascript:alert(1)"}}, "/source/url"),
        ({"source": {"name": "가", "extra": 1}}, "/source/extra"),
        ({"ai_disclosure": {"kind": "magic"}}, "/ai_disclosure/kind"),
        ({"comments": "maybe"}, "/comments"),
        ({"notes": "가" * 10_001}, "/notes"),
        ({"headline": "\u0000"}, "/headline"),
        ({"\u0000": 1}, ""),
    ],
)
def test_invalid_draft_field_is_named_and_nothing_is_saved(
    desk_api: Desk, data: dict[str, Any], pointer: str
) -> None:
    response = desk_api.call("POST", "drafts/", {"headline": "멀쩡한 제목"} | data)
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["pointer"] == pointer
    assert not Draft.objects.exists()
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 201),
        (b"[]", "application/json", 400),
        (b"[{}]", "application/json", 400),
        (b"null", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b"5", "application/json", 400),
        (b"NaN", "application/json", 400),
        (b'{"headline": NaN}', "application/json", 400),
        (b'{"headline": "\\ud800"}', "application/json", 400),
        (b'{"headline": "\xff"}', "application/json", 400),
        (b'{"lead_photo": ' + str(HUGE).encode() + b"}", "application/json", 400),
        (b'{"lead_photo": 1e400}', "application/json", 400),
        (b'{"lead_photo": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"poll":' * 500 + b"1" + b"}" * 500, "application/json", 400),
        (b"[" * 100_000 + b"]" * 100_000, "application/json", 400),
        (b'{"notes": "' + b"a" * (2 * 1024 * 1024) + b'"}', "application/json", 413),
        (b"{}", "text/plain", 415),
        (b"headline=x", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
        (b"{}", "application/json; charset=bz2_codec", 400),
        (b"{}", "nonsense", 415),
    ],
)
def test_malformed_body_is_refused(ben: User, body: bytes, kind: str, status: int) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(ben, scopes=['desk'])}")
    response = client.generic("POST", "/api/v1/desk/drafts/", body, content_type=kind)  # type: ignore[arg-type]  # bytes are taken
    assert response.status_code == status, response.content
    if status != 201:
        assert response["Content-Type"] == "application/problem+json"
        assert not Draft.objects.exists()


@pytest.mark.parametrize("number", ["0", "999999", str(2**63), str(HUGE), "-1", "x", "1.5"])
@pytest.mark.parametrize(
    "path_format", ["drafts/{}/", "releases/{}/", "photos/{}/", "drafts/{}/previews/"]
)
def test_unknown_id_is_404(desk_api: Desk, path_format: str, number: str) -> None:
    response = desk_api.call("GET", path_format.format(number))
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_impossible_slug_is_404(desk_api: Desk) -> None:
    for slug in ("%00", "%ED%A0%80", "a" * 3000, "no such"):
        path = f"articles/{slug}/withdraw/"
        assert desk_api.call("POST", path, {"notice": "x"}, etag="*").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_unsupported_method_is_405(desk_api: Desk, method: str) -> None:
    response = desk_api.call(method, "drafts/", {})
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("verb", "data", "pointer"),
    [
        ("publish", {"correction": {"kind": "correction", "note": ""}}, "/correction/note"),
        ("publish", {"correction": {"kind": "correction", "note": " \u3164"}}, "/correction/note"),
        ("publish", {"correction": {"kind": "oops", "note": "가"}}, "/correction/kind"),
        ("publish", {"correction": "가"}, "/correction"),
        ("publish", {"at": "2099-01-01T00:00:00+09:00"}, "/at"),
        ("schedule", {}, "/at"),
        ("submit", {"x": 1}, "/x"),
        ("send-back", {"note": 5}, "/note"),
    ],
)
def test_invalid_input_of_a_draft_action_is_named(
    desk_api: Desk, verb: str, data: dict[str, Any], pointer: str
) -> None:
    draft = make.draft()
    response = desk_api.act(draft.pk, verb, data)
    assert response.status_code == 400, response.content
    assert response.json()["errors"][0]["pointer"] == pointer
    draft.refresh_from_db()
    assert draft.article_id is None


def test_text_is_normalized(desk_api: Desk) -> None:
    made = desk_api.call(
        "POST",
        "drafts/",
        {"headline": " 정부\u202e \n 발표 ", "tags": ["인공지능", "인공지능 "]},
    ).json()
    assert made["headline"] == "정부 발표"
    assert made["tags"] == ["인공지능"]


def test_unsafe_html_is_removed(desk_api: Desk) -> None:
    body = (
        '<h1 onclick="x()">제목</h1><p style="x">본문<script>alert(1)</script></p>'
        '<img src="https://elsewhere.example/x.png"><img src="/media/photos/../../admin/logout/">'
        '<a href="javascript:alert(1)">누르기</a>'
    )
    stored_html = desk_api.call("POST", "drafts/", {"body_html": body}).json()["body_html"]
    assert stored_html.startswith("<h2>제목</h2><p>본문</p>")
    for word in ("script", "onclick", "style", "<img", "logout"):
        assert word not in stored_html


def test_photo_of_this_site_may_have_an_absolute_url(desk_api: Desk) -> None:
    key = make.photo().key
    body = f'<p>글</p><img src="http://testserver/media/photos/{key}/640.jpg" alt="로봇">'
    stored_html = desk_api.call("POST", "drafts/", {"body_html": body}).json()["body_html"]
    assert f'src="/media/photos/{key}/640.jpg"' in stored_html
