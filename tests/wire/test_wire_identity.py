"""A text finds its story, versions stand in order, and neither depends on the order of parsing."""

import itertools
import random
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.models import User
from audit.models import Entry
from tests.support.faults.failing_releases import count_queries
from tests.support.formats.wire_copy import agency_copy
from tests.support.formats.wire_pairs import SAME_STORY, TWO_STORIES
from tests.support.formats.wire_states import story_states
from wire.actions import (
    insert_delivery,
    join_story,
    parse_delivery,
    placing,
    receive_delivery,
    reinstate,
)
from wire.actions.erasing import erase_story
from wire.actions.filing import file_delivery
from wire.errors import QuestionOpen
from wire.models import Delivery, MatchQuestion, MatchTerm, Source, Story, StoryDecision, Version
from wire.parsers.result import SEOUL, ParsedDelivery, ParsedStory
from wire.tasks import prune_match_terms
from wire.versions import natural_order

TITLE = "가상시, 강변길 다시 연다"
DAY = "2026-11-14"


@pytest.fixture
def yonhap(db: None) -> Source:
    agency = {"name": "연합뉴스", "agency": "연합뉴스"}
    return Source.objects.get_or_create(slug="yonhap", defaults=agency)[0]


def come(source: Source, headline: str, *, at: str = f"{DAY} 09:00:00", body: str = "") -> Version:
    raw = agency_copy(headline, sent=at, body=[body or f"{headline} 소식이다."])
    version = receive_delivery(source, raw=raw, by=None).version
    assert version
    return version


def only_story() -> Story:
    return Story.objects.get(current__isnull=False)


def identified(identifier: str, *, number: str, text: str, signal: str = "") -> ParsedStory:
    """A story of a structured format."""
    return ParsedStory(
        identifier=identifier,
        agency_version=number,
        signal=signal,
        headline=TITLE,
        paragraphs=[text],
        sent_at=datetime(2026, 11, 14, 9, tzinfo=SEOUL),
        agency="가상통신",
    )


def file(source: Source, *stories: ParsedStory) -> Delivery:
    raw = repr(stories).encode()
    delivery = insert_delivery(source, raw=raw, name="", content_type="", by=None)
    return file_delivery(delivery, parsed=ParsedDelivery(list(stories), "test", "utf-8"), by=None)


# -- W2: the order of versions -----------------------------------------------------------------------


def test_a_correction_after_a_consolidation_becomes_current(yonhap: Source) -> None:
    come(yonhap, f"{TITLE}(종합)", at=f"{DAY} 12:00:00")
    fixed = come(yonhap, f"<고침> {TITLE}", at=f"{DAY} 13:00:00", body="고친 글이다.")
    assert only_story().current == fixed


def test_a_correction_of_the_same_minute_becomes_current(yonhap: Source) -> None:
    come(yonhap, f"{TITLE}(종합2보)")
    fixed = come(yonhap, f"<고침> {TITLE}", body="고친 글이다.")
    assert only_story().current == fixed


def test_three_silent_revisions_of_one_minute_are_kept_and_the_last_wins(yonhap: Source) -> None:
    for count in (7, 8, 9):
        come(yonhap, TITLE, body=f"강변길 사고로 {count}명이 다쳤다.")
    story = only_story()
    assert story.current
    assert story.current.paragraphs == ["강변길 사고로 9명이 다쳤다."]
    assert story.versions.count() == 3
    come(yonhap, TITLE, body="강변길 사고로 7명이 다쳤다.")  # the first once more
    assert only_story().current == story.current


def test_versions_stand_by_the_agencys_number_in_natural_order(yonhap: Source) -> None:
    for number in ("1.9", "1.10", "1.2"):
        file(yonhap, identified("가1", number=number, text=f"{number}판이다."))
    current = only_story().current
    assert current
    assert current.agency_version == "1.10"
    order = ["", "1", "1.9", "1.10", "1.10b", "2"]
    assert sorted(["1.10", "2", "1.9", "", "1.10b", "1"], key=natural_order) == order


def test_a_late_lower_version_does_not_revive_a_cancelled_story(yonhap: Source) -> None:
    file(yonhap, identified("가1", number="2", text="취소", signal="cancellation"))
    file(yonhap, identified("가1", number="1", text="첫 판이다."))
    assert only_story().status == Story.Status.CANCELLED


