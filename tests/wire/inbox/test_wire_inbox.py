"""The inbox: newest first, filters by what the agency says, search in the text of every version."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from wire.actions import cancel_story, insert_delivery
from wire.actions.filing import file_delivery
from wire.admin.chips import status_label
from wire.inbox_search import conditions
from wire.models import IndexedVersion, Source, Story
from wire.parsers.result import (
    SEOUL,
    Caption,
    Dateline,
    ParsedDelivery,
    ParsedStory,
    Subject,
)

pytestmark = pytest.mark.django_db


def arrives(headline: str, *, day: int = 1, raw: str = "", **over: Any) -> Story:
    """A story of this day of October 2026, in the inbox."""
    fields: dict[str, Any] = {
        "headline": headline,
        "agency": "가상통신",
        "identifier": f"urn:가상:{headline}",
        "sent_at": datetime(2026, 10, day, 9, tzinfo=SEOUL),
        "paragraphs": ["강변길이 다시 열린다."],
    }
    story = ParsedStory(**(fields | over))
    story.finish_blocks()
    source = Source.objects.get(slug="yonhap")
    delivery = insert_delivery(
        source, raw=(raw or headline).encode(), name="", content_type="", by=None
    )
    parsed = ParsedDelivery([story], "ninjs", "utf-8")
    version = file_delivery(delivery, parsed=parsed, by=None).version
    assert version
    return version.story


@pytest.fixture
def inbox(as_user: Any, ben: User) -> Any:
    """{query of the list} -> headlines in their order."""
    arrives("첫 소식", day=1, dateline=Dateline(("런던", "서울"), "가상통신"), urgency=2)
    arrives("둘째 소식", day=2, subjects=[Subject("medtop:04000000", "경제와 Business")])
    arrives(
        "셋째 소식",
        day=3,
        marks=["속보"],
        paragraphs=['시장은 GPT-9 "열쇠 100%"를 보였다.'],
        captions=[Caption("까마귀 한 마리")],
    )
    client = as_user(ben)

    def headlines(**query: str) -> list[str]:
        page = client.get(reverse("admin:wire_story_changelist"), query)
        assert page.status_code == 200, page.url
        return [story.current.headline for story in page.context["cl"].result_list]

    return headlines


def test_the_newest_stand_first(inbox: Any) -> None:
    assert inbox() == ["셋째 소식", "둘째 소식", "첫 소식"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "강변길이"}, ["둘째 소식", "첫 소식"]),
        ({"q": "gpt-9 시장은"}, ["셋째 소식"]),
        ({"q": '"열쇠 100%"'}, ["셋째 소식"]),
        ({"q": "까마귀"}, ["셋째 소식"]),
        ({"q": "%"}, ["셋째 소식"]),
        ({"q": "\\"}, []),
        ({"q": "둘째"}, ["둘째 소식"]),
        ({"place": "런던"}, ["첫 소식"]),
        ({"place": "런"}, []),
        ({"subject": "business"}, ["둘째 소식"]),
        ({"subject": "medtop:04"}, ["둘째 소식"]),
        ({"urgency": "flash"}, ["셋째 소식", "첫 소식"]),
        ({"urgency": "flash", "q": "강변길이", "place": "서울"}, ["첫 소식"]),
        ({"day": "2026-10-02"}, ["둘째 소식"]),
        ({"day": "2026-99-02"}, ["셋째 소식", "둘째 소식", "첫 소식"]),
        ({"day": "2026-10-01", "q": "둘째"}, []),
    ],
)
def test_search_and_filters(inbox: Any, query: dict[str, str], found: list[str]) -> None:
    assert inbox(**query) == found


def test_words_are_found_however_many_stories_are_newer(
    inbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditions, "SEARCH_WINDOW", 1)
    assert inbox(q="강변길이") == ["둘째 소식", "첫 소식"]
    assert inbox(place="런던") == ["첫 소식"]
    assert inbox(subject="business") == ["둘째 소식"]


def test_signs_without_a_letter_are_looked_for_in_the_newest_that_match_the_other_filters(
    inbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditions, "SEARCH_WINDOW", 2)
    assert inbox(q="%") == ["셋째 소식"]
    monkeypatch.setattr(conditions, "SEARCH_WINDOW", 1)
    arrives("넷째 소식", day=4)
    assert inbox(q="%") == []
    assert inbox(q="%", day="2026-10-03") == ["셋째 소식"]


def test_the_list_counts_nothing(inbox: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        inbox(q="강변길이")
        inbox()
    listed = [query["sql"] for query in captured if '"wire_story"' in query["sql"]]
    assert listed
    assert not [sql for sql in listed if "COUNT(" in sql.upper()]


def test_the_api_searches_the_text(inbox: Any, as_user: Any, ben: User) -> None:
    rows = as_user(ben).get("/api/v1/desk/wire/", {"q": "까마귀"}).json()["results"]
    assert [row["headline"] for row in rows] == ["셋째 소식"]


def test_a_chip_says_who_cancelled_a_story(as_user: Any, ben: User) -> None:
    """By hand where a person did and the agency did not, in the list and on its page alike."""
    texts = [f"기사 {'가나다라'[n]}" for n in range(4)]
    stories = [arrives(text, agency_version="1") for text in texts]
    client = as_user(ben)
    address = reverse("admin:wire_story_changelist")

    def states() -> list[tuple[str, str]]:
        rows = client.get(address).context["cl"].result_list
        listed = {row.pk: status_label(row) for row in rows}
        pages = [client.get(reverse("admin:wire_story_change", args=[s.pk])) for s in stories]
        return [
            (listed[story.pk], status_label(page.context["original"]))
            for story, page in zip(stories, pages, strict=True)
        ]

    agency, by_hand = ("전문취소", "전문취소"), ("직접 취소함", "직접 취소함")
    for story in stories[:2]:
        cancel_story(story, reason="오보", by=ben)
    assert states()[:2] == [by_hand, by_hand]
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for text in texts[1:3]:
        arrives(text, raw=f"{text} 취소", agency_version="2", signal="cancellation")
    cancel_story(Story.objects.get(pk=stories[3].pk), reason="오보", by=ben)
    assert states() == [by_hand, agency, agency, by_hand]
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_a_search_within_a_day_finds_what_the_day_has(as_user: Any, ben: User) -> None:
    """Also a time of sending in the future, one before 1970, and a text that is cancelled a day later."""
    arrives("둑길 앞날", sent_at=datetime(2090, 5, 6, 9, tzinfo=SEOUL))
    arrives("둑길 옛날", sent_at=datetime(1950, 5, 6, 9, tzinfo=SEOUL))
    late: dict[str, Any] = {
        "raw": "취소",
        "day": 6,
        "signal": "cancellation",
        "agency_version": "2",
    }
    arrives("둑길 취소", day=5, agency_version="1")
    arrives("둑길 취소", **late)
    client = as_user(ben)

    def listed(**query: str) -> list[str]:
        answer = client.get(reverse("admin:wire_story_changelist"), query)
        return [str(story) for story in answer.context["cl"].result_list]

    days = {"2090-05-06": "둑길 앞날", "1950-05-06": "둑길 옛날", "2026-10-05": "둑길 취소"}
    for day, headline in days.items():
        assert listed(day=day) == listed(day=day, q="둑길") == [headline]
        assert listed(day=day, q="강변길 -까마귀") == [headline]
    assert listed(day="2090-05-07", q="둑길") == []
    key = IndexedVersion.objects.get(version__headline="둑길 앞날").sort_key
    back = {"day": "2090-05-06", "q": "둑길"}
    assert listed(**back, newer_than=str(key - 1)) == ["둑길 앞날"]
    assert listed(**back, newer_than=str(key)) == listed(**back, older_than=str(key)) == []
