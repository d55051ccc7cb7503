"""Order of a story's versions: the current one, whether the story may be used, the embargo that holds.

Pure functions of what the versions say and of when they arrived. A version stands by

1. the agency's version number, in natural order (`1.10` after `1.9`; none before any),
2. the time of sending, else of arrival,
3. of one and the same time, the mark: 속보, 1보, 2보, none, 종합, 종합2보, a correction after all of them,
4. the arrival, so that of three revisions within a minute the last wins, and all are kept.

A text that arrives again counts as it arrived first, whichever delivery is parsed first: `arrived_at` is
the earliest. So workers in any order, a replay of what is stored, and a feed that is sent twice end in the
same state. Of one delivery the latest parsing counts: what only an earlier one read, a cancellation as
well, decides nothing. Only a feed that arrives in another order in an empty database may end in another
one, and only for versions that are equal in 1 to 3: nothing but the arrival tells those apart.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from wire.models import Embargo, Story, Version
from wire.models.versions import SUPERSEDED
from wire.parsers.result import NO_AGENCY_SIGN

NaturalOrder = tuple[tuple[int, int, str], ...]

UNKNOWN_TIME = datetime.min.replace(tzinfo=UTC)
CORRECTION_RANK = 1000  # above every 종합
VERSION_PART = re.compile(r"\d+|[^\W\d_]+")
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
    WITHHELD_BY_AGENCY = (
        "withheld_by_agency",
        _("The agency withholds this text for now. Decide whether it may be used."),
    )
    EMBARGO = (
        "embargo",
        _("An embargo whose end is not known. Say until when it holds, or lift it."),
    )
    MAYBE_CANCELLED = (
        "maybe_cancelled",
        _("A cancellation may mean this story. Say whether it belongs to it."),
    )


def may_decide(user: User) -> bool:
    """Whether the user may decide on withheld stories, and set or lift embargoes."""
    return user.is_active and user.has_perm("wire.change_story")


def version_order(version: Version) -> tuple[NaturalOrder, datetime, int, datetime, int, int, int]:
    """Sort key of versions (see above)."""
    return (
        natural_order(version.agency_version),
        version.sent_at or version.arrived_at,
        mark_rank(version),
        *arrival_order(version),
    )


def arrival_order(version: Version) -> tuple[datetime, int, int, int]:
    """Sort key of arrivals: no two versions share one."""
    return version.arrived_at, version.delivery_id, version.reading, version.pk


def mark_rank(version: Version) -> int:
    """The version that the marks claim; a correction is after every text of the same time."""
    return (
        max(version.mark_order, CORRECTION_RANK) if version.is_correction() else version.mark_order
    )


def natural_order(text: str) -> NaturalOrder:
    """Sort key of a version number with its digits as numbers: `1.9`, `1.10`, `1.10b`."""
    parts = VERSION_PART.findall(text.casefold())
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)


def cancellation_order(version: Version) -> tuple[NaturalOrder, datetime, datetime, int, int, int]:
    """Sort key of cancellations: the agency's version number, the time of sending, the arrival."""
    return (
        natural_order(version.agency_version),
        version.sent_at or UNKNOWN_TIME,
        *arrival_order(version),
    )


def latest_readings(versions: Sequence[Version]) -> Sequence[Version]:
    """The versions that the latest parsing of their delivery read; all, where it read none of them."""
    return [version for version in versions if version.reading != SUPERSEDED] or versions


def current_version(versions: Sequence[Version]) -> Version:
    """The version to show: the highest text; a cancellation only where there is no text."""
    versions = latest_readings(versions)
    texts = [version for version in versions if not version.is_cancellation()]
    return max(texts or versions, key=version_order)


