"""Fills a story from the lines of a Yonhap text, one line at a time."""

from collections import Counter

from wire.embargo import Embargo
from wire.parsers.result import NO_AGENCY_SIGN, Caption, Dateline, ParsedStory
from wire.parsers.yonhap.boilerplate import (
    forbids_ai_use,
    is_editor_note,
    is_end_mark,
    is_promotion_line,
    is_rights_line,
    parse_email_line,
)
from wire.parsers.yonhap.bylines import (
    AGENCY_EMAIL_REGEX,
    EMAIL_REGEX,
    Opening,
    assign_emails,
    parse_opening,
    parse_signature,
)
from wire.parsers.yonhap.captions import (
    comparison_key,
    deduplicate_captions,
    ends_sentence,
    is_name_with_title,
    is_resale_prohibited,
    is_subhead,
    parse_caption,
)
from wire.parsers.yonhap.embargo_lines import has_embargo_word, is_embargo_headline, is_embargo_line
from wire.parsers.yonhap.embargo_times import parse_embargo
from wire.parsers.yonhap.headline_marks import (
    PLAIN_ORDER,
    has_cancellation_mark,
    has_column_mark,
    has_correction_mark,
    mark_order,
    split_marks,
)
from wire.parsers.yonhap.lines import WireLine, lone_caption_lines
from wire.parsers.yonhap.timestamps import Timestamp, parse_timestamp

AGENCY_NAME = "연합뉴스"
WRAPPED = 18  # a line at least this long without an end goes on in the next line of its block


