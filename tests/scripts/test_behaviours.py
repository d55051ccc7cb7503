"""Behaviours of docs/behaviours.md: each is named by the docstring of a test, and no others are.

A docstring may name several: `publishing 5, 6, 7-9`.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = PROJECT_ROOT / "docs" / "behaviours.md"
Behaviour = tuple[str, str]  # subject and number
SUBJECT = re.compile(r"^## (\w+)$", re.MULTILINE)
ROW = re.compile(r"^\| ([A-Z]?\d+[a-z]?) \| (.+) \|$", re.MULTILINE)
NOT_APPLICABLE = re.compile(r"n/a: \S.{30,}\.")  # with the reason, a sentence
NUMBER = r"[A-Z]?\d+[a-z]?"
SPAN = re.compile(r"(\d+)\s*[-–]\s*(\d+)")


def documented() -> dict[Behaviour, str]:
    """Every numbered behaviour of the document, by the heading under which it stands, and its text."""
    parts = SUBJECT.split(DOCUMENT.read_text("utf-8"))
    subjects = zip(parts[1::2], parts[2::2], strict=True)
    return {
        (subject, number): text for subject, rows in subjects for number, text in ROW.findall(rows)
    }


DOCUMENTED = sorted(documented())
APPLICABLE = [key for key, text in sorted(documented().items()) if not text.startswith("n/a")]
MOST_NOT_APPLICABLE = 1
SUBJECTS = "|".join(sorted({subject for subject, _number in DOCUMENTED}))
NAMED = re.compile(
    rf"\b({SUBJECTS}) ({NUMBER}(?:\s*[-–]\s*\d+)?(?:,\s*{NUMBER}(?:\s*[-–]\s*\d+)?)*)"
)


def behaviours_in(text: str) -> set[Behaviour]:
    """The behaviours that a docstring names, spans spelt out."""
    found = set()
    for subject, numbers in NAMED.findall(text):
        for number in re.split(r",\s*", numbers):
            span = SPAN.fullmatch(number)
            spelt_out = map(str, range(int(span[1]), int(span[2]) + 1)) if span else [number]
            found |= {(subject, each) for each in spelt_out}
    return found


@cache
def named_by_tests() -> dict[Behaviour, list[str]]:
    """The tests that name each behaviour in their own docstrings."""
    found: dict[Behaviour, list[str]] = {}
    for path in sorted((PROJECT_ROOT / "tests").rglob("test_*.py")):
        source = path.read_text("utf-8")
        if not NAMED.search(source):
            continue
        for test in ast.walk(ast.parse(source)):
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                for behaviour in behaviours_in(ast.get_docstring(test) or ""):
                    found.setdefault(behaviour, []).append(f"{path.name}::{test.name}")
    return found


@pytest.mark.parametrize(("subject", "number"), APPLICABLE)
def test_every_documented_behaviour_is_named_by_a_test(subject: str, number: str) -> None:
    assert named_by_tests().get((subject, number)), (
        f"no docstring of a test says `{subject} {number}`"
    )


def test_every_behaviour_that_a_test_names_is_documented() -> None:
    unknown = {key: tests for key, tests in named_by_tests().items() if key not in DOCUMENTED}
    assert not unknown, "add a row to docs/behaviours.md"


def test_what_is_not_applicable_says_why_and_is_named_by_no_test() -> None:
    others = [(key, text) for key, text in documented().items() if key not in APPLICABLE]
    assert len(others) <= MOST_NOT_APPLICABLE
    for key, text in others:
        assert NOT_APPLICABLE.fullmatch(text), text
        assert not named_by_tests().get(key), f"{key} is tested, so its row says what is shown"


def test_the_hundred_behaviours_of_the_community_are_documented() -> None:
    assert [number for subject, number in documented() if subject == "community"] == [
        f"B{number:02}" for number in range(1, 101)
    ]


def test_scheduling_versions_and_operations_are_documented_without_gaps() -> None:
    numbers = {int(number) for subject, number in DOCUMENTED if subject == "publishing"}
    assert {*range(1, 39), *range(72, 76)} <= numbers


def test_numbers_are_read_out_of_docstrings() -> None:
    assert behaviours_in("publishing 16") == {("publishing", "16")}
    assert behaviours_in("publishing 6, 19–21: notified") == {
        ("publishing", number) for number in ("6", "19", "20", "21")
    }
    assert behaviours_in("publishing 9, wire 5c; community B53") == {
        ("publishing", "9"),
        ("wire", "5c"),
        ("community", "B53"),
    }
    assert behaviours_in("publishes 12 stories") == set()
