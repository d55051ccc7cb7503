"""Registry of what nicknames are checked against: names kept for the newsroom, and the content filter.

`accounts` knows neither bylines nor the filter of comments; `articles` and `comments` register them in
their `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterable

RESERVED_NAME_SOURCES: dict[str, Callable[[], Iterable[str]]] = {}
NICKNAME_FILTERS: dict[str, Callable[[str], bool]] = {}


def register_reserved_names(app: str, names: Callable[[], Iterable[str]]) -> None:
    """Register names that readers may not take: bylines, mascots, the paper. Called at start-up."""
    RESERVED_NAME_SOURCES[app] = names


def register_nickname_filter(app: str, is_held: Callable[[str], bool]) -> None:
    """Register a filter that holds texts of readers, nicknames too. Called at start-up."""
    NICKNAME_FILTERS[app] = is_held


def reserved_names() -> list[str]:
    """All registered names, read from the database now."""
    return [name for names in RESERVED_NAME_SOURCES.values() for name in names()]


def is_held_by_content_filter(nickname: str) -> bool:
    """Whether a registered filter would hold this text."""
    return any(is_held(nickname) for is_held in NICKNAME_FILTERS.values())
