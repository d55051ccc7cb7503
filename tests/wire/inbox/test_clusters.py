"""Clusters: reports of one event, of one agency or several, are suggested together; strangers are not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from tests.support.formats.event_pairs import ONE_EVENT, TWO_EVENTS
from tests.support.formats.wire_pairs import SAME_STORY, TWO_STORIES, Text
from tests.wire.inbox.conftest import Deliver
from wire.actions import cancel_story, mark_as_different, prune_terms
from wire.forms import MAX_OFFERED_STORIES
from wire.matching import clusters
from wire.matching.clusters import Cluster, cluster_of
from wire.matching.events import EVENT_SIMILARITY, event_facts, event_similarity, event_terms
from wire.models import MatchQuestion, MatchTerm, Story, Version
from wire.parsers.marks import split_marks

FLASH = "[속보] 별빛항공 여객기, 해오름공항 비상착륙"
REPORT = "해오름공항에 여객기 비상착륙…다친 사람 없어(종합)"
FLASH_LEAD = "별빛항공 여객기가 14일 해오름공항에 비상착륙했다."
REPORT_LEAD = "엔진에 이상이 생긴 별빛항공 여객기가 14일 오후 해오름공항에 내렸다."


def is_suggested(pair: tuple[Text, Text]) -> bool:
    """Whether two texts are found by a common term and are alike enough; the same both ways."""
    (one, lead), (other, other_lead) = ((split_marks(title)[0], lead) for title, lead in pair)
    first, second = event_facts(one, lead), event_facts(other, other_lead)
    assert event_similarity(first, second) == event_similarity(second, first)
    is_alike = event_similarity(first, second) >= EVENT_SIMILARITY
    return is_alike and bool(event_terms(one) & event_terms(other))


def test_reports_of_one_event_are_suggested() -> None:
    assert sum(map(is_suggested, ONE_EVENT)) >= 8  # of 12, by two agencies
    assert sum(map(is_suggested, SAME_STORY)) == len(SAME_STORY) == 15  # by one agency


def test_strangers_are_not_suggested() -> None:
    """Two of 31: two accidents on roads without a name, and two steps of one election."""
    wrong = [pair[0][0] for pair in [*TWO_EVENTS, *TWO_STORIES] if is_suggested(pair)]
    assert len([*TWO_EVENTS, *TWO_STORIES]) == 31
    assert wrong == ["고속도로서 4중 추돌…2명 다쳐", "가상시장 선거 후보 등록 시작"]


def test_a_text_has_few_terms() -> None:
    assert len(event_terms("가나 다라 마바 사아 자차 카타 파하 거너 더러")) == 15
    assert event_terms("14일 오전 1.2%") == frozenset()


def cluster(version: Version) -> Cluster | None:
    return cluster_of(Story.objects.select_related("source", "current").get(pk=version.story_id))


def related(version: Version) -> list[str]:
    found = cluster(version)
    return [str(one.story) for one in found.related] if found else []


@pytest.fixture
def landing(deliver: Deliver) -> list[Version]:
    """Three reports of one event by two agencies, and two strangers. The longer report comes the next
    morning, so that no question is asked whether it is one story with the flash.
    """
    return [
        deliver(FLASH, body=FLASH_LEAD, source="가상"),
        deliver(REPORT, body=REPORT_LEAD, source="가상", minutes=17 * 60),
        deliver(
            "별빛항공 여객기 해오름공항에 비상착륙", body=FLASH_LEAD, source="나래", minutes=10
        ),
        deliver("별빛항공, 3분기 흑자로 돌아서", body="영업이익 300억원을 냈다.", minutes=15),
        deliver("[인사] 별빛항공 여객기 해오름공항 본부", body="본부장 한가람.", minutes=20),
    ]


@pytest.mark.django_db
def test_stories_of_one_event_are_found_from_each_of_them(landing: list[Version]) -> None:
    flash, report, other, unrelated, column = landing
    assert len({version.story_id for version in (flash, report, other)}) == 3
    assert related(flash) == [other.headline, report.headline]
    assert related(report) == [flash.headline, other.headline]
    assert related(other) == [flash.headline, report.headline]
    assert related(unrelated) == related(column) == []


@pytest.mark.django_db
def test_a_cluster_says_how_far_the_reports_are_and_of_how_many_agencies(
    landing: list[Version],
) -> None:
    found = cluster(landing[0])
    assert found
    with translation.override("ko"):
        assert found.label() == "속보→종합 3건 · 2개 통신사"
    with translation.override("en"):
        assert found.label() == "속보→종합 3 reports · 2 agencies"


@pytest.mark.django_db
def test_nothing_is_joined_and_only_one_source_can_be(landing: list[Version]) -> None:
    assert Story.objects.filter(merged_into=None).count() == 5
    assert not MatchQuestion.objects.exists()
    found = cluster(landing[0])
    assert found
    assert {str(one.story): one.can_be_joined for one in found.related} == {
        landing[1].headline: True,
        landing[2].headline: False,
    }


@pytest.mark.django_db
def test_two_stories_of_an_agency_with_numbers_of_its_own_are_not_offered_to_be_joined(
    deliver: Deliver,
) -> None:
    one = deliver(FLASH, body=FLASH_LEAD, identifier="urn:1")
    deliver(REPORT, body=REPORT_LEAD, identifier="urn:2", minutes=5)
    found = cluster(one)
    assert found
    assert [one.can_be_joined for one in found.related] == [False]


@pytest.mark.django_db
def test_a_day_later_it_is_another_event(deliver: Deliver) -> None:
    one = deliver(FLASH, body=FLASH_LEAD)
    deliver(REPORT, body=REPORT_LEAD, source="나래", minutes=24 * 60 + 1)
    assert related(one) == []
    two = deliver(FLASH, body=FLASH_LEAD, source="새솔", minutes=24 * 60)
    assert related(one) == [two.headline]


@pytest.mark.django_db
def test_the_current_version_is_what_is_compared(deliver: Deliver) -> None:
    one = deliver("달마을 축제 소식 전한다", body="달마을.", identifier="urn:1", agency_version="1")
    deliver(REPORT, body=REPORT_LEAD, source="나래")
    assert related(one) == []
    deliver(FLASH, body=FLASH_LEAD, identifier="urn:1", agency_version="2", minutes=3)
    assert len(related(one)) == 1


@pytest.mark.django_db
def test_what_a_person_has_told_apart_is_not_suggested(landing: list[Version], ben: User) -> None:
    flash, report, other, *_ = landing
    mark_as_different(flash.story, other=report.story_id, by=ben)
    assert related(flash) == [other.headline]
    assert related(other) == [flash.headline, report.headline]


@pytest.mark.django_db
def test_the_list_says_it_in_the_same_statements_for_every_row(
    landing: list[Version], page: Callable[..., Any]
) -> None:
    with CaptureQueriesContext(connection) as captured:
        text = page().content.decode()
    assert text.count("속보→종합 3건 · 2개 통신사") == 3
    events = [row["sql"] for row in captured if '"wire_matchterm"' in row["sql"]]
    assert len(events) == 2


def press_url(version: Version, verb: str) -> str:
    """Address of a button on the page of the version's story, with the state that the page shows."""
    address = reverse("admin:wire_story_press", args=[version.story_id, verb])
    return f"{address}?version={Story.objects.get(pk=version.story_id).state_number}"


