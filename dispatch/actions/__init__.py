"""What the outbox does: note events, sort them, keep the list of subscribers, settle deliveries."""

from dispatch.actions.addressing import address_all, address_next
from dispatch.actions.announcing import announce, announce_all
from dispatch.actions.replaying import ping, replay, replay_since
from dispatch.actions.serving import come_back, go_on, set_out
from dispatch.actions.settling import settle
from dispatch.actions.subscribing import change, rotate, subscribe, switch_off, switch_on

__all__ = [
    "address_all",
    "address_next",
    "announce",
    "announce_all",
    "change",
    "come_back",
    "go_on",
    "ping",
    "replay",
    "replay_since",
    "rotate",
    "set_out",
    "settle",
    "subscribe",
    "switch_off",
    "switch_on",
]
