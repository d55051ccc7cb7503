"""Sign-in and second factors of staff: allauth's own pages, in the admin's look.

Readers use allauth's headless API; these pages are under `/admin/`
(accounts/authentication/urls_staff.py).
"""

from http import HTTPStatus
from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.mixins import AjaxCapableProcessFormViewMixin, RedirectAuthenticatedUserMixin
from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.authentication.rate_limits import is_over_challenge_limit


@method_decorator(never_cache, name="dispatch")
class AdminPageMixin:
    """Mixin of allauth's views: the context and access rules of the admin."""

    title: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request: HttpRequest = self.request  # type: ignore[attr-defined]  # the view's
        context = admin.site.each_context(request)
        return {**context, "title": self.title, **super().get_context_data(**kwargs)}  # type: ignore[misc]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class Login(AdminPageMixin, LoginView):
    """Sign-in page of the admin. A signed-in reader may sign in with a staff account instead."""

    title = _("Sign in")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_reader = request.user.is_authenticated and not request.user.is_staff
        # allauth redirects signed-in users, and the admin would redirect a reader back here.
        skipped: Any = RedirectAuthenticatedUserMixin if is_reader else AdminPageMixin
        response: HttpResponseBase = super(skipped, self).dispatch(request, *args, **kwargs)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, also for requests of JSON: those have the headless API."""
        response: HttpResponse = super(AjaxCapableProcessFormViewMixin, self).get(request)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super(AjaxCapableProcessFormViewMixin, self).post(request)
        return response


def redirect_to_login(request: HttpRequest) -> HttpResponseBase:
    """Redirect from allauth's sign-in address to the admin's, with its query."""
    query = request.GET.urlencode()
    return redirect(reverse("admin:login") + (f"?{query}" if query else ""))


@require_POST
def cancel_login(request: HttpRequest) -> HttpResponseBase:
    """Cancel a sign-in between its steps and start again."""
    clear_login(request)
    return redirect("admin:login")


class PasskeyLogin(webauthn.LoginWebAuthnView):
    """Sign-in with a passkey alone: the challenge (GET) and the credential (POST)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_over_challenge_limit(request):
            return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class Reauthenticate(AdminPageMixin, ReauthenticateView):
    """Reauthentication by password."""

    title = _("Confirm that it is you")


class Authenticate(AdminPageMixin, base.AuthenticateView):
    """The second factor at sign-in."""

    title = _("Second step")


class ReauthenticateByCode(AdminPageMixin, base.ReauthenticateView):
    """Reauthentication by the code of a second factor."""

    title = _("Confirm that it is you")


class ReauthenticateByPasskey(AdminPageMixin, webauthn.ReauthenticateWebAuthnView):
    """Reauthentication by a passkey."""

    title = _("Confirm that it is you")


class SecondFactorIndex(AdminPageMixin, base.IndexView):
    """The list of one's second factors."""

    title = _("Two-step sign-in")


class ActivateTOTP(AdminPageMixin, totp.ActivateTOTPView):
    """Set up an authenticator app."""

    title = _("Set up an authenticator app")


class DeactivateTOTP(AdminPageMixin, totp.DeactivateTOTPView):
    """Remove the authenticator app."""

    title = _("Remove the authenticator app")


class RecoveryCodes(AdminPageMixin, recovery.ViewRecoveryCodesView):
    """The list of recovery codes."""

    title = _("Recovery codes")


class DownloadRecoveryCodes(recovery.DownloadRecoveryCodesView):
    """The recovery codes as a text file."""


class GenerateRecoveryCodes(AdminPageMixin, recovery.GenerateRecoveryCodesView):
    """Generate new recovery codes."""

    title = _("New recovery codes")


class AddPasskey(AdminPageMixin, webauthn.AddWebAuthnView):
    """Add a passkey."""

    title = _("Add a passkey")


class EditPasskey(AdminPageMixin, webauthn.EditWebAuthnView):
    """Rename a passkey."""

    title = _("Rename the passkey")


class RemovePasskey(AdminPageMixin, webauthn.RemoveWebAuthnView):
    """Remove a passkey."""

    title = _("Remove the passkey")


def redirect_to_second_factors(request: HttpRequest) -> HttpResponseBase:
    """Redirect from allauth's list of passkeys to the page of all second factors."""
    return redirect("mfa_index")
