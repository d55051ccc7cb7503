from django.apps import AppConfig

from audit.verbs import register_verbs
from outbox.cache_targets import register_cache_targets
from outbox.event_types import register_event_types
from polls.audit_verbs import AUDIT_VERBS
from polls.cache_targets import CACHE_TARGETS, EVENT_TYPES


class PollsConfig(AppConfig):
    """Polls and their votes."""

    name = "polls"

    def ready(self) -> None:
        register_verbs(self.label, AUDIT_VERBS)
        register_cache_targets(self.label, CACHE_TARGETS)
        register_event_types(*EVENT_TYPES)
