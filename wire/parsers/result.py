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
    """The caption of a photo or graphic; `credit` as the agency wrote it.

    `place` is the index of the block that it stands before, None before the text or unknown.
    `resale_prohibited`: the agency forbids resale and storage in databases for this picture.
    """

    text: str
    credit: str = ""
    place: int | None = None
    resale_prohibited: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the text: `kind` is paragraph, subhead, quote, list or table.

    `html` is set where the agency sent markup (normalised, see newsroom/desk's HTML rules, before use);
    `rows` are the cells of a table, in plain text, or the items of a list (one cell each).
    """

    kind: str
    text: str = ""
    html: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or other file of a story: at `href`, or attachment number `attachment` of the delivery.

    `width` and `height` in pixels, None where not stated.
    """

    href: str = ""
    attachment: int | None = None
    media_type: str = ""
    caption: str = ""
    credit: str = ""
    rights: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject: the agency's or IPTC's code (`medtop:04000000`, may be empty) and its name."""

    code: str = ""
    name: str = ""


@dataclass(slots=True)
class ParsedStory:
    """The parts of one agency text. Every line of the text is in one of them.

    `marks` are the bracketed words around the headline (`속보`, `종합2보`), `sent_at` is aware
    (Asia/Seoul), `stamps` holds the timestamp lines as they were written. `contacts`, `notes` and
    `boilerplate_lines` (promotion, end mark, what followed it) are not for readers. `embargo_lines` are as
    they were written, `embargo_until` is the time that they state together (aware, Asia/Seoul).
    `warnings` are codes; wire/labels.py has their sentences.

    Structured formats also fill: `identifier` (the agency's, without the version), `agency_version` (as
    sent: `3`, `1.10`), `signal` (text, correction, cancellation; empty: by the marks), `pub_status`
    (usable, withheld, canceled), `urgency` (1, the highest, to 9), `language` (BCP 47), `expires_at`
    (aware). `blocks` are the whole text in order; `paragraphs` are the words of its paragraphs and
    subheads (text parsers may leave `blocks` empty: `finish_blocks` derives them). `references` are
    headlines of earlier stories that a cancellation or correction names.
    """

    identifier: str = ""
    agency_version: str = ""
    signal: str = ""
    pub_status: str = "usable"
    urgency: int | None = None
    language: str = ""
    subjects: list[Subject] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    usage_terms: str = ""
    expires_at: datetime | None = None

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

    def finish_blocks(self) -> None:
        """Derive `blocks` from `paragraphs`, or the other way round, whichever is empty."""
        if not self.blocks:
            self.blocks = [Block("paragraph", text) for text in self.paragraphs]
        elif not self.paragraphs:
            self.paragraphs = [block.text for block in self.blocks if block.text]


@dataclass(slots=True)
class ParsedDelivery:
    """The stories of a delivery, the name of its format, and the encoding that the bytes were in."""

    stories: list[ParsedStory]
    format: str
    encoding: str
