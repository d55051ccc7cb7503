"""Django settings, from the environment (.env.example); a wrong value stops the start with a sentence.

Without DATABASE_URL and REDIS_URL the newsroom is embedded, all of it under NEWSROOM_DATA (docs/house.md).
"""

from importlib import import_module

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from newsroom.conf import backends, openapi, site
from newsroom.conf.allauth import *  # noqa: F403  # every setting of django-allauth
from newsroom.conf.environment import (
    DATA_DIR,
    LOOPBACK_NETWORKS,
    env,
    read_absolute_path,
    read_bool,
    read_choice,
    read_dates,
    read_days,
    read_int,
    read_networks,
    read_origins,
    read_seconds,
    read_secret_key,
    read_static_root,
    read_token,
    throttle_rates,
)
from newsroom.conf.readers import *  # noqa: F403  # every setting of readers
from newsroom.conf.voting import *  # noqa: F403  # every setting of polls
from newsroom.http.transport_security import transport_security
from newsroom.observability.logging import logging_settings
from newsroom.storage import storage_settings

django_stubs_ext.monkeypatch()  # ModelAdmin[Draft] and the like, at run time too

DEBUG = read_bool("DEBUG", default=False)
SECRET_KEY = read_secret_key()
SITE_URL = site.SITE_URL
SITE_PARTS = site.SITE_PARTS
HTTPS = site.HTTPS
TRUSTED_PROXIES = site.TRUSTED_PROXIES
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_PARTS.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

INSTALLED_APPS = [
    "newsroom",
    "newsroom.admin.apps.NewsroomAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "accounts",
    "audit",
    "outbox",
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
    "allauth.mfa",
]

MIDDLEWARE = [
    "newsroom.http.security_headers.SecurityHeadersMiddleware",
    "newsroom.observability.request_metrics.RequestMetricsMiddleware",
    "newsroom.http.middleware.PermanentRedirectMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.http.cors.SingleOriginCorsMiddleware",
    "newsroom.http.middleware.CacheableCommonMiddleware",
    "newsroom.http.etag.ConditionalResponseMiddleware",
    "newsroom.http.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsroom.server.body_limits.BodyLimitMiddleware",
    "newsroom.http.response_cache.ResponseCacheMiddleware",
    "newsroom.http.backend_error_middleware.BackendFailureMiddleware",
    "newsroom.http.replica_middleware.ReplicaReadsMiddleware",
    "newsroom.api.deprecation.DeprecationMiddleware",
    "newsroom.api.throttling.RateLimitHeadersMiddleware",
    # from here on, public reads pass by: no session, cookie, Vary
    "newsroom.http.middleware.PersonalSessionMiddleware",
    "newsroom.http.middleware.PersonalLocaleMiddleware",
    "newsroom.http.middleware.PersonalCsrfMiddleware",
    "newsroom.http.middleware.PersonalAuthenticationMiddleware",
    "newsroom.http.middleware.PersonalMessageMiddleware",
    "accounts.authentication.known_browser.KnownBrowserMiddleware",
    "newsroom.http.path_validation.RequestValidationMiddleware",
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

DATABASES = {"default": backends.database_settings(), **backends.replica_settings()}
PREPARED_STATEMENTS = backends.uses_prepared_statements()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {"default": backends.cache_settings(REDIS_URL)}
# Age up to which the response cache answers a public read (newsroom/http/response_cache.py), and up to
# which it does while the database is away (newsroom/http/stale_if_error.py). 0: never.
RESPONSE_CACHE_SECONDS = read_seconds("RESPONSE_CACHE_SECONDS", default=0.5, maximum=1)
RESPONSE_CACHE_STALE_IF_ERROR_SECONDS = read_seconds(
    "RESPONSE_CACHE_STALE_IF_ERROR_SECONDS", default=300, maximum=3600
)
# s-maxage and stale-while-revalidate of public reads (newsroom/http/cache_control.py).
SHARED_CACHE_SECONDS = int(read_seconds("SHARED_CACHE_SECONDS", default=1, maximum=86_400))
SHARED_CACHE_STALE_SECONDS = int(read_seconds("SHARED_CACHE_STALE_SECONDS", default=1, maximum=60))

# -- Celery -----------------------------------------------------------------------------------
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Asia/Seoul"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "newsroom.beat_scheduler:FileScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
# Without Redis, messages stay in the memory of the worker, which runs beat (newsroom/embedded_beat.py).
CELERY_BROKER_URL = backends.broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    backends.redis_transport_options(REDIS_URL) if REDIS_URL else {"polling_interval": 0.1}
)
# With Redis, a worker that dies gives its tasks back.
CELERY_TASK_ACKS_LATE = bool(REDIS_URL)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1 if REDIS_URL else 4

# -- Accounts ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.authentication.published_password.PublishedPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Second factor of staff: required to enter the admin, or offered.
STAFF_MFA = read_choice("STAFF_MFA", "offered", "required", default="offered")
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
# Kakao and Naver appear when their keys are in the environment, and not before.
PROVIDER_SITES = {"kakao": "https://*.kakao.com", "naver": "https://*.naver.com"}
for provider in PROVIDER_SITES:
    if client_id := env.str(f"{provider.upper()}_CLIENT_ID", default=""):
        INSTALLED_APPS.append(f"allauth.socialaccount.providers.{provider}")
        secret = env.str(f"{provider.upper()}_CLIENT_SECRET", default="")
        SOCIALACCOUNT_PROVIDERS[provider] = {"APPS": [{"client_id": client_id, "secret": secret}]}
_email = backends.email_settings()
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = _email["EMAIL_TIMEOUT"]
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"newsroom@{SITE_PARTS.hostname}")

