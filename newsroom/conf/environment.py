"""The environment, read: where things live, and the two sizes of the house."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent


class FileAwareEnvironment(FileAwareMapping):
    """The environment, where every variable may come from a file instead, as secrets are mounted:
    DATABASE_URL_FILE=/run/secrets/database_url."""

    def __getitem__(self, key: str) -> str:
        try:
            # Editors and `echo` end a file with a newline that is no part of any secret.
            return str(super().__getitem__(key)).rstrip("\r\n")  # type: ignore[no-untyped-call]
        except OSError as closed:
            raise ImproperlyConfigured(f"{key}_FILE: {closed}") from closed


env = environ.Env()
given: Any = FileAwareEnvironment  # whose parent has no types
env.ENVIRON = given(cache=False)
if (PROJECT_ROOT / ".env").is_file():
    env.read_env(PROJECT_ROOT / ".env", overwrite=False)

DATA_DIR = Path(env.str("NEWSROOM_DATA", default=str(PROJECT_ROOT / "var"))).resolve()
LOOPBACK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
ORIGIN_PATTERN = re.compile(
    r"https?://[a-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?"
)
RATE_PATTERN = re.compile(r"[1-9]\d{0,8}/(?:s|sec|m|min|h|hour|d|day)")
MIN_TOKEN_CHARS = 16
# libpq's: to connect; until bytes that nobody acknowledges mean that the connection is gone; of keepalives.
POSTGRES_TIMEOUTS = {
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
}


def read_secret_key() -> str:
    """The key from SECRET_KEY or from the file that ./run made; never a default of ours."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    kept = DATA_DIR / "secret_key"
    if kept.is_file():
        return kept.read_text().strip()
    raise ImproperlyConfigured(
        f"Set SECRET_KEY, or start once with ./run, which keeps one in {kept}."
    )


def read_static_root() -> Path:
    """STATIC_ROOT; else beside the code, whose files they are and not the data's, so that another data
    folder need not collect them again; else, where that may not be written, under NEWSROOM_DATA."""
    if given := env.str("STATIC_ROOT", default=""):
        return Path(given).resolve()
    beside = PROJECT_ROOT / "var"
    writable = os.access(beside if beside.exists() else PROJECT_ROOT, os.W_OK)
    return (beside if writable else DATA_DIR) / "static"


def read_bool(name: str, *, default: bool) -> bool:
    """Whether a variable says yes. Raises ImproperlyConfigured for anything but 1 and 0 and the like."""
    said = env.str(name, default="").strip().lower()
    if said in {"1", "yes", "true", "on"}:
        return True
    if said in {"0", "no", "false", "off"}:
        return False
    if said:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {said!r}.")
    return default


def read_choice(name: str, *choices: str, default: str) -> str:
    """A variable that names one of these. Raises ImproperlyConfigured for anything else."""
    given = env.str(name, default="").strip().lower() or default
    if given not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {given!r}.")
    return given


def read_seconds(name: str, default: float, maximum: float) -> float:
    """A variable as seconds, from 0 to `most`. Raises ImproperlyConfigured for anything else."""
    try:
        given = float(env.str(name, default="") or default)
    except ValueError:
        given = -1.0
    if not 0 <= given <= maximum:
        raise ImproperlyConfigured(f"{name} must be a number of seconds from 0 to {maximum:g}.")
    return given


def read_rate(name: str, *, default: str) -> str | None:
    """A variable as `20/min` (s, min, h, d); None for 0, which is no limit. Raises ImproperlyConfigured."""
    said = env.str(name, default="").strip() or default
    if said == "0":
        return None
    if not RATE_PATTERN.fullmatch(said):
        raise ImproperlyConfigured(f"{name} must be like 20/min (s, min, h, d) or 0, not {said!r}.")
    return said


def throttle_rates() -> dict[str, str | None]:
    """How often somebody may write what, as newsroom/api/throttling.py counts it: by account or by address,
    with another rate for accounts where there is one."""
    return {
        "comment": read_rate("RATE_COMMENT", default="20/min"),
        "reaction": read_rate("RATE_REACTION", default="120/min"),
        "report": read_rate("RATE_REPORT", default="20/min"),
        "vote": read_rate("RATE_VOTE", default="600/min"),
        "vote_signed_in": read_rate("RATE_VOTE_SIGNED_IN", default="60/min"),
        "save": read_rate("RATE_SAVE", default="120/min"),
        "view": read_rate("RATE_VIEW", default="600/min"),
    }


def cors_settings() -> dict[str, Any]:
    """What pages of other sites may do here, for newsroom/http/cors.py; without any site, nothing.

    Raises ImproperlyConfigured for what is no origin: a wildcard above all.
    """
    named = [origin.rstrip("/") for origin in env.list("CORS_ALLOWED_ORIGINS", default=[])]
    if wrong := [origin for origin in named if not ORIGIN_PATTERN.fullmatch(origin)]:
        raise ImproperlyConfigured(
            f"CORS_ALLOWED_ORIGINS must list origins like https://app.example.com, not {wrong[0]!r}."
        )
    allowed = "accept authorization content-type if-match if-none-match x-csrftoken x-session-token"
    exposed = "etag retry-after location link ratelimit ratelimit-policy deprecation sunset"
    return {
        "CORS_ALLOWED_ORIGINS": named,
        "CORS_ALLOW_CREDENTIALS": bool(named),
        "CORS_ALLOW_HEADERS": tuple(allowed.split()),
        "CORS_EXPOSE_HEADERS": tuple(exposed.split()),
        "CORS_URLS_REGEX": r"^/(api|_allauth)/",
    }


