"""Parser of one story in text: headline, timestamps, deck, captions, dateline, byline, body, rights."""

import re
from collections import Counter
from dataclasses import replace

from wire.embargo import Embargo
from wire.parsers.agencies import AGENCY_NAMES, find_agency_emails
from wire.parsers.marks import (
    PLAIN_ORDER,
    has_cancellation_mark,
    has_column_mark,
    has_correction_mark,
    mark_order,
    split_marks,
)
from wire.parsers.result import NO_AGENCY_SIGN, Caption, Dateline, ParsedStory
from wire.parsers.usage_terms import forbids_ai
from wire.parsers.yonhap.body import BodyBuilder
from wire.parsers.yonhap.boilerplate import (
    is_contact_line,
    is_editor_note,
    is_end_mark,
    is_promotion_line,
    is_rights_line,
    parse_email_line,
)
from wire.parsers.yonhap.captions import (
    comparison_key,
    deduplicate_captions,
    is_name_with_title,
    parse_caption,
)
from wire.parsers.yonhap.embargo_lines import has_embargo_word, is_embargo_headline, is_embargo_line
from wire.parsers.yonhap.embargo_times import parse_embargo
from wire.parsers.yonhap.header import (
    Opening,
    Timestamp,
    assign_emails,
    parse_opening,
    parse_signature,
    parse_timestamp,
)
from wire.parsers.yonhap.lines import WireLine, find_body_start, split_lines
from wire.parsers.yonhap.references import find_references

AGENCY_SEPARATOR = re.compile(r"[=/]")


def parse(text: str) -> ParsedStory:
    """The story in its parts; every line of the text is in one of them.

    An empty headline says that there was no text. Raises TooManyLines or TooLong and nothing else.
    """
    builder = StoryBuilder()
    lines = [line for line in split_lines(text) if not builder.add_boilerplate(line.text)]
    lines = builder.add_headline(lines)
    body_start = find_body_start(lines, is_column=has_column_mark(builder.story.marks))
    builder.add_head(lines[:body_start])
    builder.add_body(lines[body_start:])
    return builder.finish()


