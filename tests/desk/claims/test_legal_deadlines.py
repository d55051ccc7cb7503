"""Deadlines of the Press Arbitration Act, counted by the Civil Act: tables of real calendar days."""

from datetime import UTC, date, datetime

import pytest

from desk.legal_deadlines import (
    admissibility_deadline,
    answer_deadline,
    end_of_day,
    is_holiday,
    last_day_after_months,
    publication_deadline,
    seoul_date,
)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


@pytest.mark.parametrize(
    ("received", "answer", "publish"),
    [
        # Monday: the first day is not counted (민법 §157).
        ("2026-11-09T10:00", "2026-11-12", "2026-11-16"),
        ("2026-11-09T00:01", "2026-11-12", "2026-11-16"),
        ("2026-11-09T23:59", "2026-11-12", "2026-11-16"),
        # Wednesday: the third day is a Saturday, and moves to Monday (민법 §161).
        ("2026-11-11T10:00", "2026-11-16", "2026-11-18"),
        # Thursday: the third day is a Sunday.
        ("2026-11-12T10:00", "2026-11-16", "2026-11-19"),
        # Sunday: a weekend at the beginning counts like any day.
        ("2026-11-08T10:00", "2026-11-11", "2026-11-16"),
        # The day before Christmas Eve: the third day is a Saturday after the holiday.
        ("2026-12-23T10:00", "2026-12-28", "2026-12-30"),
        # The third day is New Year, a Friday; then Saturday and Sunday follow.
        ("2026-12-29T10:00", "2027-01-04", "2027-01-05"),
        # Chuseok 2026: 24 to 26 September, a Sunday behind it.
        ("2026-09-21T10:00", "2026-09-28", "2026-09-28"),
        # Seollal 2027 with its substitute day on 9 February.
        ("2027-02-03T10:00", "2027-02-10", "2027-02-10"),
    ],
)
def test_answer_and_publication_days(received: str, answer: str, publish: str) -> None:
    at = seoul(received)
    assert answer_deadline(at) == date.fromisoformat(answer)
    assert publication_deadline(at) == date.fromisoformat(publish)


def test_day_is_that_of_seoul() -> None:
    """20:00 UTC on Sunday is Monday in Seoul."""
    at = datetime(2026, 11, 8, 20, 0, tzinfo=UTC)
    assert seoul_date(at) == date(2026, 11, 9)
    assert answer_deadline(at) == date(2026, 11, 12)
    assert end_of_day(date(2026, 11, 12)) == datetime(2026, 11, 12, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "months", "last"),
    [
        ("2026-01-15", 3, "2026-04-15"),
        # From 1 February on, up to the day before 1 May.
        ("2026-01-31", 3, "2026-04-30"),
        # From 31 January on: April has no 31st, so its last day (민법 §160 ③).
        ("2026-01-30", 3, "2026-04-30"),
        # From 30 November on: February has no 30th; the 28th is a Sunday and 1 March a holiday.
        ("2026-11-29", 3, "2027-03-02"),
        # A leap year: 29 February 2028 is a Tuesday.
        ("2027-11-29", 3, "2028-02-29"),
        ("2027-08-30", 6, "2028-02-29"),
        ("2026-02-14", 3, "2026-05-14"),
        # Ends on a Saturday.
        ("2026-02-16", 3, "2026-05-18"),
        # Over the turn of a year.
        ("2026-10-20", 3, "2027-01-20"),
    ],
)
def test_months_are_counted_by_the_calendar(event: str, months: int, last: str) -> None:
    assert last_day_after_months(date.fromisoformat(event), months) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("known", "reported", "is_follow_up", "last"),
    [
        ("2026-05-06", "2026-05-06", False, "2026-08-06"),
        # Learned of it five months later: six months from the report come first.
        ("2026-10-06", "2026-05-06", False, "2026-11-06"),
        # A follow-up counts from the acquittal alone, however old the report is.
        ("2026-10-06", "2020-05-06", True, "2027-01-06"),
    ],
)
def test_claim_is_possible_until_the_earlier_day(
    known: str, reported: str, is_follow_up: bool, last: str
) -> None:
    day = admissibility_deadline(
        known_on=date.fromisoformat(known),
        reported_on=date.fromisoformat(reported),
        is_follow_up=is_follow_up,
    )
    assert day == date.fromisoformat(last)


def test_holidays_can_be_added_by_a_setting(settings: object) -> None:
    election = date(2030, 4, 3)
    assert not is_holiday(election)
    settings.CLAIM_HOLIDAYS = frozenset([election])  # type: ignore[attr-defined]
    assert is_holiday(election)
