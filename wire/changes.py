"""Changes of agency copy since a draft was begun from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext_lazy as _

from wire.models import Story, Version
from wire.parsers.marks import FLASH_MARKS
from wire.versions import is_cancelled_by_hand, version_order

VERSION_ORDER_FIELDS = (
    "story_id",
    "number",
    "signal",
    "mark_order",
    "sent_at",
    "reading",
    "agency_version",
    "arrived_at",
    "delivery_id",
)


class ChangeKind(TextChoices):
    """What happened to a story, the gravest first; the label is a sentence for the desk."""

    CANCELLED = "cancelled", _("The agency has cancelled this story.")
    CANCELLED_BY_HAND = (
        "by_hand",
        _("Somebody cancelled the wire story by hand: nothing may be written from it."),
    )
    WITHHELD = "withheld", _("The story waits for a decision in the wire inbox.")
    EMBARGO = "embargo", _("The embargo of this story has changed.")
    CORRECTION = "correction", _("The agency has corrected this story.")
    TEXT = "text", _("The agency has sent a newer version.")


@dataclass(frozen=True)
class StoryChange:
    """What happened to a story since a draft was begun with the version `used`; `kinds` is never empty."""

    story: Story
    used: Version
    version: Version
    kinds: tuple[ChangeKind, ...]


def is_urgent(version: Version) -> bool:
    """Whether the agency marked this version as a flash (속보, 긴급)."""
    return bool(FLASH_MARKS.intersection(version.marks))


def change_since(version: Version, *, at: datetime) -> StoryChange | None:
    """What happened to the story since a draft was begun with this version of it at that time."""
    return changes_since([(version, at)]).get(version.pk)


def changes_since(used_versions: Iterable[tuple[Version, datetime]]) -> dict[int, StoryChange]:
    """What happened to many stories, by the id of the version used; in two queries.

    Of several drafts begun with one version, the earliest counts.
    """
    earliest = sorted(used_versions, key=lambda pair: pair[1], reverse=True)
    since = {version.pk: (version, at) for version, at in earliest}
    order = Version.objects.only(*VERSION_ORDER_FIELDS)
    stories = Story.objects.filter(
        pk__in={v.story_id for v, _at in since.values()}
    ).with_current_version()
    stories_by_id = {s.pk: s for s in stories.prefetch_related(Prefetch("versions", order))}
    changes = (find_change(stories_by_id[v.story_id], v, at=at) for v, at in since.values())
    return {change.used.pk: change for change in changes if change}


def find_change(story: Story, used: Version, *, at: datetime) -> StoryChange | None:
    """The change of one story since `at`; None where nothing happened."""
    current = story.current or used
    versions = list(story.versions.all())
    newer = newer_versions(used, current, versions)
    is_cancelled = story.status == Story.Status.CANCELLED
    by_hand = is_cancelled and is_cancelled_by_hand(story, versions)
    happened = {
        ChangeKind.CANCELLED: is_cancelled and not by_hand,
        ChangeKind.CANCELLED_BY_HAND: by_hand,
        ChangeKind.WITHHELD: story.status == Story.Status.WITHHELD,
        ChangeKind.EMBARGO: story.embargo_changed_at is not None and story.embargo_changed_at > at,
        ChangeKind.CORRECTION: any(version.is_correction() for version in newer),
        ChangeKind.TEXT: bool(newer),
    }
    kinds = tuple(kind for kind, applies in happened.items() if applies)
    return StoryChange(story, used, current, kinds) if kinds else None


def newer_versions(used: Version, current: Version, versions: Sequence[Version]) -> list[Version]:
    """The texts after the one that was used, up to the current one."""
    texts = [version for version in versions if not version.is_cancellation()]
    return [
        version
        for version in texts
        if version_order(used) < version_order(version) <= version_order(current)
    ]
