from django.apps import AppConfig
from django.core import checks

from audit.verbs import register_verbs
from outbox.audit_verbs import AUDIT_VERBS
from outbox.checks import check_cache_targets


class OutboxConfig(AppConfig):
    """Transactional outbox: events, their subscribers and deliveries."""

    name = "outbox"

    def ready(self) -> None:
        checks.register(check_cache_targets)
        register_verbs(self.label, AUDIT_VERBS)
