"""Suggestions for a draft: who may ask, what is answered and logged."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from desk.actions import edit, start_from_wire, suggest, suggesting
from desk.actions.suggesting import delete_old_suggestions
from desk.errors.suggestions import AssistantOff, NothingToSummarise
from desk.errors.wire import AIUseProhibited
from desk.models import Draft, Suggestion
from desk.suggestions.summary_lines import SummaryLine, suggest_summary
from desk.workers.suggestions import answer_due_suggestions
from newsroom.errors import NotAllowed
from tests.support import make
from tests.support.assistants import BODY, LINES, ask
from tests.support.loopback.receivers import HTTPReceiver
from wire.actions import receive_delivery
from wire.models import Source, Story

pytestmark = pytest.mark.django_db

Kind, Origin, State = Suggestion.Kind, Suggestion.Origin, Suggestion.State


def test_extraction_answers_at_once_and_changes_nothing(ada: User) -> None:
    draft = make.draft(by=ada, body=BODY)
    row = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.EXTRACTION)
    assert (row.state, len(row.lines), row.model) == (State.READY, 3, "")
    assert row.lines[0].startswith("가상시가 강변 산책로")
    assert not any("상자" in line for line in row.lines)
    before = draft.version
    draft.refresh_from_db()
    assert draft.version == before
    entry = Entry.objects.filter(verb="asked_suggestion").get()
    assert entry.details["origin"] == "extraction"


def test_pressing_twice_gives_the_same_lines_until_the_text_changes(ada: User) -> None:
    draft = make.draft(by=ada, body=BODY)
    first = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.EXTRACTION)
    assert suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.EXTRACTION) == first
    edit(draft, by=ada, body=f"{BODY}<p>시는 산책로 쉼터 세 곳도 함께 열었다.</p>")
    second = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.EXTRACTION)
    assert second.draft_version > first.draft_version
    assert Entry.objects.filter(verb="asked_suggestion").count() == 2


def test_lines_are_extracted_before_the_draft_is_locked(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever saves the draft meanwhile does not wait; the lines are those of the text that was read."""
    draft = make.draft(by=ada, body=BODY)
    version = draft.version

    def save_meanwhile(paragraphs: list[str]) -> list[SummaryLine]:
        edit(draft, by=ada, headline="그사이 고친 제목")
        return suggest_summary(paragraphs)

    monkeypatch.setattr(suggesting, "suggest_summary", save_meanwhile)
    row = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.EXTRACTION)
    assert row.draft_version == version
    assert Draft.objects.get(pk=draft.pk).version == version + 1


@pytest.mark.parametrize("body", ["", "<h2>제목뿐</h2>", "<p>짧다.</p>"])
def test_without_sentences_there_is_a_sentence_about_it(ada: User, body: str) -> None:
    with pytest.raises(NothingToSummarise):
        suggest(make.draft(by=ada, body=body), by=ada, kind=Kind.SUMMARY, origin=Origin.EXTRACTION)


def test_assistant_is_off_by_default(ada: User) -> None:
    with pytest.raises(AssistantOff):
        suggest(make.draft(by=ada), by=ada, kind=Kind.HEADLINE, origin=Origin.ASSISTANT)


def test_moderators_and_other_sections_may_not_ask(mo: User, ada: User) -> None:
    with pytest.raises(NotAllowed):
        suggest(make.draft(by=ada), by=mo, kind=Kind.SUMMARY, origin=Origin.EXTRACTION)


def test_assistant_is_given_the_saved_text_and_its_lines_are_logged(
    ada: User, assistant: HTTPReceiver
) -> None:
    draft = make.draft(by=ada, body=BODY)
    row = ask(draft, ada)
    assert (row.state, row.lines, row.model) == (State.READY, LINES, "virtual-1")
    [got] = assistant.got
    assert (got.method, got.path) == ("POST", "/v1/chat/completions")
    assert got.headers["authorization"] == "Bearer s3cret"
    sent = json.loads(got.body)
    assert sent["model"] == "virtual"
    assert "도서관을 잇는다" in sent["messages"][1]["content"]
    assert "상자 속" not in sent["messages"][1]["content"]
    entry = Entry.objects.get(verb="got_suggestion")
    assert (entry.details["model"], entry.details["prompt"]) == ("virtual-1", row.prompt_version)


