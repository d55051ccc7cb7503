"""Wire API: agencies deliver, the desk reads the inbox, readers have no access."""

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from tests.support import make
from tests.support.formats.wire_copy import PLAIN_STORY, agency_copy
from wire.actions import MAX_DELIVERY_BYTES, intake, receive_delivery, save_source
from wire.models import Delivery, Source, Story
from wire.tasks import parse_waiting

PROBLEM = "application/problem+json"
INBOX = "/api/v1/desk/wire/"
FIELDS = {
    "id", "source", "agency", "headline", "marks", "deck", "sent_at", "dateline", "bylines",
    "paragraphs", "captions", "rights", "version", "status",
}  # fmt: skip


@pytest.fixture
def yonhap(db: None) -> Source:
    return Source.objects.get(slug="yonhap")


@pytest.fixture
def agency(ben: User) -> APIClient:
    """Client of an agency's program: a token with the scope `wire` only."""
    client: APIClient = make.DeskClient(ben, scopes=("wire",)).client
    return client


def deliver(client: Any, raw: bytes, *, source: str = "yonhap", **more: Any) -> Any:
    kind = more.pop("content_type", "text/plain; charset=utf-8")
    return client.generic("POST", f"/api/v1/wire/{source}/", raw, content_type=kind, **more)


# -- Delivering --------------------------------------------------------------------------------


def test_a_delivery_is_stored_and_acknowledged(agency: APIClient, yonhap: Source) -> None:
    response = deliver(agency, PLAIN_STORY.encode(), headers={"X-Delivery-Name": "0001.txt"})
    assert response.status_code == 202
    delivered = response.json()
    delivery = Delivery.objects.get()
    assert (delivered["id"], delivered["status"], delivered["name"]) == (
        delivery.pk,
        "received",
        "0001.txt",
    )
    assert (delivered["story"], bytes(delivery.raw)) == (None, PLAIN_STORY.encode())
    assert response["Cache-Control"] == "no-store"
    parse_waiting()
    again = agency.get(response["Location"])
    read = delivered | {"status": "parsed", "story": Story.objects.get().pk}
    assert (again.status_code, again.json()) == (200, read)


