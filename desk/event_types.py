"""Events of articles as subscribers see them; published by desk.actions. Pure."""

from outbox.event_types import EventType

EVENT_TYPES = [
    EventType("article.published", is_addition=True),
    EventType("article.updated"),
    EventType("article.corrected", needs_hard_purge=True),
    EventType("article.withdrawn", needs_hard_purge=True),
    EventType("article.erased", needs_hard_purge=True),
    EventType("article.expired", needs_hard_purge=True),
    EventType("article.hidden", needs_hard_purge=True),  # by the cancellation policy of its agency
    EventType("article.held"),  # on legal hold: no longer recommended
    EventType("article.recommended"),
]
