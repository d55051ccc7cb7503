"""Texts of an invented news day: stories with their versions, marks, states and embargoes. Pure.

Each text names the number of its story (`story_token`), so that a judge can tell strangers apart.
"""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
DAY = datetime(2026, 11, 14, tzinfo=SEOUL)
MORNING, FORENOON, NIGHT = (DAY + timedelta(hours=hour) for hour in (5, 7, 23))
MINUTES_BETWEEN_VERSIONS = range(3, 45)

SYLLABLES = (
    "가나다라마바사아자차카타하고노도로모보소오조초코토호"
    "구누두루무부수우주추쿠투후기니디리미비시이지치키티히"
)
LATIN = [
    onset + vowel
    for onset in ("b", "d", "g", "h", "k", "m", "n", "r", "s", "t")
    for vowel in "aeiou"
]
KINDS = (
    "강변길",
    "도서관",
    "연구소",
    "시민축제",
    "시장골목",
    "물놀이터",
    "천문대",
    "박물관",
    "빵집거리",
    "배움터",
)
EVENTS = (
    "다시 연다", "석 달 미룬다", "새로 짓는다", "이름 바꾼다", "밤에도 연다", "값 내린다", "첫 손님 맞는다",
    "두 배로 넓힌다", "겨울 동안 쉰다", "이웃에 내준다", "쉰 살 생일 잔치", "나무 천 그루 심는다",
)  # fmt: skip
ENGLISH_KINDS = ("library", "market", "river path", "observatory", "harbor", "school", "museum")
ENGLISH_EVENTS = (
    "opens again after flood", "put off by three months", "to be built anew", "gets another name",
    "open at night as well", "cuts its prices", "welcomes first guests", "twice as large by spring",
)  # fmt: skip
DETAILS = (
    "주민 모임은 오래 기다렸다며 반겼다.", "비용은 모두 2천204만원이 들었다.",
    "담당자는 서두르지 않겠다고 말했다.",
    "이웃 고을도 같은 일을 살피고 있다.", "다음 달에 설명회가 열린다.", "지난여름 큰물이 지나간 자리다.",
    "어린이는 값을 내지 않는다.", "반대하는 이들은 셈이 틀렸다고 본다.", "의회는 이틀 동안 이 일을 다뤘다.",
)  # fmt: skip
ENGLISH_DETAILS = (
    "Neighbors said they had waited long.", "The works cost 22 million won.",
    "A meeting is due next month.",
    "The council spent two days on it.", "Children will not have to pay.", "Critics doubt the figures.",
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """One text of a story, in the form in which an agency sends it.

    `headline` has its marks, `paragraphs` begin with the lead. `identifier` and what follows it are of
    structured forms. `earlier` is the identifier that a cancellation names. `is_tied`: nothing but the
    arrival orders it among its story's texts.
    """

    story: int
    form: str
    place: str
    headline: str
    paragraphs: tuple[str, ...]
    sent: datetime
    is_stamped: bool = True
    is_tied: bool = False
    is_open_embargo: bool = False
    embargo: datetime | None = None
    identifier: str = ""
    version: int = 1
    status: str = "usable"
    signal: str = ""
    earlier: str = ""


def story_token(story: int) -> str:
    return f"사건{story}호"


class Writer:
    """Writes stories: invented names and words, all from one source of random numbers."""

    def __init__(self, random_source: random.Random) -> None:
        self.random, self.named = random_source, set[tuple[str, str]]()

    def name(self, parts: str | list[str], count: int) -> str:
        return "".join(self.random.choices(parts, k=count))

    def names(self, *, is_english: bool) -> tuple[str, str]:
        """A place and a thing that no other story of the day has both of."""
        parts: str | list[str] = LATIN if is_english else SYLLABLES
        while True:
            place, thing = self.name(parts, 3), self.name(parts, 4 if is_english else 3)
            if (place[:2], thing[:2]) not in self.named:
                self.named.add((place[:2], thing[:2]))
                return place.capitalize(), thing.capitalize()

    def first_text(self, story: int, form: str, sent: datetime) -> Text:
        choose, is_english = self.random.choice, form in ENGLISH_FORMS
        place, thing = self.names(is_english=is_english)
        if is_english:
            kind, event = choose(ENGLISH_KINDS), choose(ENGLISH_EVENTS)
            headline = f"{place} {thing} {kind} {event}"
            speaker = self.name(LATIN, 3).capitalize()
            lead = f"The city of {place} said the {thing} {kind} {event}, as {speaker} had asked."
            details = self.random.sample(ENGLISH_DETAILS, 3)
        else:
            kind, event = choose(KINDS), choose(EVENTS)
            headline = f"{place}시, {thing}{kind} {event}"
            speaker = self.name(SYLLABLES, 3)
            lead = f"{place}시는 {thing}{kind} 일을 두고 {event} 하고 {speaker} 시장이 밝혔다."
            details = self.random.sample(DETAILS, 4)
        body = (lead, *details, f"({story_token(story)})")
        identifier = f"urn:wire:{form}:{story}" if form in IDENTIFIED_FORMS else ""
        return Text(story, form, place, headline, body, sent, identifier=identifier)

    def later(self, text: Text, **changes: object) -> Text:
        """The next text of the same story, some minutes later and with a sentence of its own."""
        sent = text.sent + timedelta(minutes=self.random.choice(MINUTES_BETWEEN_VERSIONS))
        return replace(self.revised(text), **{"sent": sent, **changes})  # type: ignore[arg-type]

    def revised(self, text: Text) -> Text:
        own = f"뒤에 {self.random.randrange(10**6)}명이 더 모였다."
        if text.form in ENGLISH_FORMS:
            own = f"Another {self.random.randrange(10**6)} came later."
        return replace(text, paragraphs=(*text.paragraphs[:-1], own, text.paragraphs[-1]))


IDENTIFIED_FORMS = {"newsml", "nitf", "ninjs1", "ninjs2", "ninjs3", "rss", "atom", "mailed_nitf"}
VERSIONED_FORMS = IDENTIFIED_FORMS - {"rss", "atom"}
ENGLISH_FORMS = {"english", "iptc", "anpa"}