@pytest.mark.django_db
def test_the_page_of_a_story_names_the_others_and_joins_by_the_button(
    landing: list[Version], as_user: Any, ben: User
) -> None:
    flash, report, other, *_ = landing
    client = as_user(ben)
    address = reverse("admin:wire_story_change", args=[flash.story_id])
    text = client.get(address).content.decode()
    assert "같은 사건으로 보이는 기사" in text
    assert report.headline in text
    assert other.headline in text
    press = press_url(flash, "belongs")
    assert text.count(f'formaction="{press}"') == 1
    assert text.count(f'formaction="{press_url(flash, "apart")}"') == 1
    assert client.post(press, {"to": report.story_id}).status_code == 302
    assert Story.objects.get(pk=flash.story_id).merged_into_id == report.story_id


@pytest.mark.django_db
def test_a_story_that_is_asked_about_stands_in_the_question_alone(
    deliver: Deliver, as_user: Any, ben: User
) -> None:
    one = deliver("강변길 사고 7명 다쳐", body="강변길에서 사고가 나 7명이 다쳤다.")
    asked = deliver("강변길 사고 8명 다쳐", body="강변길에서 사고가 나 8명이 다쳤다.")
    assert MatchQuestion.objects.unanswered().of_story(one.story_id).count() == 1
    assert related(one) == [asked.headline]  # so the list says
    client, address = as_user(ben), reverse("admin:wire_story_change", args=[one.story_id])
    text = client.get(address).content.decode()
    assert 'id="story-questions"' in text
    assert 'id="story-cluster"' not in text
    assert text.count(">이 기사에 속함</button>") == 1
    other = deliver("강변길 사고 8명 다쳐", body="강변길 사고로 8명이 다쳤다.", source="나래")
    text = client.get(address).content.decode()
    _before, cluster_block = text.split('id="story-cluster"')
    assert reverse("admin:wire_story_change", args=[other.story_id]) in cluster_block
    assert reverse("admin:wire_story_change", args=[asked.story_id]) not in cluster_block
    assert "2건 · 2개 통신사" in cluster_block
    # An answer ends the question: the two are about one event no more.
    press = reverse("admin:wire_story_press", args=[one.story_id, "apart"])
    assert client.post(press, {"to": asked.story_id}).status_code == 302
    assert related(one) == [other.headline]


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["belongs", "apart"])
def test_a_button_of_a_page_that_is_out_of_date_does_nothing(
    landing: list[Version], as_user: Any, ben: User, verb: str
) -> None:
    flash, report, *_ = landing
    client, press = as_user(ben), press_url(flash, verb)
    page = client.get(reverse("admin:wire_story_change", args=[flash.story_id])).content.decode()
    assert f'formaction="{press}"' in page
    cancel_story(flash.story, reason="오보", by=ben)
    refused = client.post(press, {"to": report.story_id})
    assert refused.status_code == 200
    assert refused.context["form"].non_field_errors()
    assert set(Story.objects.values_list("merged_into", flat=True)) == {None}
    assert not MatchQuestion.objects.exclude(answer="").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["belongs", "apart"])
