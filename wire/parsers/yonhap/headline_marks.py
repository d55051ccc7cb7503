"""The marks around a headline, `[속보]`, `<고침>`, `(종합2보)`, and the order they claim."""

import re

LEADING = re.compile(r"^\s*(?:\[([^\[\]]{1,12})\]|<([^<>]{1,12})>|【([^【】]{1,12})】)\s*")
# At the end only what is known to be a mark: headlines do end in other brackets.
TRAILING = re.compile(
    r"[(\[<]\s*((?:종합|속보|상보|긴급|고침|정정|수정|대체|영상|그래픽|단독|계속"
    r"|전문\s?취소|기사\s?취소|송고\s?취소|취소)|(?:종합|수정)?\s?\d{1,2}\s?보)\s*[)\]>]\s*$"
)
FLASH = {"속보", "긴급"}
CORRECTIONS = {"고침", "정정", "수정", "대체"}
CANCELLATIONS = {"전문취소", "기사취소", "송고취소", "취소"}
# Titles of columns, alike every day: such a headline does not name one story.
COLUMNS = {"인사", "부고", "표", "모멘트", "궂긴소식", "게시판", "동정", "신간", "날씨"}
NUMBERED = re.compile(r"^(종합)?(\d{1,2})?보?$")
# A flash comes before numbered reports (1보, 2보), then the plain story, then consolidations.
PLAIN_ORDER, CONSOLIDATED_ORDER = 50, 100
MOST, REACH = 8, 40  # marks at each end; letters at the end in which one is looked for


def split_marks(headline: str) -> tuple[str, list[str]]:
    """The headline without its marks, and the marks without their brackets, in reading order."""
    before: list[str] = []
    after: list[str] = []
    while len(before) < MOST and (found := LEADING.match(headline)):
        before.append(next(mark for mark in found.groups() if mark).strip())
        headline = headline[found.end() :]
    while len(after) < MOST and (last := TRAILING.search(headline, max(0, len(headline) - REACH))):
        after.append(last[1])
        headline = headline[: last.start()].rstrip()
    return headline.strip(), [mark.replace(" ", "") for mark in [*before, *reversed(after)]]


def mark_order(marks: list[str]) -> int:
    """The version that the marks claim: 속보 0, 1보 1, 2보 2, none 50, 종합 101, 종합2보 102."""
    numbers = [number for mark in marks if (number := mark_number(mark)) is not None]
    return max(numbers, default=PLAIN_ORDER)


def mark_number(mark: str) -> int | None:
    if mark in FLASH:
        return 0
    found = NUMBERED.match(mark)
    if not found or not mark:
        return None
    consolidated, number = found.groups()
    if consolidated:
        return CONSOLIDATED_ORDER + int(number or 1)
    return int(number) if number and mark.endswith("보") else None


def has_cancellation_mark(marks: list[str]) -> bool:
    return not CANCELLATIONS.isdisjoint(marks)


def has_correction_mark(marks: list[str]) -> bool:
    return not CORRECTIONS.isdisjoint(marks)


def has_column_mark(marks: list[str]) -> bool:
    """Whether the headline stands over a list (인사, 부고, 표) rather than over one event."""
    return not COLUMNS.isdisjoint(marks)
