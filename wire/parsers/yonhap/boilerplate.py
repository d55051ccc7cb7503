"""Boilerplate lines around a story: rights, e-mail addresses, end mark, promotion, notes to editors.

And lines in which boilerplate is glued to a sentence, split.
"""

import re
from collections.abc import Iterator

from wire.parsers.yonhap.header import (
    AGENCY_EMAIL_REGEX,
    EMAIL_PATTERN,
    EMAIL_REGEX,
    parse_opening,
    parse_signature,
)

END_MARK = re.compile(r"[(\[<]\s?(?:끝|계속)\s?[)\]>]")
PROMOTION_LINE = re.compile(
    r"[▶☞►▷]|제보는\s?(?:카카오톡|카톡|라인|이메일|전화)|제보하기|(?:기사\s?)?(?:문의|제보)[^.다]{0,20}[:：]"
    r"|카카오톡\s?(?:okjebo|플러스친구|채널)|(?:X\(트위터\)|트위터|페이스북)\s+\S{1,60}(?:\s|$)"
)
COPYRIGHT = r"(?:\(c\)|ⓒ|©|\(copyright\))"
RIGHTS_LINE = re.compile(
    rf"<?\s?(?:저작권자\s?(?:{COPYRIGHT}|[:：])|copyright\s?{COPYRIGHT}|{COPYRIGHT}\s?(?:연합뉴스|yonhap))"
    r"|<\s?(?:저작권자|copyright)",
    re.IGNORECASE,
)
RIGHTS_RESERVED = re.compile(r"[<\[(]?\s?무단\s?(?:전재|복제|배포)[^.]{0,60}금지\s?[>\])]?")
AI_USE = re.compile(r"(?:AI|인공지능)[^<>]{0,30}금지", re.IGNORECASE)
RIGHTS_CONTINUATION = re.compile(r"^(?:무단|재배포|전재|AI|인공지능|및|>)|금지\s?>?$")
EDITOR_NOTE = re.compile(r"[\[<(]?\s?※?\s?편집자\s?주(?![가-힣])|[\[<(]\s?※")

SEAM = re.compile(
    rf"<\s?(?=저작권자|ⓒ|©|copyright)|저작권자\s?{COPYRIGHT}|[▶☞►]|[(\[<]\s?끝\s?[)\]>]",
    re.IGNORECASE,
)
TRAILING_EMAIL = re.compile(rf"[(\[<]?(?P<email>{EMAIL_PATTERN})[)\]>]?\s*$")
BRACKETED_EMAIL = rf"[(\[<]?{EMAIL_PATTERN}[)\]>]?"
EMAIL_LINE = re.compile(
    rf"(?:이메일|메일|e-?mail)?\s?[:：]?\s?{BRACKETED_EMAIL}(?:\s*[,;·/ ]\s*{BRACKETED_EMAIL}){{0,9}}",
    re.IGNORECASE,
)
SENTENCE_ENDS = (".", "?", "!", '"', "'", "”", "’", ")", "]", ">")
ARROWS = ("▶", "☞", "►")
EMAIL_SEARCH_CHARS = 400  # an address is looked for in so many last characters of a line


def is_end_mark(line: str) -> bool:
    return bool(END_MARK.fullmatch(line))


def is_promotion_line(line: str) -> bool:
    return bool(PROMOTION_LINE.match(line)) and not line.endswith("다.")


def is_rights_line(line: str) -> bool:
    return bool(RIGHTS_LINE.match(line) or RIGHTS_RESERVED.fullmatch(line))


def is_editor_note(line: str) -> bool:
    """Whether the line is the agency's note to editors, which readers never see."""
    return bool(EDITOR_NOTE.match(line))


def forbids_ai_use(rights: str) -> bool:
    """Whether the rights line forbids training with and use by AI (`AI 학습 및 활용 금지`)."""
    return bool(AI_USE.search(rights))


def parse_email_line(line: str) -> list[str] | None:
    """The addresses of a line that holds nothing else; None otherwise."""
    is_email_line = len(line) <= EMAIL_SEARCH_CHARS and EMAIL_LINE.fullmatch(line)
    return EMAIL_REGEX.findall(line) if is_email_line else None


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
    if seam[0].startswith("<") and not is_end_mark(seam[0]):
        return line.find(">", seam.end()) + 1 or len(line)
    if is_end_mark(seam[0]):
        return seam.end()
    following = SEAM.search(line, seam.end())
    return following.start() if following else len(line)


def split_trailing_emails(piece: str) -> list[str]:
    """The piece, with reporters' addresses at its end as pieces of their own."""
    if parse_email_line(piece) or is_promotion_line(piece) or is_signature_line(piece):
        return [piece]
    emails: list[str] = []
    while match := TRAILING_EMAIL.search(piece, max(0, len(piece) - EMAIL_SEARCH_CHARS)):
        before = piece[: match.start()]
        if not (
            AGENCY_EMAIL_REGEX.search(match["email"])
            or is_closed(before[-EMAIL_SEARCH_CHARS:])
            or before.endswith("  ")
        ):
            break
        emails.append(match["email"])
        piece = before.rstrip()
    return [piece, *reversed(emails)]


def is_signature_line(piece: str) -> bool:
    """Whether the piece is reporters alone, with or without addresses and a dateline."""
    opening = parse_opening(piece) if len(piece) <= EMAIL_SEARCH_CHARS else None
    return bool(parse_signature(piece) or (opening and opening.emails))
