"""Readers race writers through real processes: no answer is older than promised.

`python -m tests.chaos.stale_reads --seconds 3600` does it for longer.
"""

from django.db import connection

from tests.chaos.stale_reads import STORIES, check_newsroom


def size_of_this_database() -> str:
    return "grown" if connection.vendor == "postgresql" else "embedded"


def test_answers_are_as_fresh_as_promised_and_a_missing_key_is_found() -> None:
    checker = check_newsroom(size_of_this_database(), seconds=12, kill_every=5)
    assert checker.answers["published"] > STORIES // 2, checker.answers
    assert checker.answers["withdrawn"], checker.answers
    assert checker.answers["200"] > 100, checker.answers
    assert not checker.violations
    faulty = check_newsroom(size_of_this_database(), seconds=6, is_faulty=True)
    assert faulty.violations, faulty.answers
