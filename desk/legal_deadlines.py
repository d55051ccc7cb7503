"""Legal deadlines of claims under the Press Arbitration Act (언론중재법), in days of Asia/Seoul. Pure.

Periods (언론중재 및 피해구제 등에 관한 법률, as amended 2023-08-08):

    answer          3 days from receipt                                            §15 ②
    publication     7 days from receipt, where the claim is accepted               §15 ③
    admissibility   3 months from knowing of the report, 6 months from the report  §14 ①, §16 ③
                    추후보도: 3 months from knowing of the acquittal                §17 ①

Counting (민법): the first day is not counted (§157); a period ends with its last day (§159); months are
counted by the calendar, up to the day before the one that corresponds to the first, or the last day of a
month without such a day (§160); a last day that is a Saturday or a public holiday moves to the next day
that is neither (§161).
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

SEOUL = ZoneInfo("Asia/Seoul")
ANSWER_DAYS, PUBLICATION_DAYS = 3, 7
MONTHS_FROM_KNOWING, MONTHS_FROM_REPORT = 3, 6
# Public holidays of the same date every year (관공서의 공휴일에 관한 규정 §2).
YEARLY_HOLIDAYS = {(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)}
# Lunar holidays and substitute ones. Later years and days set at short notice (elections, temporary
# holidays): CLAIM_HOLIDAYS. A day that is missing here only makes a deadline earlier than it is.
DATED_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2026-02-16", "2026-02-17", "2026-02-18", "2026-03-02", "2026-05-24", "2026-05-25"),
        *("2026-06-03", "2026-08-17", "2026-09-24", "2026-09-25", "2026-09-26", "2026-10-05"),
        *("2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-05-13", "2027-08-16"),
        *("2027-09-14", "2027-09-15", "2027-09-16", "2027-10-04", "2027-10-11", "2027-12-27"),
        *("2028-01-26", "2028-01-27", "2028-01-28", "2028-05-02", "2028-10-02", "2028-10-03"),
        *("2028-10-04", "2028-10-05"),
    )
)


def seoul_date(moment: datetime) -> date:
    """The calendar day of a moment in Seoul."""
    return moment.astimezone(SEOUL).date()


def is_holiday(day: date) -> bool:
    """Whether a period cannot end on this day: Saturday, Sunday, public holiday."""
    is_public = (day.month, day.day) in YEARLY_HOLIDAYS or day in DATED_HOLIDAYS
    return day.weekday() >= calendar.SATURDAY or is_public or day in settings.CLAIM_HOLIDAYS


def next_working_day(day: date) -> date:
    """The day itself, or the next one on which a period can end (민법 §161)."""
    while is_holiday(day):
        day += timedelta(days=1)
    return day


def last_day_after_days(start: date, days: int) -> date:
    """The last day of a period of days from an event on `start`, which is not counted itself."""
    return next_working_day(start + timedelta(days=days))


def last_day_after_months(start: date, months: int) -> date:
    """The last day of a period of months from an event on `start`, which is not counted itself."""
    first = start + timedelta(days=1)
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    days_in_month = calendar.monthrange(year, month)[1]
    if first.day > days_in_month:  # no corresponding day: the month's last (민법 §160 ③)
        return next_working_day(date(year, month, days_in_month))
    return next_working_day(date(year, month, first.day) - timedelta(days=1))


def answer_deadline(received_at: datetime) -> date:
    """The last day on which the answer is sent in time (§15 ②)."""
    return last_day_after_days(seoul_date(received_at), ANSWER_DAYS)


def publication_deadline(received_at: datetime) -> date:
    """The last day on which an accepted claim is published in time (§15 ③)."""
    return last_day_after_days(seoul_date(received_at), PUBLICATION_DAYS)


def admissibility_deadline(*, known_on: date, reported_on: date, is_follow_up: bool) -> date:
    """The last day on which a claim can be made (§14 ①, §16 ③; for 추후보도 §17 ①)."""
    from_knowing = last_day_after_months(known_on, MONTHS_FROM_KNOWING)
    if is_follow_up:  # counted from knowing of the acquittal alone
        return from_knowing
    return min(from_knowing, last_day_after_months(reported_on, MONTHS_FROM_REPORT))


def end_of_day(day: date) -> datetime:
    """The moment at which a day ends in Seoul: midnight of the next."""
    return datetime.combine(day + timedelta(days=1), time(), SEOUL).astimezone(UTC)
