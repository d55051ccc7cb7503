"""App configuration of comments."""

from importlib import import_module

from django.apps import AppConfig

from audit.verbs import register_verbs
from comments.audit_verbs import AUDIT_VERBS
from comments.cache_targets import CACHE_TARGETS, EVENT_TYPES
from comments.invalidation_rules import INVALIDATION_RULES, KEY_RESOLVERS
from newsroom.db.invalidation_rules import register_invalidation
from newsroom.nickname_registry import register_nickname_filter
from outbox.cache_targets import register_cache_targets
from outbox.event_types import register_event_types


class CommentsConfig(AppConfig):
    """Readers' comments and their moderation."""

    name = "comments"

    def ready(self) -> None:
        register_verbs(self.label, AUDIT_VERBS)
        # Needs the models.
        is_held = import_module("comments.actions.screening").is_held_text
        register_nickname_filter(self.label, is_held)
        register_cache_targets(self.label, CACHE_TARGETS)
        register_invalidation(INVALIDATION_RULES, KEY_RESOLVERS)
        register_event_types(*EVENT_TYPES)
