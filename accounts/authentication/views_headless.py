"""Views of allauth's headless API that differ from allauth's own (see urls_headless)."""

from typing import Any

from allauth.headless.account.inputs import AddEmailInput, DeleteEmailInput
from allauth.headless.account.inputs import ResendEmailVerificationInput as ResendInput
from allauth.headless.account.views import (
    ManageEmailView,
    RequestPasswordResetView,
    SignupView,
)
from allauth.headless.base.response import RateLimitResponse
from allauth.headless.mfa.views import AuthenticateView, LoginWebAuthnView, ReauthenticateView
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from accounts.authentication.forms import (
    EnumerationSafeSignupInput,
    LimitedAuthenticateInput,
    LimitedReauthenticateInput,
    PasswordResetInput,
    VerifiedPrimaryEmailInput,
)
from accounts.authentication.rate_limits import is_over_challenge_limit
from accounts.email_addresses import claim_email


class SignUp(SignupView):
    """Sign-up with the same response for known and unknown addresses."""

    input_class = {"POST": EnumerationSafeSignupInput}


class RequestPasswordReset(RequestPasswordResetView):
    """Request of a mail to set a new password."""

    input_class = PasswordResetInput


class PasskeyLogin(LoginWebAuthnView):
    """Sign-in with a passkey alone. Challenges store a session, so they are limited by IP address."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_over_challenge_limit(request):
            return RateLimitResponse(request)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class Authenticate(AuthenticateView):
    """The code of a second factor at sign-in."""

    input_class = LimitedAuthenticateInput


class Reauthenticate(ReauthenticateView):
    """The code of a second factor at reauthentication."""

    input_class = LimitedReauthenticateInput


class EmailAddresses(ManageEmailView):
    """One's e-mail addresses; the primary one is always confirmed."""

    input_class = {
        "POST": AddEmailInput,
        "PUT": ResendInput,
        "DELETE": DeleteEmailInput,
        "PATCH": VerifiedPrimaryEmailInput,
    }

    def patch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make an address the primary one, again if a sign-up has taken it at the same moment."""
        try:
            return self.make_primary(request, *args, **kwargs)
        except IntegrityError:
            return self.make_primary(request, *args, **kwargs)

    @transaction.atomic
    def make_primary(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = self.input.cleaned_data["email"]
        claim_email(address.user, email=address.email)
        response: HttpResponse = super().patch(request, *args, **kwargs)
        claim_email(
            address.user, email=address.email
        )  # again, now that it is the account's address
        return response
