"""What stands around a story: rights, addresses, end mark, promotion; and lines glued together."""

import re
from collections.abc import Iterator

from wire.parsers.yonhap.bylines import (
    AGENCY_EMAIL_REGEX,
    EMAIL_PATTERN,
    EMAIL_REGEX,
    parse_opening,
    parse_signature,
)

END = re.compile(r"[(\[<]\s?(?:끝|계속)\s?[)\]>]")
PROMOTION = re.compile(
    r"[▶☞►▷]|제보는\s?(?:카카오톡|카톡|라인|이메일|전화)|제보하기|(?:기사\s?)?(?:문의|제보)[^.다]{0,20}[:：]"
    r"|카카오톡\s?(?:okjebo|플러스친구|채널)|(?:X\(트위터\)|트위터|페이스북)\s+\S{1,60}(?:\s|$)"
)
COPYRIGHT = r"(?:\(c\)|ⓒ|©|\(copyright\))"
RIGHTS = re.compile(
    rf"<?\s?(?:저작권자\s?(?:{COPYRIGHT}|[:：])|copyright\s?{COPYRIGHT}|{COPYRIGHT}\s?(?:연합뉴스|yonhap))"
    r"|<\s?(?:저작권자|copyright)",
    re.IGNORECASE,
)
RESERVED = re.compile(r"[<\[(]?\s?무단\s?(?:전재|복제|배포)[^.]{0,60}금지\s?[>\])]?")
AI_USE = re.compile(r"(?:AI|인공지능)[^<>]{0,30}금지", re.IGNORECASE)
RIGHTS_CONTINUATION = re.compile(r"^(?:무단|재배포|전재|AI|인공지능|및|>)|금지\s?>?$")
NOTE = re.compile(r"[\[<(]?\s?※?\s?편집자\s?주(?![가-힣])|[\[<(]\s?※")

SEAM = re.compile(
    rf"<\s?(?=저작권자|ⓒ|©|copyright)|저작권자\s?{COPYRIGHT}|[▶☞►]|[(\[<]\s?끝\s?[)\]>]",
    re.IGNORECASE,
)
ADDRESS_LAST = re.compile(rf"[(\[<]?(?P<email>{EMAIL_PATTERN})[)\]>]?\s*$")
ENCLOSED = rf"[(\[<]?{EMAIL_PATTERN}[)\]>]?"
ADDRESSES = re.compile(
    rf"(?:이메일|메일|e-?mail)?\s?[:：]?\s?{ENCLOSED}(?:\s*[,;·/ ]\s*{ENCLOSED}){{0,9}}",
    re.IGNORECASE,
)
STOPS = (".", "?", "!", '"', "'", "”", "’", ")", "]", ">")
ARROWS = ("▶", "☞", "►")
REACH = 400  # an address is looked for in the last characters of a line


def is_end_mark(line: str) -> bool:
    return bool(END.fullmatch(line))


def is_promotion_line(line: str) -> bool:
    return bool(PROMOTION.match(line)) and not line.endswith("다.")


def is_rights_line(line: str) -> bool:
    return bool(RIGHTS.match(line) or RESERVED.fullmatch(line))


def is_editor_note(line: str) -> bool:
    """Whether the line is the agency's note to editors, which readers never see."""
    return bool(NOTE.match(line))


def forbids_ai_use(rights: str) -> bool:
    """Whether the rights line forbids training with and use by AI (`AI 학습 및 활용 금지`)."""
    return bool(AI_USE.search(rights))


def parse_email_line(line: str) -> list[str] | None:
    """The addresses of a line that holds nothing else; None otherwise."""
    return EMAIL_REGEX.findall(line) if len(line) <= REACH and ADDRESSES.fullmatch(line) else None


def is_rights_line_complete(text: str) -> bool:
    return ">" in text if text.startswith("<") else "금지" in text


def split_glued_lines(line: str) -> Iterator[str]:
    """The line cut where furniture was glued to a sentence, piece after piece."""
    for piece in cut_at_seams(line):
        yield from (part for part in without_address(piece.strip()) if part)


def cut_at_seams(line: str) -> Iterator[str]:
    start = 0
    for seam in SEAM.finditer(line):
        at = seam.start()
        if at < start or (seam[0] in ARROWS and not is_closed(line[max(start, at - REACH) : at])):
            continue
        yield line[start:at]
        end = end_of(seam, line)
        yield line[at:end]
        start = end
    yield line[start:]


def is_closed(text: str) -> bool:
    """Whether a sentence or an address has come to its end here."""
    text = text.rstrip()
    return text.endswith(STOPS) or ("@" in text and bool(ADDRESS_LAST.search(text)))


def end_of(seam: re.Match[str], line: str) -> int:
    """Where the furniture ends that begins at the seam: at its bracket, else with the line."""
    if seam[0].startswith("<") and not is_end_mark(seam[0]):
        return line.find(">", seam.end()) + 1 or len(line)
    if is_end_mark(seam[0]):
        return seam.end()
    following = SEAM.search(line, seam.end())
    return following.start() if following else len(line)


def without_address(piece: str) -> list[str]:
    """The piece, with reporters' addresses at its end as pieces of their own."""
    if parse_email_line(piece) or is_promotion_line(piece) or stands_as_signature(piece):
        return [piece]
    emails: list[str] = []
    while found := ADDRESS_LAST.search(piece, max(0, len(piece) - REACH)):
        before = piece[: found.start()]
        if not (
            AGENCY_EMAIL_REGEX.search(found["email"])
            or is_closed(before[-REACH:])
            or before.endswith("  ")
        ):
            break
        emails.append(found["email"])
        piece = before.rstrip()
    return [piece, *reversed(emails)]


def stands_as_signature(piece: str) -> bool:
    opening = parse_opening(piece) if len(piece) <= REACH else None
    return bool(parse_signature(piece) or (opening and opening.emails))
