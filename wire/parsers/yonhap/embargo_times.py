"""Parser of embargo times as Korean agencies and offices write them.

Nothing is guessed: a time that can be read in two ways is not read at all.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from wire.embargo import Embargo
from wire.parsers.result import SEOUL
from wire.parsers.yonhap.header import parse_zone

MONTH, DAY = r"\d{1,2}", r"\d{1,2}(?![\d:]|\s?시)"
DATE = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d|['‘’]?[2-9]\d)\s?[-./년]\s?(?P<month>{MONTH})\s?[-./월]\s?(?P<day>{DAY})\s?(?:일|\.)?"
    rf"|(?<![\d.])(?P<month_alone>{MONTH})\s?(?:월|[./])\s?(?P<its_day>{DAY})(?![%\d])\s?(?:일|\.)?"
    rf"|(?<!\d)(?P<day_alone>{DAY})\s?일(?!간|째|만)"
    r"|(?P<named>오늘|금일|내일|명일|모레)"
)
CLOCK = re.compile(
    r"(?:(?P<half>오전|오후|새벽|아침|낮|저녁|밤)\s?)?(?<!\d)(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d\d)(?!\d)|\s?시(?!간)(?:\s?(?P<minutes>\d{1,2})\s?분|\s?(?P<thirty>반))?)"
    r"(?::(?P<second>\d\d))?(?:\.\d{1,9})?\s?(?P<zone>Z(?![A-Za-z])|UTC|GMT|KST|\+(?:0\d|1[0-4]):?[0-5]\d)?"
    r"|(?P<noon>정오)"
)
# What may stand between a day and its hour: the day of the week, a bracket that closes, 한국시간.
BETWEEN_DAY_AND_HOUR = re.compile(
    r"\s*(?:\(?(?P<weekday>[월화수목금토일])(?:요일)?\))?[\s),T]{0,4}(?:한국\s?시[간각]\s?)?"
)
WEEKDAYS = "월화수목금토일"
ONLINE = re.compile(r"(?:인터넷|온라인)\S{0,4}\s{0,2}$")
# Time zones other than Korea's, and times that are not exact.
AMBIGUOUS_TIME = re.compile(
    r"현지|동부|서부|중부|그리니치|(?<![A-Za-z])(?!KST|GMT)[A-Z]{1,4}T(?![A-Za-z])|익일|당일|다음\s?(?:날|주)"
    r"|이튿날|자정|전후|무렵|시\s?(?:경|쯤|께)|이르면|미정|추후|변경|잠정|별도"
)
UTC_WORD = re.compile(r"UTC|GMT")
# The hour of 24 by the name of the half of the day. What is missing is not said, or is ambiguous.
HOURS_BY_HALF = {
    "오전": {h: h for h in range(12)},
    "오후": {12: 12, **{h: h + 12 for h in range(1, 12)}, **{h: h for h in range(13, 24)}},
    "새벽": {h: h for h in range(7)},
    "아침": {h: h for h in range(5, 12)},
    "낮": {11: 11, 12: 12, **{h: h + 12 for h in range(1, 5)}},
    "저녁": {h: h + 12 for h in range(5, 12)},
    "밤": {h: h + 12 for h in range(7, 12)},
}
MAX_EMBARGO_CHARS = 1500
# Further from the time of sending it is a typing error.
MAX_PAST, MAX_FUTURE = timedelta(days=31), timedelta(days=366)
HALF_A_YEAR, DAYS_BACK, DAYS_AHEAD = timedelta(days=183), timedelta(days=2), timedelta(days=20)
# The newspaper edition that a press release names after the hour: `12:00 이후(11.30. 조간)`.
EDITION_AFTER_HOUR = re.compile(
    r"[(（]\s?\d{1,2}\s?[./월]\s?\d{1,2}\s?(?:일|\.)?\s?(?:[(（]?[월화수목금토일][)）]?\s?)?(?:조간|석간)(?:용|부터)?\s?[)）]"
)
AROUND_LIFTED = " []()<>【】※*.!·:-"
LIFTED = re.compile(
    r"(?:이\s?기사(?:의|는)?\s?)?(?:엠바고|보도\s?(?:유예|제한)|embargo)\s?(?:가|를|는)?\s?(?:조기\s?)?"
    r"(?:해제|풀림|종료|없음|취소|철회|lifted)(?:함|됨|됐음|됐습니다|되었습니다|했습니다|합니다|입니다)?"
    r"|(?:보도\s?(?:시점|시각|일시|시기)\s?[:：]?\s?)?(?:배포\s?)?즉시(?:\s?보도)?(?:\s?(?:가능|가능합니다))?",
    re.IGNORECASE,
)


def parse_embargo(lines: list[str], *, sent_at: datetime | None) -> tuple[Embargo, datetime | None]:
    """The embargo that these lines state together; a time that is not certain is an open end."""
    if not lines:
        return Embargo.NONE, None
    if all(LIFTED.fullmatch(line.strip(AROUND_LIFTED)) for line in lines):
        return Embargo.LIFTED, None
    until = parse_embargo_time("\n".join(lines), sent_at=sent_at)
    return (Embargo.UNTIL, until) if until else (Embargo.OPEN, None)


def parse_embargo_time(text: str, *, sent_at: datetime | None) -> datetime | None:
    """The one time in Seoul that the text names; None for none, several or an ambiguous one.

    Year, month or 오늘 are completed from the time of sending; an hour without a day is ambiguous.
    """
    if len(text) > MAX_EMBARGO_CHARS:
        return None
    if CLOCK.search(EDITION_AFTER_HOUR.sub("", text)):
        text = EDITION_AFTER_HOUR.sub("", text)
    days, clocks = list(DATE.finditer(text)), list(CLOCK.finditer(text))
    utc_clocks = sum(1 for clock in clocks if clock["zone"] in {"UTC", "GMT"})
    if AMBIGUOUS_TIME.search(text) or len(UTC_WORD.findall(text)) > utc_clocks:
        return None
    times: set[datetime | None] = set()
    days_without_hour = list(days)
    is_online_time = False
    for clock in clocks:
        day = find_day_before(clock, days, text)
        if day is None:
            return None
        times.add(combine(day, clock, text, sent_at=sent_at))
        is_online_time = is_online_time or bool(ONLINE.search(text[: day.start()]))
        days_without_hour = [other for other in days_without_hour if other is not day]
    time = times.pop() if len(times) == 1 else None
    if time is None:
        return None
    if not is_online_time and not all(is_not_after(d, time, sent_at) for d in days_without_hour):
        return None
    return time if is_near(time, sent_at) else None


def find_day_before(
    clock: re.Match[str], days: list[re.Match[str]], text: str
) -> re.Match[str] | None:
    """The day that an hour belongs to: the one written right before it."""
    before = (day for day in days if day.end() <= clock.start())
    day = max(before, key=lambda match: match.end(), default=None)
    if day and BETWEEN_DAY_AND_HOUR.fullmatch(text, day.end(), clock.start()):
        return day
    return None


def combine(
    day: re.Match[str], clock: re.Match[str], text: str, *, sent_at: datetime | None
) -> datetime | None:
    """Day and hour together; None where either is ambiguous or the weekday is another day's."""
    on, hour = parse_day(day, sent_at), parse_hour(clock)
    between = BETWEEN_DAY_AND_HOUR.fullmatch(text, day.end(), clock.start())
    weekday = between["weekday"] if between else None
    if on is None or hour is None or (weekday and WEEKDAYS[on.weekday()] != weekday):
        return None
    minute = 30 if clock["thirty"] else int(clock["minute"] or clock["minutes"] or 0)
    second = int(clock["second"] or 0)
    if minute > 59 or second > 59 or (hour == 24 and minute + second):
        return None
    midnight = datetime(on.year, on.month, on.day, tzinfo=parse_zone(clock["zone"]))
    return (midnight + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(SEOUL)


def parse_hour(clock: re.Match[str]) -> int | None:
    """The hour of 24; None for `6시`, which may be in the morning or in the evening."""
    if clock["noon"]:
        return 12
    hour = int(clock["hour"])
    if half := clock["half"]:
        return HOURS_BY_HALF[half].get(hour)
    has_two_digits = len(clock["hour"]) == 2 and (clock["minute"] or clock["hour"][0] == "0")
    return hour if hour <= 24 and (has_two_digits or hour == 0 or hour >= 12) else None


def parse_day(match: re.Match[str], sent_at: datetime | None) -> date | None:
    """The day, completed from the day of sending; None where that leaves none or two."""
    if match["year"]:
        year = int(match["year"].lstrip("'‘’"))
        full = (year if year > 99 else 2000 + year, int(match["month"]), int(match["day"]))
        return next(valid_dates([full]), None)
    if sent_at is None:
        return None
    sent_on = sent_at.astimezone(SEOUL).date()
    if match["named"]:
        days_ahead = {"내일": 1, "명일": 1, "모레": 2}.get(match["named"], 0)
        return sent_on + timedelta(days=days_ahead)
    if match["day_alone"]:
        months = [(sent_on.year * 12 + sent_on.month - 1 + step) for step in (-1, 0, 1)]
        candidates = [(m // 12, m % 12 + 1, int(match["day_alone"])) for m in months]
        return only_date(candidates, sent_on - DAYS_BACK, sent_on + DAYS_AHEAD)
    month, day = int(match["month_alone"]), int(match["its_day"])
    years = [(sent_on.year + step, month, day) for step in (-1, 0, 1)]
    return only_date(years, sent_on - MAX_PAST, sent_on + HALF_A_YEAR)


def only_date(parts: list[tuple[int, int, int]], first: date, last: date) -> date | None:
    """The one date of these from `first` to `last`; None where there is none or several."""
    dates = [day for day in valid_dates(parts) if first <= day <= last]
    return dates[0] if len(dates) == 1 else None


def valid_dates(parts: list[tuple[int, int, int]]) -> Iterator[date]:
    for year, month, day in parts:
        try:
            yield date(year, month, day)
        except ValueError:  # there is no 31 June
            continue


def is_not_after(day: re.Match[str], time: datetime, sent_at: datetime | None) -> bool:
    """Whether a day that is written without an hour does not contradict the time."""
    on = parse_day(day, sent_at)
    return on is not None and on <= time.date()


def is_near(time: datetime, sent_at: datetime | None) -> bool:
    return sent_at is None or sent_at - MAX_PAST <= time <= sent_at + MAX_FUTURE
