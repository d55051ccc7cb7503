"""Registry of cache targets: which URLs and surrogate keys an event invalidates. Pure.

Every app registers in `AppConfig.ready()` what it serves of each kind of event (`register_cache_targets`);
the kind is the part of an event's name before the dot. CDN purges, WebSub pings and IndexNow calls ask
here. The targets are derived from the event's own data, so that they hold for the moment of the event.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from outbox.event_types import kind_of


@dataclass(frozen=True)
class EventContent:
    """What an event says: its name, the key that orders it, and its data.

    The data of articles: `id` (permanent), `slug`, `former_slugs`, the taxonomies where it stood and
    stands (`sections`, `authors`, `tags`), and, where it has them, the slugs of the articles that show it
    as a card (`beside`), its `polls` and the `photos` that readers no longer see.
    """

    name: str
    key: str
    data: dict[str, Any]

    def texts(self, *fields: str) -> list[str]:
        """The texts in these fields of the data, each once; a field holds one text or a list."""
        values = [text for field in fields for text in as_list(self.data.get(field))]
        return list(dict.fromkeys(text for text in values if isinstance(text, str) and text))

    def numbers(self, *fields: str) -> list[str]:
        """The numbers in these fields of the data, each once; a field holds one number or a list."""
        values = [number for field in fields for number in as_list(self.data.get(field))]
        return list(dict.fromkeys(str(number) for number in values if number))


TargetsOf = Callable[[EventContent], Iterable[str]]


def no_targets(event: EventContent) -> Iterable[str]:
    """Nothing of this sort is affected."""
    return ()


@dataclass(frozen=True)
class CacheTargets:
    """What one app serves of the events of one kind. Paths are percent-encoded and start with a slash.

    `paths`: of the thing itself, purged first; `list_paths`: of lists that show it, without their further
    filters and later pages, which cannot be enumerated (a cache with surrogate keys knows them all);
    `keys`: surrogate keys (newsroom/http/surrogate_keys.py); `feeds`: paths of feeds in which the event
    is news, for WebSub; `pages`: paths for search engines.
    """

    paths: TargetsOf = no_targets
    list_paths: TargetsOf = no_targets
    keys: TargetsOf = no_targets
    feeds: TargetsOf = no_targets
    pages: TargetsOf = no_targets


# Event kind -> label of the app -> its targets, in the order of registration.
CACHE_TARGETS: dict[str, dict[str, CacheTargets]] = {}


def register_cache_targets(app_label: str, targets_by_kind: dict[str, CacheTargets]) -> None:
    """Register what an app serves of events, by their kinds. Call it in `AppConfig.ready()`."""
    for kind, targets in targets_by_kind.items():
        CACHE_TARGETS.setdefault(kind, {})[app_label] = targets


def targets_of(kind: str) -> list[CacheTargets]:
    """The targets that the apps have registered for a kind of event."""
    return list(CACHE_TARGETS.get(kind, {}).values())


def affected_paths(name: str, *, key: str, data: dict[str, Any]) -> list[str]:
    """The paths whose content an event changed: first those of the thing itself, then the lists."""
    event, targets = EventContent(name, key, data), targets_of(kind_of(name))
    own = [path for each in targets for path in each.paths(event)]
    return own + [path for each in targets for path in each.list_paths(event)]


def affected_keys(name: str, *, key: str, data: dict[str, Any]) -> list[str]:
    """The surrogate keys of what an event changed."""
    event = EventContent(name, key, data)
    return [found for each in targets_of(kind_of(name)) for found in each.keys(event)]


def affected_feeds(name: str, *, key: str, data: dict[str, Any]) -> list[str]:
    """The paths of the feeds in which an event is news, for WebSub."""
    event = EventContent(name, key, data)
    return [path for each in targets_of(kind_of(name)) for path in each.feeds(event)]


def affected_pages(name: str, *, key: str, data: dict[str, Any]) -> list[str]:
    """The paths of the pages at which search engines should look again."""
    event = EventContent(name, key, data)
    return [path for each in targets_of(kind_of(name)) for path in each.pages(event)]


def as_list(value: Any) -> list[Any]:
    """A list as it is, anything else as the only item of one."""
    return value if isinstance(value, list) else [value]
