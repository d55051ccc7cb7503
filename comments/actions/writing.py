"""What readers do with their own words."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import lock_writer
from accounts.models import User
from articles.models import Article, CommentsMode
from comments.actions.counting import change_comment_count, change_comment_state, record_posted
from comments.actions.reacting import erase_reactions
from comments.actions.reporting import detach_reports, settle_reports
from comments.content_filter import (
    DEFAULT_HOLD_WORDS,
    DEFAULT_PASS_WORDS,
    Finding,
    normalize_comment_text,
    screen_text,
    text_fingerprint,
)
from comments.errors import (
    MAX_COMMENT_CHARS,
    CommentsClosed,
    CommentTooLong,
    EmptyComment,
    NoSuchComment,
    NoSuchThread,
    ParentGone,
    TooLateToEdit,
)
from comments.models import Comment, Reaction
from newsroom.text.normalization import is_blank

State = Comment.State
DUPLICATE_WINDOW = timedelta(seconds=60)
REPEAT_WINDOW = timedelta(days=1)
EDIT_WINDOW = timedelta(minutes=15)
MIN_REPEAT_CHARS = 10


@transaction.atomic
def post_comment(article: Article, *, by: User, text: str, parent: int | None = None) -> Comment:
    """Say something under an article; `parent` is the number of the comment answered.

    The comment may be held for a moderator (`state`).  The same words at the same place within a
    minute are a double click and answered with the first comment, `repeated`.  Raises Suspended,
    NoSuchThread, Closed, ParentGone, Empty, TooLong.
    """
    writer = lock_writer(by)
    article = get_open_thread(article.pk)
    words = check_comment_text(text)
    answered = lock_answered_comment(article, parent) if parent is not None else None
    if same := find_duplicate(writer, article, answered, words):
        return same
    found = screen_comment(words) or find_repeat(writer, article, words)
    article = lock_open_thread(
        article.pk
    )  # it may have been withdrawn or closed since the first look
    waits = found or article.comments_mode == CommentsMode.HOLD
    comment = Comment.objects.create(
        article=article,
        parent_id=(answered.parent_id or answered.pk) if answered else None,
        in_reply_to=answered,
        author=writer,
        text=words,
        state=State.HELD if waits else State.VISIBLE,
        reason=reason_text(found),
        fingerprint=text_fingerprint(words),
    )
    record_posted(comment, by=writer, **finding_details(found))
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, by: User, text: str) -> Comment:
    """Change one's own words, for 15 minutes. They are screened again; what waits goes on waiting.

    Raises Suspended, NoSuchComment, Closed, TooLateToEdit, Empty, TooLong.
    """
    writer = lock_writer(by)
    words = check_comment_text(text)
    own = lock_own_comment(comment.pk, writer)
    if own.state not in {State.VISIBLE, State.HELD}:
        raise NoSuchComment
    article = lock_open_thread(own.article_id)
    if not is_editable(own):
        raise TooLateToEdit
    if words == own.text:
        return own
    found = screen_comment(words)
    waits = found or own.state == State.HELD or article.comments_mode == CommentsMode.HOLD
    change_comment_state(
        own,
        State.HELD if waits else State.VISIBLE,
        verb="edited",
        by=writer,
        text=words,
        reason=reason_text(found) or own.reason,
        fingerprint=text_fingerprint(words),
        edited_at=Now(),
    )
    own.refresh_from_db(fields=["edited_at"])
    return own


@transaction.atomic
def delete_comment(comment: Comment, *, by: User) -> None:
    """Take one's own words back for ever. Doing it twice changes nothing. Raises NoSuchComment."""
    own = lock_own_comment(comment.pk, by)
    if own.state != State.DELETED:
        change_comment_state(
            own, State.DELETED, verb="deleted", by=by, text="", reason="", fingerprint=""
        )
        settle_reports(own, by=by)


@transaction.atomic
def erase_comments(author: User) -> int:
    """Take back everything a leaving reader has said and thought of others, and the name beside it.

    How many comments were their own.
    """
    lock_comments_touched_by(author)
    erase_reactions(author)
    detach_reports(author)
    mine = Comment.objects.filter(author=author)
    said = mine.visible().values_list("article", flat=True)
    counted = Counter(said)
    gone = mine.update(
        state=State.DELETED,
        text="",
        reason="",
        fingerprint="",
        author=None,
        version=F("version") + 1,
    )
    for article_id in sorted(counted):
        change_comment_count(article_id, -counted[article_id])
    return gone


