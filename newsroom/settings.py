"""Every setting, from the environment (.env.example); a wrong value stops the start with a sentence.

Without DATABASE_URL and REDIS_URL everything lives under NEWSROOM_DATA (docs/house.md, section 6).
"""

from importlib import import_module
from urllib.parse import urlsplit

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from newsroom.conf import openapi
from newsroom.conf.allauth import allauth_settings
from newsroom.conf.environment import (
    DATA_DIR,
    LOOPBACK_NETWORKS,
    backup_settings,
    broker_settings,
    cache_settings,
    cors_settings,
    database_settings,
    email_settings,
    env,
    read_bool,
    read_choice,
    read_days,
    read_int,
    read_networks,
    read_seconds,
    read_secret_key,
    read_static_root,
    read_token,
    throttle_rates,
)
from newsroom.http.transport_security import transport_security
from newsroom.observability.logging import logging_settings
from newsroom.storage import storage_settings

django_stubs_ext.monkeypatch()  # ModelAdmin[Draft] and the like, at run time too

DEBUG = read_bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
SECRET_KEY = read_secret_key()
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE = urlsplit(SITE_URL)
if SITE.scheme not in {"http", "https"} or not SITE.hostname:
    raise ImproperlyConfigured(f"SITE_URL must be an http(s) address, not {SITE_URL!r}.")
HTTPS = SITE.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# How many proxies of ours stand in front. 0 means that forwarded headers are nobody's word.
TRUSTED_PROXIES = read_int("TRUSTED_PROXIES", default=0, minimum=0, maximum=100)

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
    "newsroom.http.turns.Turns",
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
    "newsroom.api.deprecation.DeprecationMiddleware",
    "newsroom.api.throttling.RateLimitHeadersMiddleware",
    # from here on, public reads pass by: no session, cookie, Vary
    "newsroom.http.middleware.PersonalSessionMiddleware",
    "newsroom.http.middleware.PersonalLocaleMiddleware",
    "newsroom.http.middleware.PersonalCsrfMiddleware",
    "newsroom.http.middleware.PersonalAuthenticationMiddleware",
    "newsroom.http.middleware.PersonalMessageMiddleware",
    "accounts.authentication.remembered_browsers.KnownBrowserMiddleware",
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

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {"default": cache_settings(REDIS_URL)}
# For how long a web process may answer a public read from its memory
# (newsroom/http/response_cache.py), and may go on
# to while the database is away (newsroom/http/stale_if_error.py); 0: never.
RESPONSE_CACHE_SECONDS = read_seconds("KEEP_PUBLIC_SECONDS", default=0.5, maximum=1)
RESPONSE_CACHE_STALE_IF_ERROR_SECONDS = read_seconds(
    "RESPONSE_CACHE_STALE_IF_ERROR_SECONDS", 300, 3600
)
# For how long shared caches may, and may while they fetch anew (newsroom/http/cache_control.py).
SHARED_CACHE_SECONDS = int(read_seconds("SHARED_CACHE_SECONDS", default=1, maximum=86_400))
SHARED_CACHE_STALE_SECONDS = int(read_seconds("SHARED_CACHE_STALE_SECONDS", default=1, maximum=60))
PLANNERS = (
    "desk.models.releases",
    "articles.read_queries",
    "polls.representation",
)  # who knows of planned changes
PLANNED_CHANGES = [f"{room}.next_change" for room in PLANNERS]
CARRIED_BY = {"poll": "articles.visibility.poll", "photo": "articles.visibility.photo"}

# -- Celery. Broker settings: newsroom/conf/environment.py says why each is there. -----------------------
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Asia/Seoul"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "newsroom.beat_scheduler:FileScheduler"
BROKER = broker_settings(REDIS_URL)
vars().update(BROKER)
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER["CELERY_BROKER_TRANSPORT_OPTIONS"]

# -- People ------------------------------------------------------------------------------------
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
EMAIL_VERIFICATION = read_choice(
    "EMAIL_VERIFICATION", "none", "optional", "mandatory", default="optional"
)
vars().update(
    allauth_settings(SITE_URL, SITE, email_verification=EMAIL_VERIFICATION, proxies=TRUSTED_PROXIES)
)
# Whether staff must have a second factor to enter the admin, or may.
STAFF_MFA = read_choice("STAFF_MFA", "offered", "required", default="offered")
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
# Kakao and Naver appear when their keys are in the environment, and not before.
PROVIDER_SITES = {"kakao": "https://*.kakao.com", "naver": "https://*.naver.com"}
for provider in PROVIDER_SITES:
    if client_id := env.str(f"{provider.upper()}_CLIENT_ID", default=""):
        INSTALLED_APPS.append(f"allauth.socialaccount.providers.{provider}")
        secret = env.str(f"{provider.upper()}_CLIENT_SECRET", default="")
        SOCIALACCOUNT_PROVIDERS[provider] = {"APPS": [{"client_id": client_id, "secret": secret}]}
vars().update(email_settings())
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"newsroom@{SITE.hostname}")

# -- Words and times ---------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
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
BACKUP_DIR, BACKUP_HOUR, BACKUP_KEEP = (
    backup_settings()
)  # nightly, where there is a folder for them

# -- Safety ------------------------------------------------------------------------------------
vars().update(transport_security(https=HTTPS, proxies=TRUSTED_PROXIES))
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CORS_ALLOWED_ORIGINS: list[str]  # of the pages of other sites that may call the API
vars().update(cors_settings())
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

# -- The desk and its readers ------------------------------------------------------------------
# Four eyes: an approver who is not the last editor must approve before publication.
FOUR_EYES = read_bool("FOUR_EYES", default=False)
FEED_CONTENT = read_choice(
    "FEED_CONTENT", "summary", "full", default="summary"
)  # without ?content=
# Words that hold a comment, and innocent ones that contain them; none: comments/content_filter.py's own.
COMMENT_HOLD_WORDS = env.list("COMMENT_HOLD_WORDS", default=[])
COMMENT_PASS_WORDS = env.list("COMMENT_PASS_WORDS", default=[])

# -- Whom we call ------------------------------------------------------------------------------
# Webhooks, caches, hubs: public addresses on 80 and 443 alone, and what the operator names here.
DISPATCH_PORTS = env.list("DISPATCH_PORTS", cast=int, default=[])
DISPATCH_PRIVATE_NETWORKS = read_networks("DISPATCH_PRIVATE_NETWORKS")
DISPATCH_KEEP_DAYS = read_days(
    "DISPATCH_KEEP_DAYS", default=30
)  # what was delivered, and its attempts
NOTICE_KEEP_DAYS = read_days(
    "NOTICE_KEEP_DAYS", default=90
)  # notices to people, once they are settled

# -- Looking inside ----------------------------------------------------------------------------
# Who beside this machine may read /metrics; the port at which a worker has its own (0: none).
METRICS_NETWORKS = [*LOOPBACK_NETWORKS, *read_networks("METRICS_NETWORKS")]
METRICS_TOKEN = read_token("METRICS_TOKEN")
METRICS_PORT = env.int("METRICS_PORT", default=0)
LOGGING = logging_settings()
if env.str("SENTRY_DSN", default=""):  # imported only then: nobody else's start pays for it
    import_module("newsroom.observability.sentry").start()
