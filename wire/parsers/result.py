"""What a parser makes of one delivery: plain values, no database."""

from dataclasses import dataclass, field
from datetime import datetime

from wire.embargo import Embargo

NO_AGENCY_SIGN = (
    "no_sign"  # the warning that withholds: nothing in the text says that an agency sent it
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a story was filed and by which agency: `(런던·서울=연합뉴스)`."""

    places: tuple[str, ...] = ()
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Byline:
    """One reporter. The address is for the desk and never for readers."""

    name: str
    role: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """The words under a photo that came without the photo; `credit` as the agency wrote it."""

    text: str
    credit: str = ""


@dataclass(slots=True)
class ParsedStory:
    """One agency text in its parts. Every line of the input is in one of them.

    `marks` are what stood in brackets around the headline (`속보`, `종합2보`), `sent_at` is aware
    (Asia/Seoul) and `stamps` holds the time lines as they were written. `contacts`, `notes` and
    `furniture` (promotion, end mark, what followed it) are not for readers. `embargo_lines` are as
    they were written, `embargo_until` is what they say together (aware, Asia/Seoul). `warnings` are
    codes (wire/labels.py has their words).
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
    furniture: list[str] = field(default_factory=list)
    embargo: Embargo = Embargo.NONE
    embargo_until: datetime | None = None
    embargo_lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def warn(self, code: str) -> None:
        if code not in self.warnings:
            self.warnings.append(code)