def test_a_higher_version_after_a_cancellation_waits_for_a_decision(yonhap: Source) -> None:
    file(yonhap, identified("가1", number="9", text="취소", signal="cancellation"))
    file(yonhap, identified("가1", number="10", text="열째 판이다."))
    assert only_story().status == Story.Status.WITHHELD


@pytest.mark.parametrize(
    ("pub_status", "signal", "marks"),
    [
        ("canceled", "correction", []),
        ("usable", "correction", ["전문취소"]),
        ("usable", "cancellation", ["고침"]),
        ("canceled", "text", []),
    ],
)
def test_what_cancels_comes_before_what_corrects(
    yonhap: Source, pub_status: str, signal: str, marks: list[str]
) -> None:
    file(yonhap, identified("가1", number="1", text="첫 판이다."))
    gone = identified("가1", number="2", text="취소", signal=signal)
    gone.pub_status, gone.marks = pub_status, marks
    file(yonhap, gone)
    assert only_story().status == Story.Status.CANCELLED


def withheld(*, number: str, text: str) -> ParsedStory:
    story = identified("가1", number=number, text=text)
    story.pub_status = "withheld"
    return story


def test_a_version_that_the_agency_withholds_waits_for_a_decision(
    yonhap: Source, ben: User
) -> None:
    file(yonhap, withheld(number="1", text="첫 판이다."))
    assert only_story().status == Story.Status.WITHHELD
    assert reinstate(only_story(), by=ben).status == Story.Status.USABLE
    file(yonhap, withheld(number="2", text="둘째 판이다."))
    assert only_story().status == Story.Status.WITHHELD
    file(yonhap, identified("가1", number="3", text="셋째 판이다."))
    assert only_story().status == Story.Status.USABLE


# -- W3: it finds its story --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headline", "status"),
    [
        (f"[전문취소] 14일 송고 '{TITLE}(종합2보)' 기사", Story.Status.CANCELLED),
        (f"[기사전문취소] {TITLE}", Story.Status.CANCELLED),
        (f"[KILL] {TITLE}", Story.Status.CANCELLED),
        (f"KILL: {TITLE}", Story.Status.CANCELLED),
        ("<고침> 사회(가상시, 강변길 다시…)", Story.Status.USABLE),
    ],
)
@pytest.mark.parametrize("is_first", [False, True], ids=["after", "before"])
def test_a_change_belongs_to_the_story_it_names(
    yonhap: Source, headline: str, status: Story.Status, is_first: bool
) -> None:
    change = (headline, f"{DAY} 15:00:00", "알립니다.")
    text = (f"{TITLE}(종합2보)", f"{DAY} 09:00:00", "강변길이 다시 열린다.")
    for words, at, body in (change, text) if is_first else (text, change):
        come(yonhap, words, at=at, body=body)
    story = only_story()
    assert story.status == status
    assert story.versions.count() == 2


def test_a_flash_before_midnight_and_its_report_at_ten_past_four_are_one_story(
    yonhap: Source,
) -> None:
    come(yonhap, f"[속보] {TITLE}", at=f"{DAY} 23:50:00")
    come(yonhap, f"{TITLE}(종합)", at="2026-11-15 04:10:00")
    assert only_story().versions.count() == 2


def test_a_story_goes_on_under_another_headline(yonhap: Source) -> None:
    (first, lead), (second, changed) = SAME_STORY[3]
    come(yonhap, first, body=lead)
    current = come(yonhap, second, at=f"{DAY} 11:00:00", body=changed)
    assert only_story().current == current


def test_a_text_that_belongs_to_two_stories_joins_them(yonhap: Source) -> None:
    come(yonhap, f"[속보] {TITLE}", at=f"{DAY} 20:00:00", body="강변길 곧 연다.")
    come(yonhap, f"{TITLE}(종합2보)", at="2026-11-15 10:00:00", body="강변길이 열린 뒤의 표정이다.")
    assert Story.objects.count() == 2
    come(yonhap, f"{TITLE}(종합)", at="2026-11-15 02:00:00", body="새벽에 강변길을 열었다.")
    story = only_story()
    assert story.versions.count() == 3
    assert Story.objects.get(current=None).merged_into == story


