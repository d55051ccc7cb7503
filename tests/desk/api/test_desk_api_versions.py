"""Desk API of versions: list, read, word diff, restore."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from desk.actions import autosave, edit, publish_now, set_section_role
from desk.models import Draft, DraftVersion
from tests.desk.api.test_desk_api_drafts import full_draft_data
from tests.support import make

pytestmark = pytest.mark.django_db
Desk = make.DeskClient


def texts(segments: list[dict[str, Any]], op: str) -> list[str]:
    return [segment["text"].strip() for segment in segments if segment["op"] == op]


def test_versions_are_listed_newest_first(desk_api: Desk, ada: User, ben: User) -> None:
    draft = make.draft(by=ada)
    autosave(draft, by=ada, version=1, headline="저절로 남긴 머리")
    edit(draft, by=ben, body="<p>짧은 글</p>", summary_1="하나")
    publish_now(draft, by=ben)
    newest, second, first = desk_api.call("GET", f"drafts/{draft.pk}/versions/").json()["results"]
    assert (newest["number"], newest["kind"], newest["saved_by"]) == (3, "save", str(ben))
    assert newest["changed"] == ["summary", "body_html"]
    assert [(mark["kind"], mark["edition"]) for mark in newest["marks"]] == [("frozen", 1)]
    assert (second["kind"], second["changed"], second["marks"]) == ("autosave", ["headline"], [])
    assert (first["number"], first["changed"], first["restored"]) == (1, [], None)
    assert first["characters"] > newest["characters"] > 0


def test_list_is_paged_with_the_same_queries_for_one_and_for_many(desk_api: Desk) -> None:
    one, many = make.draft(), make.draft()
    for n in range(20):
        edit(many, by=make.ben(), headline=f"머리 {n}")
    counts = []
    for draft in (one, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = desk_api.call("GET", f"drafts/{draft.pk}/versions/").json()
        counts.append(len(queries))
        assert not any('"content"' in query["sql"] for query in queries)
    assert counts[0] == counts[1]
    assert [len(page["results"]), page["results"][-1]["number"]] == [20, 2]
    older = desk_api.client.get(page["next"]).json()
    assert [version["number"] for version in older["results"]] == [1]


def test_version_is_read_as_the_draft_was_written(desk_api: Desk) -> None:
    data = full_draft_data()
    created = desk_api.call("POST", "drafts/", data).json()
    edit(Draft.objects.get(pk=created["id"]), by=make.ben(), headline="나중")
    read = desk_api.call("GET", f"drafts/{created['id']}/versions/1/")
    content = read.json()["content"]
    assert {name: content[name] for name in data} == data
    assert content["expires_at"] is None
    missing = desk_api.call("GET", f"drafts/{created['id']}/versions/9/")
    assert missing.status_code == 404


def test_diff_names_the_words_that_changed(desk_api: Desk) -> None:
    paragraphs = "".join(f"<p>그대로인 문단 {n}입니다.</p>" for n in range(9))
    draft = make.draft(body=f"<p>문이 열린다.</p>{paragraphs}", headline="문이 열리다")
    edit(
        draft,
        by=make.ben(),
        body=f"<p>문이 <strong>닫힌다</strong>.</p>{paragraphs}<ul><li>끝</li></ul>",
    )
    diff = desk_api.call("GET", f"drafts/{draft.pk}/versions/1/diff/?to=2").json()
    assert diff["before"] == {"version": 1, "edition": None}
    [body] = diff["fields"]
    assert body["pointer"] == "/body_html"
    changed, before, folded, after, added = body["rows"]
    assert (texts(changed["before"], "delete"), texts(changed["after"], "insert")) == (
        ["열린다"],
        ["닫힌다"],
    )
    assert [s["marks"] for s in changed["after"] if s["op"] == "insert"] == [["strong"]]
    assert (before["kind"], folded["kind"], folded["count"], after["kind"]) == (
        *("equal", "folded", 7),
        "equal",
    )
    assert (added["kind"], added["block"], texts(added["after"], "insert")) == (
        "added",
        "li",
        ["끝"],
    )
    newest = desk_api.call("GET", f"drafts/{draft.pk}/versions/1/diff/").json()
    assert newest == diff


def test_diff_with_what_is_live_and_with_nothing(desk_api: Desk) -> None:
    draft = make.draft(headline="처음 머리", notes="쪽지")
    path = f"drafts/{draft.pk}/versions/1/diff/?to="
    assert desk_api.call("GET", f"{path}live").json()["code"] == "nothing_live"
    publish_now(draft, by=make.ben())
    edit(draft, by=make.ben(), headline="나중 머리", notes="")
    assert desk_api.call("GET", f"{path}live").json()["fields"] == []
    diff = desk_api.call("GET", f"drafts/{draft.pk}/versions/2/diff/?to=live").json()
    assert diff["after"] == {"version": None, "edition": 1}
    assert [field["pointer"] for field in diff["fields"]] == ["/headline"]
    assert desk_api.call("GET", f"{path}7").json()["code"] == "no_such_version"
    assert desk_api.call("GET", f"{path}x").status_code == 400
    assert desk_api.call("GET", f"{path}1&cursor=x").status_code == 400


def test_restore_needs_if_match_and_answers_the_draft(desk_api: Desk) -> None:
    created = desk_api.call("POST", "drafts/", {"headline": "처음", "notes": "처음"})
    path = f"drafts/{created.json()['id']}/"
    changed = desk_api.call("PATCH", path, {"headline": "나중", "notes": "나중"}, etag="*")
    restore = f"{path}versions/1/restore/"
    assert desk_api.call("POST", restore, {}).status_code == 428
    assert desk_api.call("POST", restore, {}, etag=created["ETag"]).status_code == 412
    only = desk_api.call("POST", restore, {"fields": ["notes"]}, etag=changed["ETag"])
    assert (only.json()["headline"], only.json()["notes"]) == ("나중", "처음")
    both = desk_api.call("POST", restore, {}, etag=only["ETag"])
    assert (both.json()["headline"], both.json()["version"], both.json()["missing"]) == (
        "처음",
        4,
        [],
    )
    again = desk_api.call("POST", restore, {}, etag=both["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_restore")
    wrong = desk_api.call("POST", restore, {"fields": ["stage"]}, etag="*")
    assert wrong.status_code == 400
    assert DraftVersion.objects.filter(kind="restore").count() == 2


def test_versions_are_for_those_who_read_drafts(ada: User, mo: User, chi: User, api: Any) -> None:
    draft = make.draft()
    edit(draft, by=make.ben(), headline="나중")
    paths = [f"drafts/{draft.pk}/versions/{more}" for more in ("", "1/", "1/diff/")]
    read_only = Desk(ada, scopes=("read",))
    for path in paths:
        assert Desk(ada).call("GET", path).status_code == 200
        assert read_only.call("GET", path).status_code == 200
        assert Desk(mo).call("GET", path).status_code == 403
        assert Desk(chi).call("GET", path).status_code == 403
        assert api.get(f"/api/v1/desk/{path}").status_code == 401
    restore = f"drafts/{draft.pk}/versions/1/restore/"
    assert read_only.call("POST", restore, {}, etag="*").status_code == 403
    assert Desk(mo).call("POST", restore, {}, etag="*").status_code == 403
    assert Desk(ada).call("POST", restore, {}, etag="*").status_code == 200
    assert Desk(ada).call("GET", "drafts/999999/versions/").status_code == 404


def test_versions_of_a_story_in_another_section_are_not_there(ada: User) -> None:
    draft = make.draft()
    elsewhere = make.staff("elsewhere", role="reporter")
    set_section_role(elsewhere, section=make.section("문화"), role="reporter", by=make.chief())
    for more in ("", "1/", "1/diff/"):
        path = f"drafts/{draft.pk}/versions/{more}"
        assert Desk(ada).call("GET", path).status_code == 200
        assert Desk(elsewhere).call("GET", path).status_code == 404