def lock_comments_touched_by(reader: User) -> None:
    """Hold what a reader has said, and what a reader has reacted to, in the order of the numbers."""
    thought_of = Reaction.objects.filter(reader=reader).values("comment")
    rows = Comment.objects.filter(Q(author=reader) | Q(pk__in=thought_of)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def get_open_thread(article_id: int) -> Article:
    """The article, if readers can open it and its comments are not closed."""
    return require_open(Article.objects.live().filter(pk=article_id))


def lock_open_thread(article_id: int) -> Article:
    """The same, and it stays so until the transaction ends."""
    return require_open(Article.objects.live().filter(pk=article_id).select_for_update(no_key=True))


def require_open(articles: QuerySet[Article]) -> Article:
    article = articles.first()
    if article is None:
        raise NoSuchThread
    if article.comments_mode == CommentsMode.CLOSED:
        raise CommentsClosed
    return article


def check_comment_text(text: str) -> str:
    """The words as they are kept. Raises Empty, TooLong."""
    words = normalize_comment_text(text)
    if is_blank(words):
        raise EmptyComment
    if len(words) > MAX_COMMENT_CHARS:
        raise CommentTooLong
    return words


def lock_answered_comment(article: Article, number: int) -> Comment:
    """The comment answered, held with the one above it so that nobody hides them meanwhile.

    Raises ParentGone, alike for one of another article, one nobody sees and one that never was.
    """
    there = Comment.objects.filter(article=article)
    above = there.filter(pk=number).values_list("parent", flat=True).first()
    line = there.filter(pk__in=[number, above or number]).order_by("pk")
    held = {comment.pk: comment for comment in line.select_for_update(no_key=True)}
    if number not in held or not all(comment.is_visible() for comment in held.values()):
        raise ParentGone
    return held[number]


def find_duplicate(
    writer: User, article: Article, answered: Comment | None, words: str
) -> Comment | None:
    """The comment that a double click would write again."""
    same = Comment.objects.filter(author=writer, article=article, in_reply_to=answered, text=words)
    recent = same.filter(created_at__gt=Now() - DUPLICATE_WINDOW)
    found = recent.filter(state__in=[State.VISIBLE, State.HELD]).order_by("pk").first()
    if found:
        found.already_existed = True
    return found


def find_repeat(writer: User, article: Article, words: str) -> Finding | None:
    """The finding that this reader has said the same under other articles today."""
    if len(words) < MIN_REPEAT_CHARS:
        return None
    said = Comment.objects.filter(author=writer, fingerprint=text_fingerprint(words))
    others = said.exclude(article=article).filter(created_at__gt=Now() - REPEAT_WINDOW)
    return Finding("repeat", "", 0, len(words)) if others.exists() else None


def screen_comment(words: str) -> Finding | None:
    """The finding of the screening, with the newsroom's own lists where it has set some."""
    return screen_text(
        words,
        hold_words=settings.COMMENT_HOLD_WORDS or DEFAULT_HOLD_WORDS,
        pass_words=settings.COMMENT_PASS_WORDS or DEFAULT_PASS_WORDS,
    )


def reason_text(found: Finding | None) -> str:
    """Why a comment waits, for moderators, in the language of the house."""
    if found is None:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        rules = {
            "links": _("many links"),
            "flood": _("flooding"),
            "word": _("word on the list"),
            "repeat": _("the same under another article"),
        }
        what = " ".join(filter(None, (rules[found.rule], found.what)))
        return f"{what} ({found.start + 1}–{found.end})"[:200]


def finding_details(found: Finding | None) -> dict[str, object]:
    """The finding as details for the audit log, without the reader's words."""
    return {"rule": found.rule, "start": found.start, "end": found.end} if found else {}


def lock_own_comment(number: int, author: User) -> Comment:
    """One's own comment, held. Raises NoSuchComment for anybody else's."""
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("article")
    own = rows.filter(pk=number, author=author).first()
    if own is None:
        raise NoSuchComment
    return own


def is_editable(comment: Comment) -> bool:
    """Whether its 15 minutes are not over, by the database's clock, now that it is held."""
    return Comment.objects.filter(pk=comment.pk, created_at__gt=Now() - EDIT_WINDOW).exists()
