"""Which version of a story is current, whether it may be used, and whose word on the embargo holds.
Pure, and the same for every order in which the versions came in.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from wire.models import Embargo, Story, Version
from wire.parsers.result import NO_AGENCY_SIGN

UNKNOWN_TIME = datetime.min.replace(tzinfo=UTC)
EMBARGO_STRICTNESS = [Embargo.NONE, Embargo.LIFTED, Embargo.UNTIL, Embargo.OPEN]


class Doubt(TextChoices):
    """Why a story waits for a person, with what there is to decide."""

    SENT_AGAIN = (
        "sent_again",
        _(
            "The agency cancelled this story and sent it again later."
            " Decide whether it may be used."
        ),
    )
    NO_SIGN = (
        "no_sign",
        _("Nothing in this text says that an agency sent it. Decide whether it may be used."),
    )
    EMBARGO = (
        "embargo",
        _("An embargo whose end is not known. Say until when it holds, or lift it."),
    )


def may_decide(user: User) -> bool:
    """Whether this person decides on what waits, and sets or lifts embargoes."""
    return user.is_active and user.has_perm("wire.change_story")


def version_order(version: Version) -> tuple[int, datetime, int, str]:
    """Where a version stands: by its mark, then its time, then how often it was read anew.

    The digest decides between two that claim the same: any rule by arrival would end differently
    when the deliveries are replayed in another order.
    """
    return (
        version.mark_order,
        version.sent_at or UNKNOWN_TIME,
        version.reading,
        version.content_hash,
    )


def cancellation_order(version: Version) -> tuple[datetime, str]:
    return version.sent_at or UNKNOWN_TIME, version.content_hash


def current_version(versions: Sequence[Version]) -> Version:
    """The version to read: the highest text, and a cancellation only where there is no text."""
    texts = [version for version in versions if not version.is_cancellation()]
    return max(texts or versions, key=version_order)


def cancellation_status(versions: Sequence[Version], *, overruled: Version | None) -> Story.Status:
    """Whether the story may be used.

    A cancellation holds for all versions, whatever comes late. A text sent after it does not undo
    it either: it waits (withheld) for a person to decide.
    """
    counting = [
        version
        for version in versions
        if version.is_cancellation()
        and (not overruled or cancellation_order(version) > cancellation_order(overruled))
    ]
    if not counting:
        return Story.Status.USABLE
    last = max(counting, key=cancellation_order)
    later = (v for v in versions if not v.is_cancellation() and is_later(v, last))
    return Story.Status.WITHHELD if any(later) else Story.Status.CANCELLED


def is_later(version: Version, cancellation: Version) -> bool:
    return bool(version.sent_at and cancellation.sent_at and version.sent_at > cancellation.sent_at)


def find_doubts(story: Story, versions: Sequence[Version]) -> list[Doubt]:
    """What keeps a story from being used until a person has decided; nothing about cancelled ones."""
    after_cancellation = cancellation_status(versions, overruled=story.overruled)
    found = {
        Doubt.SENT_AGAIN: after_cancellation == Story.Status.WITHHELD,
        Doubt.NO_SIGN: NO_AGENCY_SIGN in current_version(versions).warnings and not story.vouched,
        Doubt.EMBARGO: story.embargo == Embargo.OPEN,
    }
    return [doubt for doubt, there in found.items() if there]


def story_status(story: Story, versions: Sequence[Version]) -> Story.Status:
    """The story's state, with every doubt."""
    status = cancellation_status(versions, overruled=story.overruled)
    doubtful = status == Story.Status.USABLE and find_doubts(story, versions)
    return Story.Status.WITHHELD if doubtful else status


def embargo_order(version: Version) -> tuple[datetime, int, int, int, datetime, str]:
    """Which word on the embargo is the later one: by the time of sending, then as versions stand.

    Of two that claim the same moment the stricter one counts.
    """
    strictness = EMBARGO_STRICTNESS.index(Embargo(version.embargo))
    until = version.embargo_until or UNKNOWN_TIME
    order = (version.mark_order, version.reading, strictness, until, version.content_hash)
    return (version.sent_at or UNKNOWN_TIME, *order)


def latest_embargo(versions: Sequence[Version]) -> Version | None:
    """The version that says last what holds of the embargo. Silence lifts nothing; a delivery that
    was read anew counts as it was read last.
    """
    last_reading = {v.delivery_id: v for v in sorted(versions, key=lambda v: v.reading)}
    speaking = (v for v in last_reading.values() if v.embargo != Embargo.NONE)
    return max(speaking, key=embargo_order, default=None)


def overrides_decision(latest: Version | None, decided_on: Version | None) -> bool:
    """Whether the agency's last word counts against what a person decided on an earlier one."""
    if decided_on is None:
        return True
    return latest is not None and embargo_order(latest) > embargo_order(decided_on)
