"""Why a comment is held: the content filter with the site's lists, repeats, first comments of accounts."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import SanctionKind, User
from articles.models import Article
from comments.actions.queueing import flag_findings, refresh_item
from comments.actions.word_lists import current_number, current_words
from comments.content_filter import Finding, Severity, find_all, screen_text, text_fingerprint
from comments.errors import BlockedWord
from comments.finding_texts import RULE_LABELS
from comments.models import Comment, Commenter, CommentFinding
from comments.near_duplicates import find_near_duplicate
from comments.recent_comments import RecentComment, recent_comments

logger = logging.getLogger(__name__)

MIN_REPEAT_CHARS = 10  # shorter comments may be repeated under other articles


def screen_post(
    writer: User, article: Article, text: str, recent: Sequence[RecentComment]
) -> Finding | None:
    """Why a new comment is held: its words, a repeat, or a writer whom moderators do not know yet."""
    found = require_not_blocked(screen_comment(text))
    if is_holding(found):
        return found
    return (
        find_repeat(article, text, recent)
        or find_near_duplicate(writer, article, text, recent)
        or find_writer_hold(writer, text)
        or found
    )


def screen_edit(writer: User, article: Article, text: str, *, edited: Comment) -> Finding | None:
    """Why an edited comment is held: by the same rules as a new one."""
    found = require_not_blocked(screen_comment(text))
    if is_holding(found):
        return found
    recent = recent_comments(writer)
    return (
        find_repeat(article, text, recent)
        or find_near_duplicate(writer, article, text, recent, edited=edited)
        or find_writer_hold(writer, text)
        or found
    )


def is_holding(finding: Finding | None) -> bool:
    """Whether a finding holds the comment; a flag does not."""
    return finding is not None and finding.severity != Severity.FLAG


def require_not_blocked(finding: Finding | None) -> Finding | None:
    """The finding. Raises BlockedWord for a word that is refused at once."""
    if finding and finding.severity == Severity.BLOCK:
        raise BlockedWord
    return finding


def record_findings(comment: Comment, finding: Finding | None) -> None:
    """Store what was found in the present text of a comment, in place of what was found before.

    In the transaction that has posted or edited it: a visible comment is flagged, the item of a held one
    updated by the passages found.
    """
    was_found = CommentFinding.objects.filter(comment=comment).delete()[0]
    if finding is not None:
        store_findings(comment, finding)
        flag_findings(comment)
    if (was_found or finding) and comment.state == Comment.State.HELD:
        refresh_item(comment)


def store_findings(comment: Comment, finding: Finding) -> None:
    """Store all findings in the text of a comment, and the one that decided."""
    found = [] if finding.rule == "error" else find_all(comment.text, current_words())
    if finding.rule not in {one.rule for one in found}:
        found.insert(0, finding)
    number = current_number()
    CommentFinding.objects.bulk_create(
        CommentFinding(
            comment=comment,
            rule=one.rule,
            match=one.match,
            severity=one.severity.value,
            start=one.start,
            end=one.end,
            list_number=number,
        )
        for one in found
    )


def find_writer_hold(writer: User, text: str) -> Finding | None:
    """Why whatever this writer posts is held: a sanction, or first comments of an account."""
    if writer.restriction(timezone.now()) == SanctionKind.HOLD:
        return Finding("sanction", "", 0, len(text))
    return find_first_comments(writer, text)


def find_repeat(article: Article, text: str, recent: Sequence[RecentComment]) -> Finding | None:
    """A `repeat` finding if the writer posted the same text under another article in RECENT_WINDOW."""
    if len(text) < MIN_REPEAT_CHARS:
        return None
    elsewhere = {r.fingerprint for r in recent if r.article_id != article.pk}
    is_repeat = bool(elsewhere) and text_fingerprint(text) in elsewhere
    return Finding("repeat", "", 0, len(text)) if is_repeat else None


def find_first_comments(writer: User, text: str) -> Finding | None:
    """A `first` finding until a moderator has approved HELD_FIRST_COMMENTS comments of the writer.

    What counts is in `Commenter`, so deleting a comment or renaming oneself does not start or end it.
    """
    if writer.is_staff or not settings.HELD_FIRST_COMMENTS:
        return None
    approved = Commenter.objects.filter(reader=writer).values_list("approved", flat=True).first()
    is_known = (approved or 0) >= settings.HELD_FIRST_COMMENTS
    return None if is_known else Finding("first", "", 0, len(text))


def is_known_writer(writer: User) -> bool:
    """Whether moderators have shown comments of the writer."""
    return Commenter.objects.filter(reader=writer, approved__gt=0).exists()


def is_held_text(text: str) -> bool:
    """Whether the content filter would hold this text; nicknames are checked by it too."""
    return screen_comment(text) is not None


def screen_comment(text: str) -> Finding | None:
    """The finding of the content filter with the word list that counts now.

    A failure of the filter holds the comment: nothing is published unscanned.
    """
    words = current_words()
    try:
        return screen_text(text, words)
    except Exception:
        logger.exception("the content filter failed; the comment is held")
        return Finding("error", "", 0, len(text))


def reason_text(finding: Finding | None) -> str:
    """Why a comment is held, for moderators, in the language of the site; empty without a finding."""
    if finding is None:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        what = " ".join(filter(None, (str(RULE_LABELS[finding.rule]), finding.match)))
        return f"{what} ({finding.start + 1}–{finding.end})"[:200]
