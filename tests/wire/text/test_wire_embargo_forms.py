"""Parser of embargo lines and times: forms that are parsed, and ambiguous ones."""

from datetime import datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from wire.embargo import Embargo
from wire.labels import WARNINGS
from wire.parsers.result import SEOUL, ParsedStory
from wire.parsers.yonhap import parse
from wire.parsers.yonhap.embargo_lines import is_embargo_line, split_embargo_notes
from wire.parsers.yonhap.embargo_times import parse_embargo

SENT = datetime(2025, 6, 8, 10, tzinfo=SEOUL)
SIX = datetime(2025, 6, 8, 18, tzinfo=SEOUL)


def embargo_of(*lines: str, sent: datetime | None = SENT) -> tuple[Embargo, datetime | None]:
    return parse_embargo(list(lines), sent_at=sent)


@pytest.mark.parametrize(
    "line",
    [
        "※ 이 기사는 6월 8일 18시 이후 보도 바랍니다",
        "이 기사는 6월 8일 오후 6시 이후에 보도해 주시기 바랍니다.",
        "[엠바고 6월 8일 오후 6시]",
        "<엠바고: 2025년 6월 8일 18시 00분>",
        "(보도시점: 2025. 6. 8. 18:00)",
        "보도시점 2025. 6. 8.(일) 18:00",
        "보도일시: '25. 6. 8.(일) 18:00 이후",
        "엠바고 6/8 18:00",
        "엠바고 8일 18시",
        "엠바고: 오늘(8일) 저녁 6시",
        "금일 18시까지 엠바고",
        "6월 8일 18시까지 보도 금지",
        "6월 8일 18시 이전에 보도를 삼가 주시기 바랍니다",
        "[6월 8일 18시 이후 보도]",
        "6월 8일 18시 이후 보도",
        "(엠바고 2025-06-08T18:00:00+09:00)",
        "(엠바고 2025-06-08T09:00:00.000Z)",
        "엠바고 6월 8일 09:00 UTC",
        "보도시점 : 2025. 6. 9.(월) 조간 (온라인 6. 8.(일) 18:00)",
        "석간용 (6월 8일 18:00)",
    ],
)
def test_embargo_time_is_parsed_in_every_form(line: str) -> None:
    assert is_embargo_line(line, before_headline=False)
    assert embargo_of(line) == (Embargo.UNTIL, SIX)


@pytest.mark.parametrize(
    "line",
    [
        "[엠바고]",
        "엠바고 있음",
        "[조간용]",
        "석간용",
        "9일자 조간용",
        "엠바고 18시",
        "엠바고 6월 8일",
        "엠바고 6월 8일 6시",
        "엠바고 6월 8일 오전 12시",
        "엠바고 6월 8일 자정",
        "엠바고 6월 8일 밤 1시",
        "엠바고 6월 31일 18시",
        "엠바고 6월 8일 25시",
        "엠바고 6월 8일 18시 61분",
        "엠바고 6월 8일(월) 18시",
        "엠바고 2024. 6. 8. 18:00",
        "엠바고 2027. 6. 8. 18:00",
        "엠바고 6월 8일 18시(현지시간)",
        "엠바고 6월 8일 18:00 EST",
        "엠바고 (GMT) 6월 8일 18:00",
        "엠바고 6월 8일 18:00~20:00",
        "엠바고 18시(6월 8일)",
        "엠바고 6월 8일 18시, 지면은 6월 9일 조간",
        "엠바고 6월 8일 18시께",
        "엠바고 6월 8일 18시(변경 가능)",
        "엠바고 6월 8일 18:00+99:99",
        "엠바고 해제 시각 추후 공지",
        "엠바고 해제 전까지 보도 금지",
        "엠바고 해제 즉시 보도 가능합니다",
        "EMBARGOED UNTIL 18:00 KST JUNE 8",
        "※ 보도를 유예해 주시기 바랍니다",
    ],
)
def test_ambiguous_embargo_time_is_an_open_end(line: str) -> None:
    assert is_embargo_line(line, before_headline=False)
    assert embargo_of(line) == (Embargo.OPEN, None)


