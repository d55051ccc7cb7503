"""Every setting, read from the environment once; a wrong value stops the start with a sentence.

`.env.example` documents the variables.  Two sizes of the same house (docs/house.md, section 6):
without DATABASE_URL and REDIS_URL everything lives under NEWSROOM_DATA.
"""

from importlib import import_module
from urllib.parse import urlsplit

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from newsroom.environment import (
    DATA,
    LOOPBACK,
    broker,
    cache,
    cross_origin,
    database,
    days,
    env,
    mail,
    networks,
    rates,
    seconds,
    secret_key,
    static_root,
    switch,
    token,
)
from newsroom.filing import storages
from newsroom.logs import logging_settings

django_stubs_ext.monkeypatch()  # ModelAdmin[Draft] and the like, at run time too

DEBUG = switch("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
SECRET_KEY = secret_key()
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE = urlsplit(SITE_URL)
if SITE.scheme not in {"http", "https"} or not SITE.hostname:
    raise ImproperlyConfigured(f"SITE_URL must be an http(s) address, not {SITE_URL!r}.")
HTTPS = SITE.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# How many proxies of ours stand in front. 0 means that forwarded headers are nobody's word.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "newsroom",
    "desk.admin_config.NewsroomAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "accounts",
    "logbook",
    "dispatch",
    "polls",
    "media",
    "articles",
    "wire",
    "comments",
    "saves",
    "desk",
    "pages",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "django_prose_editor",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.headless",
]

MIDDLEWARE = [
    "newsroom.watching.Watched",
    "newsroom.turns.Turns",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.origins.Origins",
    "newsroom.middleware.Common",
    "newsroom.conditional.Conditional",
    "newsroom.policy.Policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsroom.kept.KeptReads",
    "newsroom.deprecations.Deprecations",
    "newsroom.throttles.Limits",
    "newsroom.middleware.Session",  # from here on, public reads pass by: no session, cookie, Vary
    "newsroom.middleware.Locale",
    "newsroom.middleware.Csrf",
    "newsroom.middleware.Authentication",
    "newsroom.middleware.Messages",
    "newsroom.strictness.StrictDoors",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {"default": cache(REDIS_URL)}
# For how long a web process may answer a public read from its memory (newsroom/kept.py); 0: never.
KEEP_PUBLIC_SECONDS = seconds("KEEP_PUBLIC_SECONDS", default=0.5, most=1)
# For how long shared caches may, and may while they fetch anew (newsroom/lifetimes.py); 0: never.
SHARED_CACHE_SECONDS = int(seconds("SHARED_CACHE_SECONDS", default=1, most=86_400))
SHARED_CACHE_STALE_SECONDS = int(seconds("SHARED_CACHE_STALE_SECONDS", default=1, most=60))
# Who knows when readers get something else by plan.
PLANNERS = ("desk.releases", "articles.ready", "polls.showing")
PLANNED_CHANGES = [f"{room}.next_change" for room in PLANNERS]
CARRIED_BY = {"poll": "articles.carrying.poll", "photo": "articles.carrying.photo"}

# -- Celery. Broker settings: newsroom/environment.py says why each is there. -----------------------
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Asia/Seoul"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
BROKER = broker(REDIS_URL)
vars().update(BROKER)
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER["CELERY_BROKER_TRANSPORT_OPTIONS"]

# -- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
HEADLESS_ONLY = True
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{SITE_URL}/account/verify/{{key}}/",
    "account_reset_password": f"{SITE_URL}/account/password/",
    "account_reset_password_from_key": f"{SITE_URL}/account/password/{{key}}/",
    "account_signup": f"{SITE_URL}/account/",
    "socialaccount_login_error": f"{SITE_URL}/account/",
}
ACCOUNT_ADAPTER = "accounts.adapter.ReaderAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUp"
SOCIALACCOUNT_ADAPTER = "accounts.adapter.ProviderAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="optional")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
# Kakao and Naver appear when their keys are in the environment, and not before.
PROVIDER_SITES = {"kakao": "https://*.kakao.com", "naver": "https://*.naver.com"}
for provider in PROVIDER_SITES:
    if client_id := env.str(f"{provider.upper()}_CLIENT_ID", default=""):
        INSTALLED_APPS.append(f"allauth.socialaccount.providers.{provider}")
        secret = env.str(f"{provider.upper()}_CLIENT_SECRET", default="")
        SOCIALACCOUNT_PROVIDERS[provider] = {"APPS": [{"client_id": client_id, "secret": secret}]}
