"""Order of a story's versions: the current one, whether the story may be used, the embargo that holds.

Pure functions, with the same result for every order in which the versions arrived.
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
    """Reason why a story waits for a person's decision; the label says what to decide."""

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
    """Whether the user may decide on withheld stories, and set or lift embargoes."""
    return user.is_active and user.has_perm("wire.change_story")


def version_order(version: Version) -> tuple[int, datetime, int, str]:
    """Sort key of versions: by mark, then time of sending, then how often the delivery was parsed anew.

    The digest decides between two that are equal in all of these: an order by arrival would differ when
    the deliveries are replayed in another order.
    """
    return (
        version.mark_order,
        version.sent_at or UNKNOWN_TIME,
        version.reading,
        version.content_hash,
    )


def cancellation_order(version: Version) -> tuple[datetime, str]:
    """Sort key of cancellations: the time of sending."""
    return version.sent_at or UNKNOWN_TIME, version.content_hash


def current_version(versions: Sequence[Version]) -> Version:
    """The version to show: the highest text; a cancellation only where there is no text."""
    texts = [version for version in versions if not version.is_cancellation()]
    return max(texts or versions, key=version_order)


def cancellation_status(versions: Sequence[Version], *, overruled: Version | None) -> Story.Status:
    """Whether the story is usable, cancelled, or withheld, as far as cancellations decide it.

    A cancellation holds for all versions, whatever arrives late. A text sent after it does not undo it
    either: the story is withheld until a person decides. Cancellations up to `overruled` do not count.
    """
    cancellations = [
        version
        for version in versions
        if version.is_cancellation()
        and (not overruled or cancellation_order(version) > cancellation_order(overruled))
    ]
    if not cancellations:
        return Story.Status.USABLE
    last = max(cancellations, key=cancellation_order)
    later_texts = (v for v in versions if not v.is_cancellation() and is_later(v, last))
    return Story.Status.WITHHELD if any(later_texts) else Story.Status.CANCELLED


def is_later(version: Version, cancellation: Version) -> bool:
    return bool(version.sent_at and cancellation.sent_at and version.sent_at > cancellation.sent_at)


def find_doubts(story: Story, versions: Sequence[Version]) -> list[Doubt]:
    """The doubts that keep a story from being used until a person decides; none about cancelled ones."""
    after_cancellation = cancellation_status(versions, overruled=story.overruled)
    doubts = {
        Doubt.SENT_AGAIN: after_cancellation == Story.Status.WITHHELD,
        Doubt.NO_SIGN: NO_AGENCY_SIGN in current_version(versions).warnings and not story.vouched,
        Doubt.EMBARGO: story.embargo == Embargo.OPEN,
    }
    return [doubt for doubt, applies in doubts.items() if applies]


def story_status(story: Story, versions: Sequence[Version]) -> Story.Status:
    """The story's status, with every doubt taken into account."""
    status = cancellation_status(versions, overruled=story.overruled)
    has_doubts = status == Story.Status.USABLE and find_doubts(story, versions)
    return Story.Status.WITHHELD if has_doubts else status


def embargo_order(version: Version) -> tuple[datetime, int, int, int, datetime, str]:
    """Sort key of embargo statements: the time of sending, then as versions are ordered.

    Of two that are equal in these the stricter one counts.
    """
    strictness = EMBARGO_STRICTNESS.index(Embargo(version.embargo))
    until = version.embargo_until or UNKNOWN_TIME
    order = (version.mark_order, version.reading, strictness, until, version.content_hash)
    return (version.sent_at or UNKNOWN_TIME, *order)


def latest_embargo(versions: Sequence[Version]) -> Version | None:
    """The version whose embargo holds: the last one that states any.

    A version without an embargo lifts nothing; a delivery that was parsed anew counts as parsed last.
    """
    last_reading = {v.delivery_id: v for v in sorted(versions, key=lambda v: v.reading)}
    stating = (v for v in last_reading.values() if v.embargo != Embargo.NONE)
    return max(stating, key=embargo_order, default=None)


def overrides_decision(latest: Version | None, decided_on: Version | None) -> bool:
    """Whether the agency's latest embargo counts against a person's decision on an earlier one."""
    if decided_on is None:
        return True
    return latest is not None and embargo_order(latest) > embargo_order(decided_on)