class StoryBuilder:
    """Fills a story line by line."""

    def __init__(self) -> None:
        self.story = ParsedStory()
        self.stamps: list[Timestamp] = []
        self.rights: list[str] = []
        self.begun = self.ended = False
        self.roles: dict[str, str] = {}

    def take_furniture(self, line: str) -> bool:
        """Put a line that is no part of the text where it belongs; False for a line of the text."""
        story = self.story
        if is_rights_line(line):
            self.rights.append(line)
        elif emails := parse_email_line(line):
            story.contacts += emails
        elif is_embargo_line(line, before_headline=not self.begun):
            story.embargo_lines.append(line)
        elif stamp := parse_timestamp(line):
            self.stamps.append(stamp)
        elif is_end_mark(line) or is_promotion_line(line):
            story.furniture.append(line)
            self.ended = self.ended or is_end_mark(line)
        elif line == AGENCY_NAME:
            story.agency = AGENCY_NAME
        elif is_editor_note(line):
            story.notes.append(line)
        elif self.ended:
            self.take_after_end(line)
        else:
            self.begun = True
            return False
        return True

    def take_after_end(self, line: str) -> None:
        """After (끝) only a signature still belongs to the story."""
        if not self.take_signature(line):
            self.story.furniture.append(line)
            self.story.warn("text_after_end")

    def take_headline(self, lines: list[WireLine]) -> list[WireLine]:
        """Take the headline with its marks; marks may stand on lines of their own before it."""
        for at, line in enumerate(lines):
            headline, marks = split_marks(line.text)
            self.story.marks += marks
            if headline:
                self.story.headline = headline
                if is_embargo_headline(headline):
                    self.story.embargo_lines.append(headline)
                return lines[at + 1 :]
        return []

    def take_head(self, lines: list[WireLine]) -> None:
        """Between headline and lead: decks, captions (often printed twice), a signature."""
        story = self.story
        printings = Counter(printed(line.text) for line in lines)
        for line in lines:
            text = line.text
            if caption := parse_caption(text):
                above = story.deck and not line.opens_block
                words = caption.text or (story.deck.pop() if above else "")
                story.captions.append(Caption(words, caption.credit))
            elif comparison_key(text) == comparison_key(story.headline):
                story.furniture.append(text)
            elif printings[printed(text)] > 1 or is_name_with_title(text):
                story.captions.append(Caption(text))
            elif not self.take_signature(text):
                story.deck.append(text)

    def take_signature(self, line: str) -> bool:
        """Take a line that is nothing but dateline or reporters; False for any other."""
        opening = parse_opening(line)
        if opening and not opening.rest:
            self.take_opening(opening, line)
        elif signed := parse_signature(line):
            self.take_opening(Opening(Dateline(), *signed), line)
        else:
            return False
        return True

    def take_opening(self, opening: Opening, line: str) -> None:
        """The first dateline is the story's; a second that says something else is kept aside."""
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

    def take_body(self, lines: list[WireLine]) -> None:
        """Paragraphs in order; what stands between them like words under a photo is a caption."""
        column = has_column_mark(self.story.marks)
        guessed = set() if column else lone_caption_lines(lines)
        paragraphs: list[list[str]] = []
        unfinished = False
        for at, line in enumerate(lines):
            text = self.without_dateline(line.text)
            if self.take_caption(text, guessed=at in guessed, after_guess=at - 1 in guessed):
                text = ""
            elif not column and is_name_with_title(text):
                self.story.captions.append(Caption(text))
                text = ""
            if text and unfinished and not line.opens_block and not is_subhead(text):
                paragraphs[-1].append(text)
            elif text:
                paragraphs.append([text])
            unfinished = goes_on(text) and not line.closes_block
        self.story.paragraphs = [" ".join(parts) for parts in paragraphs]

    def without_dateline(self, text: str) -> str:
        """The words of a line of the body; "" when it held nothing but dateline and reporters."""
        if parse_caption(text):
            return text
        opening = parse_opening(text)
        if opening and opening.rest and not self.story.dateline.places:
            self.take_opening(opening, text)
            return opening.rest
        return "" if self.take_signature(text) else text

    def take_caption(self, text: str, *, guessed: bool, after_guess: bool) -> bool:
        """Take a caption; a credit alone belongs to the caption printed just before it."""
        captions = self.story.captions
        caption = parse_caption(text) or (Caption(text) if guessed and text else None)
        if not caption:
            return False
        if not caption.text and after_guess and captions:
            captions[-1] = Caption(captions[-1].text, caption.credit)
        else:
            captions.append(caption)
        return True

    def settled(self) -> ParsedStory:
        """The story, with what can be said only when everything has been read."""
        story = self.story
        self.settle_times()
        self.settle_embargo()
        story.captions = deduplicate_captions(story.captions)
        story.contacts = list(dict.fromkeys(story.contacts))
        story.bylines = assign_emails(story.bylines, story.contacts)
        story.agency = (
            story.agency
            or next((s.agency for s in self.stamps if s.agency), "")
            or story.dateline.agency.rpartition("=")[2]
        )
        story.rights = "\n".join(dict.fromkeys(self.rights))
        story.ai_use_prohibited = forbids_ai_use(story.rights)
        story.resale_prohibited = any(is_resale_prohibited(c) for c in story.captions)
        if not self.bears_a_sign():
            story.warn(NO_AGENCY_SIGN)
        if not story.paragraphs:
            story.warn("no_body")
        if any(AGENCY_EMAIL_REGEX.search(a) for p in story.paragraphs for a in addresses(p)):
            story.warn("address_in_text")
        return story

    def settle_times(self) -> None:
        """The first time of sending counts; a time of change only where there is no other."""
        story = self.story
        story.stamps = [stamp.text for stamp in self.stamps]
        times = [s.at for s in self.stamps if s.at and not s.is_change]
        changes = [s.at for s in self.stamps if s.at and s.is_change]
        story.sent_at = next(iter([*times, *changes]), None)
        if any(stamp.at is None for stamp in self.stamps):
            story.warn("stamp_unreadable")
        if len({at.replace(second=0, microsecond=0) for at in times}) > 1:
            story.warn("stamps_differ")
        if not story.sent_at:
            story.warn("no_stamp")

    def settle_embargo(self) -> None:
        """What the text says of an embargo; where it only speaks of one, a person is told."""
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

    def bears_a_sign(self) -> bool:
        """Whether anything in the text says that an agency sent it."""
        story = self.story
        signs = (self.stamps, self.rights, story.agency, story.dateline.places, story.bylines)
        known = (
            has_correction_mark(story.marks)
            or has_cancellation_mark(story.marks)
            or has_column_mark(story.marks)
        )
        return any(signs) or self.ended or known or mark_order(story.marks) != PLAIN_ORDER


def printed(line: str) -> str:
    caption = parse_caption(line)
    return comparison_key(caption.text if caption else line)


def goes_on(text: str) -> bool:
    return len(text) >= WRAPPED and not ends_sentence(text) and not is_subhead(text)


def addresses(paragraph: str) -> list[str]:
    return EMAIL_REGEX.findall(paragraph) if "@" in paragraph else []
