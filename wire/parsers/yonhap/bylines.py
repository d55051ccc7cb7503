"""Datelines and bylines: `(런던·서울=연합뉴스) 황보람 특파원 백한결 기자 = …`."""

import re
from dataclasses import dataclass

from wire.parsers.result import Byline, Dateline

EMAIL_PATTERN = (
    r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,5}\.[A-Za-z]{2,24}"
)
EMAIL_REGEX = re.compile(EMAIL_PATTERN)
# The addresses of reporters, wherever in a line they stand.
AGENCY_EMAIL_REGEX = re.compile(
    r"@(?:[a-z0-9\-]+\.)?(?:yna\.co\.kr|yonhapnews\.co\.kr)$", re.IGNORECASE
)

FOREIGN = (
    r"(?:로이터|AP|AFP|EPA|UPI|dpa|DPA|신화|교도|타스|스푸트니크|블룸버그|게티이미지)(?:통신)?"
)
DATELINE = re.compile(
    r"^[(（](?P<places>[^()（）=＝\n]{1,60})[=＝]"
    r"(?P<agency>[가-힣A-Za-z0-9/· ]{0,20}(?:연합|뉴스|뉴시스|통신)[가-힣A-Za-z0-9]{0,10}"
    rf"|{FOREIGN})[)）]\s*"
)
VIA = re.compile(rf"\s+({FOREIGN})$")

TITLE = (
    r"(?:(?:선임|전문|인턴|객원|수습|사진|영상|편집|대)?기자|특파원|통신원"
    r"|논설위원|논설위원실장|편집위원|해설위원|논설주간|PD)"
)
HAS_TITLE = re.compile(TITLE)
LATIN = r"[A-Z][A-Za-z.'\-]{1,20}"
NAME = rf"(?!{TITLE}(?![가-힣]))(?:[가-힣]{{2,5}}?|{LATIN}(?: {LATIN}){{0,3}})"
ROLE = rf"(?:{TITLE}|(?<=\s)[가-힣A-Za-z]{{1,10}}{TITLE})"
# "김철수·이영희 기자", "안한별 조두리 기자": one role for all the names before it.
GROUP = re.compile(
    rf"(?P<names>{NAME}(?:(?:\s*[·ㆍ,/]\s*|(?<=[가-힣])\s+){NAME}){{0,7}}?)\s*(?P<role>{ROLE})(?![가-힣])"
)
BETWEEN_NAMES = re.compile(r"\s*[·ㆍ,/]\s*|(?<=[가-힣])\s+")
BETWEEN_GROUPS = re.compile(r"[\s·ㆍ,/]*")
# A desk or a team instead of a person: "국제뉴스부 = ".
TEAM = re.compile(r"[가-힣A-Za-z·ㆍ, ]{1,29}[가-힣]")
BEFORE_EQUALS = re.compile(r"(?P<who>[^=＝\n]{0,80})[=＝]\s*")


@dataclass(frozen=True, slots=True)
class Opening:
    """The dateline and byline a line opens with, and the text after them."""

    dateline: Dateline
    bylines: tuple[Byline, ...]
    rest: str
    emails: tuple[str, ...] = ()


def parse_opening(line: str) -> Opening | None:
    """What stands before the first sentence; None when the line does not open with a dateline."""
    found = DATELINE.match(line)
    if not found:
        return None
    dateline, rest = parse_dateline(found), line[found.end() :]
    if signed := parse_signature(rest):
        return Opening(dateline, *signed)
    if equals := BEFORE_EQUALS.match(rest):
        who = equals["who"].strip()
        people = parse_people(who)
        if people is None and TEAM.fullmatch(who):
            people = (Byline(who),)
        if people is not None:
            return Opening(dateline, people, rest[equals.end() :].strip())
    return Opening(dateline, (), rest.strip())


def parse_signature(line: str) -> tuple[tuple[Byline, ...], str, tuple[str, ...]] | None:
    """Reporters alone on a line, with or without addresses: (bylines, "", addresses)."""
    if len(line) > 300 or not HAS_TITLE.search(line):
        return None
    emails = tuple(EMAIL_REGEX.findall(line))
    who = EMAIL_REGEX.sub(" ", line).strip(" \t()[]<>,·/=＝")
    people = parse_people(who)
    return (people, "", emails) if people else None


def parse_dateline(found: re.Match[str]) -> Dateline:
    places, agency = found["places"].strip(), found["agency"].strip()
    if via := VIA.search(places):
        places, agency = places[: via.start()], f"{via[1]}={agency}"
    parts = tuple(p.strip() for p in re.split(r"[·ㆍ,/]", places) if p.strip())
    return Dateline(parts, agency)


def parse_people(text: str) -> tuple[Byline, ...] | None:
    """The reporters when the text is nothing but names and roles; () for no text; else None."""
    people: list[Byline] = []
    at = 0
    while at < len(text):
        found = GROUP.match(text, at)
        if not found:
            return None
        names = BETWEEN_NAMES.split(found["names"])
        people += [Byline(name.strip(), found["role"]) for name in names if name.strip()]
        gap = BETWEEN_GROUPS.match(text, found.end())
        at = gap.end() if gap else found.end()
    return tuple(people)


def assign_emails(people: list[Byline], emails: list[str]) -> list[Byline]:
    """Each reporter with an address, in the order both were written."""
    given = iter(emails)
    return [Byline(p.name, p.role, p.email or next(given, "")) for p in people]
