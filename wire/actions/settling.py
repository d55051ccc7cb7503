"""Current version, embargo and status of a story, derived from its versions after every change."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils import timezone

from accounts.models import User
from audit.actions import record_audit
from wire.models import Embargo, Story, Version
from wire.story_updates import StoryUpdate, report_update
from wire.versions import current_version, latest_embargo, overrides_decision, story_status

EMBARGO_FIELDS = ("embargo", "embargo_until", "embargo_text", "embargo_changed_at")


def refresh_story(
    story: Story,
    *,
    by: User | None,
    joined: Mapping[int, Version] | None = None,
    added: Version | None = None,
) -> None:
    """Settle a story, and report the update to the registered handlers (`wire.story_updates`).

    The caller holds the lock on the story. Who changes several in one transaction does so within
    `collecting_updates`, which calls the handlers once: they lock drafts by id.
    `joined`: see `StoryUpdate`. `added` is a version that was filed just now.
    """
    corrections = frozenset([added.pk] if added and added.is_correction() else [])
    report_update(replace(settle_story(story, by=by), joined=joined or {}, added=corrections))


def settle_story(story: Story, *, by: User | None) -> StoryUpdate:
    """Set the story's current version, embargo and status from its versions; the only writer of these.

    The caller holds the lock on the story, and reports the result in this transaction.
    """
    stored = Story.objects.select_related("current").get(pk=story.pk)
    versions = list(story.versions.select_related("delivery").defer("delivery__raw"))
    current = current_version(versions)
    story.current = current
    story.news_at = current.sent_at or current.delivery.received_at
    apply_latest_embargo(story, versions, by=by)
    story.status = story_status(story, versions)
    story.state_number += 1
    story.save(update_fields=["current", "news_at", "status", "state_number", *EMBARGO_FIELDS])
    embargo = (story.embargo, story.embargo_until)
    return StoryUpdate(
        story,
        versions,
        former_status=stored.status,
        former_current=stored.current,
        is_embargo_changed=embargo != (stored.embargo, stored.embargo_until),
    )


def apply_latest_embargo(story: Story, versions: list[Version], *, by: User | None) -> None:
    """Set the embargo that the agency stated last, unless a person decided after it."""
    latest = latest_embargo(versions)
    if not overrides_decision(latest, story.embargo_decided):
        return
    embargo = (latest.embargo, latest.embargo_until) if latest else (Embargo.NONE.value, None)
    story.embargo_text = latest.embargo_text if latest else ""
    if embargo == (story.embargo, story.embargo_until):
        return
    story.embargo, story.embargo_until = embargo
    story.embargo_changed_at = timezone.now()
    record_audit(
        story, verb="embargo_changed", by=by, until=embargo_end_text(story), embargo=story.embargo
    )


def embargo_end_text(story: Story) -> str:
    """The end of the embargo for the audit log, ISO 8601; empty for none."""
    return story.embargo_until.isoformat() if story.embargo_until else ""
