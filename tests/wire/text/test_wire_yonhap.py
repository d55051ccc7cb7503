"""Yonhap parser: whole texts, part by part."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.support.formats.wire_copy import CROWDED_STORY, PLAIN_STORY, RIGHTS_LINE
from wire.parsers.result import Byline, Caption, Dateline
from wire.parsers.yonhap import parse

KST = timezone(timedelta(hours=9))


def test_agency_text_is_parsed_without_loss() -> None:
    story = parse(PLAIN_STORY)
    assert story.headline == "가상연구소-한빛전자 동맹 흔들리나…'달빛 사업'에 이견설"
    assert story.sent_at == datetime(2026, 10, 1, 17, 0, 14, tzinfo=KST)
    assert story.stamps == ["연합뉴스 2026-10-01 17:00:14"]
    assert story.deck == ['업계지 "서로에게 덜 기대는 시기 왔다는 뜻"']
    assert story.dateline == Dateline(("서울",), "연합뉴스")
    assert story.agency == "연합뉴스"
    assert story.bylines == [Byline("한가람", "기자", "garam@yna.co.kr")]
    assert len(story.paragraphs) == 5
    assert story.paragraphs[0].startswith("달빛 사업 출범을")
    assert [c.text for c in story.captions] == ["나래 도윤 가상연구소 CEO", "이서준 한빛전자 회장"]
    assert story.warnings == []


def test_text_with_many_kinds_of_lines_is_parsed() -> None:
    story = parse(CROWDED_STORY)
    assert (story.headline, story.marks) == ("가상 연구소, 새 언어모델 공개", ["종합2보"])
    assert story.sent_at == datetime(2026, 10, 1, 9, tzinfo=KST)
    assert story.deck == ['"한국어 추론 점수 두 배"', "11월부터 시범 서비스"]
    assert story.captions == [Caption("발표장 전경", "연합뉴스 자료사진")]
    assert story.dateline.places == ("샌프란시스코", "서울")
    assert [(p.name, p.role, p.email) for p in story.bylines] == [
        ("홍가온", "특파원", "gaon@example.invalid"),
        ("김나루", "기자", ""),
        ("이다솜", "기자", ""),
    ]
    assert len(story.paragraphs) == 2
    assert story.rights == RIGHTS_LINE
    assert story.ai_use_prohibited
    assert story.boilerplate_lines == ["(끝)", "제보는 카카오톡 example"]


def body(*lines: str) -> str:
    return "\n\n".join(["강변길 다시 연다", "(서울=연합뉴스) 한가람 기자 = 첫 문단이다.", *lines])


@pytest.mark.parametrize("subhead", ["◇ 남은 문제", "▲ 남은 문제", "━ 남은 문제", "■ 남은 문제"])
def test_subheads_are_no_captions(subhead: str) -> None:
    assert parse(body(subhead, "둘째 문단이다.")).paragraphs == [
        "첫 문단이다.",
        subhead,
        "둘째 문단이다.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "비가 왔다.",
        '"다시 만나자"',
        "그는 이렇게 말했다",
        "왜 그랬을까?",
        "- 앞으로의 계획은",
        "1. 접수 기간",
        "2천204 3천511",
        "가상전자[000000]는 올랐다.",
    ],
)
def test_short_paragraphs_are_no_captions(line: str) -> None:
    story = parse(body(line, "둘째 문단이다."))
    assert line in story.paragraphs
    assert story.captions == []


@pytest.mark.parametrize(
    ("line", "text", "credit"),
    [
        ("나래 도윤 가상연구소 CEO", "나래 도윤 가상연구소 CEO", ""),
        ("'달빛 사업' 발표장 모습", "'달빛 사업' 발표장 모습", ""),
        ("강변길 전경[연합뉴스 자료사진]", "강변길 전경", "연합뉴스 자료사진"),
        ("걷는 시민들. 2026.10.1 [AP=연합뉴스]", "걷는 시민들. 2026.10.1", "AP=연합뉴스"),
        ("새 다리 (CG) [연합뉴스TV 제공]", "새 다리", "CG 연합뉴스TV 제공"),
        ("시민 모임 (사진=가상시 제공)", "시민 모임", "사진=가상시 제공"),
    ],
)
def test_captions_between_paragraphs(line: str, text: str, credit: str) -> None:
    story = parse(body(line, "둘째 문단이다."))
    assert story.captions == [Caption(text, credit, place=1)]
    assert story.paragraphs == ["첫 문단이다.", "둘째 문단이다."]


def test_a_caption_and_its_credit_on_two_lines_are_one() -> None:
    story = parse(body("새로 칠한 강변길 난간\n[가상시 제공. 재판매 및 DB 금지]", "둘째 문단이다."))
    credit = "가상시 제공. 재판매 및 DB 금지"
    assert story.captions == [Caption("새로 칠한 강변길 난간", credit, 1, resale_prohibited=True)]
    assert story.resale_prohibited


def test_a_caption_printed_twice_is_kept_once() -> None:
    story = parse(
        "제목\n새 다리\n새 다리 [연합뉴스 자료사진]\n(서울=연합뉴스) 한가람 기자 = 문단이다."
    )
    assert story.captions == [Caption("새 다리", "연합뉴스 자료사진")]
    assert story.deck == []


def test_a_caption_may_open_with_a_dateline_of_its_own() -> None:
    photo = "(런던 로이터=연합뉴스) 걷는 시민들. 2026.10.1 [재판매 및 DB 금지]"
    story = parse(f"제목\n\n{photo}\n\n(서울=연합뉴스) 한가람 기자 = 문단이다.")
    assert story.dateline.places == ("서울",)
    assert story.captions[0].text.startswith("(런던 로이터=연합뉴스)")


def test_a_photo_story_before_the_lead_is_a_caption() -> None:
    photo = "(가상시=연합뉴스) 박노을 기자 = 시민들이 강변길을 걷고 있다. 2026.10.1"
    story = parse(f"제목\n\n걷는 시민들\n\n{photo}\n\n(서울=연합뉴스) 한가람 기자 = 문단이다.")
    assert story.captions == [Caption(photo)]
    assert [p.name for p in story.bylines] == ["한가람"]
    assert story.paragraphs == ["문단이다."]


def test_many_captions_may_stand_before_the_dateline() -> None:
    photos = [f"{n}번째 사진 [가상시 제공]" for n in "일이삼사오육칠팔구십"]
    head = "\n".join(photos + photos)
    story = parse(f"제목\n{head}\n부제 한 줄\n(서울=연합뉴스) 한가람 기자 = 문단이다.")
    assert (len(story.captions), story.deck) == (10, ["부제 한 줄"])
    assert story.bylines[0].name == "한가람"


def test_a_dateline_far_below_the_prose_opens_nothing() -> None:
    prose = ["하나다.", "둘이다.", "셋이다."]
    story = parse("\n\n".join(["제목", *prose, "(서울=연합뉴스) 한가람 기자 = 넷이다."]))
    assert story.paragraphs == [*prose, "넷이다."]
    assert story.dateline.places == ("서울",)


def test_many_short_lines_are_a_list() -> None:
    names = ["한빛초 강변 분교", "새봄초 달빛 분교", "가온초 별빛 분교"]
    assert parse(body(*names)).paragraphs == ["첫 문단이다.", *names]


def test_columns_keep_their_lines() -> None:
    story = parse("[인사] 가상부\n\n(서울=연합뉴스) ◇ 국장급\n\n감사위원회 위원장\n\n(끝)")
    assert story.marks == ["인사"]
    assert story.paragraphs == ["◇ 국장급", "감사위원회 위원장"]


def test_wrapped_lines_are_one_paragraph() -> None:
    story = parse(
        "제목\n(서울=연합뉴스) 한가람 기자 = 이 문단은 예전 전송기가 줄마다 끊어 보낸\n"
        "글이라서 다음 줄에서야 끝난다.\n다음 문장은 따로 선다."
    )
    assert story.paragraphs == [
        "이 문단은 예전 전송기가 줄마다 끊어 보낸 글이라서 다음 줄에서야 끝난다.",
        "다음 문장은 따로 선다.",
    ]


def test_a_signature_at_the_end_is_a_byline() -> None:
    story = parse(
        "제목\n\n첫 문단이다.\n\n둘째 문단이다.\n\n(서울=연합뉴스) 한가람 기자 garam@yna.co.kr"
    )
    assert story.bylines == [Byline("한가람", "기자", "garam@yna.co.kr")]
    assert story.dateline.places == ("서울",)
    assert story.paragraphs == ["첫 문단이다.", "둘째 문단이다."]
    assert story.deck == []


def test_a_story_may_have_no_byline() -> None:
    story = parse("제목\n(싱가포르=연합뉴스) 빨간 풍선이 떴다.")
    assert (story.bylines, story.paragraphs) == ([], ["빨간 풍선이 떴다."])


def test_reporters_get_email_addresses_in_order() -> None:
    story = parse(
        "제목\n(런던·서울=연합뉴스) 한가람 특파원 백두리 기자 = 문단이다.\n"
        "garam@yna.co.kr\ndoori@yna.co.kr"
    )
    assert [p.email for p in story.bylines] == ["garam@yna.co.kr", "doori@yna.co.kr"]


def test_glued_boilerplate_is_removed_from_the_last_paragraph() -> None:
    story = parse(body(f"그가 말했다.    garam@yna.co.kr▶ [현장영상] 보기{RIGHTS_LINE}"))
    assert story.paragraphs == ["첫 문단이다.", "그가 말했다."]
    assert story.contacts == ["garam@yna.co.kr"]
    assert story.rights == RIGHTS_LINE


def test_a_rights_line_broken_in_two_is_one() -> None:
    story = parse(body("저작권자(c) 연합뉴스, 무단 전재-재배포,\nAI 학습 및 활용 금지"))
    assert story.rights == "저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지"
    assert story.ai_use_prohibited


def test_lines_after_the_end_mark_are_no_text() -> None:
    story = parse(body("(끝)", "아래는 다른 소식이다.", "연합뉴스 2026-10-01 17:00:14"))
    assert story.paragraphs == ["첫 문단이다."]
    assert story.boilerplate_lines == ["(끝)", "아래는 다른 소식이다."]
    assert "text_after_end" in story.warnings
    assert story.sent_at


def test_notes_to_editors_are_kept_apart() -> None:
    story = parse(body("[※ 편집자 주 = 사진은 따로 보냅니다]"))
    assert story.notes == ["[※ 편집자 주 = 사진은 따로 보냅니다]"]
    assert story.paragraphs == ["첫 문단이다."]


def test_local_time_in_a_sentence_is_no_timestamp() -> None:
    story = parse(body("모임은 30일(현지시간) 열렸다."))
    assert story.sent_at is None
    assert "no_stamp" in story.warnings


def test_time_of_sending_wins_over_time_of_change() -> None:
    story = parse(body("수정시간 2026-10-01 19:00", "송고시간 2026-10-01 17:00"))
    assert story.sent_at == datetime(2026, 10, 1, 17, tzinfo=KST)
    assert len(story.stamps) == 2


def test_different_timestamps_are_a_warning() -> None:
    story = parse(body("송고시간 2026-10-01 17:00", "2026년10월01일 18시00분 송고"))
    assert "stamps_differ" in story.warnings


def test_reporter_email_in_the_text_is_a_warning() -> None:
    assert "address_in_text" in parse(body("그는 garam@yna.co.kr 로 쓰라고 했다.")).warnings


def test_a_headline_alone_is_a_story_without_a_body() -> None:
    story = parse("[속보] 강변길 다시 연다")
    assert (story.headline, story.paragraphs) == ("강변길 다시 연다", [])
    assert "no_body" in story.warnings


@pytest.mark.parametrize("text", ["", "\n\n \n", "(끝)", "연합뉴스 2026-10-01 17:00:14"])
def test_text_without_words_has_no_headline(text: str) -> None:
    assert parse(text).headline == ""


def test_the_headline_repeated_below_itself_is_dropped() -> None:
    story = parse("강변길 다시 연다\n\n강변길 다시 연다\n\n부제 한 줄\n\n(서울=연합뉴스) 문단이다.")
    assert story.deck == ["부제 한 줄"]
    assert story.boilerplate_lines == ["강변길 다시 연다"]


def test_windows_line_ends_and_wide_spaces_change_nothing() -> None:
    plain = parse(PLAIN_STORY)
    assert parse("\u3000\n" + PLAIN_STORY.replace("\n", " \n")) == plain


@pytest.mark.parametrize(
    "line",
    [
        "a" * 300_000,
        "<" * 300_000,
        "[가]" * 60_000,
        "▶" * 100_000,
        "가나 " * 90_000,
        "a@" * 150_000,
    ],
)
def test_hostile_lines_are_parsed_quickly(line: str) -> None:
    """Every pattern is bounded; a minute here would block a worker."""
    started = datetime.now()
    parse(f"제목\n\n{line}\n\n{line[: len(line) // 2]}")
    parse(line)
    assert datetime.now() - started < timedelta(seconds=20)