def test_a_second_request_waits_for_the_first(ada: User, assistant: HTTPReceiver) -> None:
    draft = make.draft(by=ada, body=BODY)
    first = suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.ASSISTANT)
    assert suggest(draft, by=ada, kind=Kind.SUMMARY, origin=Origin.ASSISTANT) == first
    assert answer_due_suggestions() == 1
    assert len(assistant.got) == 1


@pytest.mark.parametrize("origin", [Origin.EXTRACTION, Origin.ASSISTANT])
def test_agency_copy_that_forbids_ai_is_not_summarised(
    ben: User, assistant: HTTPReceiver, origin: str
) -> None:
    source = Source.objects.by_slug("yonhap")
    source.ai_use_prohibited = True
    source.save()
    receive_delivery(
        source, raw="강변 산책로 열려\n(서울=연합뉴스) 홍길동 기자 = 길이 열렸다.".encode(), by=None
    )
    draft = start_from_wire(Story.objects.get(), by=ben)
    with pytest.raises(AIUseProhibited):
        suggest(draft, by=ben, kind=Kind.SUMMARY, origin=origin)
    assert not assistant.got


def test_old_suggestions_are_deleted(ada: User) -> None:
    suggest(make.draft(by=ada, body=BODY), by=ada, kind=Kind.SUMMARY, origin=Origin.EXTRACTION)
    assert delete_old_suggestions(before=timezone.now() - timedelta(days=1)) == 0
    assert delete_old_suggestions(before=timezone.now() + timedelta(seconds=1)) == 1


# -- API and admin -----------------------------------------------------------------------------------


def test_api_answers_now_or_later(ada: User, assistant: HTTPReceiver) -> None:
    draft, desk = make.draft(by=ada, body=BODY), make.DeskClient(ada)
    now = desk.call("POST", f"drafts/{draft.pk}/suggestions/", {})
    assert (now.status_code, now.json()["state"]) == (201, "ready")
    asked = {"kind": "headline", "origin": "assistant"}
    later = desk.call("POST", f"drafts/{draft.pk}/suggestions/", asked)
    assert (later.status_code, later.json()["state"]) == (202, "waiting")
    answer_due_suggestions()
    answer = desk.call("GET", f"drafts/{draft.pk}/suggestions/{later.json()['id']}/")
    assert (answer.json()["state"], answer.json()["lines"]) == ("ready", LINES)
    wrong = desk.call("POST", f"drafts/{draft.pk}/suggestions/", {"kind": "headline"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_extractable")
    other = make.draft(by=ada)
    foreign = desk.call("GET", f"drafts/{other.pk}/suggestions/{later.json()['id']}/")
    assert foreign.status_code == 404


def test_admin_endpoints_answer_the_script(
    ada: User, as_user: Any, assistant: HTTPReceiver
) -> None:
    draft, screen = make.draft(by=ada, body=BODY), as_user(ada)
    url = reverse("admin:desk_draft_suggest", args=[draft.pk])
    ready = screen.post(url, {"kind": "summary", "origin": "extraction"}, format="multipart")
    assert len(ready.json()["lines"]) == 3
    waiting = screen.post(url, {"kind": "summary", "origin": "assistant"}, format="multipart")
    answer_due_suggestions()
    answer = screen.get(f"{url}{waiting.json()['id']}/")
    assert answer.json()["lines"] == LINES
    assert screen.post(url, {"kind": "poem", "origin": "assistant"}).status_code == 404
    assert screen.get(url).status_code == 405
    page = screen.get(reverse("admin:desk_draft_change", args=[draft.pk])).content.decode()
    assert "AI 요약 제안" in page
    assert "요약 제안" in page
