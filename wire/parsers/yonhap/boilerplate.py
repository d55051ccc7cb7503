"""Boilerplate lines around a story: rights, e-mail addresses, end mark, promotion, notes to editors.

And lines in which boilerplate is glued to a sentence, split.
"""

import re
from collections.abc import Iterator

from wire.parsers.agencies import (
    AGENCY_EMAIL_REGEX,
    AGENCY_NAME_PATTERN,
    EMAIL_PATTERN,
    EMAIL_REGEX,
)
from wire.parsers.yonhap.header import parse_opening, parse_signature

END_MARK = re.compile(r"[(\[<]\s?(?:끝|계속|END)\s?[)\]>]|[/\-]\s?끝\s?[/\-]|끝\.?")
PROMOTION_LINE = re.compile(
    r"[▶☞►▷]|제보는\s?(?:카카오톡|카톡|라인|이메일|전화)|제보하기|(?:기사\s?)?(?:문의|제보)[^.다]{0,20}[:：]"
    r"|카카오톡\s?(?:okjebo|플러스친구|채널)|당신의 제보가"
    r"|(?:네이버|다음|구글|유튜브)\S{0,12}\s[^.]{0,30}구독(?:하기)?$"
    r"|[\[<]\s?(?:관련\s?기사|주요\s?기사|핫뉴스|인기\s?기사|많이 본 (?:기사|뉴스))\s?[\]>]"
)
# Accounts of the agency or its reporters: `트위터 @example`, `X @example, 페이스북 example.com/a`.
NETWORK = (
    r"(?:(?:X|엑스)\s?\(?(?:트위터|twitter)\)?|X|트위터|twitter|페이스북|facebook|인스타그램|instagram|텔레그램"
    r"|유튜브|카카오톡)\s?[:：]?\s{0,3}"
)
ACCOUNT = (
    r"(?:@[A-Za-z0-9_.]{2,30}|(?:https?://)?[A-Za-z0-9\-]{1,40}\.[A-Za-z]{2,6}(?:/[^\s,]{0,60})?"
    r"|[A-Za-z0-9_]{3,30})"
)
HANDLE_LINE = re.compile(
    rf"[(\[<]?\s?(?:{NETWORK}{ACCOUNT}|@[A-Za-z0-9_.]{{3,30}})"
    rf"(?:[\s,/·|]{{1,3}}(?:{NETWORK}{ACCOUNT}|@[A-Za-z0-9_.]{{3,30}})){{0,5}}"
    r"(?:\s?\((?:X|트위터)\))?\s?[)\]>]?",
    re.IGNORECASE,
)
PHONE = r"(?:\+82[-\s]?|0)\d{1,2}[-.)\s]{1,2}\d{3,4}[-.\s]\d{4}"
# A number alone, or with the name of who answers: `☎ 02-000-0000`, `한가람 기자 010-0000-0000`.
PHONE_LINE = re.compile(
    rf"[(\[<]?\s?(?:[☎☏℡※*]\s?)?(?:[가-힣A-Za-z]{{0,12}}\s?){{0,3}}[:：(]?\s?{PHONE}(?:\s?[,/·~]\s?{PHONE}){{0,3}}"
    r"\s?[)\]>]?"
)
COPYRIGHT = r"(?:\(c\)|ⓒ|©|\(copyright\))"
RIGHTS_LINE = re.compile(
    rf"[<\[(]?\s?(?:저작권자\s?(?:{COPYRIGHT}|[:：])|copyright\s?{COPYRIGHT}"
    rf"|{COPYRIGHT}\s?(?:{AGENCY_NAME_PATTERN}|yonhap))"
    r"|<\s?(?:저작권자|copyright)",
    re.IGNORECASE,
)
RIGHTS_RESERVED = re.compile(r"[<\[(]?\s?무단\s?(?:전재|복제|배포)[^.]{0,60}금지\s?\.?[>\])]?")
# `종합 경제정보 미디어 이데일리 - 무단전재 & 재배포 금지`, `<ⓒ … 아시아경제 무단전재 배포금지>`.
RIGHTS_OF_AGENCY = re.compile(
    rf"[^\n]{{0,80}}(?:{AGENCY_NAME_PATTERN}|{COPYRIGHT})[^\n]{{0,60}}무단\s?(?:전재|복제|배포)[^\n]{{0,60}}금지\s?\.?\s?[>\])]?",
    re.IGNORECASE,
)
RIGHTS_CONTINUATION = re.compile(r"^(?:무단|재배포|전재|AI|인공지능|및|>)|금지\s?>?$")
EDITOR_NOTE = re.compile(r"[\[<(]?\s?※?\s?편집자\s?주(?![가-힣])|[\[<(]\s?※")
# The agency's own line with its reporter's address: `◎공감언론 뉴시스 garam@newsis.com`.
SLOGAN_LINE = re.compile(r"◎\s?(?:공감언론\s?)?뉴시스(?:통신사)?[\s.]*")