# -- Language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
# The language switch is the admin's: its choice is not sent with what Korean reader pages ask the API for.
LANGUAGE_COOKIE_PATH = "/admin/"
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# -- Files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = read_static_root()
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = storage_settings(debug=DEBUG)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
UPLOAD_MAX_BYTES = 30 * 1024 * 1024
# Nightly backups (newsroom/backup/schedule.py): the folder, the hour, the number that is kept.
BACKUP_DIR = read_absolute_path("BACKUP_DIR")
BACKUP_HOUR = read_int("BACKUP_HOUR", default=3, minimum=0, maximum=23)
BACKUP_KEEP = read_int("BACKUP_KEEP", default=7, minimum=1, maximum=1000)

# -- Security ----------------------------------------------------------------------------------
_transport = transport_security(https=HTTPS, proxies=TRUSTED_PROXIES)
SECURE_SSL_REDIRECT = _transport["SECURE_SSL_REDIRECT"]
SECURE_REDIRECT_EXEMPT = _transport["SECURE_REDIRECT_EXEMPT"]
SECURE_PROXY_SSL_HEADER = _transport["SECURE_PROXY_SSL_HEADER"]
SECURE_HSTS_SECONDS = _transport["SECURE_HSTS_SECONDS"]
SECURE_HSTS_INCLUDE_SUBDOMAINS = _transport["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
SECURE_HSTS_PRELOAD = _transport["SECURE_HSTS_PRELOAD"]
SILENCED_SYSTEM_CHECKS = _transport["SILENCED_SYSTEM_CHECKS"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
# Other sites whose pages may call the API (newsroom/http/cors.py).
CORS_ALLOWED_ORIGINS = read_origins("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_CREDENTIALS = bool(CORS_ALLOWED_ORIGINS)
CORS_ALLOW_HEADERS = (
    *("accept", "authorization", "content-type", "if-match", "if-none-match"),
    *("x-csrftoken", "x-session-token"),
)
CORS_EXPOSE_HEADERS = (
    *("etag", "retry-after", "location", "link", "ratelimit", "ratelimit-policy"),
    *("deprecation", "sunset"),
)
CORS_URLS_REGEX = r"^/(api|_allauth)/"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "newsroom.api.problem_details.csrf_failure"
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
    "DEFAULT_RENDERER_CLASSES": ["newsroom.api.renderers.UTF8JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "newsroom.api.renderers.JSONOnlyNegotiation",
    "DEFAULT_PARSER_CLASSES": ["newsroom.api.renderers.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": [],
    "DEFAULT_THROTTLE_RATES": throttle_rates(),
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "newsroom.api.problem_details.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "newsroom.api.openapi.schema.NewsroomAutoSchema",
}

SPECTACULAR_SETTINGS = openapi.SPECTACULAR_SETTINGS

# -- Editorial ---------------------------------------------------------------------------------
# Four eyes: an approver who is not the last editor must approve before publication.
FOUR_EYES = read_bool("FOUR_EYES", default=False)
LINK_CHECKS = read_bool("LINK_CHECKS", default=True)
FEED_CONTENT = read_choice("FEED_CONTENT", "summary", "full", default="summary")  # no ?content=

# -- Outbound HTTP ----------------------------------------------------------------------------
# Webhooks, caches, hubs are called at public addresses on ports 80 and 443, and at these.
OUTBOX_EXTRA_PORTS = env.list("OUTBOX_EXTRA_PORTS", cast=int, default=[])
OUTBOX_PRIVATE_NETWORKS = read_networks("OUTBOX_PRIVATE_NETWORKS")
OUTBOX_RETENTION_DAYS = read_days("OUTBOX_RETENTION_DAYS", default=30)  # delivered events, attempts
NOTIFICATION_RETENTION_DAYS = read_days("NOTIFICATION_RETENTION_DAYS", default=90)  # settled ones
# Personal data of claimants (desk/models/claims.py), after a claim is closed: three years, in which damages
# may be sued for (민법 §766 ①). Public holidays that desk/legal_deadlines.py does not list.
CLAIMANT_RETENTION_DAYS = read_days("CLAIMANT_RETENTION_DAYS", default=1095)
CLAIM_HOLIDAYS = read_dates("CLAIM_HOLIDAYS")

# -- Wire ---------------------------------------------------------------------------------------
# Watched folders lie inside this one (docs/wire_channels.md, also for passwords: WIRE_PASSWORD_…).
WIRE_FOLDERS_DIR = env.str("WIRE_FOLDERS_DIR", default=str(DATA_DIR / "wire"))
# Base address of an OpenAI-compatible API (…/v1) that suggests lines. Empty: off, nothing is sent.
ASSISTANT_URL = env.str("ASSISTANT_URL", default="")
ASSISTANT_KEY, ASSISTANT_MODEL = (env.str(f"ASSISTANT_{n}", default="") for n in ("KEY", "MODEL"))
ASSISTANT_TIMEOUT_SECONDS = env.float("ASSISTANT_TIMEOUT_SECONDS", default=30.0)

# -- Observability ----------------------------------------------------------------------------
# Client addresses that may read /metrics, beside this machine; the port of a worker's own (0: none).
METRICS_NETWORKS = [*LOOPBACK_NETWORKS, *read_networks("METRICS_NETWORKS")]
METRICS_TOKEN = read_token("METRICS_TOKEN")
METRICS_PORT = env.int("METRICS_PORT", default=0)
LOGGING = logging_settings()
if env.str("SENTRY_DSN", default=""):  # imported only then: the import takes a second
    import_module("newsroom.observability.sentry").init_sentry()
