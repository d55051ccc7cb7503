"""Parser of one English agency story."""

import re

from wire.embargo import Embargo
from wire.errors import TooLong, TooManyLines
from wire.parsers.english.lines import (
    CONTACT_LINE,
    DATELINE,
    EMBARGO_LINE,
    END_LINE,
    MAX_LINE_CHARS,
    NOTE_LINE,
    PROMOTION_LINE,
    RIGHTS_LINE,
    is_timestamp,
    parse_byline,
    parse_dateline,
    parse_time,
    split_credit,
)
from wire.parsers.marks import split_marks
from wire.parsers.result import NO_AGENCY_SIGN, Block, Caption, ParsedStory
from wire.parsers.usage_terms import forbids_ai, forbids_resale
from wire.parsers.yonhap.boilerplate import (
    is_contact_line,
    is_end_mark,
    is_promotion_line,
    is_rights_line,
    parse_email_line,
    split_glued_lines,
)
from wire.parsers.yonhap.header import assign_emails, parse_signature
from wire.parsers.yonhap.lines import MAX_CHARS, MAX_LINES
from wire.parsers.yonhap.references import find_references

SNIFFED_LINES = 40
ENDS_SENTENCE = re.compile(r"[.!?:;][\"'”’)]*$")
MIN_WRAPPED_CHARS = 50


def is_english_copy(text: str) -> bool:
    """Whether one of the first lines opens with a dateline such as `SEOUL, Nov. 27 (Yonhap) --`."""
    lines = text.split("\n", SNIFFED_LINES)[:SNIFFED_LINES]
    return any(DATELINE.match(line.strip()) for line in lines)


def parse(text: str) -> ParsedStory:
    """The story in its parts. Raises TooManyLines or TooLong and nothing else."""
    if text.count("\n") >= MAX_LINES:
        raise TooManyLines(MAX_LINES)
    if len(text) > MAX_CHARS:
        raise TooLong(MAX_CHARS)
    builder = EnglishBuilder()
    for line in text.split("\n"):
        builder.add_line(line.strip())
    return builder.finish()


class EnglishBuilder:
    """Fills a ParsedStory line by line: headline, deck, dateline, then the body to `(END)`."""

    def __init__(self) -> None:
        self.story = ParsedStory(language="en")
        self.has_dateline = self.has_ended = self.is_unfinished = False
        self.body: list[list[str]] = []

    def add_line(self, line: str) -> None:
        """Add a line, split where boilerplate is glued to it; a blank one ends a paragraph."""
        if not line:
            self.is_unfinished = False
        for piece in split_glued_lines(line):
            if not self.add_boilerplate(piece):
                self.add_text(piece)

    def add_boilerplate(self, line: str) -> bool:
        """Add a line that is no part of the text to its field; False for a line of the text."""
        story = self.story
        if len(line) > MAX_LINE_CHARS:
            return False
        if END_LINE.fullmatch(line) or is_end_mark(line):
            self.has_ended = True
            story.boilerplate_lines.append(line)
        elif emails := parse_email_line(line):
            story.contacts += emails
        elif EMBARGO_LINE.match(line):
            story.embargo_lines.append(line)
        elif is_timestamp(line):
            story.stamps.append(line)
            story.sent_at = story.sent_at or parse_time(line)
        elif NOTE_LINE.match(line):
            story.notes.append(line)
        elif RIGHTS_LINE.match(line) or is_rights_line(line):
            story.rights = f"{story.rights}\n{line}".strip()
        elif is_contact(line):
            story.boilerplate_lines.append(line)
        else:
            return self.add_people(line) or self.add_after_end(line)
        return True

    def add_people(self, line: str) -> bool:
        """Add the reporters of a line of names alone; False for another line."""
        if people := parse_byline(line):
            self.story.bylines += people
            return True
        if signature := parse_signature(line):
            self.story.bylines += signature[0]
            self.story.contacts += signature[2]
        return bool(signature)

    def add_after_end(self, line: str) -> bool:
        """Add a line below the end mark to the boilerplate; False where the text has not ended."""
        if self.has_ended:
            self.story.boilerplate_lines.append(line)
            self.story.warn("text_after_end")
        return self.has_ended

    def add_text(self, line: str) -> None:
        story = self.story
        if not self.has_dateline and (opening := parse_dateline(line)):
            self.has_dateline = True
            story.dateline, line = opening
            self.is_unfinished = False
        if not story.headline and not self.has_dateline:
            story.headline, marks = split_marks(line)
            story.marks += marks
        elif caption := self.parse_caption(line):
            story.captions.append(caption)
        elif not self.has_dateline:
            story.deck.append(line)
        elif line:
            self.add_paragraph(line)

    def parse_caption(self, line: str) -> Caption | None:
        parts = split_credit(line)
        if parts is None:
            return None
        return Caption(*parts, len(self.body) or None, forbids_resale(parts[1]))

    def add_paragraph(self, line: str) -> None:
        """Begin a paragraph, or continue one that was wrapped."""
        if self.is_unfinished:
            self.body[-1].append(line)
        else:
            self.body.append([line])
        self.is_unfinished = len(line) >= MIN_WRAPPED_CHARS and not ENDS_SENTENCE.search(line)

    def finish(self) -> ParsedStory:
        story = self.story
        story.paragraphs = [" ".join(parts) for parts in self.body]
        story.blocks = [Block("paragraph", text) for text in story.paragraphs]
        story.agency = story.dateline.agency
        story.contacts = list(dict.fromkeys(story.contacts))
        story.bylines = assign_emails(story.bylines, story.contacts)
        story.ai_use_prohibited = forbids_ai(story.rights, story.rights.replace("\n", " "))
        story.resale_prohibited = any(c.resale_prohibited for c in story.captions)
        story.references = find_references(story)
        self.finish_embargo()
        self.add_warnings()
        return story

    def finish_embargo(self) -> None:
        """The end of the embargo that the lines state; an open end where they name no certain time."""
        story = self.story
        if not story.embargo_lines:
            return
        times = {time for line in story.embargo_lines if (time := parse_time(line))}
        has_one = len(times) == 1 and not any(
            "GMT" in line or "UTC" in line for line in story.embargo_lines
        )
        story.embargo = Embargo.UNTIL if has_one else Embargo.OPEN
        story.embargo_until = times.pop() if has_one else None
        if story.embargo == Embargo.OPEN:
            story.warn("embargo_unreadable")

    def add_warnings(self) -> None:
        story = self.story
        if not story.sent_at:
            story.warn("stamp_unreadable" if story.stamps else "no_stamp")
        if not story.paragraphs:
            story.warn("no_body")
        if not (self.has_dateline or self.has_ended or story.rights or story.stamps):
            story.warn(NO_AGENCY_SIGN)


def is_contact(line: str) -> bool:
    """Whether the line is an account, a telephone number or promotion, in English or in Korean."""
    return bool(
        CONTACT_LINE.fullmatch(line)
        or PROMOTION_LINE.match(line)
        or is_contact_line(line)
        or is_promotion_line(line)
    )
