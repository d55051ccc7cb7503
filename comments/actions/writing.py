"""What readers do with their own words."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import hold_writer
from accounts.models import User
from articles.models import Article, CommentsMode
from comments.actions.counting import count, enter, move
from comments.actions.reacting import forget_reactions
from comments.actions.reporting import forget_reports, settle
from comments.content_filter import (
    HOLD_WORDS,
    PASS_WORDS,
    Finding,
    fingerprint,
    screen,
    tidy,
)
from comments.errors import (
    LONGEST,
    Closed,
    Empty,
    NoSuchComment,
    NoSuchThread,
    ParentGone,
    TooLateToEdit,
    TooLong,
)
from comments.models import Comment, Reaction
from newsroom.text.normalization import is_blank

State = Comment.State
DOUBLE_CLICK = timedelta(seconds=60)
REPEAT = timedelta(days=1)
TO_EDIT = timedelta(minutes=15)
LONG_ENOUGH_TO_REPEAT = 10


@transaction.atomic
def post(article: Article, *, by: User, text: str, parent: int | None = None) -> Comment:
    """Say something under an article; `parent` is the number of the comment answered.

    The comment may be held for a moderator (`state`).  The same words at the same place within a
    minute are a double click and answered with the first comment, `repeated`.  Raises Suspended,
    NoSuchThread, Closed, ParentGone, Empty, TooLong.
    """
    writer = hold_writer(by)
    article = open_thread(article.pk)
    words = fit(text)
    answered = hold_answered(article, parent) if parent is not None else None
    if same := said_just_now(writer, article, answered, words):
        return same
    found = screened(words) or repeated_elsewhere(writer, article, words)
    article = hold_thread(article.pk)  # it may have been withdrawn or closed since the first look
    waits = found or article.comments_mode == CommentsMode.HOLD
    comment = Comment.objects.create(
        article=article,
        parent_id=(answered.parent_id or answered.pk) if answered else None,
        in_reply_to=answered,
        author=writer,
        text=words,
        state=State.HELD if waits else State.VISIBLE,
        reason=in_words(found),
        fingerprint=fingerprint(words),
    )
    enter(comment, by=writer, **place_of(found))
    return comment


@transaction.atomic
def edit(comment: Comment, *, by: User, text: str) -> Comment:
    """Change one's own words, for 15 minutes. They are screened again; what waits goes on waiting.

    Raises Suspended, NoSuchComment, Closed, TooLateToEdit, Empty, TooLong.
    """
    writer = hold_writer(by)
    words = fit(text)
    own = hold_own(comment.pk, writer)
    if own.state not in {State.VISIBLE, State.HELD}:
        raise NoSuchComment
    article = hold_thread(own.article_id)
    if not still_to_edit(own):
        raise TooLateToEdit
    if words == own.text:
        return own
    found = screened(words)
    waits = found or own.state == State.HELD or article.comments_mode == CommentsMode.HOLD
    move(
        own,
        State.HELD if waits else State.VISIBLE,
        verb="edited",
        by=writer,
        text=words,
        reason=in_words(found) or own.reason,
        fingerprint=fingerprint(words),
        edited_at=Now(),
    )
    own.refresh_from_db(fields=["edited_at"])
    return own


@transaction.atomic
def delete(comment: Comment, *, by: User) -> None:
    """Take one's own words back for ever. Doing it twice changes nothing. Raises NoSuchComment."""
    own = hold_own(comment.pk, by)
    if own.state != State.DELETED:
        move(own, State.DELETED, verb="deleted", by=by, text="", reason="", fingerprint="")
        settle(own, by=by)


@transaction.atomic
def forget(author: User) -> int:
    """Take back everything a leaving reader has said and thought of others, and the name beside it.

    How many comments were their own.
    """
    hold_all_of(author)
    forget_reactions(author)
    forget_reports(author)
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
        count(article_id, -counted[article_id])
    return gone


def hold_all_of(reader: User) -> None:
    """Hold what a reader has said, and what a reader has reacted to, in the order of the numbers."""
    thought_of = Reaction.objects.filter(reader=reader).values("comment")
    rows = Comment.objects.filter(Q(author=reader) | Q(pk__in=thought_of)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def open_thread(article_id: int) -> Article:
    """The article, if readers can open it and its comments are not closed."""
    return one_open(Article.objects.live().filter(pk=article_id))


def hold_thread(article_id: int) -> Article:
    """The same, and it stays so until the transaction ends."""
    return one_open(Article.objects.live().filter(pk=article_id).select_for_update(no_key=True))


def one_open(articles: QuerySet[Article]) -> Article:
    article = articles.first()
    if article is None:
        raise NoSuchThread
    if article.comments_mode == CommentsMode.CLOSED:
        raise Closed
    return article


def fit(text: str) -> str:
    """The words as they are kept. Raises Empty, TooLong."""
    words = tidy(text)
    if is_blank(words):
        raise Empty
    if len(words) > LONGEST:
        raise TooLong
    return words


def hold_answered(article: Article, number: int) -> Comment:
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


def said_just_now(
    writer: User, article: Article, answered: Comment | None, words: str
) -> Comment | None:
    """The comment that a double click would write again."""
    same = Comment.objects.filter(author=writer, article=article, in_reply_to=answered, text=words)
    recent = same.filter(created_at__gt=Now() - DOUBLE_CLICK)
    found = recent.filter(state__in=[State.VISIBLE, State.HELD]).order_by("pk").first()
    if found:
        found.repeated = True
    return found


def repeated_elsewhere(writer: User, article: Article, words: str) -> Finding | None:
    """The finding that this reader has said the same under other articles today."""
    if len(words) < LONG_ENOUGH_TO_REPEAT:
        return None
    said = Comment.objects.filter(author=writer, fingerprint=fingerprint(words))
    others = said.exclude(article=article).filter(created_at__gt=Now() - REPEAT)
    return Finding("repeat", "", 0, len(words)) if others.exists() else None


def screened(words: str) -> Finding | None:
    """The finding of the screening, with the newsroom's own lists where it has set some."""
    return screen(
        words,
        hold=settings.COMMENT_HOLD_WORDS or HOLD_WORDS,
        allowed=settings.COMMENT_PASS_WORDS or PASS_WORDS,
    )


def in_words(found: Finding | None) -> str:
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


def place_of(found: Finding | None) -> dict[str, object]:
    """The finding as details for the audit log, without the reader's words."""
    return {"rule": found.rule, "start": found.start, "end": found.end} if found else {}


def hold_own(number: int, author: User) -> Comment:
    """One's own comment, held. Raises NoSuchComment for anybody else's."""
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("article")
    own = rows.filter(pk=number, author=author).first()
    if own is None:
        raise NoSuchComment
    return own


def still_to_edit(comment: Comment) -> bool:
    """Whether its 15 minutes are not over, by the database's clock, now that it is held."""
    return Comment.objects.filter(pk=comment.pk, created_at__gt=Now() - TO_EDIT).exists()
