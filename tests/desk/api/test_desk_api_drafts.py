"""Desk API: drafts are created, read, changed, filtered and trashed; authentication and If-Match."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, Edition
from audit.models import Entry
from desk.models import Draft
from tests.support import make

Desk = make.DeskClient
WORDS = {
    "headline": "로봇, 도서관 사서가 되다",
    "deck": "하루 동안 지켜본 서가",
    "summary": ["책을 꽂는다", "사람을 안내한다", "밤에는 쉰다"],
    "body_html": "<p>서가 사이를 지나갑니다.</p><h2>책은 누가 고를까?</h2><p>사람이 고릅니다.</p>",
    "tags": ["로봇", "도서관"],
    "poll": make.poll_data(
        opens_at="2026-11-20T09:00:00+09:00", closes_at=None, results="always", election_day=None
    ),
    "source": {"name": "도서관 소식", "url": "https://example.com/a", "credit": "제공"},
    "ai_disclosure": {"kind": "assisted", "note": "교열에 썼습니다."},
    "comments": "hold",
    "notes": "사진은 내일 옵니다.",
}


def full_draft_data() -> dict[str, Any]:
    related = make.live()
    return WORDS | {
        "section": make.section().slug,
        "authors": [make.author("한빛").slug, make.author("가람").slug],
        "related": [related.slug],
        "lead_photo": make.photo().pk,
        "slug": "로봇-사서",
    }


def test_draft_is_read_as_written(desk_api: Desk) -> None:
    data = full_draft_data()
    created = desk_api.call("POST", "drafts/", data)
    assert created.status_code == 201, created.content
    read = desk_api.call("GET", f"drafts/{created.json()['id']}/")
    assert read.json() == created.json()
    assert {name: read.json()[name] for name in data} == data
    assert read["ETag"] == created["ETag"]
    assert read["Cache-Control"] == "no-store"


def test_draft_representation_can_be_written_back(desk_api: Desk) -> None:
    created = desk_api.call("POST", "drafts/", full_draft_data())
    same = {name: created.json()[name] for name in full_draft_data()}
    response = desk_api.call("PATCH", f"drafts/{created.json()['id']}/", same, etag=created["ETag"])
    assert response.status_code == 200, response.content
    assert {n: response.json()[n] for n in same} == same
    assert response.json()["version"] == 2


def test_empty_draft_lists_its_problems(desk_api: Desk) -> None:
    created = desk_api.call("POST", "drafts/", {}).json()
    assert created["state"] == "writing"
    assert len(created["problems"]) == 5
    assert created["summary"] == ["", "", ""]
    assert created["article"] is created["release"] is created["poll"] is created["section"] is None
    assert created["editions"] == []


def test_patch_changes_named_fields_only(desk_api: Desk) -> None:
    """publishing 27."""
    created = desk_api.call("POST", "drafts/", full_draft_data())
    path = f"drafts/{created.json()['id']}/"
    response = desk_api.call("PATCH", path, {"summary": ["하나"]}, etag=created["ETag"]).json()
    assert response["summary"] == ["하나", "", ""]
    assert response["tags"] == WORDS["tags"]
    assert response["poll"] == created.json()["poll"]


def test_patch_clears_references(desk_api: Desk) -> None:
    created = desk_api.call("POST", "drafts/", full_draft_data())
    nothing: dict[str, Any] = dict.fromkeys(
        ("section", "lead_photo", "poll", "source", "ai_disclosure")
    ) | {"authors": [], "tags": [], "related": []}
    response = desk_api.call(
        "PATCH", f"drafts/{created.json()['id']}/", nothing, etag=created["ETag"]
    )
    assert {n: response.json()[n] for n in nothing} == nothing


# -- If-Match ----------------------------------------------------------------------------------


def test_write_without_if_match_is_428(desk_api: Desk) -> None:
    draft = make.draft()
    for method, path in (
        ("PATCH", ""),
        ("DELETE", ""),
        *(("POST", f"{verb}/") for verb in VERBS),
    ):
        response = desk_api.call(method, f"drafts/{draft.pk}/{path}", {})
        assert response.status_code == 428, path
        assert response["Content-Type"] == "application/problem+json"
    draft.refresh_from_db()
    assert draft.version == 1


VERBS = (
    "submit",
    "approve",
    "send-back",
    "freeze",
    "publish",
    "schedule",
    "swap",
    "unschedule",
    "restore",
)


def test_stale_if_match_is_412_with_the_current_etag(desk_api: Desk) -> None:
    """publishing 28, 29."""
    created = desk_api.call("POST", "drafts/", WORDS)
    path = f"drafts/{created.json()['id']}/"
    first = desk_api.call("PATCH", path, {"deck": "먼저"}, etag=created["ETag"])
    second = desk_api.call("PATCH", path, {"deck": "나중"}, etag=created["ETag"])
    assert second.status_code == 412
    assert second["ETag"] == first["ETag"] != created["ETag"]
    assert second.json()["code"] == "edited_elsewhere"
    assert desk_api.call("GET", path).json()["deck"] == "먼저"


@pytest.mark.parametrize("verb", ["submit", "freeze", "publish", "schedule"])
def test_draft_action_with_stale_if_match_is_412(desk_api: Desk, verb: str) -> None:
    """publishing 28, 34: every verb asks; there is no lock that somebody forgets to open."""
    draft = make.draft()
    stale = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    make.changed(draft, deck="그사이 바뀜")
    data = {"at": "2099-01-01T09:00:00+09:00"} if verb == "schedule" else {}
    response = desk_api.call("POST", f"drafts/{draft.pk}/{verb}/", data, etag=stale)
    assert response.status_code == 412
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("shape", "status"),
    [
        ("{tag}", 200),
        ("*", 200),
        (' "other" , {tag}', 200),
        ("W/{tag}", 412),
        ('"other"', 412),
        ("nonsense", 412),
        ('"draft-99999-v1-000000000000"', 412),
        ("", 428),
        ("   ", 428),
    ],
)
def test_if_match_header_is_parsed_by_rfc_9110(desk_api: Desk, shape: str, status: int) -> None:
    created = desk_api.call("POST", "drafts/", WORDS)
    etag = shape.format(tag=created["ETag"])
    response = desk_api.call("PATCH", f"drafts/{created.json()['id']}/", {"deck": "새"}, etag=etag)
    assert response.status_code == status, response.content


def test_etag_of_another_draft_does_not_match(desk_api: Desk) -> None:
    one, other = make.draft(), make.draft()
    foreign = desk_api.call("GET", f"drafts/{one.pk}/")["ETag"]
    response = desk_api.call("PATCH", f"drafts/{other.pk}/", {"deck": "새"}, etag=foreign)
    assert response.status_code == 412


def test_etag_changes_when_a_release_changes(desk_api: Desk) -> None:
    draft = make.draft()
    before = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    published = desk_api.act(draft.pk, "publish")
    after = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    assert published["ETag"] == after != before
    again = desk_api.client.get(f"/api/v1/desk/drafts/{draft.pk}/", HTTP_IF_NONE_MATCH=before)
    assert again.status_code == 200
    same = desk_api.client.get(f"/api/v1/desk/drafts/{draft.pk}/", HTTP_IF_NONE_MATCH=after)
    assert same.status_code == 304


# -- The trash ---------------------------------------------------------------------------------


def test_trashed_draft_is_listed_and_restored_complete(desk_api: Desk) -> None:
    """publishing 33."""
    created = desk_api.call("POST", "drafts/", full_draft_data())
    path = f"drafts/{created.json()['id']}/"
    gone = desk_api.call("DELETE", path, etag=created["ETag"])
    assert gone.status_code == 204
    on_the_desk = desk_api.call("GET", "drafts/").json()["results"]
    assert created.json()["id"] not in [row["id"] for row in on_the_desk]
    listed = desk_api.call("GET", "drafts/?trashed=true").json()["results"]
    assert [row["id"] for row in listed] == [created.json()["id"]]
    assert listed[0]["state"] == "trashed"
    assert desk_api.call("PATCH", path, {"deck": "?"}, etag=gone["ETag"]).status_code == 409
    back = desk_api.call("POST", f"{path}restore/", {}, etag=gone["ETag"])
    assert back.status_code == 200, back.content
    fields = ("headline", "summary", "body_html", "authors", "tags", "poll", "lead_photo")
    assert {n: back.json()[n] for n in fields} == {n: created.json()[n] for n in fields}


def test_live_story_cannot_be_trashed(desk_api: Desk) -> None:
    draft = make.draft_of(make.live())
    etag = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    response = desk_api.call("DELETE", f"drafts/{draft.pk}/", etag=etag)
    assert (response.status_code, response.json()["code"]) == (409, "still_out")


# -- The list ----------------------------------------------------------------------------------


def test_drafts_are_listed_by_newest_change(desk_api: Desk) -> None:
    one, two = make.draft(), make.draft()
    make.changed(one, deck="마지막으로 바뀜")
    listed = desk_api.call("GET", "drafts/").json()["results"]
    assert [row["id"] for row in listed] == [one.pk, two.pk]


def test_pagination_of_drafts_continues_at_the_cursor(desk_api: Desk) -> None:
    numbers = [make.draft().pk for _ in range(5)]
    listed_ids: list[int] = []
    path = "drafts/?page_size=2"
    while path:
        page = desk_api.call("GET", path).json()
        listed_ids += [row["id"] for row in page["results"]]
        path = (page["next"] or "").partition("/desk/")[2]
    assert listed_ids == numbers[::-1]


def test_draft_filters(desk_api: Desk, ada: User, ben: User) -> None:
    other = make.section("문화")
    mine = make.draft(headline="고래가 돌아왔다", section=other)
    hers = make.draft(by=ada, headline="바다는 말이 없다")
    live = make.draft_of(make.live(headline="항구의 아침"))

    def draft_ids(query: str, desk: Desk = desk_api) -> set[int]:
        response = desk.call("GET", f"drafts/?{query}")
        assert response.status_code == 200, response.content
        return {row["id"] for row in response.json()["results"]}

    assert draft_ids("q=고래") == {mine.pk}
    assert draft_ids("section=문화") == {mine.pk}
    assert draft_ids("state=live") == {live.pk}
    assert draft_ids("state=writing") == {mine.pk, hers.pk}
    assert draft_ids("mine=true") == {mine.pk, live.pk}
    assert draft_ids("mine=true", Desk(ada)) == {hers.pk}
    assert draft_ids("state=live&section=문화") == set()


@pytest.mark.parametrize(
    "query",
    ["nosuch=1", "state=gone", "page_size=101", "page_size=0", "cursor=x", "mine=maybe", "q=%00",
     "q=a&q=b", "trashed=2"],
)  # fmt: skip
def test_invalid_query_parameter_is_named(desk_api: Desk, query: str) -> None:
    response = desk_api.call("GET", f"drafts/?{query}")
    assert response.status_code == 400, response.content
    assert response.json()["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


def test_list_of_drafts_has_constant_number_of_queries(
    desk_api: Desk, django_assert_num_queries: Any
) -> None:
    photo = make.photo()

    def one_more() -> None:
        story = make.draft(poll=make.poll_data(), lead_photo=photo, related=[make.live()])
        desk_api.act(story.pk, "freeze")

    one_more()
    with django_assert_num_queries(5):
        desk_api.call("GET", "drafts/?page_size=100")
    for _ in range(19):
        one_more()
    with django_assert_num_queries(5):
        listed = desk_api.call("GET", "drafts/?page_size=100").json()["results"]
    assert len(listed) == 40


# -- Who may -----------------------------------------------------------------------------------


def test_anonymous_client_is_401(api: APIClient) -> None:
    response = api.get("/api/v1/desk/drafts/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response["Content-Type"] == "application/problem+json"


def test_readers_and_moderators_are_403(chi: User, mo: User, as_user: Any) -> None:
    for person in (chi, mo):
        assert as_user(person).get("/api/v1/desk/drafts/").status_code == 403


def test_token_with_scope_read_may_not_write(ben: User) -> None:
    draft = make.draft()
    reading = Desk(ben, scopes=("read",))
    response = reading.call("GET", f"drafts/{draft.pk}/")
    assert response.status_code == 200
    assert reading.call("POST", "drafts/", {}).status_code == 403
    refused = reading.call("PATCH", f"drafts/{draft.pk}/", {"deck": "?"}, etag=response["ETag"])
    assert refused.status_code == 403


def test_token_with_scope_wire_is_403(ben: User) -> None:
    assert Desk(ben, scopes=("wire",)).call("GET", "drafts/").status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"is_staff": False},
        {"suspended_until": timezone.now() + timedelta(days=1)},
    ],
)
def test_deactivated_user_is_refused_at_the_next_request(
    ben: User, as_user: Any, change: dict[str, Any]
) -> None:
    desk, browser = Desk(ben), as_user(ben)
    assert desk.call("GET", "drafts/").status_code == 200
    User.objects.filter(pk=ben.pk).update(**change)
    assert desk.call("GET", "drafts/").status_code in {401, 403}
    assert desk.call("POST", "drafts/", {}).status_code in {401, 403}
    assert browser.get("/api/v1/desk/drafts/").status_code in {401, 403}


def test_user_who_lost_the_role_may_not_publish(ben: User) -> None:
    draft, desk = make.draft(), Desk(ben)
    ben.groups.clear()
    response = desk.call("POST", f"drafts/{draft.pk}/publish/", {}, etag="*")
    assert response.status_code == 403


def test_refused_publication_by_a_reporter_writes_nothing(ada: User, api: APIClient) -> None:
    """publishing 30."""
    desk = Desk(ada)
    created = desk.call("POST", "drafts/", full_draft_data())
    path, entries = f"drafts/{created.json()['id']}/", Entry.objects.count()
    articles, editions = Article.objects.count(), Edition.objects.count()
    later = {"at": "2099-01-01T09:00:00+09:00"}
    for verb, data in (("publish", {}), ("schedule", later), ("freeze", {}), ("swap", {})):
        response = desk.call("POST", f"{path}{verb}/", data, etag=created["ETag"])
        assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert desk.call("GET", path).json() == created.json()
    assert Entry.objects.count() == entries
    assert (Article.objects.count(), Edition.objects.count()) == (articles, editions)


def test_session_authentication_requires_csrf_token(ben: User) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(ben)
    assert browser.get("/api/v1/desk/drafts/").status_code == 200
    response = browser.post("/api/v1/desk/drafts/", {}, format="json")
    assert response.status_code == 403
    assert not Draft.objects.exists()


def test_expired_token_is_401(ben: User) -> None:
    desk = Desk(ben)
    ben.tokens.update(expires_at=timezone.now() + timedelta(minutes=1))
    assert desk.call("GET", "drafts/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert desk.call("GET", "drafts/").status_code == 401