def cancellation_status(
    versions: Sequence[Version], *, overruled: Version | None, cancelled_at: datetime | None = None
) -> Story.Status:
    """Whether the story is usable, cancelled, or withheld, as far as cancellations decide it.

    A cancellation holds for all versions, whatever arrives late. A higher version sent after it does not
    undo it either: the story is withheld until a person decides. Cancellations up to `overruled` do not
    count. `cancelled_at`: a person cancelled the story then.
    """
    versions = latest_readings(versions)
    cancellations = [
        version
        for version in versions
        if version.is_cancellation()
        and (not overruled or cancellation_order(version) > cancellation_order(overruled))
    ]
    texts = [version for version in versions if not version.is_cancellation()]
    if not cancellations and cancelled_at is None:
        return Story.Status.USABLE
    later = texts
    if cancellations:
        last = max(cancellations, key=cancellation_order)
        later = [version for version in later if is_later(version, last)]
    if cancelled_at is not None:
        later = [v for v in later if min(v.sent_at or v.arrived_at, v.arrived_at) > cancelled_at]
    return Story.Status.WITHHELD if later else Story.Status.CANCELLED


def is_cancelled_by_hand(story: Story, versions: Sequence[Version]) -> bool:
    """Whether a person cancelled the story, and the agency did not."""
    by_agency = cancellation_status(versions, overruled=story.overruled)
    return story.cancelled_at is not None and by_agency != Story.Status.CANCELLED


def is_later(version: Version, cancellation: Version) -> bool:
    """Whether a text is higher than a cancellation: by number where both have one, else by time."""
    if version.agency_version and cancellation.agency_version:
        numbers = natural_order(version.agency_version), natural_order(cancellation.agency_version)
        if numbers[0] != numbers[1]:
            return numbers[0] > numbers[1]
    return bool(version.sent_at and cancellation.sent_at and version.sent_at > cancellation.sent_at)


def find_doubts(story: Story, versions: Sequence[Version]) -> list[Doubt]:
    """The doubts that keep a story from being used until a person decides; none about cancelled ones."""
    after_cancellation = cancellation_status(
        versions, overruled=story.overruled, cancelled_at=story.cancelled_at
    )
    doubts = {
        Doubt.SENT_AGAIN: after_cancellation == Story.Status.WITHHELD,
        Doubt.NO_SIGN: NO_AGENCY_SIGN in current_version(versions).warnings and not story.vouched,
        Doubt.WITHHELD_BY_AGENCY: is_withheld_by_agency(story, current_version(versions)),
        Doubt.EMBARGO: story.embargo == Embargo.OPEN,
        Doubt.MAYBE_CANCELLED: story.maybe_cancelled,
    }
    return [doubt for doubt, applies in doubts.items() if applies]


def is_withheld_by_agency(story: Story, current: Version) -> bool:
    """Whether the agency withholds the text to show, and no person has allowed this very version."""
    is_withheld = current.pub_status == Version.PubStatus.WITHHELD
    return is_withheld and story.overruled_withholding_id != current.pk


def story_status(story: Story, versions: Sequence[Version]) -> Story.Status:
    """The story's status, with every doubt taken into account."""
    status = cancellation_status(
        versions, overruled=story.overruled, cancelled_at=story.cancelled_at
    )
    has_doubts = status == Story.Status.USABLE and find_doubts(story, versions)
    return Story.Status.WITHHELD if has_doubts else status


def embargo_order(
    version: Version,
) -> tuple[datetime, int, int, int, datetime, datetime, int, int, int]:
    """Sort key of embargo statements: the time of sending, the mark, the parsing; of two that are equal in
    these the stricter one counts, then the last to arrive.
    """
    strictness = EMBARGO_STRICTNESS.index(Embargo(version.embargo))
    until = version.embargo_until or UNKNOWN_TIME
    order = (version.mark_order, version.reading, strictness, until)
    return (version.sent_at or UNKNOWN_TIME, *order, *arrival_order(version))


def latest_embargo(versions: Sequence[Version]) -> Version | None:
    """The version whose embargo holds: the last one that states any.

    A version without an embargo lifts nothing; a delivery that was parsed anew counts as parsed last.
    """
    stating = (v for v in latest_readings(versions) if v.embargo != Embargo.NONE)
    return max(stating, key=embargo_order, default=None)


def overrides_decision(latest: Version | None, decided_on: Version | None) -> bool:
    """Whether the agency's latest embargo counts against a person's decision on an earlier one."""
    if decided_on is None:
        return True
    return latest is not None and embargo_order(latest) > embargo_order(decided_on)
