"""System checks of the outbox."""

from collections.abc import Sequence
from typing import Any

from django.core import checks

from outbox.cache_targets import CACHE_TARGETS
from outbox.event_types import EVENT_TYPES, kind_of


@checks.register
def check_cache_targets(app_configs: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:
    """outbox.E001: events of a kind are published for which no app has registered cache targets."""
    kinds = {kind_of(name) for name in EVENT_TYPES} - CACHE_TARGETS.keys()
    return [
        checks.Error(
            f"No app registers which URLs and surrogate keys events of kind {kind!r} invalidate.",
            hint="Call outbox.cache_targets.register_cache_targets in AppConfig.ready() of each app "
            "that serves it.",
            id="outbox.E001",
        )
        for kind in sorted(kinds)
    ]