vars().update(mail())
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"newsroom@{SITE.hostname}")

# -- Words and times ---------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# -- Files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = static_root()
MEDIA_ROOT = DATA / "media"
STORAGES = storages(debug=DEBUG)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
UPLOAD_MAX_BYTES = 30 * 1024 * 1024

# -- Safety ------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CORS_ALLOWED_ORIGINS: list[str]  # of the pages of other sites that may call the API
vars().update(cross_origin())
# The check looks for Django's own class by name; ours is that class, off the path of public reads.
SILENCED_SYSTEM_CHECKS = ["security.W003"]
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "newsroom.problems.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        # A browser holds the redirects after a form to this too, and sign-in at a provider begins with one.
        "form-action": ["'self'", *(PROVIDER_SITES[name] for name in SOCIALACCOUNT_PROVIDERS)],
        "frame-ancestors": ["'none'"],
    }
}

# -- The API -----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["newsroom.formats.JSON"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "newsroom.formats.OneFormat",
    "DEFAULT_PARSER_CLASSES": ["newsroom.formats.StrictJSON"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": [],
    "DEFAULT_THROTTLE_RATES": rates(),
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "newsroom.problems.handle",
    "DEFAULT_SCHEMA_CLASS": "newsroom.schema.Schema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Newsroom API",
    "DESCRIPTION": "Readers read, staff write and publish. Errors are RFC 9457 problem documents.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "SERVERS": [{"url": "/", "description": "This newsroom."}],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "newsroom.schema.finish",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # what a change must hold, it must hold in a PATCH as well
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ReactionEnum": "comments.models.Reaction.Value",
        "PollStateEnum": "polls.serializers.STATES",
        "CommentStateEnum": "comments.serializers.STATES",
        "ChoiceEnum": "polls.models.Choice",
        "ReleaseStateEnum": "desk.models.Release.State",
        "WireStatusEnum": "wire.models.Story.Status",
        "WireDeliveryStatusEnum": "wire.models.Delivery.Status",
    },
}

# -- The desk ----------------------------------------------------------------------------------
# Four eyes: an approver who is not the last editor must approve before publication.
FOUR_EYES = switch("FOUR_EYES", default=False)

# -- Readers -----------------------------------------------------------------------------------
# Words that hold a comment, and innocent ones that contain them; none: comments/screening.py's own.
COMMENT_HOLD_WORDS = env.list("COMMENT_HOLD_WORDS", default=[])
COMMENT_PASS_WORDS = env.list("COMMENT_PASS_WORDS", default=[])

# -- Whom we call ------------------------------------------------------------------------------
# Webhooks, caches, hubs: public addresses on 80 and 443 alone, and what the operator names here.
DISPATCH_PORTS = env.list("DISPATCH_PORTS", cast=int, default=[])
DISPATCH_PRIVATE_NETWORKS = networks("DISPATCH_PRIVATE_NETWORKS")
DISPATCH_KEEP_DAYS = days("DISPATCH_KEEP_DAYS", default=30)  # what was delivered, and its attempts
NOTICE_KEEP_DAYS = days("NOTICE_KEEP_DAYS", default=90)  # notices to people, once they are settled

# -- Looking inside ----------------------------------------------------------------------------
# Who beside this machine may read /metrics; the port at which a worker has its own (0: none).
METRICS_NETWORKS = [*LOOPBACK, *networks("METRICS_NETWORKS")]
METRICS_TOKEN = token("METRICS_TOKEN")
METRICS_PORT = env.int("METRICS_PORT", default=0)
LOGGING = logging_settings()
if env.str("SENTRY_DSN", default=""):  # imported only then: nobody else's start pays for it
    import_module("newsroom.sentry").start()
