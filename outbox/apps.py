from importlib import import_module

from django.apps import AppConfig

from audit.verbs import register_verbs
from outbox.audit_verbs import AUDIT_VERBS


class OutboxConfig(AppConfig):
    """Transactional outbox: events, their subscribers and deliveries."""

    name = "outbox"

    def ready(self) -> None:
        import_module("outbox.checks")  # registers them
        register_verbs(self.label, AUDIT_VERBS)
