"""Times of structured formats: ISO 8601 with any offset, RFC 822, Korean stamps. Pure."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wire.parsers.result import SEOUL
from wire.parsers.yonhap.header import FIRST_YEAR, LAST_YEAR, parse_timestamp

MAX_TIME_CHARS = 80
DIGITS_ONLY = re.compile(r"(\d{8})(\d{4}(?:\d{2})?)")


def parse_time(text: str) -> datetime | None:
    """The time in Seoul; one without an offset is Korean time. None for what is no time.

    Understands `2026-10-01T09:00:00+09:00`, `….000Z`, `20261001T090000+0900`, `20261001090000`,
    `Thu, 01 Oct 2026 09:00:00 +0900` (RFC 822), `2026.10.01. 오전 9:00` and the like.
    """
    text = text.strip()
    if not text or len(text) > MAX_TIME_CHARS:
        return None
    if digits := DIGITS_ONLY.fullmatch(text):
        text = f"{digits[1]}T{digits[2]}"
    at = parse_iso(text) or parse_rfc822(text)
    if at is None:
        stamp = parse_timestamp(text)
        at = stamp.at if stamp else None
    return in_seoul(at) if at else None


def parse_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def parse_rfc822(text: str) -> datetime | None:
    """The time of an RFC 822 date. `-0000` is UTC without a known place."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if text.endswith("-0000") else at


def in_seoul(at: datetime) -> datetime | None:
    """The same time in Seoul's zone; None for a year that is a typing error."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    try:
        return at.replace(tzinfo=SEOUL) if at.tzinfo is None else at.astimezone(SEOUL)
    except (ValueError, OverflowError):
        return None
