"""Rules of the moderation queue: weight of a report, threshold that hides, urgency of an item. Pure.

docs/moderation.md has the formulas in words.
"""

from datetime import UTC, datetime
from typing import NamedTuple

FULL_REPORT_WEIGHT = 20  # of a reporter whose reports were all confirmed
# A point of urgency is worth so many seconds of waiting: ten points are an hour.
SECONDS_PER_POINT = 360
POINTS_HIDDEN_BY_REPORTS = 40
POINTS_PASSAGE = 30  # held for a passage of the text
POINTS_HELD = 10  # held for another reason
POINTS_READABLE = 20  # readers read it meanwhile
POINTS_GRAVE = 30  # a report names hate or personal data
POINTS_FLAGGED = 10
MAX_WEIGHT_POINTS = 200
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class OpenReports(NamedTuple):
    """The open reports of a comment: total, weight, how many weigh anything, how many are grave."""

    total: int
    weight: int
    reporters: int
    grave: int


def report_weight(*, confirmed: int, dismissed: int) -> int:
    """Weight of a report by the former reports of its reader: 10 without any, up to 20, down to 0.

    The rule of succession: twenty times the chance that the next report of this reader is confirmed.
    """
    return round(FULL_REPORT_WEIGHT * (confirmed + 1) / (confirmed + dismissed + 2))


def urgency_points(
    *,
    is_held: bool,
    is_flagged: bool,
    is_hidden_by_reports: bool,
    has_passage: bool,
    reports: OpenReports,
) -> int:
    """Points of urgency of an item."""
    points = min(reports.weight, MAX_WEIGHT_POINTS)
    if is_hidden_by_reports:
        points += POINTS_HIDDEN_BY_REPORTS
    elif is_held:
        points += POINTS_PASSAGE if has_passage else POINTS_HELD
    else:
        points += POINTS_READABLE
    points += POINTS_GRAVE if reports.grave else 0
    return points + (POINTS_FLAGGED if is_flagged else 0)


def urgency(points: int, *, opened_at: datetime) -> int:
    """Sort key of an item, the most urgent with the largest: points less the moment of opening.

    Two items change places never, unless the points of one change: no time of reading is in it.
    """
    return points * SECONDS_PER_POINT - int((opened_at - EPOCH).total_seconds())
