"""Disclosure of AI for lines of the assistant that are taken over."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from desk.actions import edit, mark_taken_over, suggest, take_lock
from desk.errors.suggestions import NoLinesToTakeOver
from desk.models import Draft, Suggestion
from newsroom.errors import NotAllowed
from tests.support import make
from tests.support.assistants import BODY, LINES, ask, completion
from tests.support.loopback.receivers import HTTPReceiver

pytestmark = pytest.mark.django_db

Kind, Origin, State = Suggestion.Kind, Suggestion.Origin, Suggestion.State


@pytest.mark.parametrize(
    ("kind", "fields", "disclosed"),
    [
        (Kind.SUMMARY, {"summary_2": LINES[0]}, "summary"),
        (Kind.HEADLINE, {"headline": LINES[1]}, "assisted"),
        (Kind.SUBHEADS, {"body": f"<h2>{LINES[2]}</h2><p>글이다.</p>"}, "assisted"),
        (Kind.SUMMARY, {"summary_2": "사람이 고쳐 쓴 줄"}, ""),
        (Kind.SUMMARY, {"summary_2": LINES[0], "ai_kind": "generated"}, "generated"),
    ],
)
def test_what_is_taken_over_is_disclosed(
    ada: User, assistant: HTTPReceiver, kind: str, fields: dict[str, Any], disclosed: str
) -> None:
    draft = make.draft(by=ada, body=BODY)
    assert ask(draft, ada, kind).state == State.READY
    draft.refresh_from_db()
    assert draft.ai_kind == "", "asking alone discloses nothing"
    assert edit(draft, by=ada, **fields).ai_kind == disclosed
    assert Draft.objects.get(pk=draft.pk).ai_kind == disclosed


def test_a_changed_line_that_was_taken_over_is_disclosed(
    ada: User, assistant: HTTPReceiver
) -> None:
    draft = make.draft(by=ada, body=BODY)
    row = mark_taken_over(ask(draft, ada), by=ada, is_taken=True)
    assert (row.taken_by, row.taken_at is not None) == (ada, True)
    assert mark_taken_over(row, by=ada, is_taken=True).taken_at == row.taken_at
    assert Draft.objects.get(pk=draft.pk).ai_kind == "", "the draft has not changed yet"
    assert edit(draft, by=ada, summary_1="사람이 고쳐 쓴 줄").ai_kind == "summary"
    entry = Entry.objects.get(verb="took_over_suggestion")
    assert (entry.details["kind"], entry.details["model"]) == ("summary", "virtual-1")


def test_a_form_that_was_open_before_does_not_remove_the_disclosure(
    ada: User, assistant: HTTPReceiver
) -> None:
    draft = make.draft(by=ada, body=BODY)
    row = mark_taken_over(ask(draft, ada, Kind.HEADLINE), by=ada, is_taken=True)
    draft = edit(draft, by=ada, headline="고쳐 쓴 제목", ai_kind="")
    assert draft.ai_kind == "assisted"
    draft = edit(draft, by=ada, headline="또 고쳐 쓴 제목", ai_kind="")
    assert Draft.objects.get(pk=draft.pk).ai_kind == "assisted"
    mark_taken_over(row, by=ada, is_taken=False)
    assert edit(draft, by=ada, ai_kind="").ai_kind == "", "taken back, it can be removed"
    assert Entry.objects.filter(verb="took_back_suggestion").count() == 1


def test_switching_the_assistant_off_keeps_disclosing(
    ada: User, assistant: HTTPReceiver, settings: Any
) -> None:
    draft = make.draft(by=ada, body=BODY)
    ask(draft, ada)
    settings.ASSISTANT_URL = ""
    assert edit(draft, by=ada, summary_1=LINES[0]).ai_kind == "summary"


@pytest.mark.parametrize(
    ("line", "body", "disclosed"),
    [
        ("R&D는 왜 늘었나", "<h2>R&amp;D는 왜 늘었나</h2><p>글이다.</p>", "assisted"),
        (
            "R&D는 왜 늘었나",
            "<h3><strong>R&amp;D</strong>는 왜 늘었나</h3><p>글이다.</p>",
            "assisted",
        ),
        ("산책로", "<p>산책로가 열렸다.</p>", ""),
        ("산책로", "<h2>산책로가 열려</h2><p>글이다.</p>", ""),
    ],
)
def test_only_subheads_are_compared_with_subheads(
    ada: User, assistant: HTTPReceiver, line: str, body: str, disclosed: str
) -> None:
    assistant.answer = completion([line])
    draft = make.draft(by=ada, body=BODY)
    assert ask(draft, ada, Kind.SUBHEADS).lines == [line]
    assert edit(draft, by=ada, body=body).ai_kind == disclosed


def test_extracted_lines_disclose_nothing(ada: User) -> None:
    draft = make.draft(by=ada, body=BODY)
    row = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.EXTRACTION)
    mark_taken_over(row, by=ada, is_taken=True)
    assert edit(draft, by=ada, summary_1=row.lines[0]).ai_kind == ""


def test_nothing_is_taken_over_without_lines_or_right(
    ada: User, mo: User, assistant: HTTPReceiver
) -> None:
    draft = make.draft(by=ada, body=BODY)
    row = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.ASSISTANT)
    with pytest.raises(NoLinesToTakeOver):
        mark_taken_over(row, by=ada, is_taken=True)
    with pytest.raises(NotAllowed):
        mark_taken_over(row, by=mo, is_taken=True)


def test_api_and_form_say_what_was_taken_over(
    ada: User, as_user: Any, assistant: HTTPReceiver
) -> None:
    draft, desk, screen = make.draft(by=ada, body=BODY), make.DeskClient(ada), as_user(ada)
    row = ask(draft, ada)
    address = f"drafts/{draft.pk}/suggestions/{row.pk}/taken/"
    assert desk.call("POST", address, {}).json()["taken_at"] is not None
    assert desk.call("DELETE", address).status_code == 204
    row.refresh_from_db()
    assert (row.taken_by, row.taken_at) == (None, None)
    assert desk.call("POST", f"drafts/{draft.pk}/suggestions/0/taken/", {}).status_code == 404
    url = reverse("admin:desk_draft_suggestion_taken", args=[draft.pk, row.pk])
    for value in ("1", "0"):
        assert screen.post(url, {"taken": value}, format="multipart").status_code == 200
        row.refresh_from_db()
        assert (row.taken_by == ada) is (value == "1")
    assert screen.get(url).status_code == 405
    waiting = suggest(draft, by=ada, kind=Kind.HEADLINE, origin=Origin.ASSISTANT)
    url = reverse("admin:desk_draft_suggestion_taken", args=[draft.pk, waiting.pk])
    refused = screen.post(url, {"taken": "1"}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_lines_to_take_over")


def test_edit_lock_of_another_refuses_taking_over(
    ada: User, ben: User, assistant: HTTPReceiver
) -> None:
    """publishing 34"""
    draft = make.draft(by=ada, body=BODY)
    row = ask(draft, ada)
    take_lock(draft, by=ben)
    desk = make.DeskClient(ada)
    for method in ("POST", "DELETE"):
        answer = desk.call(method, f"drafts/{draft.pk}/suggestions/{row.pk}/taken/", {})
        assert (answer.status_code, answer.json()["code"]) == (423, "locked")
    row.refresh_from_db()
    assert row.taken_at is None
