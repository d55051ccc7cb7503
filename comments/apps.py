from django.apps import AppConfig

from audit.verbs import register_verbs
from comments.audit_verbs import AUDIT_VERBS
from comments.cache_targets import CACHE_TARGETS, EVENT_TYPES
from outbox.cache_targets import register_cache_targets
from outbox.event_types import register_event_types


class CommentsConfig(AppConfig):
    """Readers' comments and their moderation."""

    name = "comments"

    def ready(self) -> None:
        register_verbs(self.label, AUDIT_VERBS)
        register_cache_targets(self.label, CACHE_TARGETS)
        register_event_types(*EVENT_TYPES)
