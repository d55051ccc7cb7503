"""Adapters of allauth: sign-up, sign-in, e-mail addresses, mails."""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.internal.httpkit import is_headless_request
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import (
    create_reader,
    fill_account_defaults,
    record_joined,
    settle_suspension,
)
from accounts.authentication.known_browser import sign_in_clients
from accounts.authentication.known_clients import forget_other_clients, remember_clients
from accounts.authentication.rate_limits import TooManyAttempts, start_attempt
from accounts.authentication.sign_in_record import record_sign_in
from accounts.email_addresses import accounts_with_email, claim_email, lock_email
from accounts.models.consents import consents_of
from accounts.password_check import reusable_salt
from audit.actions import record_audit
from newsroom.http.client_ip import client_throttle_key

logger = logging.getLogger(__name__)
# Audit verb for each of allauth's notification mails.
AUDIT_VERB_BY_MAIL_TEMPLATE = {
    "account/email/email_changed": "email_changed",
    "account/email/email_deleted": "email_removed",
    "account/email/password_changed": "password_set",
    "account/email/password_reset": "password_reset",
    "account/email/password_set": "password_set",
    "mfa/email/recovery_codes_generated": "recovery_codes_made",
    "mfa/email/totp_activated": "second_factor_added",
    "mfa/email/totp_deactivated": "second_factor_removed",
    "mfa/email/webauthn_added": "second_factor_added",
    "mfa/email/webauthn_removed": "second_factor_removed",
}
# The notification that allauth sends whenever a social account is connected.
CONNECTED_MAIL_TEMPLATE = "socialaccount/email/account_connected"


class ReaderAdapter(DefaultAccountAdapter):
    """Account adapter: accounts have an e-mail address and a nickname, no user name."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        pass

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        others = accounts_with_email(form.cleaned_data.get("email") or "")
        # The salt of the other accounts with the address, if any (accounts.password_check).
        user.shared_salt = next(
            filter(None, (reusable_salt(other.password) for other in others)), None
        )
        super().save_user(request, user, form, commit=False)
        user.nickname = form.cleaned_data.get("nickname", "") or user.nickname
        fill_account_defaults(user)
        if commit:
            create_reader(user, consents=consents_of(form.cleaned_data))
        return user

    # -- Sign-in and its limits --------------------------------------------------------------------

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The account with this address and password, within the limits of rate_limits."""
        email = str(credentials.get("email", "")).strip().lower()
        try:
            attempt = start_attempt(request, email, accounts_with_email(email))
        except TooManyAttempts:
            raise self.validation_error("too_many_login_attempts") from None
        AuthenticationBackend.unstash_authenticated_user()
        user = authenticate(request, candidates=attempt.candidates, **credentials)
        inactive = AuthenticationBackend.unstash_authenticated_user()
        if user or inactive:
            attempt.succeeded()
        else:
            attempt.failed()
        return user or inactive

    def login(self, request: HttpRequest, user: Any) -> None:
        """Complete a sign-in after all factors; record browser and IP address as known clients."""
        super().login(request, user)
        record_sign_in(request)
        remember_clients(user, clients=sign_in_clients(request, user))

    @transaction.atomic
    def set_password(self, user: Any, password: str) -> None:
        """Set one's own password, signed in or by a mailed link; deletes other known clients."""
        super().set_password(user, password)
        forget_other_clients(user, clients=sign_in_clients(context.request, user))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_throttle_key(request.META, proxies=settings.TRUSTED_PROXIES)

    # -- Addresses ----------------------------------------------------------------------------------

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        return not (email_address.primary or email_address.email == email_address.user.email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address, which its account then holds; False if another account has confirmed it.

        A suspension of whoever had the address before goes over to the account, and that of the account is
        kept with the address.
        """
        user, email = email_address.user, email_address.email
        try:
            with transaction.atomic():
                lock_email(email.lower())
                if not email_address.can_set_verified():
                    return False
                claim_email(user, email=email)  # before and after it may become the primary one
                confirmed = super().confirm_email(request, email_address)
                claim_email(user, email=email)
                settle_suspension(user)
                record_audit(user, verb="email_confirmed", by=user)
        except IntegrityError:  # somebody has taken the address at the same moment
            return False
        return confirmed

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        """Send a link to confirm an address, or a notice if another account has confirmed it."""
        address = emailconfirmation.email_address
        if address.can_set_verified():
            super().send_confirmation_mail(request, emailconfirmation, signup)
        else:
            self.send_account_already_exists_mail(address.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail. A failure is logged only: the mail can be requested again, and the response must be
        the same for everybody."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException):
            logger.exception("A mail could not be sent: %s", template_prefix)

    # -- Notifications ------------------------------------------------------------------------------

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        if verb := AUDIT_VERB_BY_MAIL_TEMPLATE.get(template_prefix):
            record_audit(user, verb=verb, by=user)
        super().send_notification_mail(template_prefix, user, context, email)

    # -- Pages of the admin; the headless API has responses of its own ------------------------------

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        if is_headless_request(request):
            return super().respond_user_inactive(request, user)
        messages.error(request, _("This account is closed. Ask the chief editor."))
        return redirect("admin:login")

    def respond_email_verification_sent(self, request: HttpRequest, user: Any) -> Any:
        if is_headless_request(request):
            return super().respond_email_verification_sent(request, user)
        messages.info(request, _("Confirm your address first: we have sent an e-mail with a link."))
        return redirect("admin:login")


class APIAdapter(DefaultHeadlessAdapter):
    """Adapter of the headless API: error messages that allauth has in English alone."""

    error_messages = DefaultHeadlessAdapter.error_messages | {
        "account_not_found": gettext_lazy("There is no such account."),
        "invalid_token": gettext_lazy("This token is not valid."),
        "unknown_email": gettext_lazy("Your account does not have this address."),
        "unknown_provider": gettext_lazy("One cannot sign in with this provider."),
        "invalid_url": gettext_lazy("This address is not valid."),
    }


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Social account adapter (Kakao, Naver): a random nickname instead of the real name."""

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        fill_account_defaults(sociallogin.user)
        sociallogin.user.consented_versions = (
            ""  # asked for on My page, where no form is shown before
        )
        with transaction.atomic():
            user = super().save_user(request, sociallogin, form)
            if EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
                claim_email(user, email=user.email)
            if form is None:  # with a form, allauth has called the account adapter
                record_joined(user)
            settle_suspension(user)
        return user

    def send_notification_mail(
        self, template_prefix: str, user: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Send a notification, after the change that it is about.

        A social account that is connected later suspends its account like one that made it.
        """
        if template_prefix == CONNECTED_MAIL_TEMPLATE:
            settle_suspension(user)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)
