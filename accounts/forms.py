"""Form fields of sign-up besides address and password (ACCOUNT_SIGNUP_FORM_CLASS)."""

from django import forms
from django.http import HttpRequest

from accounts.actions import check_nickname
from accounts.errors import InvalidNickname, NicknameReserved, NicknameTaken
from accounts.models import User


class SignUpForm(forms.Form):
    """Sign-up form: an optional nickname; without one the account gets a random one."""

    nickname = forms.CharField(required=False, max_length=60)

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"]
        try:
            return check_nickname(nickname, by=None) if nickname else ""
        except (NicknameTaken, NicknameReserved, InvalidNickname) as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None

    def signup(self, request: HttpRequest, user: User) -> None:
        """Required by allauth; the account adapter has set the nickname already."""
