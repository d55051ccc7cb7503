"""What the outbox does: note events, sort them, keep the list of subscribers, settle deliveries."""

from dispatch.actions.addressing import address_all, address_next
from dispatch.actions.announcing import announce, announce_all
from dispatch.actions.replaying import ping, replay, replay_since
from dispatch.actions.serving import come_back, go_on, set_out
from dispatch.actions.settling import settle, settle_all
from dispatch.actions.subscribing import (
    change,
    note_told,
    rotate,
    subscribe,
    switch_off,
    switch_on,
)
from dispatch.actions.tidying import Tidied, put_aside, tidy
from dispatch.retrying import ECHO_AFTER

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
