"""What allauth asks us while it signs readers up and in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.actions import dress
from accounts.models import User


class ReaderAdapter(DefaultAccountAdapter):
    """Accounts have an address and a nickname; there is no user name."""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        pass

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        made: User = super().save_user(request, dress(user), form, commit=False)
        dress(made)
        if commit:
            made.save()
        return made
