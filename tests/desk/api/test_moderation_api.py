"""The moderators' queue through the desk API."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from comments.actions import edit_comment, post_comment
from comments.models import Comment, Decision, ModerationItem
from desk.templatetags.desk import reveal
from tests.support import make
from tests.support.make import DeskClient
from tests.support.moderation import established, held_comment, reported_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(mo: User) -> DeskClient:
    return DeskClient(mo)


def decide(desk: DeskClient, comment: Comment, data: Any, *, etag: str | None = None) -> Any:
    etag = etag or desk.call("GET", f"moderation/{comment.pk}/")["ETag"]
    return desk.call("POST", f"comments/{comment.pk}/decision/", data, etag=etag)


def test_queue_is_read_by_urgency_with_constant_queries(
    article: Article, mal: User, desk: DeskClient
) -> None:
    """One formula orders held and reported comments; 1 and 20 rows take the same queries."""
    waiting = held_comment(article, by=mal)
    with CaptureQueriesContext(connection) as one:
        desk.call("GET", "moderation/")
    for number in range(18):
        held_comment(article, by=mal, text=f"바보 {number}")
    grave = reported_comment(article, by=mal, reason="hate")
    with CaptureQueriesContext(connection) as twenty:
        page = desk.call("GET", "moderation/").json()
    assert len(twenty) == len(one)
    assert not [
        query for query in twenty if "COUNT(" in query["sql"] and "GROUP BY" not in query["sql"]
    ]
    first = page["results"][0]
    assert (first["id"], first["kinds"], first["reports"]) == (grave.pk, ["reported"], 1)
    assert first["report_reasons"] == [{"reason": "hate", "count": 1}]
    assert page["results"][1]["id"] == waiting.pk
    walked = [row["id"] for row in walk(desk, "moderation/?page_size=3")]
    assert walked == [row["id"] for row in page["results"]]
    assert len(walked) == 20
    assert [row["id"] for row in walk(desk, "moderation/?kind=reported")] == [grave.pk]


def walk(desk: DeskClient, path: str) -> list[Any]:
    rows, url = [], f"/api/v1/desk/{path}"
    while url:
        answer = desk.client.get(url).json()
        rows += answer["results"]
        url = answer["next"]
    return rows


def test_context_has_all_that_a_decision_needs_and_no_reporter(
    article: Article, chi: User, mal: User, desk: DeskClient
) -> None:
    """community B55."""
    top = post_comment(article, by=chi, text="처음 글")
    comment = reported_comment(article, by=mal, reports=2)
    edit_comment(comment, by=mal, text="고친 뒤에는 바보라고 합니다.")
    reply = post_comment(article, by=mal, text="딸린 글", parent=top.pk)
    response = desk.call("GET", f"moderation/{comment.pk}/")
    data = response.json()
    [found] = data["findings"]
    assert data["comment"]["text"][found["start"] : found["end"]] == "바보"
    assert [row["text"] for row in data["revisions"]] == [
        "문 여는 로봇보다 계단 오르는 로봇이 먼저 나와야 한다고 봅니다."
    ]
    assert [row["id"] for row in data["before"]] == [top.pk]
    assert [row["id"] for row in data["record"]["comments"]] == [reply.pk]
    assert data["record"]["states"] == {"held": 1, "visible": 1}
    assert len(data["reports"]) == 2
    reporter = established("reporter0")
    for secret in (reporter.nickname, reporter.email):
        assert secret not in response.content.decode()


def test_decision_needs_the_version_and_names_what_happened(
    article: Article, mal: User, mo: User, desk: DeskClient
) -> None:
    """community B31, B91: 428 without, 412 with the new text, 409 with the colleague's decision."""
    comment = held_comment(article, by=mal)
    where = f"comments/{comment.pk}/decision/"
    etag = desk.call("GET", f"moderation/{comment.pk}/")["ETag"]
    assert desk.call("POST", where, {"decision": "show"}).status_code == 428
    edit_comment(comment, by=mal, text="고친 바보 글")
    stale = decide(desk, comment, {"decision": "show"}, etag=etag)
    assert (stale.status_code, stale.json()["text"]) == (412, "고친 바보 글")
    etag = desk.call("GET", f"moderation/{comment.pk}/")["ETag"]
    done = decide(desk, comment, {"decision": "hide", "reason_code": "abuse"}, etag=etag)
    assert (done.status_code, done.json()["comment"]["state"]) == (200, "hidden")
    assert done.json()["decision"]["message"]
    chief = DeskClient(make.chief())
    late = decide(chief, comment, {"decision": "show"}, etag=etag)
    body = late.json()
    assert (late.status_code, body["code"]) == (409, "already_decided")
    assert (body["by"], body["decision"]) == (str(mo), "hide")
    assert Decision.objects.count() == 1
    undone = desk.call("DELETE", where, etag=done["ETag"])
    assert (undone.status_code, undone.json()["state"]) == (200, "held")


def test_leases_are_taken_shown_and_given_back(
    article: Article, mal: User, desk: DeskClient
) -> None:
    """community B92."""
    comment = held_comment(article, by=mal)
    chief = DeskClient(make.chief())
    where = f"moderation/{comment.pk}/lease/"
    lease = desk.call("POST", where, {}).json()
    assert (lease["holder"], lease["is_own"]) == ("mo", True)
    refused = chief.call("POST", where, {})
    assert (refused.status_code, refused.json()["holder"]) == (423, "mo")
    assert decide(chief, comment, {"decision": "show"}).status_code == 423
    [row] = chief.call("GET", "moderation/").json()["results"]
    assert (row["lease"]["holder"], row["lease"]["is_own"]) == ("mo", False)
    assert chief.call("POST", where, {"take_over": True}).json()["is_own"]
    assert desk.call("POST", where, {"take_over": True}).status_code == 403
    assert chief.call("DELETE", where).status_code == 204
    assert not ModerationItem.objects.leased().exists()


