"""Connections to the database, cache, broker and mail server, from their addresses in the environment.

Without DATABASE_URL and REDIS_URL the embedded ones: SQLite, a cache in each process, and a folder of
messages, all under NEWSROOM_DATA.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import DATA_DIR, env, read_bool, read_choice, read_seconds
from newsroom.conf.redis_address import parse_sentinel_address

# libpq's: to connect; until bytes that nobody acknowledges mean that the connection is gone; of keepalives.
POSTGRES_TIMEOUTS = {
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
}
# Of a replica, without which the primary answers; the shortest that libpq has.
REPLICA_TIMEOUTS = {"connect_timeout": 2, "tcp_user_timeout": 1_000}
POSTGRESQL = "django.db.backends.postgresql"
REPLICA_ENGINE = "newsroom.db.replica_backend"
MAX_CONNECTION_AGE_SECONDS = 600
# Enough for a rate-limit counter of each client address: an evicted one starts again at zero.
MAX_LOCAL_CACHE_ENTRIES = 100_000


def database_settings() -> dict[str, Any]:
    """Django's database settings for DATABASE_URL; without one, SQLite under NEWSROOM_DATA."""
    return settings_of_database(
        env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR}/newsroom.sqlite3"
    )


def replica_settings() -> dict[str, Any]:
    """The replica among Django's databases for DATABASE_REPLICA_URL; none without one."""
    url = env.str("DATABASE_REPLICA_URL", default="")
    if not url:
        return {}
    replica, primary = settings_of_database(url), database_settings()
    if not replica["ENGINE"] == primary["ENGINE"] == POSTGRESQL:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL and DATABASE_URL must be postgres://.")
    options = replica["OPTIONS"] | REPLICA_TIMEOUTS
    own = {"ENGINE": REPLICA_ENGINE, "OPTIONS": options, "TEST": {"MIRROR": "default"}}
    return {"replica": replica | own}


def settings_of_database(url: str) -> dict[str, Any]:
    database: dict[str, Any] = env.db_url_config(url)
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = {
            # Take the write lock at the start of a transaction, not in its middle: no deadlocks.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        return database | {"CONN_MAX_AGE": MAX_CONNECTION_AGE_SECONDS}
    if database["ENGINE"].endswith("postgresql"):
        # A server that does not answer is given up early, while connecting and on an open connection.
        options = POSTGRES_TIMEOUTS | database.get("OPTIONS", {})
        defaults = {"CONN_MAX_AGE": MAX_CONNECTION_AGE_SECONDS}
        fixed: dict[str, Any] = {"CONN_HEALTH_CHECKS": True, "OPTIONS": options}
        # Behind PgBouncer in transaction mode, a cursor of the server would end with its transaction.
        if not is_session_pooled():
            fixed["DISABLE_SERVER_SIDE_CURSORS"] = True
        return defaults | database | fixed
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:/// or postgres://.")


def is_session_pooled() -> bool:
    """Whether a connection has a session of PostgreSQL for itself (DATABASE_POOL_MODE)."""
    mode = read_choice("DATABASE_POOL_MODE", "session", "transaction", default="session")
    return mode == "session"


def uses_prepared_statements() -> bool:
    """Whether compiled queries are prepared statements of PostgreSQL (newsroom/db/prepared_statements.py).

    Not by default behind PgBouncer in transaction mode, which loses them before its version 1.21.
    """
    return read_bool("PREPARED_STATEMENTS", default=is_session_pooled())


def cache_settings(redis_url: str) -> dict[str, Any]:
    """Django's cache settings for REDIS_URL; without one, each process has a cache of its own."""
    if not redis_url:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": MAX_LOCAL_CACHE_ENTRIES},
        }
    return {
        "BACKEND": "newsroom.fallback_cache.FallbackRedisCache",
        "LOCATION": redis_url,
        "KEY_PREFIX": "newsroom",
    }


def broker_url(redis_url: str) -> str:
    """Celery's broker for REDIS_URL; without one, messages stay in the memory of the worker."""
    sentinels = parse_sentinel_address(redis_url)
    return sentinels.broker_url() if sentinels else redis_url or "memory://localhost//"


def redis_transport_options(redis_url: str) -> dict[str, Any]:
    """Celery's transport options for Redis, one server or Sentinels.

    Without the timeouts a connection that died silently would freeze beat: kombu waits without end.
    """
    sentinels = parse_sentinel_address(redis_url)
    return {
        **(sentinels.broker_options() if sentinels else {}),
        "visibility_timeout": 3600,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "unacked_restore_throttle": 1,
        # Queues in the order of newsroom/task_queues.py, instead of in turns.
        "queue_order_strategy": "priority",
    }


def email_settings() -> dict[str, Any]:
    """Django's EMAIL_* settings for EMAIL_URL; without one, mails are printed.

    A mail server that does not answer is given up after EMAIL_TIMEOUT seconds.
    """
    email: dict[str, Any] = env.email_url("EMAIL_URL", default="consolemail://")
    timeout = read_seconds("EMAIL_TIMEOUT", default=10, maximum=30)
    if not timeout:
        raise ImproperlyConfigured("EMAIL_TIMEOUT must be more than 0 seconds.")
    return {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False, "EMAIL_TIMEOUT": timeout} | email
