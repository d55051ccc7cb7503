"""django-allauth's settings: sign-in, sign-up, two-factor authentication. settings.py takes them over.

Readers use its headless API under `/_allauth/`; staff sign in on pages of the admin
(accounts/authentication/urls_staff.py), which are allauth's views with the admin's templates.  Guessing
is limited in accounts/authentication/rate_limits.py.
"""

from newsroom.conf import site
from newsroom.conf.environment import read_choice

EMAIL_VERIFICATION = read_choice(
    "EMAIL_VERIFICATION", "none", "optional", "mandatory", default="optional"
)

# -- Where people sign in, and the addresses in mails ----------------------------------------------------
# Looks an account up by e-mail address in constant time, with Django's hashers and groups.
AUTHENTICATION_BACKENDS = ["accounts.authentication.backend.EmailBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
HEADLESS_ONLY = True
HEADLESS_ADAPTER = "accounts.authentication.allauth_adapter.APIAdapter"
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{site.SITE_URL}/account/verify/{{key}}/",
    "account_reset_password": f"{site.SITE_URL}/account/password/",
    "account_reset_password_from_key": f"{site.SITE_URL}/account/password/{{key}}/",
    "account_signup": f"{site.SITE_URL}/account/",
    "socialaccount_login_error": f"{site.SITE_URL}/account/",
}
ALLAUTH_TRUSTED_PROXY_COUNT = site.TRUSTED_PROXIES

# -- Accounts --------------------------------------------------------------------------------------------
ACCOUNT_ADAPTER = "accounts.authentication.allauth_adapter.ReaderAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUpForm"
ACCOUNT_FORMS = {"login": "accounts.authentication.forms.StaffLoginForm"}
SOCIALACCOUNT_ADAPTER = "accounts.authentication.allauth_adapter.ProviderAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = EMAIL_VERIFICATION
# A sign-up with a taken address is answered like any other (docs/decisions/0021-sign-in.md).
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # to change one's addresses
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = site.SITE_PARTS.scheme
ACCOUNT_SESSION_REMEMBER = True
# accounts.authentication.rate_limits counts wrong passwords and codes itself.
ACCOUNT_RATE_LIMITS = {"login_failed": None}

# -- Second factor: authenticator apps, passkeys, recovery codes -----------------------------------------
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = site.SITE_PARTS.hostname
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_FORMS = {
    "authenticate": "accounts.authentication.forms.LimitedAuthenticateForm",
    "reauthenticate": "accounts.authentication.forms.LimitedReauthenticateForm",
}
