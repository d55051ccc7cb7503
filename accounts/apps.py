"""App configuration of accounts."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts of staff and readers: sign-in, roles, tokens."""

    name = "accounts"

    def ready(self) -> None:
        # Registers the system checks, which need the models.
        import_module("accounts.checks")
