"""Why a comment is held: the content filter with the site's lists, repeats, first comments of accounts."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import SanctionKind, User
from articles.models import Article
from comments.content_filter import (
    DEFAULT_HOLD_WORDS,
    DEFAULT_PASS_WORDS,
    Finding,
    screen_text,
    text_fingerprint,
)
from comments.models import Comment, Commenter

REPEAT_WINDOW = timedelta(days=1)
MIN_REPEAT_CHARS = 10  # shorter comments may be repeated under other articles


def screen_post(writer: User, article: Article, text: str) -> Finding | None:
    """Why a new comment is held: its words, a repeat, or a writer whom moderators do not know yet."""
    return (
        screen_comment(text) or find_repeat(writer, article, text) or find_writer_hold(writer, text)
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
    """The finding of the content filter with the word lists of the settings, else the default ones."""
    return screen_text(
        text,
        hold_words=settings.COMMENT_MODERATED_WORDS or DEFAULT_HOLD_WORDS,
        pass_words=settings.COMMENT_ALLOWED_WORDS or DEFAULT_PASS_WORDS,
    )


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
            "sanction": _("all comments of this reader are held"),
            "first": _("first comments of an account"),
        }
        what = " ".join(filter(None, (rules[finding.rule], finding.match)))
        return f"{what} ({finding.start + 1}–{finding.end})"[:200]
