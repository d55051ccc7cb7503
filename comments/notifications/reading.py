"""A reader's notifications on screen: list, unread count, marking as read."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from comments.errors import NoSuchNotification
from comments.models import Notification, NotificationQuerySet
from comments.notifications.ignored_readers import ignored_author_ids

MAX_UNREAD_COUNT = 100


def notifications_on_screen(reader: User) -> NotificationQuerySet:
    """The notifications that a reader sees, without those of ignored readers."""
    own = Notification.objects.of(reader.pk).filter(on_screen=True).showable()
    if ignored := ignored_author_ids(reader.pk):
        own = own.exclude(comment__author__in=ignored)
    return own


def count_unread(reader: User) -> int:
    """How many of them are unread, at most MAX_UNREAD_COUNT, which stands for more."""
    return notifications_on_screen(reader).unread().order_by()[:MAX_UNREAD_COUNT].count()


@transaction.atomic
def mark_notification(notification_id: int, *, by: User, is_read: bool) -> Notification:
    """Mark one's own notification as read, after which it is not mailed, or as unread. Idempotent.

    Raises NoSuchNotification.
    """
    own = notifications_on_screen(by).filter(pk=notification_id)
    notification = own.select_for_update(of=("self",)).with_comment().first()
    if notification is None:
        raise NoSuchNotification
    if is_read != (notification.read_at is not None):
        notification.read_at = timezone.now() if is_read else None
        notification.mail_at = None
        notification.save(update_fields=["read_at", "mail_at"])
    return notification


@transaction.atomic
def mark_all_read(by: User, *, until: int) -> int:
    """Mark one's own notifications up to this id as read; how many. Those that came after the page was
    loaded stay unread."""
    unread = notifications_on_screen(by).unread().filter(pk__lte=until).order_by("pk")
    ids = list(unread.select_for_update(of=("self",)).values_list("pk", flat=True))
    return Notification.objects.filter(pk__in=ids).update(read_at=timezone.now(), mail_at=None)
