"""How a story stands after something changed: one place says it, whatever happened."""

from django.utils import timezone

from accounts.models import User
from audit.actions import record_audit
from wire.models import Embargo, Story, Version
from wire.versions import current_version, latest_embargo, overrides_decision, story_status

EMBARGO_FIELDS = ("embargo", "embargo_until", "embargo_text", "embargo_changed_at")


def refresh_story(story: Story, *, by: User | None) -> None:
    """Point the story at its current version, say under which embargo it is and whether it may be
    used: nobody else does. Call it holding the story.
    """
    versions = list(story.versions.select_related("delivery").defer("delivery__raw"))
    current = current_version(versions)
    story.current = current
    story.news_at = current.sent_at or current.delivery.received_at
    apply_latest_embargo(story, versions, by=by)
    story.status = story_status(story, versions)
    story.save(update_fields=["current", "news_at", "status", *EMBARGO_FIELDS])


def apply_latest_embargo(story: Story, versions: list[Version], *, by: User | None) -> None:
    """Take over the agency's last word on the embargo, unless a person decided after it."""
    said = latest_embargo(versions)
    if not overrides_decision(said, story.embargo_decided):
        return
    holds = (said.embargo, said.embargo_until) if said else (Embargo.NONE.value, None)
    story.embargo_text = said.embargo_text if said else ""
    if holds == (story.embargo, story.embargo_until):
        return
    story.embargo, story.embargo_until = holds
    story.embargo_changed_at = timezone.now()
    record_audit(
        story, verb="embargo_changed", by=by, until=embargo_end_text(story), embargo=story.embargo
    )


def embargo_end_text(story: Story) -> str:
    """The end of the embargo for the audit log."""
    return story.embargo_until.isoformat() if story.embargo_until else ""
