"""What allauth asks us while it signs readers up and in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import transaction
from django.http import HttpRequest

from accounts.actions import dress, join, note_joined


class ReaderAdapter(DefaultAccountAdapter):
    """Accounts have an address and a nickname; there is no user name."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        pass

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        super().save_user(request, user, form, commit=False)
        user.nickname = form.cleaned_data.get("nickname", "") or user.nickname
        dress(user)
        if commit:
            join(user)
        return user


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Kakao and Naver tell who somebody is; the nickname is made up, a real name is nobody's business."""

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        dress(sociallogin.user)
        with transaction.atomic():
            user = super().save_user(request, sociallogin, form)
            if form is None:  # with a form, allauth has called the adapter above
                note_joined(user)
        return user
