"""Join stories: move the versions of one to another. The caller holds the locks on the source and both."""

from collections.abc import Container, Iterable, Sequence

from django.db.models import Max, Q

from accounts.models import User
from audit.actions import record_audit
from wire.actions.settling import EMBARGO_FIELDS, refresh_story
from wire.actions.snapshots import to_values
from wire.models import Embargo, MatchQuestion, Story, StoryDecision, Version
from wire.versions import arrival_order, cancellation_order, embargo_order

MERGED_FIELDS = (
    *("current", "merged_into", "overruled", "overruled_withholding", "embargo_decided", "embargo"),
    *("embargo_until", "maybe_cancelled", "state_number"),
)


def join_stories(target: Story, others: Iterable[Story], *, by: User | None) -> None:
    """Move all versions of the other stories to `target`; what people decided about them goes with them.

    A story without versions stays as a row that points to `target`.
    """
    joined: dict[int, Version] = {}
    for other in others:
        carry_decisions(target, other)
        versions = list(other.versions.all())
        if other.current:
            joined |= dict.fromkeys((version.pk for version in versions), other.current)
        move_versions(versions, to=target)
        leave_empty(other, into=target)
        record_audit(target, verb="stories_joined", by=by, other=other.pk)
        record_audit(other, verb="story_joined_with", by=by, other=target.pk)
    refresh_maybe_cancelled(target)
    refresh_story(target, by=by, joined=joined)


def move_versions(versions: Sequence[Version], *, to: Story) -> None:
    """Move versions to a story, in the order of their arrival, with the next numbers there."""
    last = to.versions.aggregate(last=Max("number"))["last"] or 0
    for number, version in enumerate(sorted(versions, key=arrival_order), start=last + 1):
        Version.objects.filter(pk=version.pk).update(story=to, number=number)


def leave_empty(story: Story, *, into: Story) -> None:
    """Leave a story without versions, as a pointer to another."""
    story.current = story.overruled = story.overruled_withholding = story.embargo_decided = None
    story.embargo, story.embargo_until = Embargo.NONE, None
    story.merged_into, story.maybe_cancelled = into, False
    story.state_number += 1
    story.save(update_fields=MERGED_FIELDS)


def carry_decisions(target: Story, other: Story) -> None:
    """Let what people decided about `other` hold for `target`: cancelled, vouched, overruled, embargo."""
    target.vouched = target.vouched or other.vouched
    target.cancelled_at = max(filter(None, (target.cancelled_at, other.cancelled_at)), default=None)
    overruled = [version for version in (target.overruled, other.overruled) if version]
    target.overruled = max(overruled, key=cancellation_order, default=None)
    target.overruled_withholding = target.overruled_withholding or other.overruled_withholding
    if other.embargo_decided and is_decided_later(other, target):
        target.embargo_decided = other.embargo_decided
        target.embargo, target.embargo_until = other.embargo, other.embargo_until
        target.embargo_text, target.embargo_changed_at = (
            other.embargo_text,
            other.embargo_changed_at,
        )
    target.save(
        update_fields=["vouched", "cancelled_at", "overruled", "overruled_withholding",
                       "embargo_decided", "embargo", "embargo_until", "embargo_text", "embargo_changed_at"]
    )  # fmt: skip


def carry_cancellation(target: Story, other: Story) -> None:
    """Let a cancellation by hand of `other` be undone at `target`, with which the intake joins it.

    Where both were cancelled, the later one is undone first.
    """
    open_ones = StoryDecision.objects.filter(kind=StoryDecision.Kind.CANCELLED, undone_at=None)
    former: str | None = None
    for decision in open_ones.filter(story__in=[target, other]).order_by("pk"):
        story = target if decision.story_id == target.pk else other
        before, after = (
            side["stories"][str(story.pk)] for side in (decision.before, decision.after)
        )
        if story.cancelled_at is None or to_values(after)["cancelled_at"] != story.cancelled_at:
            continue  # overruled since
        decision.story = target
        decision.before["stories"] = {str(target.pk): {**before, "cancelled_at": former}}
        decision.after["stories"] = {str(target.pk): after}
        decision.save(update_fields=["story", "before", "after"])
        former = after["cancelled_at"]


def share_decisions(
    story: Story, new: Story, versions: Sequence[Version], *, moved: Container[int]
) -> None:
    """Let what people decided about a story hold for the one that is split from it too: cancelled, vouched,
    the embargo. A cancellation that was overruled is so where it is."""
    new.cancelled_at, new.vouched = story.cancelled_at, story.vouched
    if story.overruled_id in moved:
        new.overruled, story.overruled = story.overruled, None
    if decided := story.embargo_decided:
        for name in EMBARGO_FIELDS:
            setattr(new, name, getattr(story, name))
        new.embargo_decided = last_decided_on([v for v in versions if v.pk in moved], decided)
        story.embargo_decided = last_decided_on([v for v in versions if v.pk not in moved], decided)
    for each in (story, new):
        each.save(
            update_fields=[
                "cancelled_at",
                "vouched",
                "overruled",
                "embargo_decided",
                *EMBARGO_FIELDS,
            ]
        )


def last_decided_on(versions: Sequence[Version], decided: Version) -> Version:
    """The last of these versions that the decision about the embargo counts against, as against those up to
    `decided`; the first version where all came later."""
    earlier = [v for v in versions if embargo_order(v) <= embargo_order(decided)]
    return max(earlier, key=embargo_order) if earlier else min(versions, key=embargo_order)


def is_decided_later(other: Story, target: Story) -> bool:
    """Whether a person decided about the embargo of `other` after that of `target`."""
    if target.embargo_decided is None or target.embargo_changed_at is None:
        return True
    return (
        other.embargo_changed_at is not None
        and other.embargo_changed_at > target.embargo_changed_at
    )


def refresh_maybe_cancelled(story: Story) -> None:
    """Note on a story whether an unanswered question asks if a cancellation of another story means it."""
    open_questions = MatchQuestion.objects.unanswered().filter(
        Q(other__story=story, version__signal=Version.Signal.CANCELLATION)
        | Q(version__story=story, other__signal=Version.Signal.CANCELLATION)
    )
    story.maybe_cancelled = open_questions.exists()
    story.save(update_fields=["maybe_cancelled"])
