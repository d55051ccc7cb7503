"""Lines of an English agency text: dateline, byline, timestamps, embargo, boilerplate."""

import re
from datetime import datetime, timedelta

from wire.parsers.result import SEOUL, Byline, Dateline

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"(?P<month>(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6})\.?"
DATELINE = re.compile(
    rf"^(?P<places>[A-Z][A-Z.'’\-]*(?:[ /,&]{{1,2}}[A-Z][A-Za-z.'’\-]*){{0,6}}), {MONTH} (?P<day>\d{{1,2}})"
    r" \((?P<agency>[A-Za-z][A-Za-z /\-]{1,40})\) ?(?:--|—|–|-) ?"
)
BYLINE = re.compile(
    r"^(?:\(?By|Reported by)\s(?P<names>[A-Z][A-Za-z.'’\-]+(?:[ ,&]{1,2}(?:and )?[A-Z][A-Za-z.'’\-]+){0,9})"
    r"\)?(?P<role>,? (?:staff )?(?:correspondent|reporter))?$"
)
NAME_SEPARATOR = re.compile(r"\s*(?:,\s*(?:and )?|&|\band\b)\s*")
CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::\d{2})?\s?(?P<half>[ap]\.?m\.?)?\s?(?:\(?KST\)?)?"
)
TIMES = (
    re.compile(rf"{CLOCK},? {MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(rf"{MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}),?(?: at)? {CLOCK}", re.IGNORECASE),
    re.compile(
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}),?[ T]{CLOCK}",
        re.IGNORECASE,
    ),
)
STAMP_LABEL = re.compile(
    r"^(?:All News|National|Politics|Economy|Sports|Sent|Updated|Published|Released"
    r"|Yonhap(?: News Agency)?)?\s?:?\s*",
    re.IGNORECASE,
)
EMBARGO_LINE = re.compile(
    r"^[\[(<*]?\s?(?:embargo(?:ed)?|hold for release|not for (?:release|publication) (?:before|until))\b",
    re.IGNORECASE,
)
NOTE_LINE = re.compile(
    r"^\((?:ATTN|EDS?\b|Editors?\b|Note to)[^\n]*\)?$|^(?:ATTN|EDITOR'?S NOTE|Eds)\s?:"
)
END_LINE = re.compile(r"[(\[<]\s?(?:END|MORE|30)\s?[)\]>]|-30-|#{3}", re.IGNORECASE)
RIGHTS_LINE = re.compile(
    r"[<(\[]?\s?(?:copyright\b|copyrights?\s?[(ⓒ©]|[ⓒ©]|\(c\))|.{0,60}all rights reserved|"
    r".{0,80}\bunauthorized\b.{0,80}\bprohibited\b",
    re.IGNORECASE,
)
CONTACT_LINE = re.compile(
    r"(?:(?:X|Twitter|Facebook|Instagram)\s?:?\s?)?@[A-Za-z0-9_.]{2,30}(?:[\s,/]{1,3}@[A-Za-z0-9_.]{2,30}){0,5}"
    r"|(?:tel|phone|contact|call)\.?\s?:?\s?[+\d][\d ()\-.]{7,20}"
    r"|\+?82[\d \-]{8,16}|0\d{1,2}-\d{3,4}-\d{4}",
    re.IGNORECASE,
)
PROMOTION_LINE = re.compile(
    r"[▶☞►▷]|(?:follow us|related (?:stories|articles)|for more (?:news|information), visit|read more)\b",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"Yonhap|[A-Za-z .\-]{0,40}-Yonhap|AP|AFP|EPA|Reuters|PHOTO.{0,60}"
    r"|.{0,80}(?:provided by|courtesy of|NOT FOR SALE|resale).{0,80}",
    re.IGNORECASE,
)
MAX_LINE_CHARS = 400
MAX_DATELINE_GAP = timedelta(days=300)


def parse_dateline(line: str) -> tuple[Dateline, str] | None:
    """The dateline and the text after it; None where the line does not open with one."""
    match = DATELINE.match(line)
    if not match:
        return None
    places = tuple(place.strip() for place in match["places"].split("/") if place.strip())
    return Dateline(places, match["agency"].strip()), line[match.end() :].strip()


def parse_byline(line: str) -> list[Byline] | None:
    """The reporters of a line `By Kim Ga-on and Lee Da-som`; None for another line."""
    match = BYLINE.match(line) if len(line) <= MAX_LINE_CHARS else None
    if not match:
        return None
    role = (match["role"] or "").strip(" ,")
    return [Byline(name, role) for name in NAME_SEPARATOR.split(match["names"]) if name]


def parse_time(text: str) -> datetime | None:
    """The one time that a text names, in Seoul; None for none or an impossible one."""
    for pattern in TIMES:
        if match := pattern.search(text[:MAX_LINE_CHARS]):
            return time_of(match)
    return None


def time_of(match: re.Match[str]) -> datetime | None:
    month, hour = match["month"].lower(), int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    number = int(month) if month.isdecimal() else MONTHS.index(month[:3]) + 1
    try:
        return datetime(
            int(match["year"]), number, int(match["day"]), hour, int(match["minute"]), tzinfo=SEOUL
        )
    except ValueError:
        return None


def split_credit(line: str) -> tuple[str, str] | None:
    """Text and credit of a caption `People walk along the river. (Yonhap)`; None for another line."""
    if len(line) > MAX_LINE_CHARS or not line.endswith((")", "]")):
        return None
    at = max(line.rfind("("), line.rfind("["))
    text, credit = line[:at].strip(), line[at + 1 : -1].strip()
    return (text, credit) if at > 0 and text and CREDIT.fullmatch(credit) else None


def is_timestamp(line: str) -> bool:
    """Whether a line is a time of sending and nothing else: `All News 12:00 November 27, 2026`."""
    if len(line) > MAX_LINE_CHARS:
        return False
    rest = STAMP_LABEL.sub("", line, count=1).strip(" ()[]|")
    return any(pattern.fullmatch(rest) for pattern in TIMES)
