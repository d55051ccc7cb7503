"""Timestamps, datelines and bylines of the text of a Korean agency, by regular expressions.

`송고시간 2026-10-01 09:30`, `(런던·서울=연합뉴스) 황보람 특파원 백한결 기자 = …`, `[서울=뉴시스] …`,
`[OSEN=가상시, 백한결 기자] …`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from wire.parsers.agencies import AGENCY_NAME_PATTERN, EMAIL_REGEX
from wire.parsers.result import SEOUL, Byline, Dateline

# -- Timestamps -------------------------------------------------------------------------------------------

FIRST_YEAR, LAST_YEAR = 1945, 2200  # outside these it is a typing error
AGENCY_PATTERN = rf"(?P<agency>{AGENCY_NAME_PATTERN})"
LABEL_PATTERN = (
    r"(?:송고\s?(?:시간|일시|시각)?|(?:최종)?\s?수정\s?(?:시간|일시)?|업데이트|기사\s?(?:입력|송고|수정)"
    r"|입력\s?(?:시간|일시)?|등록\s?(?:시간|일시)?|발행\s?(?:시간|일시)?|작성)"
)
DATE_PATTERN = (
    r"(?P<year>\d{4})\s?[-./년]\s?(?P<month>\d{1,2})\s?[-./월]\s?(?P<day>\d{1,2})\s?(?:일|\.)?"
)
TIME_PATTERN = (
    r"(?:(?P<half>오전|오후)\s?)?(?P<hour>\d{1,2})\s?[:시]\s?(?P<minute>\d{1,2})\s?분?"
    r"(?:\s?:?\s?(?P<second>\d{1,2})\s?초?)?(?P<fraction>\.\d{1,9})?"
    r"\s?(?P<zone>Z|UTC|GMT|KST|[+-]\d{2}:?\d{2})?"
)
TIMESTAMP_LINE = re.compile(
    rf"[\[(<]?\s*(?:{AGENCY_PATTERN}\s*[|/,]?\s*)?(?P<before>{LABEL_PATTERN})?\s*[:：|]?\s*"
    rf"{DATE_PATTERN}\s*(?:\([월화수목금토일]\)|[월화수목금토일]요일)?\s*T?\s*{TIME_PATTERN}"
    rf"\s*(?P<after>{LABEL_PATTERN})?\s*(?P<tail>연합뉴스)?\s*[\])>]?"
)
LABELLED_LINE = re.compile(rf"(?:{LABEL_PATTERN})\s*[:：|]?\s*\d{{4}}[^가-힣]{{4,40}}")
CHANGE_LABEL = re.compile("수정|업데이트")
MAX_TIMESTAMP_CHARS = 80


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A timestamp line: as it was written, and as a time in Seoul (None where there is no such time)."""

    text: str
    at: datetime | None
    agency: str = ""
    is_change: bool = False


def parse_timestamp(line: str) -> Timestamp | None:
    """The timestamp that makes up the whole line, or None: `22일(현지시간)` in a sentence is none."""
    if len(line) > MAX_TIMESTAMP_CHARS:
        return None
    if match := TIMESTAMP_LINE.fullmatch(line):
        agency = match["agency"] or match["tail"] or ""
        label = f"{match['before'] or ''}{match['after'] or ''}"
        is_change = bool(CHANGE_LABEL.search(label))
        return Timestamp(line, timestamp_to_datetime(match), agency, is_change)
    return Timestamp(line, None) if LABELLED_LINE.fullmatch(line) else None


def timestamp_to_datetime(match: re.Match[str]) -> datetime | None:
    """The time in Seoul; a timestamp without an offset is Korean time. None for an impossible date."""
    part = {k: int(match[k] or 0) for k in ("year", "month", "day", "hour", "minute", "second")}
    if match["half"]:
        part["hour"] = part["hour"] % 12 + (12 if match["half"] == "오후" else 0)
    if not FIRST_YEAR <= part["year"] <= LAST_YEAR:
        return None
    microsecond = int((match["fraction"] or ".0")[1:7].ljust(6, "0"))
    try:
        at = datetime(**part, microsecond=microsecond, tzinfo=parse_zone(match["zone"]))
    except ValueError:
        return None
    return at.astimezone(SEOUL)


