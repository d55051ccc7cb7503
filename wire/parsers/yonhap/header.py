"""Headline marks, timestamps, datelines and bylines of a Yonhap text, by regular expressions.

`[속보] 제목 (종합2보)`, `송고시간 2026-10-01 09:30`, `(런던·서울=연합뉴스) 황보람 특파원 백한결 기자 = …`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from wire.parsers.result import SEOUL, Byline, Dateline

# -- Headline marks ---------------------------------------------------------------------------------------

LEADING_MARK = re.compile(
    r"^\s*(?:\[([^\[\]]{1,12})\]|<([^<>]{1,12})>|【([^【】]{1,12})】|(KILL)\s?:)\s*"
)
# At the end only known marks: headlines do end in other brackets.
TRAILING_MARK = re.compile(
    r"[(\[<]\s*((?:종합|속보|상보|긴급|고침|정정|수정|대체|영상|그래픽|단독|계속"
    r"|(?:기사\s?)?전문\s?취소|기사\s?취소|송고\s?취소|취소)|(?:종합|수정)?\s?\d{1,2}\s?보)\s*[)\]>]\s*$"
)
FLASH_MARKS = {"속보", "긴급"}
CORRECTION_MARKS = {"고침", "정정", "수정", "대체"}
CANCELLATION_MARKS = {
    *("전문취소", "기사전문취소", "기사취소", "송고취소", "취소"),
    *("KILL", "KILLED", "Kill", "kill"),
}
# Titles of columns, the same every day: such a headline does not identify a story.
COLUMN_MARKS = {"인사", "부고", "표", "모멘트", "궂긴소식", "게시판", "동정", "신간", "날씨"}
NUMBERED_MARK = re.compile(r"^(종합)?(\d{1,2})?보?$")
# A flash comes before numbered reports (1보, 2보), then the plain story, then consolidations.
PLAIN_ORDER, CONSOLIDATED_ORDER = 50, 100
MAX_MARKS = 8  # at each end
MARK_SEARCH_CHARS = 40  # a trailing mark is looked for in so many last characters


def split_marks(headline: str) -> tuple[str, list[str]]:
    """The headline without its marks, and the marks without their brackets, in reading order."""
    before: list[str] = []
    after: list[str] = []
    while len(before) < MAX_MARKS and (first := LEADING_MARK.match(headline)):
        before.append(next(mark for mark in first.groups() if mark).strip())
        headline = headline[first.end() :]
    while len(after) < MAX_MARKS and (
        last := TRAILING_MARK.search(headline, max(0, len(headline) - MARK_SEARCH_CHARS))
    ):
        after.append(last[1])
        headline = headline[: last.start()].rstrip()
    return headline.strip(), [mark.replace(" ", "") for mark in [*before, *reversed(after)]]


def mark_order(marks: list[str]) -> int:
    """The version that the marks claim: 속보 0, 1보 1, 2보 2, none 50, 종합 101, 종합2보 102."""
    numbers = [number for mark in marks if (number := mark_number(mark)) is not None]
    return max(numbers, default=PLAIN_ORDER)


def mark_number(mark: str) -> int | None:
    """The version number that one mark claims; None for a mark that claims none."""
    if mark in FLASH_MARKS:
        return 0
    match = NUMBERED_MARK.match(mark)
    if not match or not mark:
        return None
    consolidated, number = match.groups()
    if consolidated:
        return CONSOLIDATED_ORDER + int(number or 1)
    return int(number) if number and mark.endswith("보") else None


def has_cancellation_mark(marks: list[str]) -> bool:
    return not CANCELLATION_MARKS.isdisjoint(marks)


def has_correction_mark(marks: list[str]) -> bool:
    return not CORRECTION_MARKS.isdisjoint(marks)


def has_column_mark(marks: list[str]) -> bool:
    """Whether the headline stands over a list (인사, 부고, 표) rather than over one event."""
    return not COLUMN_MARKS.isdisjoint(marks)


# -- Timestamps -------------------------------------------------------------------------------------------

FIRST_YEAR, LAST_YEAR = 1945, 2200  # outside these it is a typing error
AGENCY_PATTERN = r"(?P<agency>연합뉴스(?:TV)?|연합인포맥스|뉴시스|뉴스1)"
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

EMAIL_PATTERN = (
    r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,5}\.[A-Za-z]{2,24}"
)
EMAIL_REGEX = re.compile(EMAIL_PATTERN)
# Addresses of the agency's reporters.
AGENCY_EMAIL_REGEX = re.compile(
    r"@(?:[a-z0-9\-]+\.)?(?:yna\.co\.kr|yonhapnews\.co\.kr)$", re.IGNORECASE
)
FOREIGN_AGENCY = (
    r"(?:로이터|AP|AFP|EPA|UPI|dpa|DPA|신화|교도|타스|스푸트니크|블룸버그|게티이미지)(?:통신)?"
)
DATELINE = re.compile(
    r"^[(（](?P<places>[^()（）=＝\n]{1,60})[=＝]"
    r"(?P<agency>[가-힣A-Za-z0-9/· ]{0,20}(?:연합|뉴스|뉴시스|통신)[가-힣A-Za-z0-9]{0,10}"
    rf"|{FOREIGN_AGENCY})[)）]\s*"
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
MAX_SIGNATURE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Opening:
    """The dateline and byline that a line opens with, and the text after them."""

    dateline: Dateline
    bylines: tuple[Byline, ...]
    rest: str
    emails: tuple[str, ...] = ()


def parse_opening(line: str) -> Opening | None:
    """The opening before the first sentence; None where the line does not open with a dateline."""
    match = DATELINE.match(line)
    if not match:
        return None
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
    parts = tuple(p.strip() for p in re.split(r"[·ㆍ,/]", places) if p.strip())
    return Dateline(parts, agency)


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
    """The reporters, each without an address given the next one, in the order both were written."""
    remaining = iter(emails)
    return [Byline(p.name, p.role, p.email or next(remaining, "")) for p in people]
