"""Speed of the content filter: linear in the length of the text, whatever it is (community B59)."""

import time

import pytest

from bench.content_filter import LENGTH, hostile_texts
from comments.content_filter import screen_text

ROUNDS = 5
# Four times the bound of `python -m bench.content_filter`: processor time beside other tests.
BOUND_SECONDS = 0.020


def fastest(text: str) -> float:
    """The processor time of the fastest of some rounds, in seconds."""
    times = []
    for _round in range(ROUNDS):
        start = time.process_time()
        screen_text(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("name", hostile_texts(10))
def test_five_thousand_characters_are_screened_in_bounded_time(name: str) -> None:
    assert fastest(hostile_texts()[name]) < BOUND_SECONDS


def test_ten_times_as_long_a_text_takes_about_ten_times_as_long() -> None:
    short, long = hostile_texts(LENGTH)["random syllables"], hostile_texts(LENGTH * 10)
    assert fastest(long["random syllables"]) < fastest(short) * 40