def test_strangers_of_one_kind_stay_strangers(yonhap: Source) -> None:
    for pair in TWO_STORIES:
        for headline, lead in pair:
            come(yonhap, headline, body=lead)
    assert Story.objects.count() == 2 * len(TWO_STORIES)


def test_two_identified_stories_with_one_headline_are_two(yonhap: Source) -> None:
    file(yonhap, identified("가1", number="1", text="첫째다."))
    file(yonhap, identified("가2", number="1", text="첫째다."))
    come(yonhap, TITLE, body="첫째다.")
    assert Story.objects.count() == 3
    assert not MatchQuestion.objects.exists()
    matched = MatchTerm.objects.exclude(kind=MatchTerm.Kind.EVENT)  # those are for suggestions
    assert matched.values("version").distinct().count() == 1


def test_a_text_that_is_parsed_again_stays_in_its_story(yonhap: Source) -> None:
    story = ParsedStory(headline="쪽번호 3", paragraphs=["강변길이 열린다."], agency="가상통신")
    delivery = file(yonhap, story)
    first = only_story()
    story.headline = TITLE
    file_delivery(delivery, parsed=ParsedDelivery([story], "test", "utf-8"), by=None)
    assert only_story() == first
    assert str(only_story()) == TITLE
    assert set(MatchTerm.objects.values_list("version", flat=True)) == {only_story().current_id}


def test_a_text_that_is_parsed_again_takes_its_misread_story_along(yonhap: Source) -> None:
    first = come(yonhap, TITLE).story
    story = ParsedStory(headline="[전문취소] 누리도 새 다리", paragraphs=["강변길이 열린다."])
    story.sent_at, story.marks = datetime(2026, 11, 14, 11, tzinfo=SEOUL), ["전문취소"]
    delivery = file(yonhap, story)
    assert Story.objects.filter(current__isnull=False).count() == 2
    story.headline, story.marks = TITLE, ["종합"]
    file_delivery(delivery, parsed=ParsedDelivery([story], "test", "utf-8"), by=None)
    assert only_story() == first
    assert (only_story().status, only_story().versions.count()) == (Story.Status.USABLE, 3)


def test_questions_about_a_misread_text_are_dropped(yonhap: Source) -> None:
    come(yonhap, TITLE, body="가상시는 강변길을 다시 연다고 밝혔다.")
    story = ParsedStory(headline="가상시 강변길 내달 다시 연다", paragraphs=["취소합니다."])
    story.sent_at, story.marks = datetime(2026, 11, 14, 12, tzinfo=SEOUL), ["전문취소"]
    delivery = file(yonhap, story)
    assert Story.objects.filter(maybe_cancelled=True, status="withheld").exists()
    story.headline, story.marks, story.paragraphs = "누리도, 새 다리 놓는다", [], ["다리를 놓는다."]
    file_delivery(delivery, parsed=ParsedDelivery([story], "test", "utf-8"), by=None)
    assert not MatchQuestion.objects.unanswered().exists()
    assert not Story.objects.filter(maybe_cancelled=True).exists()
    assert set(Story.objects.values_list("status", flat=True)) == {"usable"}


# -- Questions ---------------------------------------------------------------------------------------


def test_a_cancellation_that_may_mean_a_story_withholds_it(yonhap: Source, ben: User) -> None:
    come(yonhap, TITLE, body="가상시는 강변길을 다시 연다고 밝혔다.")
    gone = come(
        yonhap, "[전문취소] 가상시 강변길 내달 다시 연다", at=f"{DAY} 12:00:00", body="취소합니다."
    )
    question = MatchQuestion.objects.unanswered().get()
    assert question.version == gone
    story = question.other.story
    assert story.status == Story.Status.WITHHELD
    with pytest.raises(QuestionOpen):
        reinstate(story, by=ben)


def test_a_question_is_asked_once_for_each_other_story(yonhap: Source) -> None:
    come(yonhap, "강변길 사고 7명 다쳐", body="강변길에서 사고가 나 7명이 다쳤다.")
    come(yonhap, "강변길 사고 8명 다쳐", body="강변길에서 사고가 나 8명이 다쳤다.")
    assert MatchQuestion.objects.unanswered().count() == 1
    assert Story.objects.count() == 2


