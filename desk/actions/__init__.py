"""What the desk can do. Each action locks first, then looks, then acts.

Locks are taken in one order: the bundle, drafts by number, their articles by number.
"""

from desk.actions.archive_import import add_former_slug, publish_backdated, withdraw_backdated
from desk.actions.bundling import (
    add_to_bundle,
    cancel_bundle,
    find_blocking_release,
    remove_from_bundle,
    reschedule_bundle,
    schedule_bundle,
)
from desk.actions.drafts import edit, move_to_trash, restore_from_trash, start_draft
from desk.actions.expiring import expire
from desk.actions.failing import record_failure, reset_retries_after_clock_change, retry_release
from desk.actions.freezing import freeze
from desk.actions.from_wire import start_from_wire
from desk.actions.go_live import go_live
from desk.actions.heartbeat import is_clock_set_back, probe_database_writes, record_heartbeat
from desk.actions.legal_hold import end_legal_hold, put_on_legal_hold
from desk.actions.previewing import create_preview, revoke_preview
from desk.actions.publishing import (
    defer_embargoed,
    publish_bundle,
    publish_edition,
    publish_release,
    publish_unlocked,
    publish_waiting_for_locks,
)
from desk.actions.reviewing import approve, send_back, submit
from desk.actions.scheduling import (
    cancel_release,
    publish_now,
    replace_edition,
    replace_scheduled,
    reschedule,
    reschedule_release,
    schedule_draft,
    schedule_edition,
    unschedule,
    waiting_release,
)
from desk.actions.withdrawing import restore, withdraw
from desk.notifications.email_queue import lease_due_email, record_email_failure, record_email_sent
from desk.notifications.notify import mark_all_notices_seen, mark_notice_seen
from desk.notifications.resolve import notify_of_subscriber, reassign_undelivered, resolve_notices
from desk.notifications.retention import delete_settled_notices

__all__ = [
    "add_former_slug",
    "add_to_bundle",
    "approve",
    "cancel_bundle",
    "cancel_release",
    "create_preview",
    "defer_embargoed",
    "delete_settled_notices",
    "edit",
    "end_legal_hold",
    "expire",
    "find_blocking_release",
    "freeze",
    "go_live",
    "is_clock_set_back",
    "lease_due_email",
    "mark_all_notices_seen",
    "mark_notice_seen",
    "move_to_trash",
    "notify_of_subscriber",
    "probe_database_writes",
    "publish_backdated",
    "publish_bundle",
    "publish_edition",
    "publish_now",
    "publish_release",
    "publish_unlocked",
    "publish_waiting_for_locks",
    "put_on_legal_hold",
    "reassign_undelivered",
    "record_email_failure",
    "record_email_sent",
    "record_failure",
    "record_heartbeat",
    "remove_from_bundle",
    "replace_edition",
    "replace_scheduled",
    "reschedule",
    "reschedule_bundle",
    "reschedule_release",
    "reset_retries_after_clock_change",
    "resolve_notices",
    "restore",
    "restore_from_trash",
    "retry_release",
    "revoke_preview",
    "schedule_bundle",
    "schedule_draft",
    "schedule_edition",
    "send_back",
    "start_draft",
    "start_from_wire",
    "submit",
    "unschedule",
    "waiting_release",
    "withdraw",
    "withdraw_backdated",
]
