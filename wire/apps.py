"""AppConfig of the wire: registers the verbs of its audit entries."""

from django.apps import AppConfig

from audit.verbs import register_verbs
from wire.audit_verbs import AUDIT_VERBS


class WireConfig(AppConfig):
    """Agency copy: sources, deliveries, stories and their versions."""

    name = "wire"

    def ready(self) -> None:
        register_verbs(self.label, AUDIT_VERBS)
