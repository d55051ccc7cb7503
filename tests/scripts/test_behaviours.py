"""Every behaviour that a newsroom relies on is shown by a test that names it: `publishing 16`.

The numbers are those of the reference on publishing: 1 to 38 are plans, versions and approval, 72 to
75 operations. A docstring may name several: `publishing 5, 6, 7-9`.
"""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
PROMISED = [*range(1, 39), *range(72, 76)]
NAMED = re.compile(r"publishing (\d+(?:\s*[-–]\s*\d+)?(?:,\s*\d+(?:\s*[-–]\s*\d+)?)*)")
SPAN = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")


def numbers_in(text: str) -> set[int]:
    """The behaviours that a docstring names, spans spelt out."""
    spans = [span for said in NAMED.findall(text) for span in SPAN.findall(said)]
    return {n for first, last in spans for n in range(int(first), int(last or first) + 1)}


def shown() -> dict[int, list[str]]:
    """The tests that name each behaviour in their own docstrings."""
    found: dict[int, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for test in ast.walk(ast.parse(path.read_text())):
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                for number in numbers_in(ast.get_docstring(test) or ""):
                    found.setdefault(number, []).append(f"{path.name}::{test.name}")
    return found


SHOWN = shown()


@pytest.mark.parametrize("number", PROMISED)
def test_every_promised_behaviour_is_named_by_a_test(number: int) -> None:
    assert SHOWN.get(number), f"no test says `publishing {number}` in its docstring"


def test_numbers_are_read_out_of_docstrings() -> None:
    assert numbers_in("publishing 16") == {16}
    assert numbers_in("publishing 1, 2, 7-9, 38; wire 5c") == {1, 2, 7, 8, 9, 38}
    assert numbers_in("publishing 6, 19–21: told") == {6, 19, 20, 21}
    assert numbers_in("publishes 12 stories") == set()
