"""Notify readers: of replies and mentions, and of decisions about their comments.

Called in the transaction that changes the comment, by comments/actions/counting.py. A new comment is one
statement for whom it notifies, whatever their number under the story; nobody is notified by e-mail here.
Rows of notifications are locked by id.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from comments.models import (
    TOPIC_BY_KIND,
    Appeal,
    Comment,
    Notification,
    NotificationPreferences,
    NotificationQuerySet,
)
from comments.notifications.ignored_readers import readers_apart
from comments.notifications.mentions import MAX_MENTIONS, mentioned_readers
from newsroom.text.normalization import normalize_text

Kind = Notification.Kind
State = Comment.State
# So long an e-mail waits for others, which are then one e-mail with it.
EMAIL_DELAY = timedelta(minutes=3)
# The same words to the same reader are notified once in this time.
REPEAT_WINDOW = timedelta(days=1)
MAX_MESSAGE_CHARS = 500
DECISION_BY_STATE = {
    State.VISIBLE: Kind.COMMENT_SHOWN,
    State.HIDDEN: Kind.COMMENT_HIDDEN,
    State.HELD: Kind.COMMENT_HELD,
    State.BLOCKED: Kind.COMMENT_BLOCKED,
}
APPEAL_KINDS = {
    Appeal.State.GRANTED: Kind.APPEAL_GRANTED,
    Appeal.State.REJECTED: Kind.APPEAL_REJECTED,
}


def notify_of_change(comment: Comment, *, was_visible: bool, by: Any) -> None:
    """After another state or text of a comment was saved: notify its readers and its author.

    1. A deleted comment has no notifications.
    2. One that readers do not see any more is not mailed; its notifications are hidden with it.
    3. One that is visible notifies whom it has not notified yet, as a new one does.
    4. The author is notified of what somebody else has decided; `by` is None for a rule.
    """
    if comment.state == State.DELETED:
        delete_notifications_of_comments([comment.pk])
        return
    if comment.is_visible():
        notify_of_comment(comment)
        if not was_visible:
            schedule_unsent(comment)
    elif was_visible:
        cancel_emails(about_others(comment))
    if getattr(by, "pk", None) != comment.author_id:
        notify_decision(comment)


def notify_of_comment(comment: Comment) -> None:
    """Notify whom a visible comment answers and mentions, each once; never its author."""
    if comment.author_id is None:
        return
    if not (kinds := recipients_of(comment)):
        return
    apart = readers_apart(comment.author_id, kinds)
    allowed = {reader: kind for reader, kind in kinds.items() if reader not in apart}
    create_notifications(comment, allowed)


def recipients_of(comment: Comment) -> dict[int, str]:
    """Whom the comment answers or mentions, by id, and the kind of notification."""
    kinds: dict[int, str] = {}
    for reader in mentioned_readers(comment.text, article_id=comment.article_id):
        kinds[reader] = Kind.MENTION
    if comment.in_reply_to is not None and comment.in_reply_to.author_id is not None:
        kinds[comment.in_reply_to.author_id] = Kind.REPLY
    kinds.pop(comment.author_id or 0, None)
    if not kinds or repeats_itself(comment):
        return {}
    existing = about_others(comment).values_list("reader", "kind")
    notified = dict(existing) if comment.version > 1 else {}
    room = MAX_MENTIONS - list(notified.values()).count(Kind.MENTION)
    new = {reader: kind for reader, kind in kinds.items() if reader not in notified}
    mentions = [reader for reader, kind in new.items() if kind == Kind.MENTION]
    return {reader: new[reader] for reader in new if reader not in mentions[max(0, room) :]}


def repeats_itself(comment: Comment) -> bool:
    """Whether the author posted the same text under this story in REPEAT_WINDOW, in answer to the same
    reader or to the story."""
    same = Comment.objects.visible().filter(
        author=comment.author_id, text=comment.text, article=comment.article_id
    )
    answered = comment.in_reply_to.author_id if comment.in_reply_to else None
    same = same.filter(in_reply_to__author=answered, pk__lt=comment.pk)
    return same.filter(created_at__gt=Now() - REPEAT_WINDOW).exists()


def create_notifications(comment: Comment, kinds: Mapping[int, str]) -> None:
    """Create a notification of this comment for each reader, by the preferences; once (B70)."""
    if not kinds:
        return
    preferences = preferences_of(kinds)
    rows = (new_notification(preferences[r], kind, comment=comment) for r, kind in kinds.items())
    Notification.objects.bulk_create(filter(None, rows), ignore_conflicts=True)


def notify_decision(
    comment: Comment, *, message: str = "", message_en: str = "", until: datetime | None = None
) -> None:
    """Notify the author that the comment was shown, hidden, held or blocked, with a moderator's message.

    In place of the notification of an earlier decision about the same comment. Called again in the same
    transaction, it adds the message. `until` is the end of a block.
    """
    if kind := DECISION_BY_STATE.get(State(comment.state)):
        replace_decision(comment, kind, message=message, message_en=message_en, until=until)


def notify_block(comment: Comment, *, until: datetime | None = None) -> None:
    """Notify the author of the begin or end of a block, on screen alone: a `BlockNotice` is the e-mail."""
    notify_decision(comment, until=until)
    cancel_emails(decisions_about(comment))


def notify_appeal(appeal: Appeal, comment: Comment | None) -> None:
    """Notify the reader that an appeal was granted or rejected, with the answer.

    In place of the notification of the decision about the comment; nothing of an appeal that was moot.
    """
    kind = APPEAL_KINDS.get(Appeal.State(appeal.state))
    if kind is None:
        return
    if comment is not None:
        replace_decision(comment, kind, message=appeal.answer)
        return
    own = preferences_of([appeal.reader_id])[appeal.reader_id]
    message = stored_message(appeal.answer)
    if row := new_notification(own, kind, sanction=appeal.sanction, message=message):
        row.save(force_insert=True)


def retract_decision(comment: Comment) -> None:
    """Delete the notification of a decision that was undone, and its e-mail if it is unsent."""
    decisions_about(comment).delete()


def replace_decision(
    comment: Comment, kind: str, *, message: str = "", message_en: str = "", **values: Any
) -> None:
    """Notify the author of a decision, in place of the notification of an earlier one."""
    if comment.author_id is None:
        return
    decisions_about(comment).delete()
    own = preferences_of([comment.author_id])[comment.author_id]
    values |= {"message": stored_message(message), "message_en": stored_message(message_en)}
    if notification := new_notification(own, kind, comment=comment, **values):
        notification.save(force_insert=True)


def stored_message(message: str) -> str:
    return normalize_text(message)[:MAX_MESSAGE_CHARS]


def decisions_about(comment: Comment) -> NotificationQuerySet:
    """The notification of the last decision about a comment, to its author."""
    return Notification.objects.filter(reader=comment.author_id, comment=comment).decisions()


def preferences_of(readers: Collection[int]) -> dict[int, NotificationPreferences]:
    """The preferences of these readers by id; the defaults where there is no row."""
    stored = NotificationPreferences.objects.in_bulk(list(readers))
    return {r: stored.get(r) or NotificationPreferences(reader_id=r) for r in readers}


def new_notification(
    preferences: NotificationPreferences, kind: str, **values: Any
) -> Notification | None:
    """An unsaved notification as the reader wants it; None if the reader wants none of this kind."""
    topic, now = TOPIC_BY_KIND[Kind(kind)], timezone.now()
    on_screen, by_mail = preferences.is_on_screen(topic), preferences.is_by_mail(topic)
    if not on_screen and not by_mail:
        return None
    return Notification(
        reader_id=preferences.reader_id,
        kind=kind,
        created_at=now,
        on_screen=on_screen,
        mail_at=now + EMAIL_DELAY if by_mail else None,
        **values,
    )


def about_others(comment: Comment) -> NotificationQuerySet:
    """The notifications of others about a comment: replies and mentions."""
    return Notification.objects.filter(comment=comment, kind__in=[Kind.REPLY, Kind.MENTION])


def schedule_unsent(comment: Comment) -> None:
    """Mail the notifications of a comment that is visible again, if neither mailed nor read before."""
    unsent = about_others(comment).unread().filter(mailed_at__isnull=True, mail_at__isnull=True)
    preferences = preferences_of(list(unsent.values_list("reader", flat=True)))
    rows = [
        row.pk
        for row in unsent.order_by("pk").select_for_update()
        if preferences[row.reader_id].is_by_mail(TOPIC_BY_KIND[Kind(row.kind)])
    ]
    due_at = timezone.now() + EMAIL_DELAY
    Notification.objects.filter(pk__in=rows).update(mail_at=due_at, attempts=0)


def cancel_emails(notifications: NotificationQuerySet) -> None:
    """Send no e-mail of these notifications that was not sent yet."""
    unsent = notifications.filter(mail_at__isnull=False).order_by("pk").select_for_update()
    Notification.objects.filter(pk__in=list(unsent.values_list("pk", flat=True))).update(
        mail_at=None
    )


def delete_notifications_of_comments(comment_ids: Collection[int]) -> None:
    """Delete the notifications of comments whose text is gone, and what moderators wrote about them."""
    rows = Notification.objects.filter(comment__in=comment_ids).order_by("pk").select_for_update()
    Notification.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