def read_days(name: str, *, default: int) -> int:
    """A variable as whole days, one or more. Raises ImproperlyConfigured for anything else."""
    said = env.str(name, default="").strip() or str(default)
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= 36_500):
        raise ImproperlyConfigured(f"{name} must be a number of days from 1 on, not {said!r}.")
    return int(said)


def read_int(name: str, *, default: int, minimum: int, maximum: int) -> int:
    """A variable as a whole number from `least` to `most`. Raises ImproperlyConfigured."""
    said = env.str(name, default="").strip() or str(default)
    if not (said.isascii() and said.isdigit() and minimum <= int(said) <= maximum):
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {minimum} to {maximum}, not {said!r}."
        )
    return int(said)


def backup_settings() -> tuple[Path | None, int, int]:
    """Nightly backups (newsroom/backup/schedule.py): the folder, the hour, how many are kept."""
    folder = env.str("BACKUP_DIR", default="").strip()
    if folder and not Path(folder).is_absolute():
        raise ImproperlyConfigured(f"BACKUP_DIR must be an absolute path, not {folder!r}.")
    hour = read_int("BACKUP_HOUR", default=3, minimum=0, maximum=23)
    kept = read_int("BACKUP_KEEP", default=7, minimum=1, maximum=1000)
    return Path(folder) if folder else None, hour, kept


def read_token(name: str) -> str:
    """A variable as a secret; empty where there is none. Raises ImproperlyConfigured for a short one."""
    said = str(env.str(name, default=""))
    if said and len(said) < MIN_TOKEN_CHARS:
        raise ImproperlyConfigured(f"{name} must have {MIN_TOKEN_CHARS} characters or more.")
    return said


def read_networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks that a variable lists by comma, in CIDR notation."""
    try:
        return [ipaddress.ip_network(text.strip()) for text in env.list(name, default=[])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must list networks like 10.0.0.0/8: {error}") from error


def database_settings() -> dict[str, Any]:
    """Django's database settings for DATABASE_URL; without one, SQLite under NEWSROOM_DATA."""
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR}/newsroom.sqlite3"
    found: dict[str, Any] = env.db_url_config(url)
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = {
            # Take the write lock at the start of a transaction, not in its middle: no deadlocks.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        return found | {"CONN_MAX_AGE": 600}
    if found["ENGINE"].endswith("postgresql"):
        # A server that does not even refuse is given up early, on the way there and on one that was good.
        options = POSTGRES_TIMEOUTS | found.get("OPTIONS", {})
        return {"CONN_MAX_AGE": 600} | found | {"CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:/// or postgres://.")


def cache_settings(redis_url: str) -> dict[str, Any]:
    """Django's cache settings for REDIS_URL; without one, each process has its own."""
    if not redis_url:
        # Room for a counter of each address that writes: one that is thrown out begins at nothing.
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    return {
        "BACKEND": "newsroom.fallback_cache.FallbackRedisCache",
        "LOCATION": redis_url,
        "KEY_PREFIX": "newsroom",
    }


def broker_settings(redis_url: str) -> dict[str, Any]:
    """Celery's settings for REDIS_URL; without one, kombu's in-memory transport, whose messages never
    leave the worker: beat runs in it (newsroom/embedded_beat.py)."""
    return redis_broker_settings(redis_url) if redis_url else in_memory_broker_settings()


def redis_broker_settings(url: str) -> dict[str, Any]:
    """Acknowledged late: a worker that dies gives its task back. Without the timeouts a connection
    that died silently would freeze beat for ever (kombu waits without end by default)."""
    return {
        "CELERY_BROKER_URL": url,
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "visibility_timeout": 3600,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "unacked_restore_throttle": 1,
        },
    }


def in_memory_broker_settings() -> dict[str, Any]:
    """Only ticks of beat travel: tasks find due rows, so that a message lost with its process is made up
    for by the next one."""
    return {
        "CELERY_BROKER_URL": "memory://localhost//",
        "CELERY_TASK_ACKS_LATE": False,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 4,
        "CELERY_BROKER_TRANSPORT_OPTIONS": {"polling_interval": 0.1},
    }


def read_fraction(name: str) -> float:
    """A variable as a share, from 0 to 1; 0 where it says nothing. Raises ImproperlyConfigured."""
    try:
        given = float(env.str(name, default="") or 0)
    except ValueError:
        given = -1.0
    if not 0 <= given <= 1:
        raise ImproperlyConfigured(f"{name} must be a share from 0 to 1.")
    return given


def email_settings() -> dict[str, Any]:
    """Django's e-mail settings for EMAIL_URL; without one, letters are printed. A mail server that
    does not answer is given up after EMAIL_TIMEOUT seconds, not waited for without end."""
    found: dict[str, Any] = env.email_url("EMAIL_URL", default="consolemail://")
    patience = read_seconds("EMAIL_TIMEOUT", default=10, maximum=30)
    if not patience:
        raise ImproperlyConfigured("EMAIL_TIMEOUT must be more than 0 seconds.")
    return {"EMAIL_TIMEOUT": patience} | found