class StoryBuilder:
    """Fills a ParsedStory from lines: boilerplate first, then headline, head, body, then `finish`."""

    def __init__(self) -> None:
        self.story = ParsedStory()
        self.timestamps: list[Timestamp] = []
        self.rights: list[str] = []
        self.has_text = self.has_ended = False
        self.roles: dict[str, str] = {}

    def add_boilerplate(self, line: str) -> bool:
        """Add a line that is no part of the text to its field; False for a line of the text."""
        story = self.story
        if is_rights_line(line):
            self.rights.append(line)
        elif emails := parse_email_line(line):
            story.contacts += emails
        elif is_embargo_line(line, before_headline=not self.has_text):
            story.embargo_lines.append(line)
        elif timestamp := parse_timestamp(line):
            self.timestamps.append(timestamp)
        elif is_end_mark(line) or is_promotion_line(line) or is_contact_line(line):
            story.boilerplate_lines.append(line)
            self.has_ended = self.has_ended or is_end_mark(line)
        elif line in AGENCY_NAMES:
            story.agency = line
        elif is_editor_note(line):
            story.notes.append(line)
        elif self.has_ended:
            # After (끝) only a signature is a part of the story.
            if not self.add_signature(line):
                story.boilerplate_lines.append(line)
                story.warn("text_after_end")
        else:
            self.has_text = True
            return False
        return True

    def add_headline(self, lines: list[WireLine]) -> list[WireLine]:
        """Add the headline with its marks, which may be on lines before it; returns the lines after it."""
        for index, line in enumerate(lines):
            headline, marks = split_marks(line.text)
            self.story.marks += marks
            if headline:
                self.story.headline = headline
                if is_embargo_headline(headline):
                    self.story.embargo_lines.append(headline)
                return lines[index + 1 :]
        return []

    def add_head(self, lines: list[WireLine]) -> None:
        """Add the lines between headline and body: decks, captions (often printed twice), a signature."""
        story = self.story
        printings = Counter(caption_key(line.text) for line in lines)
        for line in lines:
            text = line.text
            if caption := parse_caption(text):
                belongs_above = story.deck and not line.opens_block
                caption_text = caption.text or (story.deck.pop() if belongs_above else "")
                story.captions.append(replace(caption, text=caption_text))
            elif comparison_key(text) == comparison_key(story.headline):
                story.boilerplate_lines.append(text)
            elif printings[caption_key(text)] > 1 or is_name_with_title(text):
                story.captions.append(Caption(text))
            elif not self.add_signature(text):
                story.deck.append(text)

    def add_signature(self, line: str) -> bool:
        """Add a line that is nothing but dateline or reporters; False for any other."""
        opening = parse_opening(line)
        if opening and not opening.rest:
            self.add_opening(opening, line)
        elif signature := parse_signature(line):
            self.add_opening(Opening(Dateline(), *signature), line)
        else:
            return False
        return True

    def add_opening(self, opening: Opening, line: str) -> None:
        """Add dateline and bylines; a second dateline or role that differs goes to the notes."""
        story = self.story
        if not story.dateline.places:
            story.dateline = opening.dateline
        elif opening.dateline.places and opening.dateline != story.dateline:
            story.notes.append(line)
        if any(self.roles.get(p.name, p.role) != p.role for p in opening.bylines):
            story.notes.append(line)
        for person in opening.bylines:
            if person.name not in self.roles:
                self.roles[person.name] = person.role
                story.bylines.append(person)
        story.contacts += opening.emails

    def add_body(self, lines: list[WireLine]) -> None:
        """Add the blocks of the body, and the captions among them with their places."""
        story = self.story
        body = BodyBuilder(self.strip_opening, is_column=has_column_mark(story.marks))
        body.add_lines(lines)
        story.blocks, story.paragraphs = body.blocks(), body.paragraphs()
        story.captions += body.captions
        story.boilerplate_lines += body.rules

    def strip_opening(self, text: str) -> str:
        """The text of a line of the body, "" where it is nothing but dateline and reporters; adds those."""
        if parse_caption(text):
            return text
        opening = parse_opening(text)
        if opening and opening.rest and not self.story.dateline.places:
            self.add_opening(opening, text)
            return opening.rest
        return "" if self.add_signature(text) else text

    def finish(self) -> ParsedStory:
        """The story, with the fields and warnings that depend on all of its lines."""
        story = self.story
        self.finish_times()
        self.finish_embargo()
        story.captions = deduplicate_captions(story.captions)
        story.contacts = list(dict.fromkeys(story.contacts))
        story.bylines = assign_emails(story.bylines, story.contacts)
        story.agency = (
            story.agency
            or next((t.agency for t in self.timestamps if t.agency), "")
            or AGENCY_SEPARATOR.split(story.dateline.agency)[-1].strip()
        )
        story.rights = "\n".join(dict.fromkeys(self.rights))
        story.ai_use_prohibited = forbids_ai(*self.rights, " ".join(self.rights))
        story.resale_prohibited = any(c.resale_prohibited for c in story.captions)
        story.references = find_references(story)
        if not self.has_agency_sign():
            story.warn(NO_AGENCY_SIGN)
        if not story.paragraphs:
            story.warn("no_body")
        if any(map(find_agency_emails, story.paragraphs)):
            story.warn("address_in_text")
        return story

    def finish_times(self) -> None:
        """The first time of sending counts; a time of change only where there is no other."""
        story = self.story
        story.stamps = [timestamp.text for timestamp in self.timestamps]
        times = [t.at for t in self.timestamps if t.at and not t.is_change]
        changes = [t.at for t in self.timestamps if t.at and t.is_change]
        story.sent_at = next(iter([*times, *changes]), None)
        if any(timestamp.at is None for timestamp in self.timestamps):
            story.warn("stamp_unreadable")
        if len({at.replace(second=0, microsecond=0) for at in times}) > 1:
            story.warn("stamps_differ")
        if not story.sent_at:
            story.warn("no_stamp")

    def finish_embargo(self) -> None:
        """The embargo that the embargo lines state; a warning where the text only mentions one."""
        story = self.story
        story.embargo, story.embargo_until = parse_embargo(
            story.embargo_lines, sent_at=story.sent_at
        )
        if story.embargo == Embargo.OPEN:
            story.warn("embargo_unreadable")
        texts = [story.headline, *story.deck, *story.paragraphs, *story.notes]
        texts += [caption.text for caption in story.captions]
        if story.embargo == Embargo.NONE and any(map(has_embargo_word, texts)):
            story.warn("embargo_mentioned")

    def has_agency_sign(self) -> bool:
        """Whether anything in the text is a sign that an agency sent it."""
        story = self.story
        signs = (
            *(self.timestamps, self.rights, story.agency, story.dateline.places, story.bylines),
            has_correction_mark(story.marks),
            has_cancellation_mark(story.marks),
            has_column_mark(story.marks),
        )
        return any(signs) or self.has_ended or mark_order(story.marks) != PLAIN_ORDER


def caption_key(line: str) -> str:
    """What two printings of a line share, with and without a credit."""
    caption = parse_caption(line)
    return comparison_key(caption.text if caption else line)
