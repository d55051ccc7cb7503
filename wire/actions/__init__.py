"""What the wire room does: keep what came, read it, put it where it belongs; decide on what waits."""

from wire.actions.deciding import lift_embargo, reinstate, set_embargo
from wire.actions.intake import (
    MAX_DELIVERY_BYTES,
    insert_delivery,
    parse_delivery,
    receive_delivery,
    reparse_delivery,
    store_delivery,
)
from wire.actions.sources import save_source

__all__ = [
    "MAX_DELIVERY_BYTES",
    "insert_delivery",
    "lift_embargo",
    "parse_delivery",
    "receive_delivery",
    "reinstate",
    "reparse_delivery",
    "save_source",
    "set_embargo",
    "store_delivery",
]
