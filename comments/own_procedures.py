"""What a reader can do about each own comment that was hidden or blocked, and the appeal about it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit.models import Entry
from comments.actions.appeals import HIDING_VERBS
from comments.models import Appeal, BlockRequest, Comment

APPEAL, OBJECTION = "appeal", "objection"
PROCEDURES = [(APPEAL, APPEAL), (OBJECTION, OBJECTION)]


def attach_procedures(comments: Sequence[Any]) -> None:
    """Set on own comments `appeal`, that against the decision in force, and `procedure`, what can be begun.

    Three queries for any number of comments.
    """
    hidden = [comment.pk for comment in comments if comment.state == Comment.State.HIDDEN]
    blocked = [comment.pk for comment in comments if comment.state == Comment.State.BLOCKED]
    decisions = last_hidings(hidden)
    rows = Appeal.objects.filter(comment__in=hidden)
    appeals = {(appeal.comment_id, appeal.decision): appeal for appeal in rows}
    blocks = BlockRequest.objects.filter(comment__in=blocked, state=BlockRequest.State.BLOCKED)
    without_objection = set(blocks.filter(objected_at=None).values_list("comment", flat=True))
    earliest = timezone.now() - timedelta(days=settings.APPEAL_DAYS)
    for comment in comments:
        decision = decisions.get(comment.pk)
        comment.appeal = appeals.get((comment.pk, decision.pk)) if decision else None
        comment.procedure = None
        if decision and comment.appeal is None and decision.at > earliest:
            comment.procedure = APPEAL
        elif comment.pk in without_objection:
            comment.procedure = OBJECTION


def last_hidings(comment_ids: Sequence[int]) -> dict[int, Entry]:
    """The audit entries about the last hiding of these comments, by their ids."""
    about = Entry.objects.filter(
        kind=Comment._meta.label_lower,
        subject__in=[str(pk) for pk in comment_ids],
        verb__in=HIDING_VERBS,
    )
    return {int(entry.subject): entry for entry in about.order_by("pk")}
