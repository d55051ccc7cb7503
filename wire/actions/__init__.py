"""What the wire room does: keep what came, read it, put it where it belongs; decide on what waits."""

from wire.actions.deciding import lift_embargo, reinstate, set_embargo
from wire.actions.intake import LIMIT, accept, keep, parse, parse_again, receive
from wire.actions.sources import set_up

__all__ = [
    "LIMIT",
    "accept",
    "keep",
    "lift_embargo",
    "parse",
    "parse_again",
    "receive",
    "reinstate",
    "set_embargo",
    "set_up",
]