def test_a_cancellation_asks_about_every_story_that_it_may_mean(yonhap: Source) -> None:
    bodies = [f"강변길 {n}구간에서 사고가 나 {n}명이 다쳤다." for n in range(1, 8)]
    titles = [f"강변길 사고 {n}명 다쳐" for n in range(1, 8)]
    for n, (title, body) in enumerate(zip(titles, bodies, strict=True)):
        come(yonhap, title, at=f"{DAY} 09:{n:02}:00", body=body)
    gone = come(yonhap, "[전문취소] 강변길 사고 9명 다쳐", at=f"{DAY} 12:00:00", body="취소합니다.")
    assert MatchQuestion.objects.filter(version=gone).count() == 7
    assert Story.objects.filter(status=Story.Status.WITHHELD).count() == 7


@pytest.mark.parametrize("identifier", ["", "가1"], ids=["weak", "identified"])
def test_of_texts_of_one_time_the_last_of_the_delivery_is_current(
    yonhap: Source, identifier: str
) -> None:
    order = [
        "강변길 사고로 7명이 다쳤다.",
        "강변길 사고로 8명이 다쳤다.",
        "강변길 사고로 9명이 다쳤다.",
    ]
    for texts in (order, order[::-1]):
        with transaction.atomic():
            parsed = [identified(identifier, number="", text=text) for text in texts]
            file_delivery(
                Delivery.objects.create(source=yonhap, raw=b"1", sha256="1", size=1),
                parsed=ParsedDelivery(parsed, "test", "utf-8"),
                by=None,
            )
            current = only_story().current
            assert current
            assert current.paragraphs == [texts[-1]]
            transaction.set_rollback(True)


# -- The order of parsing ----------------------------------------------------------------------------


def feed() -> list[bytes]:
    """A night's copy: chains, changed headlines, changes that name stories, equal stamps, strangers."""
    texts = [
        (f"[속보] {TITLE}", f"{DAY} 23:50:00", "강변길 곧 연다."),
        (f"{TITLE}(종합)", "2026-11-15 04:10:00", "강변길을 연다고 시가 밝혔다."),
        (f"<고침> {TITLE}", "2026-11-15 04:10:00", "강변길은 다음 달에 연다."),
        ("[전문취소] 14일 송고 '다리도 다시 연다' 기사", "2026-11-15 09:00:00", "취소합니다."),
        ("다리도 다시 연다", f"{DAY} 20:00:00", "가상시는 다리도 다시 연다."),
        ("다리도 다시 연다(종합)", f"{DAY} 21:00:00", "가상시는 다리도 다시 열기로 했다."),
        ("[전문취소] 다리 내달 다시 연다", f"{DAY} 22:00:00", "취소합니다."),
        ("누리시, 새 도서관 문 연다", f"{DAY} 11:00:00", "누리시가 새 도서관의 문을 연다."),
        ("[전문취소] 누리시 새 도서관 내달 문 연다", f"{DAY} 12:00:00", "취소합니다."),
        *[("한빛호 사고", f"{DAY} 10:00:00", f"한빛호 사고로 {n}명이 다쳤다.") for n in (7, 8, 9)],
        *[(h, f"{DAY} {10 + n}:00:00", b) for n, (h, b) in enumerate(SAME_STORY[3])],
        *[(h, f"{DAY} {10 + n}:00:00", b) for n, (h, b) in enumerate(SAME_STORY[4])],
        *[(h, f"{DAY} {10 + n}:00:00", b) for n, (h, b) in enumerate(TWO_STORIES[4])],
    ]  # fmt: skip
    return [agency_copy(headline, sent=at, body=[body]) for headline, at, body in texts]


def store(source: Source, copies: list[bytes]) -> list[Delivery]:
    """The deliveries, received a second apart and not parsed."""
    start = datetime(2026, 11, 16, tzinfo=SEOUL)
    stored = []
    for n, raw in enumerate(copies):
        with time_machine.travel(start + timedelta(seconds=n), tick=False):
            stored.append(insert_delivery(source, raw=raw, name="", content_type="", by=None))
    return stored


def empty_stories() -> None:
    StoryDecision.objects.all().delete()
    Delivery.objects.update(version=None, status="received")
    Story.objects.update(current=None, overruled=None, embargo_decided=None)
    Version.objects.all().delete()
    Story.objects.all().delete()


