"""allauth's headless views where ours differ: sign-up, codes, addresses. `urls_headless` comes first."""

from typing import Any

from allauth.headless.account.inputs import AddEmailInput, DeleteEmailInput
from allauth.headless.account.inputs import ResendEmailVerificationInput as ResendInput
from allauth.headless.account.views import (
    ManageEmailView,
    RequestPasswordResetView,
    SignupView,
)
from allauth.headless.mfa.views import AuthenticateView, ReauthenticateView
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.addresses import claim
from accounts.forms_sign_in import (
    LimitedAuthenticateInput,
    LimitedReauthenticateInput,
    PasswordLetterInput,
    SignUpInput,
    VerifiedPrimaryEmailInput,
)


class SignUp(SignupView):
    """Sign-up, answered alike for known and unknown addresses."""

    input_class = {"POST": SignUpInput}


class RequestPasswordReset(RequestPasswordResetView):
    """A letter to set a new password."""

    input_class = PasswordLetterInput


class Authenticate(AuthenticateView):
    """The code of a second factor at sign-in."""

    input_class = LimitedAuthenticateInput


class Reauthenticate(ReauthenticateView):
    """The code of a second factor before something sensitive."""

    input_class = LimitedReauthenticateInput


class Addresses(ManageEmailView):
    """One's addresses; the primary one is always confirmed."""

    input_class = {
        "POST": AddEmailInput,
        "PUT": ResendInput,
        "DELETE": DeleteEmailInput,
        "PATCH": VerifiedPrimaryEmailInput,
    }

    @transaction.atomic
    def patch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = self.input.cleaned_data["email"]
        claim(address.user, email=address.email)
        response: HttpResponse = super().patch(request, *args, **kwargs)
        claim(address.user, email=address.email)  # now that it is the account's address
        return response
