"""Marks of headlines: `[속보]`, `(종합2보)`, `<고침>`, `KILL:`, `(2nd LD)`."""

import re

LEADING_MARK = re.compile(
    r"^\s*(?:\[([^\[\]=＝]{1,12})\]|<([^<>=＝]{1,12})>|【([^【】=＝]{1,12})】"
    r"|\(((?:\d(?:st|nd|rd|th)\s)?(?:LEAD|LD)|URGENT|KILL|CORRECTION|CORRECTED|CANCELLATION|News Focus"
    r"|Yonhap [A-Z]\w+|전문\s?취소|기사\s?전문\s?취소)\))\s*"
)
# Before a colon only the marks that withdraw or correct: headlines do begin with other words.
LABEL_MARK = re.compile(
    r"^\s*((?i:KILL|CORRECTION|CANCELLATION)|(?:기사\s?)?전문\s?취소|기사\s?취소|송고\s?취소|고침|정정)\s*[:：]\s*"
)
# At the end only known marks: headlines do end in other brackets.
TRAILING_MARK = re.compile(
    r"[(\[<]\s*((?:종합|속보|상보|긴급|고침|정정|수정|대체|영상|그래픽|단독|계속"
    r"|(?:기사\s?)?전문\s?취소|기사\s?취소|송고\s?취소|취소|KILL|(?:\d(?:st|nd|rd|th)\s)?(?:LEAD|LD)|URGENT)"
    r"|(?:종합|수정)?\s?\d{1,2}\s?보)\s*[)\]>]\s*$"
)
FLASH_MARKS = {"속보", "긴급", "URGENT"}
CORRECTION_MARKS = {"고침", "정정", "수정", "대체", "CORRECTION", "CORRECTED"}
CANCELLATION_MARKS = {
    "기사전문취소",
    "전문취소",
    "기사취소",
    "송고취소",
    "취소",
    "KILL",
    "KILLED",
    "CANCELLATION",
}
# Titles of columns, the same every day: such a headline does not identify a story.
COLUMN_MARKS = {"인사", "부고", "표", "모멘트", "궂긴소식", "게시판", "동정", "신간", "날씨"}
NUMBERED_MARK = re.compile(r"^(종합)?(\d{1,2})?보?$")
ENGLISH_LEAD = re.compile(r"^(?:(\d)(?:st|nd|rd|th) )?(?:LEAD|LD)$")
# A flash comes before numbered reports (1보, 2보), then the plain story, then consolidations.
PLAIN_ORDER, CONSOLIDATED_ORDER = 50, 100
MAX_MARKS = 8  # at each end
MARK_SEARCH_CHARS = 40  # a trailing mark is looked for in so many last characters


def split_marks(headline: str) -> tuple[str, list[str]]:
    """The headline without its marks, and the marks without their brackets, in reading order."""
    before: list[str] = []
    after: list[str] = []
    while len(before) < MAX_MARKS and (
        first := LEADING_MARK.match(headline) or LABEL_MARK.match(headline)
    ):
        before.append(next(mark for mark in first.groups() if mark).strip())
        headline = headline[first.end() :]
    while len(after) < MAX_MARKS and (
        last := TRAILING_MARK.search(headline, max(0, len(headline) - MARK_SEARCH_CHARS))
    ):
        after.append(last[1])
        headline = headline[: last.start()].rstrip()
    return headline.strip(), [normalize_mark(mark) for mark in [*before, *reversed(after)]]


def normalize_mark(mark: str) -> str:
    """A Korean mark without spaces; an English one that cancels or corrects in capitals."""
    mark = " ".join(mark.split())
    if not mark.isascii():
        return mark.replace(" ", "")
    return mark.upper() if mark.upper() in CANCELLATION_MARKS | CORRECTION_MARKS else mark


def mark_order(marks: list[str]) -> int:
    """The version that the marks claim: 속보 0, 1보 1, none 50, 종합 101, 종합2보 and 2nd LD 102."""
    numbers = [number for mark in marks if (number := mark_number(mark)) is not None]
    return max(numbers, default=PLAIN_ORDER)


def mark_number(mark: str) -> int | None:
    """The version number that one mark claims; None for a mark that claims none."""
    if mark in FLASH_MARKS:
        return 0
    if lead := ENGLISH_LEAD.match(mark):
        return CONSOLIDATED_ORDER + int(lead[1] or 1)
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
