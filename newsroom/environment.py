"""The environment, read: where things live, and the two sizes of the house."""

import ipaddress
import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

HOUSE = Path(__file__).resolve().parent.parent
env = environ.Env()
if (HOUSE / ".env").is_file():
    env.read_env(HOUSE / ".env", overwrite=False)

DATA = Path(env.str("NEWSROOM_DATA", default=str(HOUSE / "var"))).resolve()
QUEUE = DATA / "queue"


def secret_key() -> str:
    """The key from SECRET_KEY or from the file that ./run made; never a default of ours."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    kept = DATA / "secret_key"
    if kept.is_file():
        return kept.read_text().strip()
    raise ImproperlyConfigured(
        f"Set SECRET_KEY, or start once with ./run, which keeps one in {kept}."
    )


def static_root() -> Path:
    """STATIC_ROOT; else beside the code, whose files they are and not the data's, so that another data
    folder need not collect them again; else, where that may not be written, under NEWSROOM_DATA."""
    if given := env.str("STATIC_ROOT", default=""):
        return Path(given).resolve()
    beside = HOUSE / "var"
    writable = os.access(beside if beside.exists() else HOUSE, os.W_OK)
    return (beside if writable else DATA) / "static"


def switch(name: str, *, default: bool) -> bool:
    """Whether a variable says yes. Raises ImproperlyConfigured for anything but 1 and 0 and the like."""
    said = env.str(name, default="").strip().lower()
    if said in {"1", "yes", "true", "on"}:
        return True
    if said in {"0", "no", "false", "off"}:
        return False
    if said:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {said!r}.")
    return default


def seconds(name: str, *, default: float, most: float) -> float:
    """A variable as seconds, from 0 to `most`. Raises ImproperlyConfigured for anything else."""
    try:
        given = float(env.str(name, default="") or default)
    except ValueError:
        given = -1.0
    if not 0 <= given <= most:
        raise ImproperlyConfigured(f"{name} must be a number of seconds from 0 to {most:g}.")
    return given


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks that a variable lists by comma, in CIDR notation."""
    try:
        return [ipaddress.ip_network(text.strip()) for text in env.list(name, default=[])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must list networks like 10.0.0.0/8: {error}") from error


def database() -> dict[str, Any]:
    """Django's database settings for DATABASE_URL; without one, SQLite under NEWSROOM_DATA."""
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA}/newsroom.sqlite3"
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
        return {"CONN_MAX_AGE": 600} | found | {"CONN_HEALTH_CHECKS": True}
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:/// or postgres://.")


def cache(redis_url: str) -> dict[str, Any]:
    """Django's cache settings for REDIS_URL; without one, each process has its own."""
    if not redis_url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
        "KEY_PREFIX": "newsroom",
    }


def broker(redis_url: str) -> dict[str, Any]:
    """Celery's settings for REDIS_URL; without one, a folder of messages (newsroom/spool.py)."""
    return on_redis(redis_url) if redis_url else on_files()


def on_redis(url: str) -> dict[str, Any]:
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


def on_files() -> dict[str, Any]:
    """A prefetch of 1 would take one message each poll (0.2 s) and no more."""
    return {
        "CELERY_BROKER_URL": "filesystem://localhost//",
        "CELERY_BROKER_TRANSPORT": "newsroom.spool:Transport",
        "CELERY_TASK_ACKS_LATE": False,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 4,
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "data_folder_in": str(QUEUE / "waiting"),
            "data_folder_out": str(QUEUE / "waiting"),
            "control_folder": str(QUEUE / "control"),
            "processed_folder": str(QUEUE / "processed"),
            "store_processed": True,
            "polling_interval": 0.2,
        },
    }
