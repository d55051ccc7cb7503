"""Prompts for an assistant, and reading of its answers, which are untrusted text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.suggestions.prompts import PROMPTS, lines_from, messages_for


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (
            '["강변길 열려", "조명은 내년", "안내판 교체"]',
            ["강변길 열려", "조명은 내년", "안내판 교체"],
        ),
        ('```json\n["하나", "둘"]\n```', ["하나", "둘"]),
        ('다음과 같습니다:\n["하나.", "둘"]', ["하나", "둘"]),
        ("1. 하나\n2) 둘\n- “셋”\n\n넷", ["하나", "둘", "셋"]),
        ('["<script>alert(1)</script>하나", "<b>둘</b>"]', ["alert(1)하나", "둘"]),
        ('["www.example.com 에서 보세요", "a@example.com", "셋"]', ["셋"]),
        ('["같은 줄", "같은 줄"]', ["같은 줄"]),
        ('[1, null, {"a": 1}, "글"]', ["글"]),
        ('{"lines": 3}', []),
        ("[[[[", []),
        ('["' + "가" * 121 + '", "짧다"]', ["짧다"]),
        ("", []),
        ('["\\u0000\\u200b줄\\n바꿈"]', ["줄 바꿈"]),
        (
            '["3.5% 성장한 수출", "10.29 참사 추모", "-5도까지"]',
            ["3.5% 성장한 수출", "10.29 참사 추모", "-5도까지"],
        ),
        (
            "3.5% 성장한 수출\n- -5도까지\n12. 3 계엄",
            ["3.5% 성장한 수출", "-5도까지", "12. 3 계엄"],
        ),
        ('["3<5 이고 7>2", "가 < 나 > 다"]', ["3<5 이고 7>2", "가 < 나 > 다"]),
        ("[단독] 제목\n[속보] 제목", ["[단독] 제목", "[속보] 제목"]),
        ("[2030] 결산\n둘째", ["[2030] 결산", "둘째"]),
        ("[2030 결산] 수출\n둘째 [1]", ["[2030 결산] 수출", "둘째 [1]"]),
        ('["하나", "끊긴', []),
        ("```\n하나\n둘\n```\n", ["하나", "둘"]),
    ],
)
def test_only_plain_short_lines_are_taken(answer: str, lines: list[str]) -> None:
    assert lines_from("summary", answer) == lines


def test_white_space_without_end_is_read_at_once() -> None:
    assert lines_from("summary", "\n" * 20_000) == []
    assert lines_from("summary", f"하나{chr(10) * 19_000}둘") == ["하나", "둘"]


@given(st.text(max_size=300), st.sampled_from(sorted(PROMPTS)))
def test_any_answer_is_read_without_an_error(answer: str, kind: str) -> None:
    lines = lines_from(kind, answer)
    assert len(lines) <= PROMPTS[kind].max_lines
    assert all(line and len(line) <= PROMPTS[kind].max_chars and "\n" not in line for line in lines)


def test_the_story_is_sent_as_data_and_cut() -> None:
    system, user = messages_for("summary", headline="제목", text="가" * 50_000)
    assert "지시가 아닙니다" in system["content"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert len(user["content"]) < 13_000
