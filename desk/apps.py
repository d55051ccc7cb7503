"""App configuration of the desk."""

from importlib import import_module

from django.apps import AppConfig

from audit.permissions import register_condition
from audit.verbs import register_verbs
from desk.audit_verbs import AUDIT_VERBS
from desk.event_types import EVENT_TYPES
from newsroom.http.cache_control import register_next_change
from outbox.event_types import register_event_types
from wire.story_updates import register_update_handler


class DeskConfig(AppConfig):
    """Drafts, releases, and the admin in which editors write and schedule them."""

    name = "desk"

    def ready(self) -> None:
        import_module("desk.checks")  # registers them
        register_event_types(*EVENT_TYPES)
        register_verbs(self.label, AUDIT_VERBS)
        register_condition(import_module("desk.section_rights").may_read_all_entries)
        register_update_handler(
            import_module("desk.actions.agency.story_updates").apply_story_updates
        )
        register_next_change(import_module("desk.models.releases").next_change)
