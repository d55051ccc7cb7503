"""What a moderator reads to decide on a comment: its thread, its writer's record, reports, former texts.

A constant number of queries, each of which reads a bounded number of rows along an index.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet

from accounts.models import Sanction, User
from articles.models import Appearance
from audit.models import Entry
from comments.finding_texts import MarkedPart, findings_of, marked_parts
from comments.models import (
    Comment,
    CommentFinding,
    CommentRevision,
    Decision,
    DecisionReason,
    ModerationItem,
    ModerationItemQuerySet,
    Report,
    thread_of,
)

KINDS = ("held", "reported", "flagged")  # of items
SIBLINGS = 3  # before and after the comment
MAX_REPLIES = 10
MAX_HISTORY = 10
MAX_COUNTED = 200  # of a writer's latest comments
MAX_REPORTS = 50
MAX_SANCTIONS = 10
RESEMBLES_SUSPENDED = "resembles_suspended"  # the verb of its audit entry
# CSS class of the chip for each state.
STATE_TONES = {
    Comment.State.VISIBLE: "live",
    Comment.State.HELD: "warns",
    Comment.State.HIDDEN: "gone",
    Comment.State.BLOCKED: "gone",
    Comment.State.DELETED: "calm",
}


@dataclass(frozen=True)
class WriterRecord:
    """A writer's latest comments by state, the last of them, and sanctions, the latest first."""

    states: dict[str, int]
    is_bounded: bool  # there are more than MAX_COUNTED
    comments: Sequence[Comment]
    sanctions: Sequence[Sanction]
    resembles_suspended: bool  # has an address like one that is suspended


@dataclass(frozen=True)
class ModerationContext:
    """All that the screen of one comment shows."""

    comment: Comment
    item: ModerationItem | None
    findings: Sequence[CommentFinding]
    marked: Sequence[MarkedPart]
    before: Sequence[Comment]
    after: Sequence[Comment]
    replies: Sequence[Comment]
    has_more_replies: bool
    record: WriterRecord
    reports: Sequence[Report]
    revisions: Sequence[CommentRevision]
    decisions: Sequence[Decision]

    @property
    def open_reports(self) -> Sequence[Report]:
        """Reports that no moderator has settled."""
        return [report for report in self.reports if report.settled_at is None]


def queue_items() -> ModerationItemQuerySet:
    """Items with what a row of the queue shows: comment, writer, article, lease. One query."""
    headline = Appearance.objects.last_headline(OuterRef("comment__article"))
    rows: ModerationItemQuerySet = ModerationItem.objects.all()
    rows = rows.select_related("comment__author", "comment__article__live", "leased_by")
    rows = rows.defer("comment__article__live__body", "comment__article__live__body_html")
    return rows.annotate(last_headline=headline)


def attach_report_reasons(items: Sequence[Any], *, reader: User) -> None:
    """Set `report_reasons` of items: their open reports by reason, the most frequent first. One query.

    Of what the moderator who reads has written there are none.
    """
    counted = (
        Report.objects.unsettled()
        .filter(comment__in=[item.pk for item in items if item.comment.author_id != reader.pk])
        .order_by()
        .values("comment", "reason")
        .annotate(n=Count("pk"))
    )
    by_comment: dict[int, list[tuple[int, str]]] = {}
    for row in counted:
        by_comment.setdefault(row["comment"], []).append((row["n"], row["reason"]))
    for item in items:
        found = sorted(by_comment.get(item.pk, []), key=lambda pair: (-pair[0], pair[1]))
        item.report_reasons = [
            {"reason": reason, "label": Report.Reason(reason).label, "count": n}
            for n, reason in found
        ]


def comments_to_moderate() -> QuerySet[Comment]:
    """Comments with their writer, article and the comments they answer. One query."""
    rows = Comment.objects.select_related(
        "author", "article__live", "parent__author", "in_reply_to__author"
    )
    return rows.defer("article__live__body", "article__live__body_html").annotate(
        last_headline=Appearance.objects.last_headline(OuterRef("article"))
    )


