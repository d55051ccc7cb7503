"""Plots of the day's stories: how a story goes on after its first text, in each kind of form. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from tests.chaos.wire_day.texts import (
    DAY,
    DETAILS,
    ENGLISH_FORMS,
    IDENTIFIED_FORMS,
    VERSIONED_FORMS,
    Text,
    Writer,
)

MARKS = {  # Korean, English
    "flash": ("[속보] {}", "(URGENT) {}"),
    "second": ("{}(종합)", "(LEAD) {}"),
    "third": ("{}(종합2보)", "(2nd LD) {}"),
    "correction": ("<고침> {}", "(CORRECTED) {}"),
    "cancellation": ("[전문취소] {}", "(KILL) {}"),
}

Plot = Callable[[Writer, Text], Iterator[Text]]


def marked(text: Text, mark: str) -> str:
    return MARKS[mark][text.form in ENGLISH_FORMS].format(text.headline)


def lone(_writer: Writer, first: Text) -> Iterator[Text]:
    yield first


def updated(writer: Writer, first: Text) -> Iterator[Text]:
    yield replace(first, headline=marked(first, "flash"))
    plain = writer.later(first)
    yield plain
    second = writer.later(plain)
    yield replace(second, headline=marked(first, "second"))
    yield replace(writer.later(second), headline=marked(first, "third"))


def corrected(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    yield writer.later(first, headline=marked(first, "correction"))


def corrected_and_updated(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    second = writer.later(first, headline=marked(first, "correction"))
    yield second
    yield replace(writer.later(second), headline=marked(first, "second"))


def cancelled(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    second = writer.later(first)
    yield replace(second, headline=marked(first, "second"))
    yield writer.later(second, headline=marked(first, "cancellation"))


def cancelled_by_name(writer: Writer, first: Text) -> Iterator[Text]:
    if first.form in ENGLISH_FORMS:
        yield from cancelled(writer, first)
        return
    yield first
    yield writer.later(first, headline=f"[전문취소] 14일 송고 '{first.headline}' 기사")


def sent_again(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    second = writer.later(first, headline=marked(first, "cancellation"))
    yield second
    yield replace(writer.later(second), headline=marked(first, "second"))


def embargoed(writer: Writer, first: Text) -> Iterator[Text]:
    yield replace(first, is_open_embargo=True)
    second = writer.later(first, headline=marked(first, "second"))
    yield replace(second, embargo=DAY + timedelta(hours=writer.random.choice((18, 20, 22))))


def silently_changed(writer: Writer, first: Text) -> Iterator[Text]:
    for _n in range(3):
        yield replace(first, is_tied=True)
        first = writer.revised(first)


def unstamped(writer: Writer, first: Text) -> Iterator[Text]:
    opening = " ".join(DETAILS * 2)  # texts without a time belong together by it
    bare = replace(first, is_stamped=first.form in IDENTIFIED_FORMS, is_tied=True)
    yield replace(bare, paragraphs=(first.paragraphs[0], opening, *first.paragraphs[1:]))
    revised = writer.revised(bare)
    yield replace(revised, paragraphs=(first.paragraphs[0], opening, *revised.paragraphs[1:]))


def renamed(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    yield writer.later(
        first, headline=marked(replace(first, headline=f"{first.headline} 1"), "second")
    )


PLOTS_OF_TEXTS: dict[str, Plot] = {
    "lone": lone,
    "updated": updated,
    "corrected": corrected,
    "corrected_and_updated": corrected_and_updated,
    "cancelled": cancelled,
    "cancelled_by_name": cancelled_by_name,
    "sent_again": sent_again,
    "embargoed": embargoed,
    "silently_changed": silently_changed,
    "unstamped": unstamped,
    "renamed": renamed,
}


def versions(writer: Writer, first: Text) -> Iterator[Text]:
    text = first
    for version in range(1, 5):
        yield text
        text = writer.later(text, version=version + 1)


def version_corrected(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    yield writer.later(first, version=2, signal="sig:correction")


def version_corrected_and_updated(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    second = writer.later(first, version=2, signal="sig:correction")
    yield second
    yield writer.later(second, version=3, signal="")


def version_cancelled(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    second = writer.later(first, version=2)
    yield second
    yield writer.later(second, version=3, status="canceled")


def cancelled_by_another(writer: Writer, first: Text) -> Iterator[Text]:
    """NITF alone names the earlier document."""
    if "nitf" not in first.form:
        yield from version_cancelled(writer, first)
        return
    yield first
    other = f"{first.identifier}-kill"
    yield writer.later(first, identifier=other, earlier=first.identifier, status="canceled")


def version_sent_again(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    second = writer.later(first, version=2, status="canceled")
    yield second
    yield writer.later(second, version=3, status="usable")


def withheld(writer: Writer, first: Text) -> Iterator[Text]:
    yield first
    yield writer.later(first, version=2, status="withheld")


def version_embargoed(writer: Writer, first: Text) -> Iterator[Text]:
    yield replace(first, embargo=DAY + timedelta(hours=18))
    yield writer.later(
        first, version=2, embargo=DAY + timedelta(hours=writer.random.choice((20, 22)))
    )


PLOTS_WITH_IDENTIFIER: dict[str, Plot] = {
    "lone": lone,
    "updated": versions,
    "corrected": version_corrected,
    "corrected_and_updated": version_corrected_and_updated,
    "cancelled": version_cancelled,
    "cancelled_by_name": cancelled_by_another,
    "sent_again": version_sent_again,
    "embargoed": version_embargoed,
    "silently_changed": silently_changed,
    "unstamped": silently_changed,
    "renamed": withheld,
}


def texts_of_story(
    writer: Writer, number: int, *, form: str, plot: str, sent: datetime
) -> list[Text]:
    """All texts of a story, in their order."""
    plots = PLOTS_WITH_IDENTIFIER if form in VERSIONED_FORMS else PLOTS_OF_TEXTS
    return list(plots[plot](writer, writer.first_text(number, form, sent)))
