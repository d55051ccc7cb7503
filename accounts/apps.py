"""App configuration of accounts."""

from importlib import import_module

from django.apps import AppConfig

from accounts.audit_verbs import AUDIT_VERBS
from audit.verbs import register_verbs


class AccountsConfig(AppConfig):
    """Accounts of staff and readers: sign-in, roles, tokens."""

    name = "accounts"

    def ready(self) -> None:
        # Registers the system checks, which need the models.
        import_module("accounts.checks")
        register_verbs(self.label, AUDIT_VERBS)
