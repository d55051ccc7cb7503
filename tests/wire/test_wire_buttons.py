"""Buttons of the wire stories: none leads to a refusal, and each decides on the state that was read."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from tests.support.formats.wire_copy import agency_copy
from wire.actions import cancel_story, join_story, receive_delivery
from wire.errors import StoryChanged
from wire.models import Source, Story

TITLE = "강변길 다시 연다"
DAY = "2026-11-14"


@pytest.fixture
def yonhap(db: None) -> Source:
    return Source.objects.get(slug="yonhap")


@pytest.fixture
def screen(as_user: Callable[[User], APIClient], ben: User) -> APIClient:
    """Client of ben, an editor, in the admin."""
    return as_user(ben)


def arrives(
    source: Source, headline: str = TITLE, *, hour: int = 9, body: str = "길이 열린다."
) -> Story:
    raw = agency_copy(headline, sent=f"{DAY} {hour:02}:00:00", body=[body])
    version = receive_delivery(source, raw=raw, by=None).version
    assert version
    return version.story


def page_of(screen: APIClient, story: Story) -> str:
    address = reverse("admin:wire_story_change", args=[story.pk])
    return str(screen.get(address).content.decode())


def buttons(screen: APIClient, story: Story) -> set[str]:
    """The verbs of the buttons on the page of a story, the answers to a question left out."""
    bar = page_of(screen, story).partition("answer-belongs")[0]
    return set(re.findall(r"/press/(\w+)/", bar))


def test_story_that_stands_alone_has_no_button_for_two(screen: APIClient, yonhap: Source) -> None:
    assert buttons(screen, arrives(yonhap)) == {"embargo", "cancel"}


def test_story_with_another_beside_it_and_two_versions_may_be_joined_and_split(
    screen: APIClient, yonhap: Source
) -> None:
    arrives(yonhap, "누리도, 새 다리 놓는다")
    arrives(yonhap)
    story = arrives(yonhap, f"{TITLE}(종합)", hour=10)
    assert buttons(screen, story) == {"embargo", "cancel", "belongs", "apart", "split"}


def test_story_that_a_cancellation_may_mean_is_not_used_before_the_answer(
    screen: APIClient, yonhap: Source
) -> None:
    story = arrives(yonhap)
    arrives(yonhap, "[전문취소] 강변길 다시 열어", hour=10, body="취소합니다.")
    story.refresh_from_db()
    assert story.maybe_cancelled
    assert not {"reinstate", "use"} & buttons(screen, story)


def test_last_decision_is_undone_until_something_is_built_on_it(
    screen: APIClient, yonhap: Source, ben: User
) -> None:
    story, other = arrives(yonhap), arrives(yonhap, "누리도, 새 다리 놓는다")
    join_story(story, to=other.pk, by=ben)
    assert "undo" in buttons(screen, other)
    arrives(yonhap, f"{TITLE}(종합)", hour=11)
    assert "undo" not in buttons(screen, other)


def test_cancelled_story_is_not_cancelled_again(
    screen: APIClient, yonhap: Source, ben: User
) -> None:
    story = cancel_story(arrives(yonhap), reason="오보", by=ben)
    assert {"undo", "cancel"} & buttons(screen, story) == {"undo"}


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("reinstate", {}),
        ("cancel", {"reason": "오보"}),
        ("embargo", {"until": "", "reason": "통화"}),
        ("split", {"versions": [1]}),
        ("belongs", {"to": "other"}),
        ("apart", {"to": "other"}),
    ],
)
def test_press_on_a_page_that_is_out_of_date_decides_nothing(
    screen: APIClient, yonhap: Source, verb: str, answer: dict[str, object]
) -> None:
    """As the desk API answers 412."""
    other = arrives(yonhap, "누리도, 새 다리 놓는다")
    arrives(yonhap)
    arrives(yonhap, f"[전문취소] {TITLE}", hour=10, body="취소합니다.")
    story = arrives(yonhap, f"{TITLE}(종합)", hour=11)
    address = re.search(rf'"([^"]*/press/{verb}/[^"]*)"', page_of(screen, story))
    assert address
    arrives(yonhap, f"{TITLE}(종합2보)", hour=12, body="또 다른 글이다.")
    before = Entry.objects.count()
    answer = {name: other.pk if value == "other" else value for name, value in answer.items()}
    shown = screen.post(address[1], answer, follow=True).content.decode()
    assert str(StoryChanged()) in shown
    assert Entry.objects.count() == before


def test_answer_to_a_question_that_is_out_of_date_decides_nothing(
    screen: APIClient, yonhap: Source
) -> None:
    story = arrives(yonhap)
    arrives(yonhap, "[전문취소] 강변길 다시 열어", hour=10, body="취소합니다.")
    page = page_of(screen, story)
    actions = re.findall(r'id="answer-\w+-(\d+)" action="([^"]+)"', page)
    assert len(actions) == 2
    arrives(yonhap, f"{TITLE}(종합)", hour=12, body="또 다른 글이다.")
    before = Entry.objects.count()
    for other, address in actions:
        shown = screen.post(address, {"to": other}, follow=True).content.decode()
        assert str(StoryChanged()) in shown
    assert Entry.objects.count() == before