def test_delivery_is_not_parsed_in_the_web_process(
    agency: APIClient, yonhap: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "parse_payload", lambda *_args, **_more: pytest.fail("parsed"))
    assert deliver(agency, b"a\n" * (MAX_DELIVERY_BYTES // 2)).status_code == 202


def test_delivery_response_has_no_text_and_no_email_addresses(
    agency: APIClient, yonhap: Source
) -> None:
    response = deliver(agency, PLAIN_STORY.encode())
    assert "@" not in response.content.decode()
    assert "가상연구소" not in response.content.decode()


def test_the_declared_charset_is_used(agency: APIClient, yonhap: Source) -> None:
    deliver(agency, PLAIN_STORY.encode("cp949"), content_type="text/plain; charset=EUC-KR")
    parse_waiting()
    assert Delivery.objects.get().encoding == "cp949"


@pytest.mark.parametrize(
    "content_type",
    ["application/octet-stream", "application/json", "application/x-www-form-urlencoded", "x", ""],
)
def test_delivery_of_any_content_type_is_accepted(
    agency: APIClient, yonhap: Source, content_type: str
) -> None:
    response = deliver(agency, agency_copy(), content_type=content_type)
    assert response.status_code == 202
    assert bytes(Delivery.objects.get().raw) == agency_copy()


@pytest.mark.parametrize(
    "raw",
    [
        bytes(range(256)) * 99,
        b"\x1f\x8b\x08\x00gzip",
        b"\x00\x00\x00",
        b"\xed\xa0\x80\xed\xb0\x80",
        b"[" * 100_000,
        b'{"headline": ',
    ],
    ids=["noise", "gzip", "nul", "surrogates", "brackets", "half json"],
)
def test_unreadable_delivery_is_stored_and_acknowledged(
    agency: APIClient, yonhap: Source, raw: bytes
) -> None:
    response = deliver(agency, raw)
    assert response.status_code == 202
    parse_waiting()
    statuses = {"failed", "parsed", "unsupported"}
    assert agency.get(response["Location"]).json()["status"] in statuses
    assert bytes(Delivery.objects.get().raw) == raw


@pytest.mark.parametrize("raw", [b"", b"\n \n"])
def test_an_empty_body_is_refused(agency: APIClient, yonhap: Source, raw: bytes) -> None:
    response = deliver(agency, raw)
    assert (response.status_code, response["Content-Type"]) == (400, PROBLEM)
    assert response.json()["code"] == "empty"


@pytest.mark.parametrize("size", [MAX_DELIVERY_BYTES + 1, 11 * 1024 * 1024])
def test_an_oversize_body_is_refused(agency: APIClient, yonhap: Source, size: int) -> None:
    response = deliver(agency, b"a" * size)
    assert (response.status_code, response["Content-Type"]) == (413, PROBLEM)
    assert Delivery.objects.count() == 0


def test_wrong_content_length_does_not_allow_a_larger_body(
    agency: APIClient, yonhap: Source
) -> None:
    response = deliver(agency, b"a" * 100, CONTENT_LENGTH="many")
    assert response.status_code == 400


def test_body_with_content_encoding_is_refused(agency: APIClient, yonhap: Source) -> None:
    response = deliver(agency, b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert (response.status_code, response["Content-Type"]) == (415, PROBLEM)
    assert Delivery.objects.count() == 0


def test_an_unknown_source_is_a_404(agency: APIClient, yonhap: Source) -> None:
    response = deliver(agency, agency_copy(), source="nobody")
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)
    assert Source.objects.count() == 1


def test_a_source_switched_off_is_a_409(agency: APIClient, yonhap: Source, ben: User) -> None:
    yonhap.active = False
    save_source(yonhap, by=ben)
    assert deliver(agency, agency_copy()).status_code == 409


def test_unknown_query_parameter_is_named(agency: APIClient, yonhap: Source) -> None:
    response = agency.generic("POST", "/api/v1/wire/yonhap/?force=1", agency_copy().decode())
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/force"


def test_delivery_needs_a_token(api: APIClient, yonhap: Source) -> None:
    response = deliver(api, agency_copy())
    assert (response.status_code, response["Content-Type"]) == (401, PROBLEM)
    assert "Bearer" in response["WWW-Authenticate"]
    assert Delivery.objects.count() == 0


def test_reader_may_not_deliver(mal: User, yonhap: Source) -> None:
    assert (
        deliver(make.DeskClient(mal, scopes=("wire", "desk")).client, agency_copy()).status_code
        == 403
    )


def test_token_with_another_scope_may_not_deliver(ben: User, yonhap: Source) -> None:
    assert deliver(make.DeskClient(ben, scopes=("read",)).client, agency_copy()).status_code == 403


def test_token_with_desk_scope_may_deliver(desk_api: make.DeskClient, yonhap: Source) -> None:
    assert deliver(desk_api.client, agency_copy()).status_code == 202


def test_moderator_may_neither_deliver_nor_read_the_wire(mo: User, yonhap: Source) -> None:
    program = make.DeskClient(mo).client
    assert deliver(program, agency_copy()).status_code == 403
    assert program.get(INBOX).status_code == 403
    deliver(make.DeskClient(make.ben()).client, agency_copy())
    parse_waiting()
    assert program.get(f"{INBOX}{Story.objects.get().pk}/").status_code == 403


def test_an_agencys_account_needs_no_role_to_deliver(yonhap: Source) -> None:
    agency = make.person("agency", is_staff=True)
    assert (
        deliver(make.DeskClient(agency, scopes=("wire",)).client, agency_copy()).status_code == 202
    )
    assert make.DeskClient(agency).client.get(INBOX).status_code == 403


def test_a_delivery_of_another_source_is_not_found(agency: APIClient, yonhap: Source) -> None:
    where = deliver(agency, agency_copy())["Location"]
    assert agency.get(where.replace("yonhap", "other")).status_code == 404


# -- The inbox ---------------------------------------------------------------------------------


def test_inbox_matches_the_contract(desk_api: make.DeskClient, yonhap: Source) -> None:
    receive_delivery(yonhap, raw=PLAIN_STORY.encode(), by=None)
    row = desk_api.call("GET", "wire/").json()["results"][0]
    assert set(row) >= FIELDS
    assert row["headline"].startswith("가상연구소-한빛전자")
    assert row["sent_at"] == "2026-10-01T17:00:14+09:00"
    assert row["dateline"] == {"places": ["서울"], "agency": "연합뉴스"}
    assert row["bylines"] == [{"name": "한가람", "role": "기자", "email": "garam@yna.co.kr"}]
    assert row["captions"][0] == {"text": "나래 도윤 가상연구소 CEO", "credit": ""}
    assert (row["source"], row["agency"], row["version"], row["status"]) == (
        "yonhap", "연합뉴스", 1, "usable",
    )  # fmt: skip


def test_story_is_returned_with_every_version(desk_api: make.DeskClient, yonhap: Source) -> None:
    for mark, hour in (("종합2보", 11), ("종합", 10)):
        sent = f"2026-10-01 {hour}:00:00"
        receive_delivery(
            yonhap, raw=agency_copy(f"새 다리({mark})", sent=sent, body=[f"{mark}이다."]), by=None
        )
    story = desk_api.call("GET", f"wire/{Story.objects.get().pk}/").json()
    assert set(story) >= FIELDS | {"versions"}
    assert story["marks"] == ["종합2보"]
    assert [v["number"] for v in story["versions"]] == [2, 1]
    assert story["versions"][0]["paragraphs"] == ["종합이다."]
    assert story["versions"][0]["contacts"] == ["haneul@example.com"]


def test_inbox_is_paginated_newest_first(desk_api: make.DeskClient, yonhap: Source) -> None:
    for minute in (30, 10, 50, 20):
        raw = agency_copy(f"소식 {minute}", sent=f"2026-10-01 09:{minute}:00")
        receive_delivery(yonhap, raw=raw, by=None)
    first = desk_api.call("GET", "wire/?page_size=3").json()
    assert [row["headline"] for row in first["results"]] == ["소식 50", "소식 30", "소식 20"]
    second = desk_api.client.get(first["next"]).json()
    assert [row["headline"] for row in second["results"]] == ["소식 10"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        ("source=yonhap", ["둘째", "첫째"]),
        ("source=other", []),
        ("status=cancelled", []),
        ("status=usable", ["둘째", "첫째"]),
        ("q=첫", ["첫째"]),
        ("sent_after=2026-10-01T10:00:00%2B09:00", ["둘째"]),
        ("sent_before=2026-10-01T10:00:00%2B09:00", ["첫째"]),
        ("q=째&sent_after=2026-10-01T10:00:00%2B09:00", ["둘째"]),
    ],
)
def test_the_inbox_is_filtered(
    desk_api: make.DeskClient, yonhap: Source, query: str, headlines: list[str]
) -> None:
    receive_delivery(yonhap, raw=agency_copy("첫째", sent="2026-10-01 09:00:00"), by=None)
    receive_delivery(yonhap, raw=agency_copy("둘째", sent="2026-10-01 10:00:00"), by=None)
    rows = desk_api.call("GET", f"wire/?{query}").json()["results"]
    assert [row["headline"] for row in rows] == headlines


@pytest.mark.parametrize(
    "query",
    [
        "nosuch=1", "status=gone", "sent_after=yesterday", "page_size=0", "page_size=101",
        "cursor=%00", "cursor=abc", "source=%20", "q=%00", "q=1&q=2",
    ],
)  # fmt: skip
def test_a_bad_parameter_is_a_400_that_names_it(
    desk_api: make.DeskClient, yonhap: Source, query: str
) -> None:
    response = desk_api.call("GET", f"wire/?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, PROBLEM)
    assert response.json()["errors"][0]["pointer"] == f"/{query.split('=', maxsplit=1)[0]}"


@pytest.mark.parametrize("path", ["", "1/"])
def test_inbox_is_for_staff_only(
    api: APIClient, mal: User, agency: APIClient, yonhap: Source, path: str
) -> None:
    assert api.get(INBOX + path).status_code == 401
    assert make.DeskClient(mal).client.get(INBOX + path).status_code == 403
    assert agency.get(INBOX + path).status_code == 403  # may deliver, may not read


def test_a_story_that_is_not_there_is_a_404(desk_api: make.DeskClient, yonhap: Source) -> None:
    response = desk_api.call("GET", "wire/999999/")
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)


def test_inbox_needs_the_same_number_of_queries(
    desk_api: make.DeskClient, yonhap: Source, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        from_inbox: CaptureQueriesContext
        with django_assert_max_num_queries(10) as from_inbox:
            assert desk_api.call("GET", "wire/").status_code == 200
        return len(from_inbox.captured_queries)

    receive_delivery(yonhap, raw=agency_copy("소식 0"), by=None)
    one = queries()
    for number in range(1, 20):
        receive_delivery(yonhap, raw=agency_copy(f"소식 {number}"), by=None)
    assert queries() == one


def test_story_needs_the_same_number_of_queries_for_many_versions(
    desk_api: make.DeskClient, yonhap: Source, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(10) as from_story:
            desk_api.call("GET", f"wire/{Story.objects.get().pk}/")
        return len(from_story.captured_queries)

    receive_delivery(yonhap, raw=agency_copy(body=["하나다."]), by=None)
    one = queries()
    for number in range(2, 12):
        receive_delivery(yonhap, raw=agency_copy(body=[f"{number}이다."]), by=None)
    assert queries() == one
