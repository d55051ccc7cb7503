"""Forms of sign-in: staff's, the codes of a second factor within limits, sign-up, one's addresses."""

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
    """Sign-in form of the admin; a reader's address and password are refused as if they were wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("e-mail")
        for name, autocomplete in (("login", "username"), ("password", "current-password")):
            field = self.fields[name]
            field.help_text = ""
            field.widget.attrs = {"autocomplete": autocomplete, "required": True}
        self.fields["password"].label = _("password")

    def add_prefix(self, field_name: str) -> str:
        """The names that Django's own sign-in form has, which programs know."""
        return super().add_prefix("username" if field_name == "login" else field_name)

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[no-untyped-call]  # allauth's
        if self.user is not None and not self.user.is_staff:
            raise get_adapter().validation_error("email_password_mismatch")
        return cleaned


@contextmanager
def limited_attempt(name: str, user: User) -> Iterator[None]:
    """Counts what is checked inside as an attempt with this name; wrong is what raises ValidationError."""
    try:
        tried = start_attempt(context.request, name, [user])
    except TooManyAttempts:
        raise get_adapter().validation_error("too_many_login_attempts") from None
    try:
        yield
    except forms.ValidationError:
        tried.failed()
        raise
    tried.succeeded()


class LimitedCodeMixin:
    """Mixed into a form that asks for a code: counts attempts (accounts.authentication.rate_limits)."""

    user: Any

    def clean_code(self) -> str:
        with limited_attempt(f"code:{self.user.pk}", self.user):
            code: str = super().clean_code()  # type: ignore[misc]  # the form it is mixed into
        return code


class OwnPasswordForm(AdminPasswordChangeForm):
    """One's own password, changed by an action: every other session ends, and every token."""

    user: User

    def clean_old_password(self) -> str:
        with limited_attempt(self.user.email, self.user):
            return super().clean_old_password()

    def save(self, commit: bool = True) -> User:
        set_password(self.user, password=self.cleaned_data["new_password1"], by=self.user)
        return self.user


class LimitedAuthenticateForm(LimitedCodeMixin, AuthenticateForm):
    """The code of a second factor, at sign-in."""


class LimitedReauthenticateForm(LimitedCodeMixin, ReauthenticateForm):
    """The code of a second factor, before something sensitive."""


class LimitedAuthenticateInput(LimitedCodeMixin, AuthenticateInput):
    """The same for the headless API."""


class LimitedReauthenticateInput(LimitedCodeMixin, ReauthenticateInput):
    """The same for the headless API."""


class EnumerationSafeSignupInput(SignupInput):
    """A sign-up that goes on whether the address is known or not, in every setting of verification."""

    def validate_unique_email(self, value: str) -> str:
        self.account_already_exists = False
        return str(get_adapter().validate_unique_email(value))


class PasswordResetInput(RequestPasswordResetInput):
    """Asks for a letter to set a new password: one, however many accounts name the address, for the one
    that comes first; nobody's takes the same time."""

    def clean_email(self) -> str:
        email = str(super().clean_email())
        self.users = [user for user in accounts_with_email(email) if user.is_active][:1]
        return email


class VerifiedPrimaryEmailInput(MarkAsPrimaryEmailInput):
    """The primary address is one that was confirmed, never another."""

    def clean_email(self) -> Any:
        address = super().clean_email()  # type: ignore[no-untyped-call]  # allauth's
        if not address.verified:
            raise get_adapter().validation_error("unverified_primary_email")
        return address
