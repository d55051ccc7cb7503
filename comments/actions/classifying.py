"""Comments and the outside classifier: held first, then released or not, never shown unscanned."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from articles.models import Article
from comments.actions.counting import change_comment_state
from comments.actions.locking import lock_with_parent, share_article
from comments.actions.policy import holds_all
from comments.actions.queueing import flag_findings
from comments.actions.screening import find_writer_hold, reason_text
from comments.classifier import ClassifierAnswer, NoVerdict, classify_text
from comments.content_filter import Finding, Severity
from comments.models import Classification, Comment, CommentFinding
from newsroom.text.normalization import normalize_line

State, Verdict = Comment.State, Classification.Verdict
# Before each attempt but the first, which is at once; after the last a moderator decides.
RETRY_DELAYS = tuple(timedelta(seconds=n) for n in (5, 15, 60, 300, 900, 3600, 3 * 3600))
MAX_ATTEMPTS = len(RETRY_DELAYS) + 1
LEASE_MARGIN = timedelta(seconds=30)
MAX_CALLS_PER_RUN, MAX_SECONDS_PER_RUN = 100, 10.0
CALLING = threading.Lock()
Classify = Callable[..., ClassifierAnswer]


def hold_for_classifier(finding: Finding | None, text: str) -> Finding | None:
    """The finding of a comment that no other rule holds: it waits for the classifier, if there is one."""
    if not settings.COMMENT_CLASSIFIER_URL:
        return finding
    if finding is not None and finding.severity != Severity.FLAG:
        return finding
    return Finding("classifier", "", 0, len(text))


def request_classification(
    comment: Comment, finding: Finding | None, *, was_held: bool = False
) -> None:
    """Write down that the classifier is to be asked, in the transaction of the comment.

    Not for a comment that is held for another reason, whatever the verdict would be.
    """
    earlier = Classification.objects.filter(pk=comment.pk)
    is_other_hold = was_held and not earlier.waiting().exists()
    is_held_by_article = holds_all(comment.article)
    if finding is None or finding.rule != "classifier" or is_other_hold or is_held_by_article:
        earlier.waiting().update(verdict=Verdict.OBSOLETE)
        return
    Classification.objects.update_or_create(
        comment=comment,
        defaults={
            "comment_version": comment.version,
            "verdict": "",
            "attempts": 0,
            "next_attempt_at": timezone.now(),
            "last_error": "",
        },
    )


def forget_screening(comments: Any) -> None:
    """Delete what the filter and the classifier found in comments whose text is erased."""
    CommentFinding.objects.filter(comment__in=comments).delete()
    Classification.objects.filter(comment__in=comments).delete()


def classify_due_unless_calling() -> int | None:
    """How many calls were made; None where another thread of this process still calls.

    So a classifier that does not answer occupies one thread of each worker process at most.
    """
    if not CALLING.acquire(blocking=False):
        return None
    try:
        return classify_due_comments()
    finally:
        CALLING.release()


def classify_due_comments(
    *,
    classify: Classify = classify_text,
    limit: int = MAX_CALLS_PER_RUN,
    max_seconds: float = MAX_SECONDS_PER_RUN,
) -> int:
    """Ask for the verdicts that are due, one after another, for a limited time; how many calls were made.

    May run twice.
    """
    calls, deadline = 0, time.monotonic() + max_seconds
    for pk in list(Classification.objects.due(timezone.now()).values_list("pk", flat=True)[:limit]):
        if time.monotonic() >= deadline:
            break
        calls += classify_comment(pk, classify=classify)
    return calls


def classify_comment(pk: int, *, classify: Classify) -> bool:
    """Ask for one verdict, outside any transaction, and apply it. False if another worker has it.

    1. Lease the row by a conditional update, so that two workers do not ask at once.
    2. Call. A failure is written down with the time of the next attempt.
    3. Apply the verdict if the comment is as it was.
    """
    now, timeout = timezone.now(), settings.COMMENT_CLASSIFIER_TIMEOUT_SECONDS
    lease = now + timedelta(seconds=timeout) + LEASE_MARGIN
    due = Classification.objects.due(now).filter(pk=pk).order_by()
    if not due.update(next_attempt_at=lease, attempts=F("attempts") + 1):
        return False
    row = Classification.objects.select_related("comment").get(pk=pk)
    if row.comment.version != row.comment_version or row.comment.state != State.HELD:
        settle(row, Verdict.OBSOLETE)
        return False
    if not settings.COMMENT_CLASSIFIER_URL:
        settle(row, Verdict.GIVEN_UP, error="COMMENT_CLASSIFIER_URL")
        return False
    try:
        answer = classify(
            row.comment.text,
            number=row.pk,
            url=settings.COMMENT_CLASSIFIER_URL,
            key=settings.COMMENT_CLASSIFIER_KEY,
            timeout_seconds=timeout,
        )
    except NoVerdict as error:
        record_failure(row, str(error))
    else:
        apply_answer(row, answer=answer)
    return True


def record_failure(row: Classification, error: str) -> None:
    """Write down a failed attempt: when the next one is due, or that a moderator decides."""
    if row.attempts >= MAX_ATTEMPTS:
        settle(row, Verdict.GIVEN_UP, error=error)
        return
    at = timezone.now() + RETRY_DELAYS[row.attempts - 1]
    waiting = Classification.objects.waiting().filter(
        pk=row.pk, comment_version=row.comment_version
    )
    waiting.update(next_attempt_at=at, last_error=normalize_line(error)[:200])


def settle(row: Classification, verdict: str, *, error: str = "") -> None:
    """Write down a verdict that changes no comment, unless the comment was edited meanwhile."""
    waiting = Classification.objects.waiting().filter(
        pk=row.pk, comment_version=row.comment_version
    )
    waiting.update(verdict=verdict, last_error=normalize_line(error)[:200])


@transaction.atomic
def apply_answer(row: Classification, *, answer: ClassifierAnswer) -> None:
    """Release the comment or leave it held, unless it was decided on or edited meanwhile.

    It stays held, too, where by now all comments of the article or of the writer are held.
    """
    comment = lock_with_parent(row.pk)
    assert comment is not None  # CASCADE
    current = Classification.objects.select_for_update().get(pk=row.pk)
    is_current = current.comment_version == row.comment_version and current.verdict == ""
    if not is_current:
        return
    if comment.version != row.comment_version or comment.state != State.HELD:
        settle(row, Verdict.OBSOLETE)
        return
    settle(row, Verdict.ALLOW if answer.is_allowed else Verdict.HOLD)
    findings = CommentFinding.objects.filter(comment=comment, rule="classifier")
    if answer.is_allowed:
        findings.delete()
        release_unless_held(comment)
        return
    label = normalize_line(answer.label)
    findings.update(match=label[:40])
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("held by the classifier: %(label)s") % {"label": label or "–"}
    change_comment_state(
        comment, State.HELD, verb="classified", by=None, is_decision=False, reason=reason[:200]
    )


def release_unless_held(comment: Comment) -> None:
    """Show a locked comment that the classifier allows, unless its article or its writer is held by now."""
    share_article(comment.article_id)
    article = Article.objects.annotate(policy_mode=F("thread_policy__mode"))
    finding = find_writer_hold(comment.author, comment.text) if comment.author else None
    is_held = finding is not None or holds_all(article.get(pk=comment.article_id))
    change_comment_state(
        comment,
        State.HELD if is_held else State.VISIBLE,
        verb="classified",
        by=None,
        is_decision=False,
        reason=reason_text(finding),
    )
    flag_findings(comment)


def classify_again(comment: Comment, *, decided_version: int) -> None:
    """Ask for the verdict again that a comment waited for before an undone decision of this version."""
    waited = Classification.objects.filter(pk=comment.pk, comment_version=decided_version - 1)
    waited.filter(verdict__in=["", Verdict.OBSOLETE]).update(
        comment_version=comment.version,
        verdict="",
        attempts=0,
        next_attempt_at=timezone.now(),
        last_error="",
    )
