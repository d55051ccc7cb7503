"""Sign-in and second factors of staff: allauth's own pages, in the admin's look.

Readers use allauth's headless API; these pages stand under `/admin/`
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
    """Mixed into a view of allauth: the admin's frame around it."""

    title: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request: HttpRequest = self.request  # type: ignore[attr-defined]  # the view's
        frame = admin.site.each_context(request)
        return {**frame, "title": self.title, **super().get_context_data(**kwargs)}  # type: ignore[misc]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class Login(AdminPageMixin, LoginView):
    """Sign-in page of the admin. A signed-in reader may sign in as a colleague instead."""

    title = _("Sign in")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = request.user.is_authenticated and not request.user.is_staff
        # allauth leads on whoever is signed in, and the admin would send a reader back here.
        beyond: Any = RedirectAuthenticatedUserMixin if reader else AdminPageMixin
        answer: HttpResponseBase = super(beyond, self).dispatch(request, *args, **kwargs)
        return answer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, for programs that ask for JSON too: those have the headless API."""
        answer: HttpResponse = super(AjaxCapableProcessFormViewMixin, self).get(request)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super(AjaxCapableProcessFormViewMixin, self).post(request)
        return answer


def redirect_to_login(request: HttpRequest) -> HttpResponseBase:
    """Redirect from allauth's sign-in address to the admin's, with its query."""
    query = request.GET.urlencode()
    return redirect(reverse("admin:login") + (f"?{query}" if query else ""))


@require_POST
def cancel_login(request: HttpRequest) -> HttpResponseBase:
    """Begin sign-in anew, with another address or password."""
    clear_login(request)
    return redirect("admin:login")


class PasskeyLogin(webauthn.LoginWebAuthnView):
    """Sign-in with a passkey alone: what it needs of the browser, and what the browser answers."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_over_challenge_limit(request):
            return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer


class Reauthenticate(AdminPageMixin, ReauthenticateView):
    title = _("Confirm that it is you")


class Authenticate(AdminPageMixin, base.AuthenticateView):
    title = _("Second step")


class ReauthenticateByCode(AdminPageMixin, base.ReauthenticateView):
    title = _("Confirm that it is you")


class ReauthenticateByPasskey(AdminPageMixin, webauthn.ReauthenticateWebAuthnView):
    title = _("Confirm that it is you")


class SecondFactorIndex(AdminPageMixin, base.IndexView):
    title = _("Two-step sign-in")


class ActivateTOTP(AdminPageMixin, totp.ActivateTOTPView):
    title = _("Set up an authenticator app")


class DeactivateTOTP(AdminPageMixin, totp.DeactivateTOTPView):
    title = _("Remove the authenticator app")


class RecoveryCodes(AdminPageMixin, recovery.ViewRecoveryCodesView):
    title = _("Recovery codes")


class DownloadRecoveryCodes(recovery.DownloadRecoveryCodesView):
    """The recovery codes as a text file."""


class GenerateRecoveryCodes(AdminPageMixin, recovery.GenerateRecoveryCodesView):
    title = _("New recovery codes")


class AddPasskey(AdminPageMixin, webauthn.AddWebAuthnView):
    title = _("Add a passkey")


class EditPasskey(AdminPageMixin, webauthn.EditWebAuthnView):
    title = _("Rename the passkey")


class RemovePasskey(AdminPageMixin, webauthn.RemoveWebAuthnView):
    title = _("Remove the passkey")


def redirect_to_second_factors(request: HttpRequest) -> HttpResponseBase:
    """The list of passkeys stands on the page of all second factors."""
    return redirect("mfa_index")
