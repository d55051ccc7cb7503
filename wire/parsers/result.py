"""Result of a parser: the story of one delivery as plain values, without a database."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from wire.embargo import Embargo

SEOUL = ZoneInfo("Asia/Seoul")
# The warning that withholds a story: nothing in its text says that an agency sent it.
NO_AGENCY_SIGN = "no_sign"


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a story was filed and by which agency: `(런던·서울=연합뉴스)`."""

    places: tuple[str, ...] = ()
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Byline:
    """One reporter. The e-mail address is for the desk and never for readers."""

    name: str
    role: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a photo that came without the photo; `credit` as the agency wrote it."""

    text: str
    credit: str = ""


@dataclass(slots=True)
class ParsedStory:
    """The parts of one agency text. Every line of the text is in one of them.

    `marks` are the bracketed words around the headline (`속보`, `종합2보`), `sent_at` is aware
    (Asia/Seoul), `stamps` holds the timestamp lines as they were written. `contacts`, `notes` and
    `boilerplate_lines` (promotion, end mark, what followed it) are not for readers. `embargo_lines` are as
    they were written, `embargo_until` is the time that they state together (aware, Asia/Seoul).
    `warnings` are codes; wire/labels.py has their sentences.
    """

    headline: str = ""
    marks: list[str] = field(default_factory=list)
    deck: list[str] = field(default_factory=list)
    sent_at: datetime | None = None
    stamps: list[str] = field(default_factory=list)
    dateline: Dateline = field(default_factory=Dateline)
    agency: str = ""
    bylines: list[Byline] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    rights: str = ""
    ai_use_prohibited: bool = False
    resale_prohibited: bool = False
    notes: list[str] = field(default_factory=list)
    boilerplate_lines: list[str] = field(default_factory=list)
    embargo: Embargo = Embargo.NONE
    embargo_until: datetime | None = None
    embargo_lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def warn(self, code: str) -> None:
        if code not in self.warnings:
            self.warnings.append(code)
