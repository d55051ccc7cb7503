"""django-allauth's settings: sign-in, sign-up, two-factor authentication. Pure.

Readers use its headless API under `/_allauth/`; staff sign in on pages of the admin (accounts/urls.py),
which are allauth's views in the admin's look.  How guessing is limited:
accounts/authentication/rate_limits.py.
"""

from typing import Any
from urllib.parse import SplitResult


def allauth_settings(
    site_url: str, site: SplitResult, *, email_verification: str, proxies: int
) -> dict[str, Any]:
    """The settings for a site at this address with so many proxies of ours in front."""
    return {
        **sign_in_settings(site_url),
        **account_settings(site, email_verification=email_verification),
        **mfa_settings(site),
        "ALLAUTH_TRUSTED_PROXY_COUNT": proxies,
    }


def sign_in_settings(site_url: str) -> dict[str, Any]:
    """Where one signs in, and where letters lead."""
    return {
        # Django's hashers and groups, by address, for all accounts that name it in the time of one.
        "AUTHENTICATION_BACKENDS": ["accounts.authentication.backend.EmailBackend"],
        "LOGIN_URL": "admin:login",
        "LOGIN_REDIRECT_URL": "admin:index",
        "HEADLESS_ONLY": True,
        "HEADLESS_FRONTEND_URLS": {
            "account_confirm_email": f"{site_url}/account/verify/{{key}}/",
            "account_reset_password": f"{site_url}/account/password/",
            "account_reset_password_from_key": f"{site_url}/account/password/{{key}}/",
            "account_signup": f"{site_url}/account/",
            "socialaccount_login_error": f"{site_url}/account/",
        },
    }


def account_settings(site: SplitResult, *, email_verification: str) -> dict[str, Any]:
    """Who signs up and in, with what."""
    return {
        "ACCOUNT_ADAPTER": "accounts.authentication.allauth_adapter.ReaderAdapter",
        "ACCOUNT_SIGNUP_FORM_CLASS": "accounts.forms.SignUpForm",
        "ACCOUNT_FORMS": {"login": "accounts.authentication.forms.StaffLoginForm"},
        "SOCIALACCOUNT_ADAPTER": "accounts.authentication.allauth_adapter.ProviderAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": email_verification,
        # A sign-up with a taken address is answered like any other (docs/decisions/0021-sign-in.md).
        "ACCOUNT_PREVENT_ENUMERATION": "strict",
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,  # to change one's addresses
        "ACCOUNT_EMAIL_NOTIFICATIONS": True,
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": site.scheme,
        "ACCOUNT_SESSION_REMEMBER": True,
        # accounts.authentication.rate_limits counts wrong passwords and codes itself.
        "ACCOUNT_RATE_LIMITS": {"login_failed": None},
    }


def mfa_settings(site: SplitResult) -> dict[str, Any]:
    """Authenticator apps, passkeys, recovery codes."""
    return {
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_ISSUER": site.hostname,
        "MFA_TOTP_TOLERANCE": 1,  # a telephone's clock may be half a minute off
        "MFA_FORMS": {
            "authenticate": "accounts.authentication.forms.LimitedAuthenticateForm",
            "reauthenticate": "accounts.authentication.forms.LimitedReauthenticateForm",
        },
    }
