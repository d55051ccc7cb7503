"""What a reader may say at sign-up beside address and password."""

from django import forms
from django.http import HttpRequest

from accounts.actions import check_nickname
from accounts.errors import InvalidNickname, NicknameTaken
from accounts.models import User


class SignUpForm(forms.Form):
    """The nickname, if the reader has one in mind; otherwise one is made up."""

    nickname = forms.CharField(required=False, max_length=60)

    def clean_nickname(self) -> str:
        wish: str = self.cleaned_data["nickname"]
        try:
            return check_nickname(wish, by=None) if wish else ""
        except (NicknameTaken, InvalidNickname) as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth asks for it; accounts.authentication.allauth_adapter has put the nickname in already."""
