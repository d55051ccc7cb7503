"""What the desk can do. Each action locks first, then looks, then acts.

Locks are taken in one order: the draft, then its article.
"""

from desk.actions.drafts import edit, start, take_out_of_trash, throw_away
from desk.actions.freezing import freeze
from desk.actions.publishing import note_failure, publish, publish_now, retry, show
from desk.actions.pulse import beat
from desk.actions.reviewing import approve, send_back, submit
from desk.actions.scheduling import cancel, plan, put_out, replace_waiting, schedule, swap
from desk.actions.wiring import start_from_wire
from desk.actions.withdrawing import restore, withdraw

__all__ = [
    "approve",
    "beat",
    "cancel",
    "edit",
    "freeze",
    "note_failure",
    "plan",
    "publish",
    "publish_now",
    "put_out",
    "replace_waiting",
    "restore",
    "retry",
    "schedule",
    "send_back",
    "show",
    "start",
    "start_from_wire",
    "submit",
    "swap",
    "take_out_of_trash",
    "throw_away",
    "withdraw",
]
