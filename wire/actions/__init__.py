"""Actions of the wire: store and parse deliveries, decide on withheld stories, set up sources."""

from wire.actions.deciding import lift_embargo, reinstate, set_embargo
from wire.actions.intake import (
    MAX_DELIVERY_BYTES,
    insert_delivery,
    parse_delivery,
    receive_delivery,
    reparse_delivery,
    store_delivery,
)
from wire.actions.locking import lock_story_row
from wire.actions.placing import prune_terms
from wire.actions.sources import save_source
from wire.actions.story_decisions import (
    cancel_story,
    is_undoable,
    join_story,
    mark_as_different,
    split_story,
    undo_decision,
)

__all__ = [
    "MAX_DELIVERY_BYTES",
    "cancel_story",
    "insert_delivery",
    "is_undoable",
    "join_story",
    "lift_embargo",
    "lock_story_row",
    "mark_as_different",
    "parse_delivery",
    "prune_terms",
    "receive_delivery",
    "reinstate",
    "reparse_delivery",
    "save_source",
    "set_embargo",
    "split_story",
    "store_delivery",
    "undo_decision",
]
