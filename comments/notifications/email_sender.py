"""E-mail sender of notifications: one e-mail for what is due to a reader (`newsroom.mail`)."""

from comments.models import Notification
from comments.notifications.email_queue import (
    lease_due_email,
    record_email_failure,
    record_email_sent,
    select_sendable,
)
from comments.notifications.email_templates import email_of
from newsroom.mail.queue import EmailQueue

NOTIFICATION_EMAILS = EmailQueue[Notification](
    lease=lease_due_email,
    render=email_of,
    record_sent=record_email_sent,
    record_failure=record_email_failure,
    select_sendable=select_sendable,
)