def test_many_are_decided_with_a_result_each(article: Article, mal: User, desk: DeskClient) -> None:
    """community B93."""
    comments = [held_comment(article, by=mal, text=f"바보 {number}") for number in range(3)]
    items = [{"id": one.pk, "version": one.version} for one in comments]
    body = {
        "decision": "hide",
        "reason_code": "spam",
        "items": [*items, {"id": 987_654, "version": 1}],
    }
    data = desk.call("POST", "moderation/bulk/", body).json()
    assert (data["decided"], data["refused"], data["not_reached"]) == (3, 1, 0)
    assert data["results"][3]["code"] == "not_found"
    again = desk.call("POST", "moderation/bulk/", body).json()
    assert {row["code"] for row in again["results"]} == {"already_decided", "not_found"}
    assert desk.call("POST", "moderation/bulk/", body | {"items": items * 2}).status_code == 400


def test_a_reported_comment_needs_an_outcome(article: Article, mal: User, desk: DeskClient) -> None:
    """community B97."""
    comment = reported_comment(article, by=mal)
    body = {"decision": "hide", "reason_code": "abuse"}
    refused = decide(desk, comment, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "outcome_missing")
    assert decide(desk, comment, body | {"reports": "dismissed"}).status_code == 200
    assert decide(desk, comment, body | {"reason_code": "unheard"}).status_code == 422


def test_only_moderators_reach_the_queue(article: Article, mal: User, ada: User, chi: User) -> None:
    """community B95: reporters and readers get neither the list nor a comment, by API or page."""
    comment = held_comment(article, by=mal)
    desk = DeskClient(ada)
    for path in ("moderation/", f"moderation/{comment.pk}/"):
        assert desk.call("GET", path).status_code == 403
    refused = desk.call("POST", f"comments/{comment.pk}/decision/", {"decision": "show"}, etag="*")
    assert refused.status_code == 403
    for person in (ada, chi):
        client = Client()
        client.force_login(person)
        pages = (reverse("admin:moderation"), reverse("admin:moderation_rows"))
        assert {client.get(page).status_code for page in pages} <= {302, 403}


def test_screen_shows_rows_panel_and_invisible_characters(
    article: Article, mal: User, mo: User, client: Client
) -> None:
    """community B96: hostile text is inert, zero-width characters are seen; 304 while nothing changes."""
    comment = held_comment(article, by=mal, text="<b>바보</b>\u200b입니다")
    client.force_login(mo)
    rows = client.get(reverse("admin:moderation_rows"))
    assert "&lt;b&gt;<mark>바보</mark>" in rows.content.decode()
    again = client.get(reverse("admin:moderation_rows"), headers={"If-None-Match": rows["ETag"]})
    assert again.status_code == 304
    where = reverse("admin:moderation_item", args=[comment.pk])
    panel = client.get(where, headers={"X-Requested-With": "fetch"}).content.decode()
    assert "<mark>" in panel
    assert "<b>" not in panel
    Comment.objects.update(text="바\u200b보")  # of a time before such characters were taken out
    home = client.get(reverse("admin:index")).content.decode()
    assert reverse("admin:moderation_item", args=[comment.pk]) in home
    assert "\u200b" not in home
    assert reveal("\u200b") in home


@pytest.mark.parametrize("cursor", ["1.x", "5.", f"5.{9 * 10**24}", f"{9 * 10**24}.5", "-5.1", "²"])
def test_a_tampered_cursor_is_the_first_page(mo: User, client: Client, cursor: str) -> None:
    client.force_login(mo)
    for name in ("admin:moderation", "admin:moderation_rows"):
        query = {"after": cursor, "kind": "none"}
        assert client.get(reverse(name), query).status_code == 200


def test_an_item_behind_the_first_page_is_on_the_screen(
    article: Article, mal: User, mo: User, client: Client
) -> None:
    """Its address opens that comment and no other; the live list goes on from the first page."""
    waiting = [held_comment(article, by=mal, text=f"바보 {number}") for number in range(31)]
    client.force_login(mo)
    page = client.get(reverse("admin:moderation_item", args=[waiting[-1].pk]))
    shown = [item.pk for item in page.context["items"]]
    assert shown == [comment.pk for comment in waiting]
    rows = client.get(reverse("admin:moderation_rows"))
    assert page.context["live_tag"] == rows["ETag"]
    first = client.get(reverse("admin:moderation_item", args=[waiting[0].pk]))
    assert len(first.context["items"]) == 30

    assert client.get(reverse("admin:moderation") + "?after=1.x&kind=none").status_code == 200


def test_reports_of_an_own_comment_are_shown_to_other_moderators_alone(
    article: Article, mo: User, chief: User, client: Client
) -> None:
    """community B95: neither on the screen, in the API nor on the page of the comment."""
    own = reported_comment(article, by=mo, reason="hate")
    pages = [
        f"/admin/moderation/{own.pk}/",
        f"/admin/comments/comment/{own.pk}/change/",
        f"/api/v1/desk/moderation/{own.pk}/",
    ]
    for user, is_shown in ((mo, False), (chief, True)):
        client.force_login(user)
        for page in pages:
            shown = client.get(page, headers={"X-Requested-With": "fetch"})
            assert shown.status_code == 200
            assert ("읽기 불편합니다." in shown.text) == is_shown, page
        row = client.get("/api/v1/desk/moderation/").json()["results"][0]
        assert row["report_reasons"] == ([{"reason": "hate", "count": 1}] if is_shown else [])
