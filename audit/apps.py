from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit log: who did what to which thing, and when."""

    name = "audit"

    def ready(self) -> None:
        import_module("audit.checks")  # registers them
