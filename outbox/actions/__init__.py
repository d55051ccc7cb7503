"""What the outbox does: note events, sort them, keep the list of subscribers, settle deliveries."""

from outbox.actions.fan_out import address_all, address_next
from outbox.actions.leases import come_back, go_on, set_out
from outbox.actions.publish import announce, announce_all
from outbox.actions.record_result import settle, settle_all
from outbox.actions.replay import ping, replay, replay_since
from outbox.actions.retention import Tidied, put_aside, tidy
from outbox.actions.subscribers import (
    change,
    note_told,
    rotate,
    subscribe,
    switch_off,
    switch_on,
)
from outbox.retry_policy import ECHO_AFTER

__all__ = [
    "ECHO_AFTER",
    "Tidied",
    "address_all",
    "address_next",
    "announce",
    "announce_all",
    "change",
    "come_back",
    "go_on",
    "note_told",
    "ping",
    "put_aside",
    "replay",
    "replay_since",
    "rotate",
    "set_out",
    "settle",
    "settle_all",
    "subscribe",
    "switch_off",
    "switch_on",
    "tidy",
]
