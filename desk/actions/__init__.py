"""The write actions of the desk. Each is one transaction: lock, read, decide, write, audit.

Locks are taken in one order (`desk.actions.locking`).
"""

from desk.actions.agency.holds import end_hold
from desk.actions.agency.taking_over import take_over_change, use_current_copy
from desk.actions.archive_import import add_former_slug, publish_backdated, withdraw_backdated
from desk.actions.bundling import (
    add_to_bundle,
    cancel_bundle,
    find_blocking_release,
    remove_from_bundle,
    reschedule_bundle,
    schedule_bundle,
)
from desk.actions.collaboration.assigning import assign
from desk.actions.collaboration.edit_locks import release_lock, take_lock, take_over_lock
from desk.actions.collaboration.presence import (
    delete_ended_presences,
    end_presence,
    record_presence,
)
from desk.actions.collaboration.remarks import (
    add_remark,
    change_remark,
    reopen_remark,
    resolve_remark,
)
from desk.actions.collaboration.section_roles import remove_section_role, set_section_role
from desk.actions.drafts import edit, start_draft
from desk.actions.due_releases import (
    defer_embargoed,
    publish_bundle,
    publish_due,
    publish_due_blocking,
)
from desk.actions.failing import record_failure, reset_retries_after_clock_change, retry_release
from desk.actions.freezing import freeze
from desk.actions.from_wire import start_another_from_wire, start_from_wire
from desk.actions.heartbeat import is_clock_set_back, probe_database_writes, record_heartbeat
from desk.actions.keeping_addresses import keep_wire_addresses
from desk.actions.legal.legal_hold import end_legal_hold, put_on_legal_hold
from desk.actions.previewing import create_preview, revoke_preview
from desk.actions.publishing import (
    cancel_release,
    publish_now,
    replace_scheduled,
    reschedule,
    reschedule_release,
    schedule_draft,
    unschedule,
    waiting_release,
)
from desk.actions.reviewing import approve, send_back, submit
from desk.actions.suggesting import mark_taken_over, suggest
from desk.actions.trash import move_to_trash, restore_from_trash
from desk.actions.versions.autosaving import autosave, autosave_new, promote_autosave
from desk.actions.versions.restoring import restore_version
from desk.actions.versions.versioning import delete_old_autosaves
from desk.actions.withdrawing import expire, restore, withdraw

__all__ = [
    "add_former_slug",
    "add_remark",
    "add_to_bundle",
    "approve",
    "assign",
    "autosave",
    "autosave_new",
    "cancel_bundle",
    "cancel_release",
    "change_remark",
    "create_preview",
    "defer_embargoed",
    "delete_ended_presences",
    "delete_old_autosaves",
    "edit",
    "end_hold",
    "end_legal_hold",
    "end_presence",
    "expire",
    "find_blocking_release",
    "freeze",
    "is_clock_set_back",
    "keep_wire_addresses",
    "mark_taken_over",
    "move_to_trash",
    "probe_database_writes",
    "promote_autosave",
    "publish_backdated",
    "publish_bundle",
    "publish_due",
    "publish_due_blocking",
    "publish_now",
    "put_on_legal_hold",
    "record_failure",
    "record_heartbeat",
    "record_presence",
    "release_lock",
    "remove_from_bundle",
    "remove_section_role",
    "reopen_remark",
    "replace_scheduled",
    "reschedule",
    "reschedule_bundle",
    "reschedule_release",
    "reset_retries_after_clock_change",
    "resolve_remark",
    "restore",
    "restore_from_trash",
    "restore_version",
    "retry_release",
    "revoke_preview",
    "schedule_bundle",
    "schedule_draft",
    "send_back",
    "set_section_role",
    "start_another_from_wire",
    "start_draft",
    "start_from_wire",
    "submit",
    "suggest",
    "take_lock",
    "take_over_change",
    "take_over_lock",
    "unschedule",
    "use_current_copy",
    "waiting_release",
    "withdraw",
    "withdraw_backdated",
]
