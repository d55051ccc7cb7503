"""Messages of IPTC 7901 and ANPA 1312: header, text and end between control characters. Pure.

IPTC 7901:  SOH service number SP priority SP category SP words SP options CR LF  slug CR LF
            STX text ETX  day-hour-minute zone month year  EOT
ANPA 1312:  SYN SYN SOH service number US selector CR LF
            priority SP category form slug SP month-day SP words CR LF  STX text ETX  source-date-time EOT
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wire.parsers.result import SEOUL

SOH, STX, ETX, EOT, US = "\x01", "\x02", "\x03", "\x04", "\x1f"
HEADER_7901 = re.compile(
    r"(?P<service>[A-Za-z]{1,10})(?P<number>\d{1,6})[ \t]+(?P<priority>\d)[ \t]+"
    r"(?P<category>[A-Za-z]{1,5})[ \t]+(?P<words>\d{1,6})(?:[ \t]+(?P<options>[^\n]{0,80}))?"
)
HEADER_ANPA = re.compile(
    r"(?P<service>[A-Za-z])(?P<number>\d{3,5})\x1f?(?P<selector>[A-Za-z0-9\-]{0,20})[^\n]{0,20}"
)
SECOND_LINE_ANPA = re.compile(
    r"(?P<priority>[A-Za-z])[ \t]+(?P<category>[A-Za-z])[\x11-\x14 \t]+"
    r"(?P<slug>[^\n]{0,100}?)(?:[ \t]+(?P<month>\d{1,2})-(?P<day>\d{1,2}))?(?:[ \t]+(?P<words>\d{0,6}))?"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# 010900 GMT Oct 26, 010900 KST Oct 2026, 01 0900Z OCT 26
END_7901 = re.compile(
    r"(?P<day>\d{2})\s?(?P<hour>\d{2})(?P<minute>\d{2})\s?(?P<zone>[A-Za-z]{1,4})?\s+"
    r"(?P<month>[A-Za-z]{3})[a-z]*\s+(?P<year>\d{4}|\d{2})\b"
)
# AP-WF-10-01-26 0900GMT
END_ANPA = re.compile(
    r"(?P<month>\d{1,2})-(?P<day>\d{1,2})-(?P<year>\d{2,4})\s+(?P<hour>\d{2})(?P<minute>\d{2})\s?"
    r"(?P<zone>[A-Z]{1,4})?"
)
ZONES = {"EST": -5, "EDT": -4, "CET": 1, "CEST": 2, "BST": 1, "HKT": 8, "JST": 9, "KST": 9}
LETTER_URGENCY = {
    "f": 1,
    "u": 2,
    "b": 3,
    "a": 3,
    "r": 4,
    "d": 5,
    "z": 5,
}  # ANPA: flash, urgent, bulletin


@dataclass(frozen=True, slots=True)
class Message:
    """A message in its parts. `text` has no control characters but line ends and tabs."""

    header: str
    text: str
    end: str
    slug: str = ""
    category: str = ""
    urgency: int | None = None
    sent_at: datetime | None = None
    is_anpa: bool = False


def split_messages(text: str) -> list[str]:
    """The messages of a transmission, each from its SOH to the next; noise between them left out."""
    return [SOH + part for part in text.split(SOH)[1:] if part.strip()]


def parse_message(raw: str) -> Message | None:
    """The message; None where it has no header, or no ETX after its text: it was cut off."""
    head, has_text, rest = raw.removeprefix(SOH).partition(STX)
    text, is_complete, end = rest.partition(ETX)
    lines = [line.strip() for line in head.split("\n")]
    if not has_text or not is_complete or not lines:
        return None
    end = clean(end.partition(EOT)[0])
    if US not in head and (match := HEADER_7901.fullmatch(lines[0].strip())):
        slug = " ".join(clean(line).rstrip("/") for line in lines[1:] if clean(line))
        return Message(
            header=clean(lines[0]),
            text=clean_text(text),
            end=end,
            slug=slug or (match["options"] or "").strip(),
            category=match["category"],
            urgency=int(match["priority"]) or None,
            sent_at=end_time(END_7901.search(end)),
        )
    match = HEADER_ANPA.match(lines[0])
    second = SECOND_LINE_ANPA.fullmatch(lines[1]) if len(lines) > 1 else None
    if not match or not second:
        return None
    return Message(
        header=clean(" ".join(lines)),
        text=clean_text(text),
        end=end,
        slug=re.sub(r"^(?:am|pm|bc|ap)-", "", clean(second["slug"])),
        category=second["category"],
        urgency=LETTER_URGENCY.get(second["priority"].lower()),
        sent_at=end_time(END_ANPA.search(end)),
        is_anpa=True,
    )


def clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()


def clean_text(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))


def end_time(match: re.Match[str] | None) -> datetime | None:
    """The time after the text; without a zone it is Korean time. None for no time."""
    if match is None:
        return None
    month = match["month"].lower()
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month) if month.isdecimal() else 0
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    zone = (match["zone"] or "").upper()
    try:
        at = datetime(
            year, number, int(match["day"]), int(match["hour"]), int(match["minute"]), tzinfo=UTC
        )
    except ValueError:
        return None
    if zone in {"", "KST"}:
        return at.replace(tzinfo=SEOUL)
    return (at - timedelta(hours=ZONES.get(zone, 0))).astimezone(SEOUL)