SEAM = re.compile(
    rf"<\s?(?=저작권자|ⓒ|©|copyright)|[\[(]\s?(?=저작권자\s?{COPYRIGHT}|copyright\s?{COPYRIGHT}|[ⓒ©]\s?뉴스1코리아)"
    rf"|저작권자\s?{COPYRIGHT}|copyright\s?{COPYRIGHT}|[▶☞►]|[(\[<]\s?(?:끝|END)\s?[)\]>]|◎\s?공감언론|[☎☏]",
    re.IGNORECASE,
)
TRAILING_EMAIL = re.compile(rf"[(\[<]?(?P<email>{EMAIL_PATTERN})[)\]>]?\s*$")
BRACKETED_EMAIL = rf"[(\[</]?{EMAIL_PATTERN}[)\]>]?"
EMAILS = rf"{BRACKETED_EMAIL}(?:\s*[,;·/ ]\s*{BRACKETED_EMAIL}){{0,9}}"
EMAIL_LINE = re.compile(rf"(?:이메일|메일|e-?mail)?\s?[:：]?\s?{EMAILS}", re.IGNORECASE)
# With a name or a slogan before it.
NAMED_EMAIL_LINE = re.compile(
    rf"(?:◎\s?)?(?:[가-힣]{{2,12}}\s?){{1,3}}(?:이메일|메일|e-?mail)?\s?[:：=]?\s?(?P<emails>{EMAILS})",
    re.IGNORECASE,
)
# Photographers' lines end in both: `… 2026.10.01. photo@newsis.com *재판매 및 DB 금지`.
EMAIL_BEFORE_RESALE_MARK = re.compile(
    rf"\s*(?P<email>{EMAIL_PATTERN})\s*[*＊]?\s?(?P<mark>재판매\s?및\s?DB\s?금지)\s*$"
)
SENTENCE_ENDS = (".", "?", "!", '"', "'", "”", "’", ")", "]", ">")
ARROWS = ("▶", "☞", "►", "☎", "☏")
CLOSING_BRACKETS = {"<": ">", "[": "]", "(": ")"}
MAX_CONTACT_CHARS, MAX_RIGHTS_CHARS = 160, 260
EMAIL_SEARCH_CHARS = 400  # an address is looked for in so many last characters of a line


def is_end_mark(line: str) -> bool:
    return bool(END_MARK.fullmatch(line))


def is_promotion_line(line: str) -> bool:
    return bool(PROMOTION_LINE.match(line)) and not line.endswith("다.")


def is_contact_line(line: str) -> bool:
    """Whether the line is an account, a telephone number or a slogan of the agency, and no sentence."""
    if len(line) > MAX_CONTACT_CHARS or line.endswith("다."):
        return False
    return any(pattern.fullmatch(line) for pattern in (HANDLE_LINE, PHONE_LINE, SLOGAN_LINE))