def test_shuffled_and_doubled_deliveries_end_in_the_same_state(yonhap: Source) -> None:
    stored = store(yonhap, feed() * 2)
    for delivery in stored:
        parse_delivery(delivery, by=None)
    expected = story_states()
    assert len(expected) == 11
    assert [state[0] for state in expected].count("withheld") == 1
    for seed in range(8):
        empty_stories()
        shuffled = list(Delivery.objects.select_related("source"))
        random.Random(seed).shuffle(shuffled)
        for delivery in shuffled:
            parse_delivery(delivery, by=None)
        assert story_states() == expected, seed


def statements_of(source: Source, headline: str) -> int:
    stored = insert_delivery(source, raw=agency_copy(headline), name="", content_type="", by=None)
    return count_queries(lambda: parse_delivery(stored, by=None))


def test_a_delivery_costs_the_same_number_of_statements_on_a_busy_day(yonhap: Source) -> None:
    few = statements_of(yonhap, "아침 소식 하나")
    for n, pair in enumerate([*SAME_STORY, *TWO_STORIES]):
        for headline, lead in pair:
            come(yonhap, headline, at=f"{DAY} {n % 24:02}:30:00", body=lead)
    assert statements_of(yonhap, "저녁 소식 둘") == few
    assert few <= 20


def test_bands_of_old_texts_are_pruned_and_their_headlines_stay(yonhap: Source) -> None:
    come(yonhap, TITLE)
    assert MatchTerm.objects.filter(kind=MatchTerm.Kind.BAND).exists()
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=SEOUL), tick=False):
        assert prune_match_terms() > 0
        assert prune_match_terms() == 0
    assert set(MatchTerm.objects.values_list("kind", flat=True)) == {MatchTerm.Kind.OWN}


def test_erasing_a_story_erases_what_was_joined_with_it(yonhap: Source, ben: User) -> None:
    one, other = come(yonhap, TITLE).story, come(yonhap, "누리도, 새 다리 놓는다").story
    join_story(one, to=other.pk, by=ben)
    assert erase_story(other, label="지운 기사", is_used=lambda: False) is not None
    for model in (Story, Version, MatchTerm, MatchQuestion, StoryDecision, Delivery):
        assert not model._default_manager.exists()
    labels = Entry.objects.filter(kind="wire.story").values_list("label", flat=True)
    assert set(labels) == {"지운 기사"}


def test_many_texts_that_are_a_little_alike_do_not_hide_the_story_that_is_meant(
    yonhap: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more texts than are compared, those with the same headline are, however many came since."""
    monkeypatch.setattr(placing, "MAX_COMPARED_TEXTS", 3)
    lead = "시는 지난여름 큰물에 무너진 둑을 석 달에 걸쳐 고치고 길을 다시 연다고 밝혔다."
    story = come(yonhap, TITLE, at=f"{DAY} 08:00:00", body=lead).story
    for n, place in enumerate(("누리군", "한들읍", "새말동", "나래면", "다솜리")):
        come(yonhap, f"{place} 소식 {n}가지", at=f"{DAY} 09:0{n}:00", body=lead)
    come(yonhap, f"{TITLE}(종합)", at=f"{DAY} 10:00:00", body=lead)
    story.refresh_from_db()
    assert story.versions.count() == 2


def test_whether_a_story_may_be_cancelled_does_not_depend_on_the_order(yonhap: Source) -> None:
    """The cancellation asks also where another text of its story is closer to the one that comes later."""
    copies = [
        agency_copy(headline, sent=f"{DAY} {hour:02}:00:00", body=[body])
        for headline, hour, body in (
            ("나래마을 다리 새로 놓는다", 9, "나래마을은 다리를 새로 놓는다."),
            ("[전문취소] 나래마을 다리 새로 놓는다", 10, "취소합니다."),
            ("나래마을 다리 곁 쉼터 고친다(종합)", 11, "나래마을은 다리 곁 쉼터를 고친다."),
        )
    ]
    stored = store(yonhap, copies)
    states = []
    for order in itertools.permutations(stored):
        empty_stories()
        for delivery in order:
            parse_delivery(Delivery.objects.get(pk=delivery.pk), by=None)
        states.append(story_states())
    assert all(state == states[0] for state in states)
    assert [row[0] for row in states[0]] == ["cancelled", "withheld"]
