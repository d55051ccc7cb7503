"""App configuration of articles."""

from importlib import import_module

from django.apps import AppConfig

from articles.audit_verbs import AUDIT_VERBS
from articles.cache_targets import CACHE_TARGETS, EVENT_TYPES
from articles.invalidation_rules import INVALIDATION_RULES, KEY_RESOLVERS
from audit.verbs import register_verbs
from newsroom.api.openapi.examples import register_text_examples
from newsroom.db.invalidation_rules import register_invalidation
from newsroom.http.cache_control import register_next_change
from newsroom.nickname_registry import register_reserved_names
from newsroom.visibility import register_visibility
from outbox.cache_targets import register_cache_targets
from outbox.event_types import register_event_types


class ArticlesConfig(AppConfig):
    """Articles as readers know them: editions, sections, authors, tags; reader API, search, syndication."""

    name = "articles"

    def ready(self) -> None:
        # Imported here, since models need the app registry.
        fields = import_module("articles.models.editorial").EDITORIAL_FIELDS
        register_text_examples({field.name: field.example for field in fields})
        visibility = import_module("articles.visibility")
        register_visibility("poll", visibility.is_poll_shown)
        register_visibility("photo", visibility.is_photo_shown)
        register_next_change(visibility.next_expiry)
        register_next_change(visibility.next_comments_close)
        names = import_module("articles.reserved_names").names_of_the_newsroom
        register_reserved_names(self.label, names)
        register_verbs(self.label, AUDIT_VERBS)
        register_cache_targets(self.label, CACHE_TARGETS)
        register_invalidation(INVALIDATION_RULES, KEY_RESOLVERS)
        register_event_types(*EVENT_TYPES)
