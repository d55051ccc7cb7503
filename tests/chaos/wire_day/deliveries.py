"""Deliveries of an invented day: in order, and shuffled with every one sent twice. Pure.

`generate_day` gives the same day for the same number and seed.
"""

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.chaos.wire_day.forms import FEEDS, WRITERS, newsml, ninjs1, nitf
from tests.chaos.wire_day.plots import texts_of_story
from tests.chaos.wire_day.texts import (
    FORENOON,
    MORNING,
    NIGHT,
    Text,
    Writer,
)

# Shares of the forms among the stories, and of what becomes of them.
FORM_SHARES = {
    "yonhap": 26, "newsis": 12, "news1": 10, "english": 7, "newsml": 10, "nitf": 6, "ninjs1": 4,
    "ninjs2": 4, "ninjs3": 4, "iptc": 4, "anpa": 3, "mail": 5, "mailed_nitf": 2, "rss": 10, "atom": 8,
}  # fmt: skip
PLOT_SHARES = {
    "lone": 40, "updated": 14, "corrected": 10, "cancelled": 8, "cancelled_by_name": 4, "sent_again": 3,
    "embargoed": 6, "silently_changed": 5, "unstamped": 3, "renamed": 7, "corrected_and_updated": 5,
}  # fmt: skip
FOLLOWED_PLOTS = (
    *("cancelled", "corrected", "cancelled_by_name", "updated", "cancelled"),
    "corrected_and_updated",
)
FORENOON_LATER = timedelta(hours=3)
UNREAD_SHARE = 0.02
ENTRIES_OF_A_POLL, NEW_ENTRIES_OF_A_POLL = 12, 5
LARGE_POLL_EVERY, ENTRIES_OF_A_LARGE_POLL = 20, 130


@dataclass(frozen=True)
class DayDelivery:
    """A delivery. `tied_in` names those among which nothing but the arrival decides; "" for none.

    `is_read` is False for one in no format, or broken.
    """

    source: str
    raw: bytes
    sent: datetime
    tied_in: str = ""
    is_read: bool = True

    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True)
class WireDay:
    """A day: the `morning`, from which drafts are begun, and the `rest` of it, in order."""

    morning: list[DayDelivery]
    rest: list[DayDelivery]


def generate_day(deliveries: int, *, seed: int, followed: int) -> WireDay:
    """A day of so many deliveries; of the stories of its morning `followed` are written about."""
    random_source = random.Random(f"wire {seed}")
    writer = Writer(random_source)
    made: list[DayDelivery] = []
    entries: dict[str, list[Text]] = {form: [] for form in FEEDS}
    for number, (form, plot, sent) in enumerate(stories(random_source, followed)):
        texts = texts_of_story(writer, number, form=form, plot=plot, sent=sent)
        if number < followed:  # what comes later comes after the drafts
            texts[1:] = [replace(text, sent=text.sent + FORENOON_LATER) for text in texts[1:]]
        if form in FEEDS:  # of two changes within one poll only the time tells which is the later
            entries[form] += [t for n, t in enumerate(texts) if not n or t.sent > texts[n - 1].sent]
        else:
            made += [delivery_of(text) for text in texts]
        polls = sum(len(texts) for texts in entries.values()) // NEW_ENTRIES_OF_A_POLL
        if len(made) + polls >= deliveries * (1 - UNREAD_SHARE):
            break
    for form, texts in entries.items():
        made += polls_of(form, texts)
    made += unread(random_source, deliveries - len(made))
    made.sort(key=lambda delivery: delivery.sent)  # stable: tied ones keep their order
    return WireDay(
        [each for each in made if each.sent < FORENOON],
        [each for each in made if each.sent >= FORENOON],
    )


def stories(random_source: random.Random, followed: int) -> Iterator[tuple[str, str, datetime]]:
    """Form, plot and first time of the stories; those that are followed first, in the morning."""
    forms = [form for form in FORM_SHARES if form not in FEEDS]
    for number in range(followed):
        form, plot = forms[number % len(forms)], FOLLOWED_PLOTS[number % len(FOLLOWED_PLOTS)]
        yield form, plot, MORNING + timedelta(seconds=number * 7)
    minutes = int((NIGHT - FORENOON).total_seconds() / 60) - 4 * 45
    while True:
        (form,) = random_source.choices(list(FORM_SHARES), list(FORM_SHARES.values()))
        (plot,) = random_source.choices(list(PLOT_SHARES), list(PLOT_SHARES.values()))
        yield form, plot, FORENOON + timedelta(minutes=random_source.randrange(1, minutes))


def delivery_of(text: Text) -> DayDelivery:
    """A delivery with this text alone."""
    tied_in = str(text.story) if text.is_tied else ""
    return DayDelivery(source_of(text.form), WRITERS[text.form](text), text.sent, tied_in)


def source_of(form: str) -> str:
    return f"day-{form}"


def polls_of(form: str, texts: Iterable[Text]) -> Iterator[DayDelivery]:
    """The answers of a feed: the last entries that changed, most of them known."""
    current: dict[str, Text] = {}
    ordered = sorted(texts, key=lambda text: text.sent)
    for number, start in enumerate(range(0, len(ordered), NEW_ENTRIES_OF_A_POLL), 1):
        new = ordered[start : start + NEW_ENTRIES_OF_A_POLL]
        for text in new:  # a second change within one poll takes the place of the first
            current.pop(text.identifier, None)
            current[text.identifier] = text
        is_large = number % LARGE_POLL_EVERY == 0
        size = ENTRIES_OF_A_LARGE_POLL if is_large else ENTRIES_OF_A_POLL
        shown = list(current.values())[-size:][::-1]
        yield DayDelivery(source_of(form), FEEDS[form](shown), max(text.sent for text in new))


def unread(random_source: random.Random, count: int) -> Iterator[DayDelivery]:
    """Deliveries that no parser reads: cut off, broken, or in no format of the wire."""
    writer = Writer(random_source)
    for number in range(count):
        sent = FORENOON + timedelta(seconds=random_source.randrange(50_000))
        text = writer.first_text(10**7 + number, "newsml", sent)
        mark = f"{number} ".encode()
        choices = (
            newsml(text)[:-40],
            nitf(text)[:-25],
            ninjs1(text)[:-9],
            FEEDS["rss"]([text])[:-30],
            b"%PDF-1.7 " + mark * 40,
            b"PK\x03\x04" + mark * 40,
            b"<!doctype html><html><body>" + mark + b"</body></html>",
            b'{"an": "object of another kind", "number": "' + mark + b'"}',
            bytes(range(256)) + mark * 3,
        )
        yield DayDelivery("day-unread", choices[number % len(choices)], sent, is_read=False)


def shuffled_twice(deliveries: Sequence[DayDelivery], *, seed: int) -> list[DayDelivery]:
    """Every delivery two times, in disorder; the first arrivals of tied ones keep their order."""
    random_source = random.Random(f"shuffle {seed}")
    order = list(range(len(deliveries))) * 2
    random_source.shuffle(order)
    positions: dict[str, list[int]] = {}
    for position, index in enumerate(order):
        if tie := deliveries[index].tied_in:
            positions.setdefault(tie, []).append(position)
    for places in positions.values():
        members = list(dict.fromkeys(sorted(order[place] for place in places)))
        again = list(members)
        random_source.shuffle(again)
        for place, index in zip(places, [*members, *again], strict=True):
            order[place] = index
    return [deliveries[index] for index in order]


def forms_of_the_day() -> list[str]:
    return [*WRITERS, *FEEDS, "unread"]