@pytest.mark.parametrize(
    "line",
    [
        "[엠바고 해제]",
        "엠바고 해제됐습니다.",
        "※ 엠바고 없음",
        "보도시점: 즉시",
        "보도시점: 배포 즉시",
    ],
)
def test_lifted_embargo_is_recognised(line: str) -> None:
    assert is_embargo_line(line, before_headline=False)
    assert embargo_of(line) == (Embargo.LIFTED, None)


@pytest.mark.parametrize(
    ("sent", "line", "until"),
    [
        ((2025, 12, 31, 20), "엠바고 1월 1일 0시", (2026, 1, 1, 0)),
        ((2025, 12, 31, 20), "엠바고 1일 00:00", (2026, 1, 1, 0)),
        ((2025, 12, 31, 20), "엠바고 내일 낮 12시", (2026, 1, 1, 12)),
        ((2026, 1, 1, 1), "엠바고 12월 31일 24시", (2026, 1, 1, 0)),
        ((2025, 6, 30, 9), "엠바고 2일 정오", (2025, 7, 2, 12)),
        ((2025, 2, 27, 9), "엠바고 모레 새벽 5시 반", (2025, 3, 1, 5, 30)),
    ],
)
def test_incomplete_embargo_date_is_completed_from_the_time_of_sending(
    sent: tuple[int, ...], line: str, until: tuple[int, ...]
) -> None:
    at = datetime(*sent, tzinfo=SEOUL)  # type: ignore[arg-type, misc]  # year, month, day, hour
    assert embargo_of(line, sent=at) == (Embargo.UNTIL, datetime(*until, tzinfo=SEOUL))  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("line", ["엠바고 6월 8일 18시", "엠바고 8일 18시", "엠바고 오늘 18시"])
def test_without_a_time_of_sending_only_a_full_date_counts(line: str) -> None:
    assert embargo_of(line, sent=None) == (Embargo.OPEN, None)
    assert embargo_of("엠바고 2025. 6. 8. 18:00", sent=None) == (Embargo.UNTIL, SIX)


def test_the_day_is_the_day_in_seoul() -> None:
    """20:00 in London on the 7th is the 8th in Seoul."""
    sent = datetime(2025, 6, 7, 20, tzinfo=ZoneInfo("Europe/London"))
    assert embargo_of("엠바고 오늘 18시", sent=sent) == (Embargo.UNTIL, SIX)


def test_equal_embargo_lines_are_one_embargo_and_different_ones_open() -> None:
    assert embargo_of("[엠바고]", "보도시점: 2025. 6. 8. 18:00") == (Embargo.UNTIL, SIX)
    assert embargo_of("엠바고 8일 18시", "보도시점: 2025. 6. 8. 18:00") == (Embargo.UNTIL, SIX)
    assert embargo_of("엠바고 8일 18시", "보도시점: 2025. 6. 8. 20:00") == (Embargo.OPEN, None)
    assert embargo_of("[엠바고 해제]", "엠바고 8일 18시") == (Embargo.UNTIL, SIX)


def story(*lines: str) -> ParsedStory:
    body = ["송고시간 2025-06-08 10:00", "(서울=연합뉴스) 한가람 기자 = 첫 문단이다."]
    return parse("\n\n".join([*lines, *body, "둘째 문단이다.", "(끝)"]))


@pytest.mark.parametrize(
    "lines",
    [
        ("[엠바고 6월 8일 18시] 강변길 다시 연다",),
        ("[속보] [엠바고 8일(일) 18시] 강변길 다시 연다",),
        ("강변길 다시 연다(엠바고 8일 18시)",),
        ("강변길 다시 연다 (6월 8일 18시 이후 보도)",),
        ("엠바고 6월 8일 18시", "강변길 다시 연다"),
        ("강변길 다시 연다", "(보도시점: 2025. 6. 8. 18:00)"),
    ],
)
def test_embargo_note_is_removed_from_the_text(lines: tuple[str, ...]) -> None:
    parsed = story(*lines)
    assert (parsed.embargo, parsed.embargo_until) == (Embargo.UNTIL, SIX)
    assert parsed.headline == "강변길 다시 연다"
    assert parsed.paragraphs == ["첫 문단이다.", "둘째 문단이다."]
    assert (parsed.deck, parsed.warnings) == ([], [])


