"""Lines that say when the agency sent a story, in the forms seen and known."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
FIRST_YEAR, LAST_YEAR = 1945, 2200  # outside these it is a slip of the keyboard

AGENCY_PATTERN = r"(?P<agency>연합뉴스(?:TV)?|연합인포맥스|뉴시스|뉴스1)"
LABEL = (
    r"(?:송고\s?(?:시간|일시|시각)?|(?:최종)?\s?수정\s?(?:시간|일시)?|업데이트|기사\s?(?:입력|송고|수정)"
    r"|입력\s?(?:시간|일시)?|등록\s?(?:시간|일시)?|발행\s?(?:시간|일시)?|작성)"
)
DATE = r"(?P<year>\d{4})\s?[-./년]\s?(?P<month>\d{1,2})\s?[-./월]\s?(?P<day>\d{1,2})\s?(?:일|\.)?"
TIME = (
    r"(?:(?P<half>오전|오후)\s?)?(?P<hour>\d{1,2})\s?[:시]\s?(?P<minute>\d{1,2})\s?분?"
    r"(?:\s?:?\s?(?P<second>\d{1,2})\s?초?)?(?P<fraction>\.\d{1,9})?"
    r"\s?(?P<zone>Z|UTC|GMT|KST|[+-]\d{2}:?\d{2})?"
)
TIMESTAMP_LINE = re.compile(
    rf"[\[(<]?\s*(?:{AGENCY_PATTERN}\s*[|/,]?\s*)?(?P<before>{LABEL})?\s*[:：|]?\s*"
    rf"{DATE}\s*(?:\([월화수목금토일]\)|[월화수목금토일]요일)?\s*T?\s*{TIME}"
    rf"\s*(?P<after>{LABEL})?\s*(?P<tail>연합뉴스)?\s*[\])>]?"
)
LABELLED_LINE = re.compile(rf"(?:{LABEL})\s*[:：|]?\s*\d{{4}}[^가-힣]{{4,40}}")
CHANGED = re.compile("수정|업데이트")
MAX_TIMESTAMP_CHARS = 80


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A time line: as it was written, as a moment in Seoul (None when there is no such moment)."""

    text: str
    at: datetime | None
    agency: str = ""
    is_change: bool = False


def parse_timestamp(line: str) -> Timestamp | None:
    """The stamp that makes up the whole line, or None: `22일(현지시간)` in a sentence is none."""
    if len(line) > MAX_TIMESTAMP_CHARS:
        return None
    if found := TIMESTAMP_LINE.fullmatch(line):
        agency = found["agency"] or found["tail"] or ""
        label = f"{found['before'] or ''}{found['after'] or ''}"
        return Timestamp(line, timestamp_to_datetime(found), agency, bool(CHANGED.search(label)))
    return Timestamp(line, None) if LABELLED_LINE.fullmatch(line) else None


def timestamp_to_datetime(found: re.Match[str]) -> datetime | None:
    """The time in Seoul; a stamp without an offset is Korean time. None for an impossible date."""
    part = {k: int(found[k] or 0) for k in ("year", "month", "day", "hour", "minute", "second")}
    if found["half"]:
        part["hour"] = part["hour"] % 12 + (12 if found["half"] == "오후" else 0)
    if not FIRST_YEAR <= part["year"] <= LAST_YEAR:
        return None
    micro = int((found["fraction"] or ".0")[1:7].ljust(6, "0"))
    try:
        at = datetime(**part, microsecond=micro, tzinfo=parse_zone(found["zone"]))
    except ValueError:
        return None
    return at.astimezone(SEOUL)


def parse_zone(written: str | None) -> ZoneInfo | timezone:
    if not written or written == "KST":
        return SEOUL
    if written[0] not in "+-":
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if written[0] == "-" else offset)
