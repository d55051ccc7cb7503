"""Forms and inputs of sign-in: staff sign-in, rate-limited codes, sign-up, e-mail addresses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.headless.account.inputs import (
    MarkAsPrimaryEmailInput,
    RequestPasswordResetInput,
    SignupInput,
)
from allauth.headless.mfa.inputs import AuthenticateInput, ReauthenticateInput
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.utils.translation import gettext_lazy as _

from accounts.authentication.rate_limits import TooManyAttempts, start_attempt
from accounts.email_addresses import accounts_with_email
from accounts.models import User
from accounts.staffing import set_password


class StaffLoginForm(LoginForm):
    """Sign-in form of the admin. Readers' credentials are refused like wrong ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("e-mail")
        for name, autocomplete in (("login", "username"), ("password", "current-password")):
            field = self.fields[name]
            field.help_text = ""
            field.widget.attrs = {"autocomplete": autocomplete, "required": True}
        self.fields["password"].label = _("password")

    def add_prefix(self, field_name: str) -> str:
        """The field names of Django's own sign-in form, which clients know."""
        return super().add_prefix("username" if field_name == "login" else field_name)

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[no-untyped-call]  # allauth's
        if self.user is not None and not self.user.is_staff:
            raise get_adapter().validation_error("email_password_mismatch")
        return cleaned


@contextmanager
def limited_attempt(name: str, user: User) -> Iterator[None]:
    """Count the check inside as an attempt with this name; a ValidationError is a failure."""
    try:
        attempt = start_attempt(context.request, name, [user])
    except TooManyAttempts:
        raise get_adapter().validation_error("too_many_login_attempts") from None
    try:
        yield
    except forms.ValidationError:
        attempt.failed()
        raise
    attempt.succeeded()


class LimitedCodeMixin:
    """Mixin of forms with a code: counts attempts (accounts.authentication.rate_limits)."""

    user: Any

    def clean_code(self) -> str:
        with limited_attempt(f"code:{self.user.pk}", self.user):
            code: str = super().clean_code()  # type: ignore[misc]  # the form it is mixed into
        return code


class OwnPasswordForm(AdminPasswordChangeForm):
    """Change of one's own password by an action that ends other sessions and all tokens."""

    user: User

    def clean_old_password(self) -> str:
        with limited_attempt(self.user.email, self.user):
            return super().clean_old_password()

    def save(self, commit: bool = True) -> User:
        set_password(self.user, password=self.cleaned_data["new_password1"], by=self.user)
        return self.user


class LimitedAuthenticateForm(LimitedCodeMixin, AuthenticateForm):
    """Rate-limited form for the code of a second factor at sign-in."""


class LimitedReauthenticateForm(LimitedCodeMixin, ReauthenticateForm):
    """Rate-limited form for the code of a second factor at reauthentication."""


class LimitedAuthenticateInput(LimitedCodeMixin, AuthenticateInput):
    """The input of the headless API at sign-in."""


class LimitedReauthenticateInput(LimitedCodeMixin, ReauthenticateInput):
    """The input of the headless API at reauthentication."""


class EnumerationSafeSignupInput(SignupInput):
    """Sign-up input that does not disclose whether an address is known, in every verification mode."""

    def validate_unique_email(self, value: str) -> str:
        self.account_already_exists = False
        return str(get_adapter().validate_unique_email(value))


class PasswordResetInput(RequestPasswordResetInput):
    """Password reset input: one mail, for the first of the active accounts with the address.

    An unknown address takes the same time.
    """

    def clean_email(self) -> str:
        email = str(super().clean_email())
        self.users = [user for user in accounts_with_email(email) if user.is_active][:1]
        return email


class VerifiedPrimaryEmailInput(MarkAsPrimaryEmailInput):
    """Primary address input: only a confirmed address can become the primary one."""

    def clean_email(self) -> Any:
        address = super().clean_email()  # type: ignore[no-untyped-call]  # allauth's
        if not address.verified:
            raise get_adapter().validation_error("unverified_primary_email")
        return address