def parse_zone(zone: str | None) -> ZoneInfo | timezone:
    """The time zone of `KST`, `UTC`, `GMT`, `Z`, `+09:00`; Seoul's for none."""
    if not zone or zone == "KST":
        return SEOUL
    if zone[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(-offset if zone[0] == "-" else offset)


# -- Datelines and bylines --------------------------------------------------------------------------------

FOREIGN_AGENCY = (
    r"(?:로이터|AP|AFP|EPA|UPI|dpa|DPA|신화|교도|타스|스푸트니크|블룸버그|게티이미지)(?:통신)?"
)
DATELINE = re.compile(
    r"^[(（\[【<](?!사진|그래픽|자료|출처)(?P<places>[^()（）\[\]【】<>=＝\n]{1,60})[=＝]"
    rf"(?P<agency>(?:{FOREIGN_AGENCY}\s?[/·]\s?)?{AGENCY_NAME_PATTERN}"
    r"|[가-힣A-Za-z0-9/· ]{0,20}(?:연합|뉴스|뉴시스|통신)[가-힣A-Za-z0-9]{0,10}"
    rf"|{FOREIGN_AGENCY})(?P<inside>\s[^()（）\[\]【】<>=＝\n]{{2,80}})?[)）\]】>]\s*"
)
# The agency first and reporters in the brackets: `[OSEN=가상시, 백한결 기자]`, `[이데일리 백한결 기자]`.
AGENCY_FIRST = re.compile(
    rf"^[(（\[【<]\s?(?P<agency>{AGENCY_NAME_PATTERN})(?:\s스타in)?"
    r"(?:\((?P<region>[가-힣·]{1,20})\))?\s?[=＝|ㅣ/\s]\s?"
    r"(?P<inside>[^()（）\[\]【】<>\n]{2,80})[)）\]】>]\s*"
)
PLACE_BEFORE_PEOPLE = re.compile(
    r"(?P<places>[가-힣A-Za-z·ㆍ]{1,20}(?:\([가-힣A-Za-z ]{1,20}\))?)\s?[,=＝]\s?(?P<names>.{2,60})"
)
VIA_AGENCY = re.compile(rf"\s+({FOREIGN_AGENCY})$")
JOB_TITLE = (
    r"(?:(?:선임|전문|인턴|객원|수습|사진|영상|편집|대)?기자|특파원|통신원"
    r"|논설위원|논설위원실장|편집위원|해설위원|논설주간|PD)"
)
HAS_JOB_TITLE = re.compile(JOB_TITLE)
LATIN_NAME = r"[A-Z][A-Za-z.'\-]{1,20}"
PERSON_NAME = rf"(?!{JOB_TITLE}(?![가-힣]))(?:[가-힣]{{2,5}}?|{LATIN_NAME}(?: {LATIN_NAME}){{0,3}})"
ROLE = rf"(?:{JOB_TITLE}|(?<=\s)[가-힣A-Za-z]{{1,10}}{JOB_TITLE})"
# "김철수·이영희 기자", "안한별 조두리 기자": one role for all the names before it.
BYLINE_GROUP = re.compile(
    rf"(?P<names>{PERSON_NAME}(?:(?:\s*[·ㆍ,/]\s*|(?<=[가-힣])\s+){PERSON_NAME}){{0,7}}?)"
    rf"\s*(?P<role>{ROLE})(?![가-힣])"
)
NAME_SEPARATOR = re.compile(r"\s*[·ㆍ,/]\s*|(?<=[가-힣])\s+")
GROUP_SEPARATOR = re.compile(r"[\s·ㆍ,/]*")
# A desk or a team instead of a person: "국제뉴스부 = ".
TEAM = re.compile(r"[가-힣A-Za-z·ㆍ, ]{1,29}[가-힣]")
BEFORE_EQUALS_SIGN = re.compile(r"(?P<names>[^=＝\n]{0,80})[=＝]\s*")
DESK_ADDRESS = re.compile(
    r"(?:photo|photos|photojs|webmaster|desk|news|jebo|osenstar)@", re.IGNORECASE
)
MAX_SIGNATURE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Opening:
    """The dateline and byline that a line opens with, and the text after them."""

    dateline: Dateline
    bylines: tuple[Byline, ...]
    rest: str
    emails: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def parse_opening(line: str) -> Opening | None:
    """The opening before the first sentence; None where the line does not open with a dateline."""
    match = DATELINE.match(line)
    if not match:
        return parse_agency_first(line)
    if inside := match["inside"]:
        return opening_with_people(line, match, parse_dateline(match), inside)
    dateline, rest = parse_dateline(match), line[match.end() :]
    if signature := parse_signature(rest):
        return Opening(dateline, *signature)
    if equals := BEFORE_EQUALS_SIGN.match(rest):
        names = equals["names"].strip()
        people = parse_people(names)
        if people is None and TEAM.fullmatch(names):
            people = (Byline(names),)
        if people is not None:
            return Opening(dateline, people, rest[equals.end() :].strip())
    return Opening(dateline, (), rest.strip())


def parse_agency_first(line: str) -> Opening | None:
    """The opening of a line that begins with `[이데일리 백한결 기자]`; None for another bracket."""
    match = AGENCY_FIRST.match(line)
    if not match:
        return None
    inside, places = match["inside"].strip(), split_places(match["region"] or "")
    if place := PLACE_BEFORE_PEOPLE.fullmatch(inside):
        places, inside = split_places(place["places"]), place["names"]
    return opening_with_people(line, match, Dateline(places, match["agency"]), inside)


def opening_with_people(
    line: str, match: re.Match[str], dateline: Dateline, inside: str
) -> Opening | None:
    """The opening whose brackets hold reporters; None where they hold something else."""
    emails = tuple(EMAIL_REGEX.findall(inside))
    people = parse_people(EMAIL_REGEX.sub(" ", inside).strip(" ,·/=|()"))
    rest = line[match.end() :].lstrip("=＝ ").strip()
    return Opening(dateline, people, rest, emails) if people else None


@lru_cache(maxsize=1024)
def parse_signature(line: str) -> tuple[tuple[Byline, ...], str, tuple[str, ...]] | None:
    """Reporters alone on a line, with or without addresses: (bylines, "", addresses)."""
    if len(line) > MAX_SIGNATURE_CHARS or not HAS_JOB_TITLE.search(line):
        return None
    emails = tuple(EMAIL_REGEX.findall(line))
    names = EMAIL_REGEX.sub(" ", line).strip(" \t()[]<>,·/=＝")
    people = parse_people(names)
    return (people, "", emails) if people else None


def parse_dateline(match: re.Match[str]) -> Dateline:
    """Places and agency of a dateline; a foreign agency in between is put before: `로이터=연합뉴스`."""
    places, agency = match["places"].strip(), match["agency"].strip()
    if via := VIA_AGENCY.search(places):
        places, agency = places[: via.start()], f"{via[1]}={agency}"
    return Dateline(split_places(places), agency)


def split_places(places: str) -> tuple[str, ...]:
    return tuple(p.strip() for p in re.split(r"[·ㆍ,/]", places) if p.strip())


def parse_people(text: str) -> tuple[Byline, ...] | None:
    """The reporters where the text is nothing but names and roles; () for no text; else None."""
    people: list[Byline] = []
    at = 0
    while at < len(text):
        group = BYLINE_GROUP.match(text, at)
        if not group:
            return None
        names = NAME_SEPARATOR.split(group["names"])
        people += [Byline(name.strip(), group["role"]) for name in names if name.strip()]
        gap = GROUP_SEPARATOR.match(text, group.end())
        at = gap.end() if gap else group.end()
    return tuple(people)


def assign_emails(people: list[Byline], emails: list[str]) -> list[Byline]:
    """The reporters, each without an address given the next one, in the order both were written.

    The address of a whole desk (`photo@…`) is nobody's.
    """
    remaining = iter(a for a in emails if not DESK_ADDRESS.match(a))
    return [Byline(p.name, p.role, p.email or next(remaining, "")) for p in people]
