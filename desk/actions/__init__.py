"""What the desk can do. Each action locks first, then looks, then acts.

Locks are taken in one order: the draft, then its article.
"""

from desk.actions.drafts import edit, start, take_out_of_trash, throw_away
from desk.actions.expiring import expire
from desk.actions.failing import note_failure, retry
from desk.actions.freezing import freeze
from desk.actions.importing import publish_past, remember_address, withdraw_past
from desk.actions.previewing import offer_preview, revoke_preview
from desk.actions.publishing import publish, publish_all, publish_bundle, publish_now
from desk.actions.pulse import beat
from desk.actions.reviewing import approve, send_back, submit
from desk.actions.scheduling import (
    cancel,
    cancel_waiting,
    move,
    plan,
    put_out,
    replace_waiting,
    schedule,
    swap,
    waiting_of,
)
from desk.actions.showing import show
from desk.actions.wiring import start_from_wire
from desk.actions.withdrawing import restore, withdraw

__all__ = [
    "approve",
    "beat",
    "cancel",
    "cancel_waiting",
    "edit",
    "expire",
    "freeze",
    "move",
    "note_failure",
    "offer_preview",
    "plan",
    "publish",
    "publish_all",
    "publish_bundle",
    "publish_now",
    "publish_past",
    "put_out",
    "remember_address",
    "replace_waiting",
    "restore",
    "retry",
    "revoke_preview",
    "schedule",
    "send_back",
    "show",
    "start",
    "start_from_wire",
    "submit",
    "swap",
    "take_out_of_trash",
    "throw_away",
    "waiting_of",
    "withdraw",
    "withdraw_past",
]