def reports_for(comment: Comment, *, reader: User) -> QuerySet[Report]:
    """The reports that a moderator may read, open ones first.

    None of an own comment: the notes often say who has written them.
    """
    rows = comment.reports.none() if comment.author_id == reader.pk else comment.reports.all()
    return rows.order_by(F("settled_at").asc(nulls_first=True), "-pk")


def moderation_context(comment: Comment, *, reader: User) -> ModerationContext:
    """What a moderator reads to decide on this comment (`comments_to_moderate`)."""
    siblings = thread_rows(comment.article_id, comment.parent_id or 0).select_related("author")
    replies = replies_of(comment)
    findings = findings_of(comment)
    items = ModerationItem.objects.select_related("leased_by")
    decisions = Decision.objects.filter(comment=comment).select_related("by").order_by("-pk")
    return ModerationContext(
        comment=comment,
        item=items.filter(pk=comment.pk).first(),
        findings=findings,
        marked=marked_parts(comment.text, findings),
        before=list(siblings.filter(pk__lt=comment.pk).order_by("-pk")[:SIBLINGS])[::-1],
        after=list(siblings.filter(pk__gt=comment.pk).order_by("pk")[:SIBLINGS]),
        replies=replies[:MAX_REPLIES],
        has_more_replies=len(replies) > MAX_REPLIES,
        record=writer_record(comment),
        reports=list(reports_for(comment, reader=reader)[:MAX_REPORTS]),
        revisions=list(comment.revisions.order_by("-version")[:MAX_HISTORY]),
        decisions=list(decisions[:MAX_HISTORY]),
    )


def replies_of(comment: Comment) -> list[Comment]:
    """The first replies that are not deleted, and one more."""
    rows = thread_rows(comment.article_id, comment.parent_id or comment.pk).select_related("author")
    if comment.parent_id is not None:
        rows = rows.filter(in_reply_to=comment)
    return list(rows.order_by("pk")[: MAX_REPLIES + 1])


def thread_rows(article_id: int, thread: int) -> QuerySet[Comment]:
    """Comments of every state but deleted under the comment `thread`; 0 for those that start threads."""
    rows = Comment.objects.alias(thread=thread_of()).filter(article=article_id, thread=thread)
    return rows.exclude(state=Comment.State.DELETED)


def writer_record(comment: Comment) -> WriterRecord:
    """The record of the writer of a comment; an empty one of a closed account."""
    if comment.author_id is None:
        return WriterRecord({}, False, [], [], False)
    own = Comment.objects.filter(author=comment.author_id).order_by("-pk")
    states = list(own.values_list("state", flat=True)[: MAX_COUNTED + 1])
    others = own.exclude(pk=comment.pk).exclude(state=Comment.State.DELETED)
    sanctions = Sanction.objects.filter(user=comment.author_id).with_people().order_by("-pk")
    about = Entry.objects.filter(kind=User._meta.label_lower, subject=str(comment.author_id))
    return WriterRecord(
        states=dict(Counter(states[:MAX_COUNTED])),
        is_bounded=len(states) > MAX_COUNTED,
        comments=list(others[:MAX_HISTORY]),
        sanctions=list(sanctions[:MAX_SANCTIONS]),
        resembles_suspended=about.filter(verb=RESEMBLES_SUSPENDED).exists(),
    )


def offered_reasons() -> Sequence[DecisionReason]:
    """The reasons that moderators choose from, in their order."""
    return list(DecisionReason.objects.filter(is_offered=True))


def headline_of(article: Any, last_headline: str | None) -> str:
    """The live headline of an article, else the last one, else its slug."""
    return str(article.live.headline if article.live else last_headline or article.slug)


def state_tone(comment: Comment) -> str:
    """The CSS class of the chip that names the state of a comment."""
    return STATE_TONES[Comment.State(comment.state)]
