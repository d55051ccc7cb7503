"""Requests that wait for the assistant: claimed, ended, and what text is sent."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from desk.actions import edit, move_to_trash, suggest
from desk.actions.suggesting import claim_suggestion
from desk.models import Suggestion
from desk.workers.suggestions import answer_due_suggestions, start_suggestions
from tests.support import make
from tests.support.assistants import BODY, ask
from tests.support.loopback.receivers import HTTPReceiver

pytestmark = pytest.mark.django_db

Kind, Origin, State = Suggestion.Kind, Suggestion.Origin, Suggestion.State


def test_an_unexpected_error_ends_the_request(
    ada: User, assistant: HTTPReceiver, settings: Any
) -> None:
    """A key that no header can have: not asked again and again."""
    settings.ASSISTANT_KEY = "비밀"
    row = ask(make.draft(by=ada, body=BODY), ada)
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert "다시 해 보거나" in row.reason
    assert claim_suggestion(timezone.now() + timedelta(days=1)) is None


def test_a_request_whose_process_died_twice_fails(ada: User, assistant: HTTPReceiver) -> None:
    row = suggest(make.draft(by=ada, body=BODY), by=ada, kind=Kind.SUMMARY, origin=Origin.ASSISTANT)
    now = timezone.now()
    for hours in range(2):
        assert claim_suggestion(now + timedelta(hours=hours)) == row
    assert claim_suggestion(now + timedelta(hours=3)) is None
    row.refresh_from_db()
    assert (row.state, row.lines) == (State.FAILED, [])
    assert Entry.objects.filter(verb="suggestion_failed").count() == 1


def test_a_claim_lasts_longer_than_the_assistant_may_take(ada: User, settings: Any) -> None:
    settings.ASSISTANT_URL = "http://127.0.0.1:9/v1"
    settings.ASSISTANT_TIMEOUT_SECONDS = 600.0
    suggest(make.draft(by=ada, body=BODY), by=ada, kind=Kind.SUMMARY, origin=Origin.ASSISTANT)
    now = timezone.now()
    assert claim_suggestion(now) is not None
    assert claim_suggestion(now + timedelta(minutes=10)) is None
    assert claim_suggestion(now + timedelta(minutes=12)) is not None


def test_without_an_assistant_nothing_is_looked_for(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0):
        assert start_suggestions() is None


@pytest.mark.parametrize("change", ["trashed", "emptied"])
def test_a_story_that_went_meanwhile_is_not_sent(
    ada: User, assistant: HTTPReceiver, change: str
) -> None:
    draft = make.draft(by=ada, body=BODY)
    row = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.ASSISTANT)
    if change == "trashed":
        move_to_trash(draft, by=ada)
    else:
        edit(draft, by=ada, body="<h2>제목뿐</h2>")
    answer_due_suggestions()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert ("휴지통" if change == "trashed" else "제안할 문장이 없습니다") in row.reason
    assert not assistant.got


def test_the_version_is_that_of_the_text_sent(ada: User, assistant: HTTPReceiver) -> None:
    draft = make.draft(by=ada, body=BODY)
    row = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.ASSISTANT)
    changed = edit(draft, by=ada, body=f"{BODY}<p>나중에 쓴 문장이다.</p>")
    answer_due_suggestions()
    row.refresh_from_db()
    assert row.draft_version == changed.version
    assert "나중에 쓴 문장" in json.loads(assistant.got[0].body)["messages"][1]["content"]


def test_an_abandoned_request_is_claimed_again(ada: User, assistant: HTTPReceiver) -> None:
    suggest(make.draft(by=ada, body=BODY), by=ada, kind=Kind.SUMMARY, origin=Origin.ASSISTANT)
    now = timezone.now()
    assert claim_suggestion(now) is not None
    assert claim_suggestion(now) is None
    assert claim_suggestion(now + timedelta(minutes=4)) is not None
