"""Why a comment is held: the content filter with the site's lists, repeats, first comments of accounts."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import SanctionKind, User
from articles.models import Article
from comments.actions.word_lists import current_number, current_words
from comments.content_filter import Finding, Severity, find_all, screen_text, text_fingerprint
from comments.errors import BlockedWord
from comments.models import Comment, Commenter, CommentFinding
from comments.near_duplicates import find_near_duplicate

logger = logging.getLogger(__name__)

REPEAT_WINDOW = timedelta(days=1)
MIN_REPEAT_CHARS = 10  # shorter comments may be repeated under other articles


def screen_post(writer: User, article: Article, text: str) -> Finding | None:
    """Why a new comment is held: its words, a repeat, or a writer whom moderators do not know yet."""
    found = require_not_blocked(screen_comment(text))
    if is_holding(found):
        return found
    return (
        find_repeat(writer, article, text)
        or find_near_duplicate(writer, article, text)
        or find_writer_hold(writer, text)
        or found
    )


def screen_edit(writer: User, article: Article, text: str, *, edited: Comment) -> Finding | None:
    """Why an edited comment is held: by the same rules as a new one."""
    found = require_not_blocked(screen_comment(text))
    if is_holding(found):
        return found
    return (
        find_repeat(writer, article, text)
        or find_near_duplicate(writer, article, text, edited=edited)
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
    """Store what was found in the present text of a comment, in place of what was found before."""
    CommentFinding.objects.filter(comment=comment).delete()
    if finding is None:
        return
    found = find_all(comment.text, current_words())
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


def find_repeat(writer: User, article: Article, text: str) -> Finding | None:
    """A `repeat` finding if the writer posted the same text under another article in REPEAT_WINDOW."""
    if len(text) < MIN_REPEAT_CHARS:
        return None
    same = Comment.objects.filter(author=writer, fingerprint=text_fingerprint(text))
    others = same.exclude(article=article).filter(created_at__gt=Now() - REPEAT_WINDOW)
    return Finding("repeat", "", 0, len(text)) if others.exists() else None


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
        rules = {
            "links": _("many links"),
            "flood": _("flooding"),
            "word": _("word on the list"),
            "repeat": _("the same under another article"),
            "near_own": _("nearly the same as another comment of the writer"),
            "near_shared": _("nearly the same as a comment of somebody else"),
            "sanction": _("all comments of this reader are held"),
            "first": _("first comments of an account"),
            "near": _("too much to judge"),
            "error": _("the filter failed"),
            "classifier": _("waits for the classifier"),
        }
        what = " ".join(filter(None, (rules[finding.rule], finding.match)))
        return f"{what} ({finding.start + 1}–{finding.end})"[:200]
