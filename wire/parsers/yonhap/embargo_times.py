"""The moment that an embargo names, as Korean agencies and offices write it. Nothing is guessed:
what can be read in two ways is not read at all.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from wire.embargo import Embargo
from wire.parsers.yonhap.timestamps import SEOUL, parse_zone

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
BETWEEN = re.compile(
    r"\s*(?:\(?(?P<weekday>[월화수목금토일])(?:요일)?\))?[\s),T]{0,4}(?:한국\s?시[간각]\s?)?"
)
WEEKDAYS = "월화수목금토일"
ONLINE = re.compile(r"(?:인터넷|온라인)\S{0,4}\s{0,2}$")
# Other clocks than ours, and times that are no times.
UNSURE = re.compile(
    r"현지|동부|서부|중부|그리니치|(?<![A-Za-z])(?!KST|GMT)[A-Z]{1,4}T(?![A-Za-z])|익일|당일|다음\s?(?:날|주)"
    r"|이튿날|자정|전후|무렵|시\s?(?:경|쯤|께)|이르면|미정|추후|변경|잠정|별도"
)
OTHER_ZONE = re.compile(r"UTC|GMT")
# In whose hours an hour lies. What is missing here is said by nobody, or means two things.
HALVES = {
    "오전": {h: h for h in range(12)},
    "오후": {12: 12, **{h: h + 12 for h in range(1, 12)}, **{h: h for h in range(13, 24)}},
    "새벽": {h: h for h in range(7)},
    "아침": {h: h for h in range(5, 12)},
    "낮": {11: 11, 12: 12, **{h: h + 12 for h in range(1, 5)}},
    "저녁": {h: h + 12 for h in range(5, 12)},
    "밤": {h: h + 12 for h in range(7, 12)},
}
LONGEST = 1500
# Further from the sending than this it is a slip of the keyboard.
PAST, FUTURE = timedelta(days=31), timedelta(days=366)
HALF_A_YEAR, DAYS_BACK, DAYS_AHEAD = timedelta(days=183), timedelta(days=2), timedelta(days=20)


def parse_embargo_time(text: str, *, sent_at: datetime | None) -> datetime | None:
    """The one moment in Seoul that these words name; None for none, several or an unsure one.

    Year, month or 오늘 are taken from the time of sending; without a day, a clock says nothing.
    """
    if len(text) > LONGEST:
        return None
    days, clocks = list(DATE.finditer(text)), list(CLOCK.finditer(text))
    zones = sum(1 for clock in clocks if clock["zone"] in {"UTC", "GMT"})
    if UNSURE.search(text) or len(OTHER_ZONE.findall(text)) > zones:
        return None
    moments: set[datetime | None] = set()
    spare = list(days)
    online = False
    for clock in clocks:
        day = day_before(clock, days, text)
        if day is None:
            return None
        moments.add(moment_of(day, clock, text, sent_at=sent_at))
        online = online or bool(ONLINE.search(text[: day.start()]))
        spare = [other for other in spare if other is not day]
    moment = moments.pop() if len(moments) == 1 else None
    if moment is None or not (online or all(is_not_after(d, moment, sent_at) for d in spare)):
        return None
    return moment if is_near(moment, sent_at) else None


def day_before(clock: re.Match[str], days: list[re.Match[str]], text: str) -> re.Match[str] | None:
    """The day that an hour belongs to: the one written right before it."""
    before = (day for day in days if day.end() <= clock.start())
    day = max(before, key=lambda found: found.end(), default=None)
    return day if day and BETWEEN.fullmatch(text, day.end(), clock.start()) else None


def moment_of(
    day: re.Match[str], clock: re.Match[str], text: str, *, sent_at: datetime | None
) -> datetime | None:
    """Day and hour together; None where either is unsure or the weekday says another day."""
    on, hour = date_of(day, sent_at), hour_of(clock)
    between = BETWEEN.fullmatch(text, day.end(), clock.start())
    weekday = between["weekday"] if between else None
    if on is None or hour is None or (weekday and WEEKDAYS[on.weekday()] != weekday):
        return None
    minute = 30 if clock["thirty"] else int(clock["minute"] or clock["minutes"] or 0)
    second = int(clock["second"] or 0)
    if minute > 59 or second > 59 or (hour == 24 and minute + second):
        return None
    midnight = datetime(on.year, on.month, on.day, tzinfo=parse_zone(clock["zone"]))
    return (midnight + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(SEOUL)


def hour_of(clock: re.Match[str]) -> int | None:
    """The hour of 24; None for `6시`, which is said of the morning and of the evening."""
    if clock["noon"]:
        return 12
    hour = int(clock["hour"])
    if half := clock["half"]:
        return HALVES[half].get(hour)
    spelled_out = len(clock["hour"]) == 2 and (clock["minute"] or clock["hour"][0] == "0")
    return hour if hour <= 24 and (spelled_out or hour == 0 or hour >= 12) else None


def date_of(found: re.Match[str], sent_at: datetime | None) -> date | None:
    """The day, completed from the day of sending; None when that leaves none or two."""
    if found["year"]:
        year = int(found["year"].lstrip("'‘’"))
        full = (year if year > 99 else 2000 + year, int(found["month"]), int(found["day"]))
        return next(existing([full]), None)
    if sent_at is None:
        return None
    sent = sent_at.astimezone(SEOUL).date()
    if found["named"]:
        ahead = {"내일": 1, "명일": 1, "모레": 2}.get(found["named"], 0)
        return sent + timedelta(days=ahead)
    if found["day_alone"]:
        months = [(sent.year * 12 + sent.month - 1 + step) for step in (-1, 0, 1)]
        wanted = [(m // 12, m % 12 + 1, int(found["day_alone"])) for m in months]
        return only(wanted, sent - DAYS_BACK, sent + DAYS_AHEAD)
    month, day = int(found["month_alone"]), int(found["its_day"])
    years = [(sent.year + step, month, day) for step in (-1, 0, 1)]
    return only(years, sent - PAST, sent + HALF_A_YEAR)


def only(parts: list[tuple[int, int, int]], first: date, last: date) -> date | None:
    """The one day of these between the two; None when it is none or several."""
    found = [day for day in existing(parts) if first <= day <= last]
    return found[0] if len(found) == 1 else None


def existing(parts: list[tuple[int, int, int]]) -> Iterator[date]:
    for year, month, day in parts:
        try:
            yield date(year, month, day)
        except ValueError:  # there is no 31 June
            continue


def is_not_after(day: re.Match[str], moment: datetime, sent_at: datetime | None) -> bool:
    """Whether a day that stands there without an hour leaves the moment as it is."""
    on = date_of(day, sent_at)
    return on is not None and on <= moment.date()


def is_near(moment: datetime, sent_at: datetime | None) -> bool:
    return sent_at is None or sent_at - PAST <= moment <= sent_at + FUTURE


def parse_embargo(lines: list[str], *, sent_at: datetime | None) -> tuple[Embargo, datetime | None]:
    """What these lines say together. A time that cannot be read for sure is an unknown end."""
    if not lines:
        return Embargo.NONE, None
    if all(LIFTED.fullmatch(line.strip(AROUND)) for line in lines):
        return Embargo.LIFTED, None
    moment = parse_embargo_time("\n".join(lines), sent_at=sent_at)
    return (Embargo.UNTIL, moment) if moment else (Embargo.OPEN, None)


AROUND = " []()<>【】※*.!·:-"
LIFTED = re.compile(
    r"(?:이\s?기사(?:의|는)?\s?)?(?:엠바고|보도\s?(?:유예|제한)|embargo)\s?(?:가|를|는)?\s?(?:조기\s?)?"
    r"(?:해제|풀림|종료|없음|취소|철회|lifted)(?:함|됨|됐음|됐습니다|되었습니다|했습니다|합니다|입니다)?"
    r"|(?:보도\s?(?:시점|시각|일시|시기)\s?[:：]?\s?)?(?:배포\s?)?즉시(?:\s?보도)?(?:\s?(?:가능|가능합니다))?",
    re.IGNORECASE,
)