def test_a_story_of_the_cluster_is_chosen_on_a_busy_day(
    deliver: Deliver, as_user: Any, ben: User, verb: str
) -> None:
    """More stories were sent between the two than the form offers of the nearest."""
    (title, lead), (later, later_lead) = ONE_EVENT[6]
    flash, report = deliver(title, body=lead), deliver(later, body=later_lead, minutes=120)
    assert not MatchQuestion.objects.exists()
    for n in range(MAX_OFFERED_STORIES + 1):
        words = [chr(0xAC00 + 83 * (3 * n + k)) * 2 for k in range(3)]
        deliver(" ".join(words), body=words[0], minutes=5 + n)
    assert Story.objects.count() == MAX_OFFERED_STORIES + 3
    assert related(flash) == [report.headline]
    answer = as_user(ben).post(press_url(flash, verb), {"to": report.story_id})
    assert answer.status_code == 302
    joined = Story.objects.get(pk=flash.story_id).merged_into_id
    assert joined == (report.story_id if verb == "belongs" else None)
    assert related(report) == []


@pytest.mark.django_db
def test_a_reader_of_the_desk_without_the_right_sees_no_button(
    landing: list[Version], as_user: Any, ada: User
) -> None:
    address = reverse("admin:wire_story_change", args=[landing[0].story_id])
    text = as_user(ada).get(address).content.decode()
    assert "같은 사건으로 보이는 기사" in text
    assert "formaction" not in text


@pytest.mark.django_db
def test_terms_of_old_texts_are_pruned(landing: list[Version]) -> None:
    assert prune_terms(before=timezone.now() + timedelta(days=9000)) > 0
    assert not MatchTerm.objects.filter(kind=MatchTerm.Kind.EVENT).exists()
    assert related(landing[0]) == []


@pytest.mark.django_db
def test_a_formula_of_headlines_costs_a_bounded_number_of_rows(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "MAX_FOUND_TERMS", 10)
    monkeypatch.setattr(clusters, "MAX_COMPARED", 2)
    versions = [
        deliver(
            f"별빛항공 여객기 {n}마을 비상착륙", body=f"{n}마을.", identifier=f"urn:{n}", minutes=n
        )
        for n in range(6)
    ]
    assert len(related(versions[5])) <= 2