def test_embargo_bracket_before_the_dateline_keeps_the_byline() -> None:
    parsed = parse(
        "강변길 다시 연다\n송고시간 2025-06-08 10:00\n"
        "[엠바고 6월 8일 18시] (서울=연합뉴스) 한가람 기자 = 첫 문단이다."
        " ※ 이 기사는 6월 8일 18시 이후 보도 바랍니다"
    )
    assert [person.name for person in parsed.bylines] == ["한가람"]
    assert parsed.paragraphs == ["첫 문단이다."]
    assert (parsed.embargo, parsed.embargo_until) == (Embargo.UNTIL, SIX)
    assert len(parsed.embargo_lines) == 2


def test_an_embargo_after_the_end_mark_counts() -> None:
    parsed = parse(
        "강변길 다시 연다\n송고시간 2025-06-08 10:00\n첫 문단이다.\n(끝)\n※ 6월 8일 18시까지 엠바고"
    )
    assert parsed.embargo_until == SIX


@pytest.mark.parametrize(
    "headline", ["엠바고 6월 8일 18시 강변길 다시 연다", "엠바고 6월 8일 18시 강변길 재개방"]
)
def test_headline_with_embargo_and_time_stays_and_counts(headline: str) -> None:
    parsed = story(headline)
    assert parsed.headline == headline
    assert parsed.embargo_until == SIX


@pytest.mark.parametrize(
    "headline",
    ["엠바고 파기 언론사 징계", "8일부터 일회용품 사용 금지", "28일부터 여론조사 공표·보도 금지"],
)
def test_news_about_embargoes_is_not_under_embargo(headline: str) -> None:
    parsed = story(headline)
    assert (parsed.headline, parsed.embargo) == (headline, Embargo.NONE)


@pytest.mark.parametrize(
    "paragraph",
    [
        "정부는 8일 18시까지 엠바고를 요청했다.",
        '그는 "8일 18시 이후 보도해 주시기 바랍니다"라고 말했다.',
        "법원은 8일까지 보도 금지를 명령했다.",
    ],
)
def test_sentences_about_embargoes_stay_in_the_text(paragraph: str) -> None:
    parsed = parse(f"제목\n송고시간 2025-06-08 10:00\n첫 문단이다.\n\n{paragraph}\n\n끝 문단이다.")
    assert parsed.embargo == Embargo.NONE
    assert paragraph in parsed.paragraphs


def test_mentioned_and_unreadable_embargoes_are_warnings() -> None:
    assert "embargo_mentioned" in story("엠바고 파기 언론사 징계").warnings
    assert "embargo_unreadable" in story("[엠바고] 강변길 다시 연다").warnings


def test_only_embargo_brackets_are_split_off() -> None:
    for line in ("[속보] 강변길 다시 연다(종합)", "(서울=연합뉴스) 한가람 기자 = 문단이다."):
        assert split_embargo_notes(line) == [line]


def test_every_parser_warning_has_a_sentence() -> None:
    texts = ["제목", "[엠바고]\n제목", "엠바고 논란", "제목\n송고시간 2026-13-41 27:00\n(끝)\n더"]
    texts.append("제목\n2026-10-01 09:00\n2026-10-01 10:00\n그는 a@yna.co.kr 로 쓰라고 했다.")
    codes = {code for text in texts for code in parse(text).warnings}
    assert codes == {code for code in WARNINGS if not code.startswith("char")} - {
        "control_characters"
    }


@pytest.mark.parametrize(
    "line",
    [
        "후보도바람" * 59,
        "엠바고 6월 8일 18시 " * 14,
        "(" * 299,
        "(a(b)" * 55,
        "※엠바고" + "(8일)" * 60,
    ],
)
def test_hostile_lines_are_parsed_quickly(line: str) -> None:
    text = "\n".join([line] * (1024 * 1024 // len(line.encode())))
    started = perf_counter()
    parse(text)
    assert perf_counter() - started < 20
