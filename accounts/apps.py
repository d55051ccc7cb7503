from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: sign-in, roles, tokens."""

    name = "accounts"

    def ready(self) -> None:
        # Registers the system checks, which need the models.
        import_module("accounts.checks")
