"""What the desk can do. Each action locks first, then looks, then acts.

Locks are taken in one order: the bundle, drafts by number, their articles by number.
"""

from desk.actions.archive_import import publish_past, remember_address, withdraw_past
from desk.actions.bundling import (
    add_to_bundle,
    blame,
    bundle,
    cancel_bundle,
    move_bundle,
    take_out,
)
from desk.actions.drafts import edit, start, take_out_of_trash, throw_away
from desk.actions.expiring import expire
from desk.actions.failing import note_failure, retry, try_again_after_set_back
from desk.actions.freezing import freeze
from desk.actions.from_wire import start_from_wire
from desk.actions.go_live import show
from desk.actions.heartbeat import beat, probe_writes, was_set_back
from desk.actions.legal_hold import end_hold, put_on_hold
from desk.actions.previewing import offer_preview, revoke_preview
from desk.actions.publishing import (
    publish,
    publish_all,
    publish_bundle,
    publish_now,
    publish_patiently,
    put_off_embargoed,
)
from desk.actions.reviewing import approve, send_back, submit
from desk.actions.scheduling import (
    cancel,
    cancel_waiting,
    move,
    move_waiting,
    plan,
    put_out,
    replace_waiting,
    schedule,
    swap,
    waiting_of,
)
from desk.actions.withdrawing import restore, withdraw
from desk.notifications.email_queue import note_mailed, note_unmailed, take_letter
from desk.notifications.notify import see, see_all
from desk.notifications.resolve import find_somebody, look_back, tell_of_subscriber
from desk.notifications.retention import tidy_notices

__all__ = [
    "add_to_bundle",
    "approve",
    "beat",
    "blame",
    "bundle",
    "cancel",
    "cancel_bundle",
    "cancel_waiting",
    "edit",
    "end_hold",
    "expire",
    "find_somebody",
    "freeze",
    "look_back",
    "move",
    "move_bundle",
    "move_waiting",
    "note_failure",
    "note_mailed",
    "note_unmailed",
    "offer_preview",
    "plan",
    "probe_writes",
    "publish",
    "publish_all",
    "publish_bundle",
    "publish_now",
    "publish_past",
    "publish_patiently",
    "put_off_embargoed",
    "put_on_hold",
    "put_out",
    "remember_address",
    "replace_waiting",
    "restore",
    "retry",
    "revoke_preview",
    "schedule",
    "see",
    "see_all",
    "send_back",
    "show",
    "start",
    "start_from_wire",
    "submit",
    "swap",
    "take_letter",
    "take_out",
    "take_out_of_trash",
    "tell_of_subscriber",
    "throw_away",
    "tidy_notices",
    "try_again_after_set_back",
    "waiting_of",
    "was_set_back",
    "withdraw",
    "withdraw_past",
]
