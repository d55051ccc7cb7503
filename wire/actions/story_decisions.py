"""Decisions of a person on which story a text belongs to: join, split, tell apart, cancel, and undo.

Each locks the source, then the stories by id, as the intake does; each keeps what undoes it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record_audit
from newsroom.errors import require
from newsroom.text.normalization import normalize_line
from wire.actions.joining import (
    join_stories,
    leave_empty,
    move_versions,
    refresh_maybe_cancelled,
    share_decisions,
)
from wire.actions.locking import lock_source, lock_stories, refuse_stale
from wire.actions.settling import refresh_story
from wire.actions.snapshots import (
    has_changed,
    has_new_versions,
    questions_about,
    restore_snapshot,
    take_snapshot,
    to_values,
)
from wire.errors import (
    AlreadyCancelled,
    BuiltOnSince,
    CopyErased,
    IdentifiedStory,
    NoSuchStory,
    NothingToSplit,
    NothingToUndo,
)
from wire.models import MatchQuestion, Story, StoryDecision
from wire.story_updates import StoryUpdate, collecting_updates, report_update
from wire.versions import may_decide

Kind = StoryDecision.Kind
Answer = MatchQuestion.Answer


@transaction.atomic
def join_story(story: Story, *, to: int, by: User, state: int | None = None) -> Story:
    """Say that the texts of `story` belong to the story number `to`; the latter.

    Open questions between the two are answered. Raises NotAllowed, NoSuchStory, IdentifiedStory,
    StoryChanged (`state` is the one that was read), CopyErased.
    """
    require(may_decide(by))
    story, target = lock_two(story, to, state=state)
    if story.identifier or target.identifier:
        raise IdentifiedStory
    before = take_snapshot([story.pk, target.pk])
    open_questions(story.pk, target.pk).update(answer=Answer.SAME)
    with collecting_updates(decided_by=by):
        join_stories(target, [story], by=by)
    record_decision(target, Kind.JOINED, other=story, before=before)
    return target


@transaction.atomic
def mark_as_different(story: Story, *, other: int, by: User, state: int | None = None) -> Story:
    """Say that `story` is another story than number `other`: nothing joins them by itself any more.

    Raises as `join_story` does.
    """
    require(may_decide(by))
    story, different = lock_two(story, other, state=state)
    before = take_snapshot([story.pk, different.pk])
    if not open_questions(story.pk, different.pk).update(answer=Answer.OTHER):
        note_difference(story, different)
    with collecting_updates(decided_by=by):
        for touched in (story, different):
            refresh_maybe_cancelled(touched)
            refresh_story(touched, by=by)
    record_audit(story, verb="stories_marked_different", by=by, other=different.pk)
    record_decision(story, Kind.SPLIT, other=different, before=before)
    return story


@transaction.atomic
def split_story(
    story: Story, *, versions: Collection[int], by: User, state: int | None = None
) -> Story:
    """Make the versions of these numbers another story; the new one.

    Raises NotAllowed, NothingToSplit where a version is unknown or none would stay, IdentifiedStory,
    StoryChanged, CopyErased.
    """
    require(may_decide(by))
    story = lock_one(story, state=state)
    if story.identifier:
        raise IdentifiedStory
    rows = list(story.versions.select_related("delivery").defer("delivery__raw"))
    moved = [version for version in rows if version.number in set(versions)]
    if len(moved) != len(set(versions)) or not 0 < len(moved) < len(rows):
        raise NothingToSplit
    before = take_snapshot([story.pk])
    new = Story.objects.create(source=story.source, key=uuid4().hex, news_at=story.news_at)
    move_versions(moved, to=new)
    share_decisions(story, new, rows, moved={version.pk for version in moved})
    with collecting_updates(decided_by=by):
        for touched in (story, new):
            refresh_maybe_cancelled(touched)
            refresh_story(touched, by=by)
    note_difference(new, story)
    record_audit(story, verb="story_split", by=by, other=new.pk, count=len(moved))
    record_decision(story, Kind.SPLIT, other=new, before=before)
    return new


@transaction.atomic
def cancel_story(story: Story, *, reason: str, by: User, state: int | None = None) -> Story:
    """Cancel a story by hand, as the agency would: nothing may be written from it.

    What the agency sends of it later is for a person to decide. Raises NotAllowed, AlreadyCancelled,
    StoryChanged, CopyErased.
    """
    require(may_decide(by))
    story = lock_one(story, state=state)
    if story.status == Story.Status.CANCELLED:
        raise AlreadyCancelled
    before = take_snapshot([story.pk])
    story.cancelled_at = timezone.now()
    story.save(update_fields=["cancelled_at"])
    with collecting_updates(decided_by=by):
        refresh_story(story, by=by)
    record_audit(story, verb="cancelled_by_hand", by=by, reason=normalize_line(reason)[:200])
    record_decision(story, Kind.CANCELLED, other=None, before=before)
    return story


@transaction.atomic
def undo_decision(story: Story, *, by: User, state: int | None = None) -> Story:
    """Undo the last decision about a story: everything is again as it was before it; the story.

    Of a cancellation by hand that alone is taken back, whatever came since. Raises NotAllowed,
    NothingToUndo, BuiltOnSince where a version came or somebody decided since, StoryChanged, CopyErased.
    """
    require(may_decide(by))
    lock_source(story.source_id)
    decision = StoryDecision.objects.last_about(story)
    if decision is None:
        raise NothingToUndo
    ids = {int(pk) for pk in decision.after["stories"]}
    stories = lock_stories(ids)
    if story.pk not in stories:
        raise CopyErased
    refuse_stale(stories[story.pk], state)
    with collecting_updates(decided_by=by):
        if decision.kind == Kind.CANCELLED:
            take_back_cancellation(stories[story.pk], decision, by=by)
        else:
            take_back_places(stories, decision)
            report_places(stories.values())
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at"])
    story = Story.objects.get(pk=story.pk)
    record_audit(story, verb="decision_undone", by=by, kind=decision.kind)
    return story


def is_undoable(story: Story) -> bool:
    """Whether `undo_decision` would take back a decision about the story now: nothing was built on it."""
    decision = StoryDecision.objects.last_about(story)
    if decision is None:
        return False
    if decision.kind == Kind.CANCELLED:
        after = decision.after["stories"].get(str(story.pk))
        return after is not None and to_values(after)["cancelled_at"] == story.cancelled_at
    now = take_snapshot(int(pk) for pk in decision.after["stories"])
    return not has_new_versions(decision.after, now) and not has_changed(decision.after, now)


def report_places(before: Iterable[Story]) -> None:
    """Report the stories whose columns were put back, with what they were before."""
    for former in before:
        story = Story.objects.select_related("current").get(pk=former.pk)
        report_update(
            StoryUpdate(
                story,
                list(story.versions.select_related("delivery").defer("delivery__raw")),
                former_status=former.status,
                former_current=former.current,
                is_embargo_changed=(story.embargo, story.embargo_until)
                != (former.embargo, former.embargo_until),
            )
        )


def take_back_cancellation(story: Story, decision: StoryDecision, *, by: User) -> None:
    """Take the cancellation by hand off the story, whatever came since."""
    earlier, later = (
        to_values(side["stories"][str(story.pk)])["cancelled_at"]
        for side in (decision.before, decision.after)
    )
    if story.cancelled_at != later:
        raise BuiltOnSince
    story.cancelled_at = earlier
    story.save(update_fields=["cancelled_at"])
    refresh_story(story, by=by)


def take_back_places(stories: dict[int, Story], decision: StoryDecision) -> None:
    """Put the versions back where they were, and all columns of the stories with them."""
    now = take_snapshot(stories)
    if has_new_versions(decision.after, now):
        raise BuiltOnSince.by_version()
    if has_changed(decision.after, now):
        raise BuiltOnSince
    restore_snapshot(decision.before, after=decision.after)
    leave_unknown_empty(stories, decision)
    state = max(row.state_number for row in stories.values()) + 1
    Story.objects.filter(pk__in=stories).update(state_number=state)


def leave_unknown_empty(stories: dict[int, Story], decision: StoryDecision) -> None:
    """Leave the story that the decision made without versions, as a pointer to the one it came from."""
    for pk, story in stories.items():
        if str(pk) not in decision.before["stories"]:
            leave_empty(story, into=stories[decision.story_id])


def lock_one(story: Story, *, state: int | None) -> Story:
    """The story, locked. Raises CopyErased for one that was erased or joined meanwhile, StoryChanged."""
    lock_source(story.source_id)
    locked = lock_stories([story.pk]).get(story.pk)
    if locked is None or locked.current_id is None:
        raise CopyErased
    refuse_stale(locked, state)
    return locked


def lock_two(story: Story, other: int, *, state: int | None) -> Sequence[Story]:
    """Both stories, locked. Raises NoSuchStory for another that cannot be meant, and as `lock_one`."""
    lock_source(story.source_id)
    locked = lock_stories({story.pk, other})
    mine, theirs = locked.get(story.pk), locked.get(other)
    if mine is None or mine.current_id is None:
        raise CopyErased
    if theirs is None or theirs.current_id is None or other == story.pk:
        raise NoSuchStory
    if theirs.source_id != mine.source_id:
        raise NoSuchStory
    refuse_stale(mine, state)
    return mine, theirs


def open_questions(one: int, other: int) -> Any:
    """The unanswered questions whether two stories are one."""
    about = questions_about([one]) & questions_about([other])
    pks = list(about.filter(answer=Answer.OPEN).values_list("pk", flat=True))
    return MatchQuestion.objects.filter(pk__in=pks)


def note_difference(one: Story, other: Story) -> None:
    """Mark two stories as different, by their current versions."""
    MatchQuestion.objects.update_or_create(
        version=one.current, other=other.current, defaults={"answer": Answer.OTHER}
    )


def record_decision(
    story: Story, kind: StoryDecision.Kind, *, other: Story | None, before: dict[str, Any]
) -> None:
    """Record a decision, with the state of the stories before and after it."""
    ids = {int(pk) for pk in before["stories"]} | {story.pk} | ({other.pk} if other else set())
    after = take_snapshot(ids)
    StoryDecision.objects.create(story=story, other=other, kind=kind, before=before, after=after)
