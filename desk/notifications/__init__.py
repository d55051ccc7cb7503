"""Notifications of staff: notices of what went wrong, shown in the admin and sent by e-mail."""

from desk.notifications.email_queue import lease_due_email, record_email_failure, record_email_sent
from desk.notifications.notify import mark_all_notices_seen, mark_notice_seen
from desk.notifications.resolve import (
    notify_of_subscriber,
    reassign_undelivered,
    refresh_notices,
    resolve_notices,
)
from desk.notifications.retention import delete_settled_notices

__all__ = [
    "delete_settled_notices",
    "lease_due_email",
    "mark_all_notices_seen",
    "mark_notice_seen",
    "notify_of_subscriber",
    "reassign_undelivered",
    "record_email_failure",
    "record_email_sent",
    "refresh_notices",
    "resolve_notices",
]
