"""Fills a story from the lines of a Yonhap text, one line at a time."""

from collections import Counter

from wire.embargo import Embargo
from wire.parsers.result import NO_SIGN, Caption, Dateline, Parsed
from wire.parsers.yonhap.boilerplate import (
    addresses_in,
    forbids_ai,
    is_end,
    is_note,
    is_promotion,
    is_rights,
)
from wire.parsers.yonhap.bylines import (
    ADDRESS,
    HOUSE_ADDRESS,
    Opening,
    opening_of,
    signature_of,
    with_addresses,
)
from wire.parsers.yonhap.captions import (
    credited,
    ends_a_sentence,
    is_resale_prohibited,
    is_subhead,
    names_a_person,
    sameness,
    without_repeats,
)
from wire.parsers.yonhap.embargo_lines import is_embargo, mentions, names_a_time
from wire.parsers.yonhap.embargo_times import embargo_in
from wire.parsers.yonhap.headline_marks import (
    PLAIN,
    is_cancellation,
    is_column,
    is_correction,
    order_of,
    take_marks,
)
from wire.parsers.yonhap.lines import Line, lonely
from wire.parsers.yonhap.timestamps import Stamp, stamp_in

AGENCY = "연합뉴스"
WRAPPED = 18  # a line at least this long without an end goes on in the next line of its block


class Reader:
    """Fills a story line by line."""

    def __init__(self) -> None:
        self.story = Parsed()
        self.stamps: list[Stamp] = []
        self.rights: list[str] = []
        self.begun = self.ended = False
        self.roles: dict[str, str] = {}

    def take_furniture(self, line: str) -> bool:
        """Put a line that is no part of the text where it belongs; False for a line of the text."""
        story = self.story
        if is_rights(line):
            self.rights.append(line)
        elif emails := addresses_in(line):
            story.contacts += emails
        elif is_embargo(line, first=not self.begun):
            story.embargo_lines.append(line)
        elif stamp := stamp_in(line):
            self.stamps.append(stamp)
        elif is_end(line) or is_promotion(line):
            story.furniture.append(line)
            self.ended = self.ended or is_end(line)
        elif line == AGENCY:
            story.agency = AGENCY
        elif is_note(line):
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

    def take_headline(self, lines: list[Line]) -> list[Line]:
        """Take the headline with its marks; marks may stand on lines of their own before it."""
        for at, line in enumerate(lines):
            headline, marks = take_marks(line.text)
            self.story.marks += marks
            if headline:
                self.story.headline = headline
                if names_a_time(headline):
                    self.story.embargo_lines.append(headline)
                return lines[at + 1 :]
        return []

    def take_head(self, lines: list[Line]) -> None:
        """Between headline and lead: decks, captions (often printed twice), a signature."""
        story = self.story
        printings = Counter(printed(line.text) for line in lines)
        for line in lines:
            text = line.text
            if caption := credited(text):
                above = story.deck and not line.opens_block
                words = caption.text or (story.deck.pop() if above else "")
                story.captions.append(Caption(words, caption.credit))
            elif sameness(text) == sameness(story.headline):
                story.furniture.append(text)
            elif printings[printed(text)] > 1 or names_a_person(text):
                story.captions.append(Caption(text))
            elif not self.take_signature(text):
                story.deck.append(text)

    def take_signature(self, line: str) -> bool:
        """Take a line that is nothing but dateline or reporters; False for any other."""
        opening = opening_of(line)
        if opening and not opening.rest:
            self.take_opening(opening, line)
        elif signed := signature_of(line):
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

    def take_body(self, lines: list[Line]) -> None:
        """Paragraphs in order; what stands between them like words under a photo is a caption."""
        column = is_column(self.story.marks)
        guessed = set() if column else lonely(lines)
        paragraphs: list[list[str]] = []
        unfinished = False
        for at, line in enumerate(lines):
            text = self.without_dateline(line.text)
            if self.take_caption(text, guessed=at in guessed, after_guess=at - 1 in guessed):
                text = ""
            elif not column and names_a_person(text):
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
        if credited(text):
            return text
        opening = opening_of(text)
        if opening and opening.rest and not self.story.dateline.places:
            self.take_opening(opening, text)
            return opening.rest
        return "" if self.take_signature(text) else text

    def take_caption(self, text: str, *, guessed: bool, after_guess: bool) -> bool:
        """Take a caption; a credit alone belongs to the caption printed just before it."""
        captions = self.story.captions
        caption = credited(text) or (Caption(text) if guessed and text else None)
        if not caption:
            return False
        if not caption.text and after_guess and captions:
            captions[-1] = Caption(captions[-1].text, caption.credit)
        else:
            captions.append(caption)
        return True

    def settled(self) -> Parsed:
        """The story, with what can be said only when everything has been read."""
        story = self.story
        self.settle_times()
        self.settle_embargo()
        story.captions = without_repeats(story.captions)
        story.contacts = list(dict.fromkeys(story.contacts))
        story.bylines = with_addresses(story.bylines, story.contacts)
        story.agency = (
            story.agency
            or next((s.agency for s in self.stamps if s.agency), "")
            or story.dateline.agency.rpartition("=")[2]
        )
        story.rights = "\n".join(dict.fromkeys(self.rights))
        story.ai_use_prohibited = forbids_ai(story.rights)
        story.resale_prohibited = any(is_resale_prohibited(c) for c in story.captions)
        if not self.bears_a_sign():
            story.warn(NO_SIGN)
        if not story.paragraphs:
            story.warn("no_body")
        if any(HOUSE_ADDRESS.search(a) for p in story.paragraphs for a in addresses(p)):
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
        story.embargo, story.embargo_until = embargo_in(story.embargo_lines, sent_at=story.sent_at)
        if story.embargo == Embargo.OPEN:
            story.warn("embargo_unreadable")
        texts = [story.headline, *story.deck, *story.paragraphs, *story.notes]
        texts += [caption.text for caption in story.captions]
        if story.embargo == Embargo.NONE and any(map(mentions, texts)):
            story.warn("embargo_mentioned")

    def bears_a_sign(self) -> bool:
        """Whether anything in the text says that an agency sent it."""
        story = self.story
        signs = (self.stamps, self.rights, story.agency, story.dateline.places, story.bylines)
        known = is_correction(story.marks) or is_cancellation(story.marks) or is_column(story.marks)
        return any(signs) or self.ended or known or order_of(story.marks) != PLAIN


def printed(line: str) -> str:
    caption = credited(line)
    return sameness(caption.text if caption else line)


def goes_on(text: str) -> bool:
    return len(text) >= WRAPPED and not ends_a_sentence(text) and not is_subhead(text)


def addresses(paragraph: str) -> list[str]:
    return ADDRESS.findall(paragraph) if "@" in paragraph else []
