"""Registry of event types: every event that the newsroom publishes, registered by the app that does. Pure.

An app registers its events in `AppConfig.ready()` (`register_event_types`); publishing any other name is an
error. The part of a name before the dot is its kind (`article` for `article.withdrawn`), for which apps
register cache targets (outbox/cache_targets.py).
"""

from dataclasses import dataclass

PING_EVENT = "ping"  # a test for one subscriber alone


@dataclass(frozen=True)
class EventType:
    """The name of an event as subscribers see it, and what it does to what readers see.

    `is_addition`: something is added, so that a response made before is stale but shows nothing that
    has been taken away. `needs_hard_purge`: a text must not be shown once more, not even while a fresh
    copy is fetched.
    """

    name: str
    is_addition: bool = False
    needs_hard_purge: bool = False


class UnregisteredEvent(LookupError):
    """An event was published that no app has registered."""


EVENT_TYPES: dict[str, EventType] = {}


def register_event_types(*event_types: EventType) -> None:
    """Register the events that an app publishes. Call it in `AppConfig.ready()`."""
    EVENT_TYPES.update({event_type.name: event_type for event_type in event_types})


def event_type(name: str) -> EventType:
    """The registered event type of a name. Raises UnregisteredEvent."""
    try:
        return EVENT_TYPES[name]
    except KeyError:
        raise UnregisteredEvent(
            f"No app registers {name!r}: see register_event_types in outbox/event_types.py"
        ) from None


def hard_purge_events() -> frozenset[str]:
    """The names of the events after which caches must not serve their copy once more."""
    return frozenset(name for name, each in EVENT_TYPES.items() if each.needs_hard_purge)


def kind_of(name: str) -> str:
    """The kind of an event: the part of its name before the dot."""
    return name.partition(".")[0]
