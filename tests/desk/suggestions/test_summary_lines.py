"""Summary lines by extraction: sentences, shortening, ranking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.suggestions.sentences import split_sentences
from desk.suggestions.shortening import MAX_LINE_CHARS, shorten
from desk.suggestions.summary_lines import suggest_summary
from desk.suggestions.text_rank import rank_sentences

PARAGRAPHS = [
    "가상시가 강변 산책로 3.5㎞를 새로 열었다고 30일 밝혔다. 공사에는 2026.11.30.까지 14억원이 들었다.",
    '담당자는 "길이 넓어졌다. 자전거도 다닌다."라고 말했다. "정말 좋다!" 주민들도 반겼다.',
    "산책로는 강변 공원과 도서관을 잇는다. 시는 내년에 산책로 조명을 교체할 계획이다.",
    "한편 시는 강변 산책로 안내판(영문 포함)을 모두 새로 설치했다.",
]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("하나다. 둘이다! 셋일까? 넷", ["하나다.", "둘이다!", "셋일까?", "넷"]),
        ('그는 "간다. 온다."라고 했다. 끝.', ['그는 "간다. 온다."라고 했다.', "끝."]),
        ("“간다.” 그는 웃었다.", ["“간다.”", "그는 웃었다."]),
        ("값은 3.5% 올라 1,204.5가 됐다. 다음.", ["값은 3.5% 올라 1,204.5가 됐다.", "다음."]),
        ("마감은 11.30. 자정이다. 뒤.", ["마감은 11.30. 자정이다.", "뒤."]),
        ("The U.S. firm grew. It said so.", ["The U.S. firm grew.", "It said so."]),
        ("Mr. Han's firm left in '26. It grew.", ["Mr. Han's firm left in '26.", "It grew."]),
        ('닫지 않은 "말이 있다. 다음 문장이다.', ['닫지 않은 "말이 있다.', "다음 문장이다."]),
        ("그러나… 모른다. 끝…", ["그러나… 모른다.", "끝…"]),
        ("가상(가. 나. 다.)시가 열렸다. 끝.", ["가상(가. 나. 다.)시가 열렸다.", "끝."]),
        ("", []),
    ],
)
def test_sentences_are_split_outside_quotations(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize("text", ["(" * 300, "([“「" * 90, "(가" * 200, "“(" * 150 + ")" * 150])
def test_marks_that_are_never_closed_protect_nothing_and_cost_nothing(text: str) -> None:
    """Looking for the end of each anew would take longer than the universe is old."""
    assert split_sentences(f"{text} 첫째다. 둘째다.")[-1] == "둘째다."


def test_dots_are_read_where_they_stand() -> None:
    """No copy of the rest of the text at each of them."""
    assert len(split_sentences("1. " * 20_000 + "끝이다. 뒤.")) == 2


def test_very_long_text_is_cut() -> None:
    many = "강변 산책로가 새로 열렸다고 했다. " * 4_000
    lines = suggest_summary([many, "읽지 않는 문장이 여기에 있다."])
    assert len(lines) == 1


@given(st.text(alphabet="가나다.!?… \"“”'()「」A1,", max_size=200))
def test_splitting_loses_no_character(text: str) -> None:
    together = "".join("".join(split_sentences(text)).split())
    assert together == "".join(text.split())


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("가상연구소가 새 모델을 공개했다.", "가상연구소가 새 모델 공개"),
        ("한편, 시는 산책로를 확장한다.", "시는 산책로 확장"),
        ("새 길이 내년에 공개됐다.", "새 길이 내년에 공개돼"),
        ("시는 조명을 바꿀 계획이다.", "시는 조명을 바꿀 계획"),
        ("시는 공사를 하지 않았다.", "시는 공사를 하지 않았다"),
        ("시장은 참석하지 못했다.", "시장은 참석하지 못했다"),
        ("그는 짧게 말했다.", "그는 짧게 말했다"),
        ("시가 마을 조사했다.", "시가 마을 조사"),
        ("또 다른 길이 열렸다.", "또 다른 길이 열렸다"),
        ("또 한 번 기록을 경신했다.", "또 한 번 기록 경신"),
        ("또, 시는 길을 확장했다.", "시는 길 확장"),
        ("앞서 시는 길을 확장했다.", "앞서 시는 길 확장"),
        ("이날 시는 길을 확장했다.", "이날 시는 길 확장"),
        ("이에 앞서 시는 길을 확장했다.", "이에 앞서 시는 길 확장"),
        ("강변은 낮에 따뜻했다.", "강변은 낮에 따뜻했다"),
        ("준비는 든든했다.", "준비는 든든했다"),
        ("새 제도를 도입해야한다.", "새 제도를 도입해야한다"),
        ("시는 사업을 추진하려한다.", "시는 사업을 추진하려한다"),
        ("시장은 참석하지못했다.", "시장은 참석하지못했다"),
        ("가상은행(VB)이 금리를 인하했다.", "가상은행(VB)이 금리 인하"),
    ],
)
def test_line_ends_like_a_headline_and_says_the_same(sentence: str, line: str) -> None:
    assert shorten(sentence) == line


def test_long_line_is_cut_between_words_and_says_so() -> None:
    line = shorten("강변 산책로를 " * 30 + "열었다.")
    assert len(line) <= MAX_LINE_CHARS
    assert line.endswith(("산책로를…", "강변…"))
    assert len(shorten("가" * 300)) == MAX_LINE_CHARS


def test_brackets_with_digits_stay_in_long_lines() -> None:
    line = shorten(
        "가상시(시장 홍길동)는 강변 산책로(3.5㎞)와 도서관을 잇는 길을 담당자(45) 제안에 따라 새로 열었다."
    )
    assert "(3.5㎞)" in line
    assert "(45)" in line
    assert "홍길동" not in line


def test_three_different_sentences_in_the_order_of_the_text() -> None:
    lines = suggest_summary(PARAGRAPHS)
    text = " ".join(PARAGRAPHS)
    places = [text.index(line.sentence) for line in lines]
    assert len(lines) == 3
    assert places == sorted(places)
    assert lines[0].sentence.startswith("가상시가 강변 산책로")
    assert not any("정말 좋다" in line.text for line in lines)


@pytest.mark.parametrize("paragraphs", [[], [""], ["짧다."], ["뭘까?"], ['"말뿐이다."']])
def test_text_without_sentences_gives_no_lines(paragraphs: list[str]) -> None:
    assert suggest_summary(paragraphs) == []


def test_repeated_sentences_count_once() -> None:
    repeated = "가상시가 강변 산책로를 새로 열었다."
    assert len(suggest_summary([repeated] * 40)) == 1


def test_scores_add_up_and_favour_what_others_share() -> None:
    scores = rank_sentences(
        ["강변 산책로 개장", "강변 산책로 조명", "강변 산책로 안내", "무관한 축구"]
    )
    assert sum(scores) == pytest.approx(1, abs=0.01)
    assert min(scores) == scores[3]


def test_long_text_costs_bounded_work() -> None:
    """150 sentences are ranked of however many there are."""
    scores = rank_sentences([f"문장 {n}번이 여기에 있다" for n in range(2000)])
    assert len(scores) == 2000
    assert not any(scores[150:])
