"""Decisions of a person: join, tell apart, split, cancel, undo; through the desk API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from tests.support.formats.wire_copy import agency_copy
from tests.support.formats.wire_states import story_states
from wire.actions import receive_delivery, reinstate, set_embargo
from wire.actions.joining import carry_cancellation, join_stories
from wire.actions.snapshots import take_snapshot
from wire.errors import StoryJoined
from wire.models import MatchQuestion, Source, Story, Version
from wire.parsers.result import SEOUL

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], APIClient]
TITLE = "가상시, 강변길 다시 연다"
OTHER = "누리도, 새 다리 놓는다"
DAY = "2026-11-14"


@pytest.fixture
def desk(as_user: SignIn, ben: User) -> APIClient:
    return as_user(ben)


def come(headline: str, *, at: str = "09:00:00", body: str = "") -> Version:
    raw = agency_copy(headline, sent=f"{DAY} {at}", body=[body or f"{headline} 소식이다."])
    version = receive_delivery(Source.objects.get(slug="yonhap"), raw=raw, by=None).version
    assert version
    return version


def url(story: Story, verb: str = "") -> str:
    return f"/api/v1/desk/wire/{story.pk}/{verb}"


def post(desk: APIClient, story: Story, verb: str, data: dict[str, Any] | None = None) -> Any:
    tag = desk.get(url(story))["ETag"]
    return desk.post(url(story, f"{verb}/"), data or {}, format="json", headers={"If-Match": tag})


def snapshot() -> dict[str, Any]:
    return take_snapshot(Story.objects.values_list("pk", flat=True))


def test_a_story_is_joined_and_the_undoing_restores_everything(desk: APIClient, ben: User) -> None:
    one, other = come(TITLE).story, come(OTHER, at="10:00:00").story
    before, states = snapshot(), story_states()
    answer = post(desk, one, "belongs-to", {"story": other.pk})
    assert answer.status_code == 200
    assert (answer.json()["id"], len(answer.json()["versions"])) == (other.pk, 2)
    assert answer.json()["decision"] == "joined"
    gone = desk.get(url(one))
    assert (gone.status_code, gone.json()["code"]) == (410, "joined")
    undone = post(desk, other, "undo")
    assert undone.status_code == 200
    assert undone.json()["decision"] is None
    assert (snapshot(), story_states()) == (before, states)
    verbs = list(Entry.objects.filter(by=ben.pk).values_list("verb", flat=True))
    assert {"stories_joined", "story_joined_with", "decision_undone"} <= set(verbs)


def test_later_texts_go_to_the_story_that_was_joined(desk: APIClient) -> None:
    one, other = come(TITLE).story, come(OTHER, at="10:00:00").story
    post(desk, one, "belongs-to", {"story": other.pk})
    assert come(f"{TITLE}(종합)", at="11:00:00").story == other
    assert come(f"{OTHER}(종합)", at="11:00:00").story == other


def test_versions_are_split_off_and_stay_apart(desk: APIClient) -> None:
    first = come(TITLE, body="강변길을 연다.")
    second = come(f"{TITLE}(종합)", at="10:00:00", body="전혀 다른 강변길 이야기다.")
    story = first.story
    before = snapshot()
    answer = post(desk, story, "split", {"versions": [2]})
    assert answer.status_code == 200
    new = Story.objects.get(pk=answer.json()["id"])
    second.refresh_from_db()
    assert (second.story, second.number, new.current) == (new, 1, second)
    story.refresh_from_db()
    assert story.current == first
    undone = post(desk, story, "undo")
    assert undone.status_code == 200
    assert take_snapshot([story.pk]) == before
    post(desk, story, "split", {"versions": [2]})
    third = come(f"{TITLE}(종합2보)", at="11:00:00", body="전혀 다른 강변길 이야기를 잇는다.")
    second.refresh_from_db()
    assert third.story == second.story
    assert Story.objects.filter(current__isnull=False).count() == 2


def test_a_question_is_answered_and_the_answer_is_undone(desk: APIClient) -> None:
    one = come(TITLE, body="가상시는 강변길을 다시 연다고 밝혔다.").story
    gone = come("[전문취소] 가상시 강변길 내달 다시 연다", at="12:00:00", body="취소합니다.").story
    [question] = desk.get(url(one)).json()["questions"]
    assert question["story"] == gone.pk
    answer = post(desk, one, "split", {"other": gone.pk})
    assert (answer.json()["status"], answer.json()["questions"]) == ("usable", [])
    undone = post(desk, one, "undo")
    assert (undone.json()["status"], len(undone.json()["questions"])) == ("withheld", 1)
    joined = post(desk, gone, "belongs-to", {"story": one.pk})
    assert (joined.json()["status"], joined.json()["questions"]) == ("cancelled", [])
    assert MatchQuestion.objects.get().answer == MatchQuestion.Answer.SAME


def test_a_story_is_cancelled_by_hand_and_the_cancelling_undone(desk: APIClient) -> None:
    story = come(TITLE).story
    before = snapshot()
    assert post(desk, story, "cancel", {"reason": "전화로 취소"}).json()["status"] == "cancelled"
    again = post(desk, story, "cancel", {"reason": "또"})
    assert (again.status_code, again.json()["code"]) == (409, "already_cancelled")
    assert post(desk, story, "undo").json()["status"] == "usable"
    assert snapshot() == before
    post(desk, story, "cancel", {"reason": "전화로 취소"})
    come(f"[1보] {TITLE}", at="08:00:00")
    assert desk.get(url(story)).json()["status"] == "cancelled"
    assert post(desk, story, "undo").json()["status"] == "usable"
    assert post(desk, story, "undo").json()["code"] == "nothing_to_undo"


def test_undoing_a_split_at_the_story_that_it_made_answers_with_the_other(desk: APIClient) -> None:
    story = come(TITLE, body="강변길을 연다.").story
    come(f"{TITLE}(종합)", at="10:00:00", body="전혀 다른 강변길 이야기다.")
    new = post(desk, story, "split", {"versions": [2]}).json()["id"]
    undone = post(desk, Story.objects.get(pk=new), "undo")
    assert (undone.status_code, undone.json()["id"]) == (200, story.pk)
    assert len(undone.json()["versions"]) == 2


def test_nothing_is_decided_about_a_story_that_was_joined(desk: APIClient, ben: User) -> None:
    one, other = come(TITLE).story, come(OTHER, at="10:00:00").story
    post(desk, one, "belongs-to", {"story": other.pk})
    with pytest.raises(StoryJoined):
        set_embargo(one, until=None, reason="", by=ben)
    with pytest.raises(StoryJoined):
        reinstate(one, by=ben)


def test_a_cancelling_by_hand_is_undone_after_the_intake_joined_the_story(desk: APIClient) -> None:
    one = come(TITLE).story
    other = come("강변길 다시 열려 시민들 반색", at="09:30:00", body="시민들이 반색했다.").story
    assert one != other
    post(desk, other, "cancel", {"reason": "전화로 취소"})
    post(desk, one, "cancel", {"reason": "전화로 취소"})
    for former in (one, other):
        former.refresh_from_db()
    carry_cancellation(one, other)
    join_stories(one, [other], by=None)
    assert desk.get(url(one)).json()["status"] == "cancelled"
    assert post(desk, one, "undo").json()["status"] == "cancelled"
    assert post(desk, one, "undo").json()["status"] == "usable"
    assert post(desk, one, "undo").json()["code"] == "nothing_to_undo"


def test_a_text_sent_after_a_cancelling_by_hand_waits_for_a_decision(
    desk: APIClient, ben: User
) -> None:
    story = come(TITLE).story
    post(desk, story, "cancel", {"reason": "전화로 취소"})
    cancelled_at = datetime(2026, 11, 14, 10, tzinfo=SEOUL)
    Story.objects.filter(pk=story.pk).update(cancelled_at=cancelled_at)
    come(f"{TITLE}(종합)", at="11:00:00")
    story.refresh_from_db()
    assert story.status == Story.Status.WITHHELD
    reinstate(story, by=ben)
    story.refresh_from_db()
    assert story.is_usable()


def test_undoing_is_refused_when_a_version_came_since(desk: APIClient) -> None:
    one, other = come(TITLE).story, come(OTHER, at="10:00:00").story
    post(desk, one, "belongs-to", {"story": other.pk})
    come(f"{TITLE}(종합)", at="11:00:00")
    before = snapshot()
    undone = post(desk, other, "undo")
    assert (undone.status_code, undone.json()["code"]) == (409, "built_on_since")
    assert "기사문" in undone.json()["detail"]
    assert snapshot() == before


def test_undoing_is_refused_when_something_was_decided_since(desk: APIClient, ben: User) -> None:
    one, other = come(TITLE).story, come(OTHER, at="10:00:00").story
    post(desk, one, "belongs-to", {"story": other.pk})
    set_embargo(other, until=None, reason="통화", by=ben)
    undone = post(desk, other, "undo")
    assert (undone.status_code, undone.json()["code"]) == (409, "built_on_since")


def test_decisions_need_the_state_that_was_read(desk: APIClient) -> None:
    story = come(TITLE).story
    stale = desk.get(url(story))["ETag"]
    come(f"{TITLE}(종합)", at="10:00:00")
    data = {"reason": "전화"}
    assert desk.post(url(story, "cancel/"), data, format="json").status_code == 428
    answer = desk.post(url(story, "cancel/"), data, format="json", headers={"If-Match": stale})
    assert answer.status_code == 412
    star = desk.post(url(story, "cancel/"), data, format="json", headers={"If-Match": "*"})
    assert star.status_code == 200


@pytest.mark.parametrize(
    ("verb", "data", "status"),
    [
        ("belongs-to", {"story": 999_999}, 422),
        ("belongs-to", {}, 400),
        ("split", {"versions": [1]}, 422),
        ("split", {"versions": [7]}, 422),
        ("split", {}, 400),
        ("split", {"versions": [1], "other": 1}, 400),
        ("cancel", {}, 400),
        ("undo", {}, 409),
        ("undo", {"force": True}, 400),
    ],
)
def test_decisions_that_make_no_sense_are_refused(
    desk: APIClient, verb: str, data: dict[str, Any], status: int
) -> None:
    story = come(TITLE).story
    before = snapshot()
    answer = post(desk, story, verb, data)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert snapshot() == before


def test_reporters_read_and_do_not_decide(as_user: SignIn, ada: User) -> None:
    story = come(TITLE).story
    client = as_user(ada)
    assert client.get(url(story)).status_code == 200
    assert post(client, story, "cancel", {"reason": "전화"}).status_code == 403


def test_identified_stories_are_not_joined_by_hand(desk: APIClient) -> None:
    one, other = come(TITLE).story, come(OTHER).story
    Story.objects.filter(pk=other.pk).update(identifier="가1")
    answer = post(desk, one, "belongs-to", {"story": other.pk})
    assert (answer.status_code, answer.json()["code"]) == (409, "identified_story")


def test_versions_are_compared_word_by_word(desk: APIClient) -> None:
    story = come(TITLE, body="강변길 사고로 7명이 다쳤다.").story
    come(f"{TITLE}(종합)", at="10:00:00", body="강변길 사고로 9명이 다쳤다.")
    answer = desk.get(url(story, "diff/"), {"from": 1, "to": 2})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["before"], body["after"]) == (1, 2)
    [text] = [field for field in body["fields"] if field["field"] == "text"]
    [row] = text["rows"]
    assert row["kind"] == "changed"
    assert [s["text"].strip() for s in row["after"] if s["op"] == "insert"] == ["9명이"]
    assert desk.get(url(story, "diff/"), {"from": 1}).json() == body
    for wrong in ({}, {"from": 0}, {"from": 1, "to": 0}):
        assert desk.get(url(story, "diff/"), wrong).status_code == 400
    assert desk.get(url(story, "diff/"), {"from": 9}).status_code == 404


def test_a_story_with_many_questions_needs_the_same_number_of_queries(
    desk: APIClient, django_assert_max_num_queries: Any
) -> None:
    def queries(story: Story) -> int:
        with django_assert_max_num_queries(30) as spent:
            desk.get(url(story))
        return len(spent.captured_queries)

    lone = come(TITLE).story
    queries(lone)
    few = queries(lone)
    asked = [
        come(f"강변길 사고 {n}명 다쳐", body=f"사고로 {n}명이 다쳤다.").story for n in range(5)
    ]
    assert MatchQuestion.objects.unanswered().of_story(asked[-1].pk).count() > 1
    assert queries(asked[-1]) == few