def is_rights_line(line: str) -> bool:
    if RIGHTS_LINE.match(line) or RIGHTS_RESERVED.fullmatch(line):
        return True
    return len(line) <= MAX_RIGHTS_CHARS and bool(RIGHTS_OF_AGENCY.fullmatch(line))


def is_editor_note(line: str) -> bool:
    """Whether the line is the agency's note to editors, which readers never see."""
    return bool(EDITOR_NOTE.match(line))


def parse_email_line(line: str) -> list[str] | None:
    """The addresses of a line that holds nothing else; None otherwise.

    A name or a slogan may stand before the address of an agency.
    """
    if "@" not in line or len(line) > EMAIL_SEARCH_CHARS:
        return None
    named = NAMED_EMAIL_LINE.fullmatch(line)
    is_named = named and AGENCY_EMAIL_REGEX.search(named["emails"].rstrip(")]>"))
    return EMAIL_REGEX.findall(line) if EMAIL_LINE.fullmatch(line) or is_named else None


def is_rights_line_complete(text: str) -> bool:
    return ">" in text if text.startswith("<") else "금지" in text


def split_glued_lines(line: str) -> Iterator[str]:
    """The line, split where boilerplate is glued to a sentence."""
    for piece in split_at_seams(line):
        yield from (part for part in split_trailing_emails(piece.strip()) if part)


def split_at_seams(line: str) -> Iterator[str]:
    """The line, split where a rights line, an arrow or an end mark begins within it.

    An arrow counts only after the end of a sentence or an address.
    """
    start = 0
    for seam in SEAM.finditer(line):
        at = seam.start()
        before = line[max(start, at - EMAIL_SEARCH_CHARS) : at]
        if at < start or (seam[0] in ARROWS and not is_closed(before)):
            continue
        yield line[start:at]
        end = find_seam_end(seam, line)
        yield line[at:end]
        start = end
    yield line[start:]


def is_closed(text: str) -> bool:
    """Whether the text ends with the end of a sentence or with an address."""
    text = text.rstrip()
    return text.endswith(SENTENCE_ENDS) or ("@" in text and bool(TRAILING_EMAIL.search(text)))


def find_seam_end(seam: re.Match[str], line: str) -> int:
    """The end of the boilerplate that begins at the seam: its bracket, the next seam, or the line's end."""
    if is_end_mark(seam[0]):
        return seam.end()
    if closing := CLOSING_BRACKETS.get(seam[0][0]):
        return line.find(closing, seam.end()) + 1 or len(line)
    following = SEAM.search(line, seam.end())
    return following.start() if following else len(line)


def split_trailing_emails(piece: str) -> list[str]:
    """The piece, with reporters' addresses at its end as pieces of their own."""
    if parse_email_line(piece) or is_promotion_line(piece) or is_signature_line(piece):
        return [piece]
    emails: list[str] = []
    if photo := EMAIL_BEFORE_RESALE_MARK.search(piece[-EMAIL_SEARCH_CHARS:]):
        at = max(0, len(piece) - EMAIL_SEARCH_CHARS) + photo.start()
        return [f"{piece[:at]} [{photo['mark']}]", photo["email"]]
    while match := TRAILING_EMAIL.search(piece, max(0, len(piece) - EMAIL_SEARCH_CHARS)):
        before = piece[: match.start()]
        if not (
            AGENCY_EMAIL_REGEX.search(match["email"])
            or is_closed(before[-EMAIL_SEARCH_CHARS:].rstrip("/ "))
            or before.endswith("  ")
        ):
            break
        emails.append(match["email"])
        piece = before.rstrip(" \t/")
    return [piece, *reversed(emails)]


def is_signature_line(piece: str) -> bool:
    """Whether the piece is reporters alone, with or without addresses and a dateline."""
    opening = parse_opening(piece) if len(piece) <= EMAIL_SEARCH_CHARS else None
    return bool(parse_signature(piece) or (opening and opening.emails))
