from django.apps import AppConfig
from django.core.checks import Tags, register

from accounts.checks import staff_have_a_second_factor


class AccountsConfig(AppConfig):
    """People: sign-in, roles, tokens."""

    name = "accounts"

    def ready(self) -> None:
        register(staff_have_a_second_factor, Tags.security, deploy=True)
