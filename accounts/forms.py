"""Form fields of sign-up besides address and password (ACCOUNT_SIGNUP_FORM_CLASS)."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import check_nickname
from accounts.errors import InvalidNickname, NicknameReserved, NicknameTaken
from accounts.models import User


class StatementInput(forms.CheckboxInput):
    """Input of a statement: true of JSON or the box of a form that is ticked, and no other value."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        return data.get(name) is True or data.get(name) == "on"


class StatementField(forms.BooleanField):
    """A statement, which is made explicitly."""

    widget = StatementInput


class SignUpForm(forms.Form):
    """Sign-up form: an optional nickname, without which the account gets a random one, and consents.

    Each is asked for by itself, the required ones apart from advertising (개인정보 보호법 §22); being 14 or
    older is a statement (§22-2), without a date of birth.
    """

    nickname = forms.CharField(required=False, max_length=60)
    is_14_or_older = StatementField(
        error_messages={
            "required": _(
                "Only people of 14 or older can sign up. If you are, confirm it; for younger people a "
                "parent would have to consent, which we cannot ask for."
            )
        }
    )
    agrees_to_terms = StatementField(
        error_messages={"required": _("Agree to the terms of use to sign up.")}
    )
    agrees_to_privacy = StatementField(
        error_messages={
            "required": _("Agree to the collection and use of personal data to sign up.")
        }
    )
    agrees_to_marketing = StatementField(required=False)

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"]
        try:
            return check_nickname(nickname, by=None) if nickname else ""
        except (NicknameTaken, NicknameReserved, InvalidNickname) as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None

    def signup(self, request: HttpRequest, user: User) -> None:
        """Required by allauth; the account adapter has set the nickname already."""
