"""Decisions of a person on agency copy: a withheld story may be used, an embargo is set or lifted."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record_audit
from newsroom.errors import require
from newsroom.text.normalization import normalize_line
from wire.actions.locking import lock_story_row, refuse_stale
from wire.actions.settling import embargo_end_text, refresh_story
from wire.errors import (
    CopyErased,
    EmbargoOpen,
    MomentPassed,
    NoEmbargo,
    NotWithheld,
    QuestionOpen,
    StoryJoined,
)
from wire.models import Embargo, Story, Version
from wire.versions import Doubt, cancellation_order, embargo_order, find_doubts, may_decide


@transaction.atomic
def reinstate(story: Story, *, by: User, state: int | None = None) -> Story:
    """Let a withheld story be used: one sent anew after a cancellation, one without any sign of an agency,
    or one whose current version the agency withholds.

    Raises NotAllowed, NotWithheld for a story without a decision to make, EmbargoOpen for one that is
    withheld for its open embargo alone, QuestionOpen for one that a cancellation may mean, StoryChanged
    (`state` is the one that was read), CopyErased.
    """
    require(may_decide(by))
    story = lock_story_to_decide(story, state=state)
    doubts = find_doubts(story, list(story.versions.all()))
    if story.status != Story.Status.WITHHELD:
        raise NotWithheld
    if Doubt.MAYBE_CANCELLED in doubts:
        raise QuestionOpen
    if doubts == [Doubt.EMBARGO]:
        raise EmbargoOpen
    cancellations = story.versions.filter(signal=Version.Signal.CANCELLATION)
    story.overruled = max(cancellations, key=cancellation_order, default=None)
    story.vouched = story.vouched or Doubt.NO_SIGN in doubts
    if Doubt.WITHHELD_BY_AGENCY in doubts:
        story.overruled_withholding = story.current
    story.cancelled_at = None
    story.save(update_fields=["overruled", "vouched", "overruled_withholding", "cancelled_at"])
    refresh_story(story, by=by)
    record_audit(story, verb="reinstated", by=by)
    return story


@transaction.atomic
def set_embargo(
    story: Story, *, until: datetime | None, reason: str, by: User, state: int | None = None
) -> Story:
    """Set an embargo until a time, or with an open end (None).

    It holds until a later version of the agency states another one. Raises NotAllowed, MomentPassed,
    StoryChanged, CopyErased.
    """
    require(may_decide(by))
    if until is not None and until <= timezone.now():
        raise MomentPassed
    story = lock_story_to_decide(story, state=state)
    apply_embargo_decision(story, Embargo.UNTIL if until else Embargo.OPEN, until=until, by=by)
    record_audit(
        story,
        verb="embargo_set",
        by=by,
        until=embargo_end_text(story),
        reason=normalize_line(reason)[:200],
    )
    return story


@transaction.atomic
def lift_embargo(story: Story, *, reason: str, by: User, state: int | None = None) -> Story:
    """Lift the embargo that holds now. Raises NotAllowed, NoEmbargo, StoryChanged, CopyErased."""
    require(may_decide(by))
    story = lock_story_to_decide(story, state=state)
    if not story.embargoed_at(timezone.now()):
        raise NoEmbargo
    apply_embargo_decision(story, Embargo.LIFTED, until=None, by=by)
    record_audit(story, verb="embargo_lifted", by=by, reason=normalize_line(reason)[:200])
    return story


def apply_embargo_decision(
    story: Story, embargo: Embargo, *, until: datetime | None, by: User
) -> None:
    """Let a person's decision count against all embargoes that the agency has stated so far."""
    story.embargo, story.embargo_until, story.embargo_text = embargo, until, ""
    story.embargo_changed_at = timezone.now()
    story.embargo_decided = max(story.versions.all(), key=embargo_order, default=None)
    story.save(update_fields=["embargo_decided"])
    refresh_story(story, by=by)


def lock_story_to_decide(story: Story, *, state: int | None) -> Story:
    """The story, locked until the transaction ends. Raises CopyErased or StoryJoined where it was erased or
    joined with another meanwhile, StoryChanged where it is not in the state that was read.
    """
    locked = lock_story_row(story.pk)
    if locked is None:
        raise CopyErased
    if locked.current_id is None:
        raise StoryJoined.into(locked.merged_into_id) if locked.merged_into_id else CopyErased
    refuse_stale(locked, state)
    return locked
