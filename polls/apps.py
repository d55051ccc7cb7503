"""App configuration of polls."""

from importlib import import_module

from django.apps import AppConfig

from audit.verbs import register_verbs
from newsroom.db.invalidation_rules import register_invalidation
from newsroom.http.cache_control import register_next_change
from outbox.cache_targets import register_cache_targets
from outbox.event_types import register_event_types
from polls.audit_verbs import AUDIT_VERBS
from polls.cache_targets import CACHE_TARGETS, EVENT_TYPES
from polls.invalidation_rules import INVALIDATION_RULES, KEY_RESOLVERS


class PollsConfig(AppConfig):
    """Polls of two sides, and their votes."""

    name = "polls"

    def ready(self) -> None:
        register_verbs(self.label, AUDIT_VERBS)
        register_cache_targets(self.label, CACHE_TARGETS)
        register_invalidation(INVALIDATION_RULES, KEY_RESOLVERS)
        register_event_types(*EVENT_TYPES)
        # Needs the models.
        register_next_change(import_module("polls.representation").next_change)
