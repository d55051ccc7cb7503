"""Environment variables, parsed: one `read_…` function for each kind of value, and the paths.

`.env.example` lists every variable.  A value that cannot be used raises ImproperlyConfigured with a
sentence that names the variable.  The connections (database, cache, broker, mail): conf/backends.py.
"""

import hashlib
import hmac
import ipaddress
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent

# Current name -> deprecated name, which is still read where the current one is not set.
DEPRECATED_NAMES = {
    "COMMENT_ALLOWED_WORDS": "COMMENT_PASS_WORDS",
    "COMMENT_MODERATED_WORDS": "COMMENT_HOLD_WORDS",
    "NOTIFICATION_RETENTION_DAYS": "NOTICE_KEEP_DAYS",
    "OUTBOX_EXTRA_PORTS": "DISPATCH_PORTS",
    "OUTBOX_PRIVATE_NETWORKS": "DISPATCH_PRIVATE_NETWORKS",
    "OUTBOX_RETENTION_DAYS": "DISPATCH_KEEP_DAYS",
    "RESPONSE_CACHE_SECONDS": "KEEP_PUBLIC_SECONDS",
    "SENTRY_TRACES_SAMPLE_RATE": "SENTRY_TRACES",
}


class FileAwareEnvironment(FileAwareMapping):
    """The environment, where every variable may come from a file instead, as secrets are mounted:
    DATABASE_URL_FILE=/run/secrets/database_url. Reads deprecated names too."""

    def __getitem__(self, key: str) -> str:
        try:
            # Editors and `echo` end a file with a newline that is no part of any secret.
            return str(super().__getitem__(key)).rstrip("\r\n")  # type: ignore[no-untyped-call]
        except KeyError:
            if key in DEPRECATED_NAMES:
                return self[DEPRECATED_NAMES[key]]
            raise
        except OSError as error:
            raise ImproperlyConfigured(f"{key}_FILE: {error}") from error


env = environ.Env()
environment_class: Any = FileAwareEnvironment  # whose parent has no types
env.ENVIRON = environment_class(cache=False)
if (PROJECT_ROOT / ".env").is_file():
    env.read_env(PROJECT_ROOT / ".env", overwrite=False)

DATA_DIR = Path(env.str("NEWSROOM_DATA", default=str(PROJECT_ROOT / "var"))).resolve()
LOOPBACK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
ORIGIN_PATTERN = re.compile(
    r"https?://[a-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?"
)
VERSION_PATTERN = re.compile(r"[A-Za-z0-9.-]{1,20}")
RATE_PATTERN = re.compile(r"[1-9]\d{0,8}/(?:s|sec|m|min|h|hour|d|day)")
MIN_TOKEN_CHARS = 16
MAX_DAYS = 36_500


def is_set(name: str) -> bool:
    """Whether the environment has a variable of exactly this name, or its `_FILE`."""
    return name in os.environ or f"{name}_FILE" in os.environ


def deprecated_names_in_use() -> dict[str, str]:
    """Deprecated name -> current name, of each deprecated variable that the environment sets."""
    return {old: new for new, old in DEPRECATED_NAMES.items() if is_set(old)}


def invalid(name: str, rule: str) -> ImproperlyConfigured:
    """The error for a variable: its name as the environment spells it, and what it must be."""
    old = DEPRECATED_NAMES.get(name, name)
    used = old if is_set(old) and not is_set(name) else name
    return ImproperlyConfigured(f"{used} must {rule}.")


def read_secret_key() -> str:
    """SECRET_KEY, else the key in the file that ./run made; there is no default in the code."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    key_file = DATA_DIR / "secret_key"
    if key_file.is_file():
        return key_file.read_text().strip()
    raise ImproperlyConfigured(
        f"Set SECRET_KEY, or start once with ./run, which keeps one in {key_file}."
    )


def has_own_secret(name: str) -> bool:
    """Whether the secret of one purpose is given by a variable, or by the file that ./run made."""
    return bool(read_token(name)) or (DATA_DIR / name.lower()).is_file()


def read_purpose_secret(name: str) -> str:
    """The secret of one purpose: its variable, else the one in the file that ./run made.

    Without either, the HMAC-SHA256 of its name under SECRET_KEY (newsroom.W002): another one as soon as
    that changes.
    """
    if secret := read_token(name):
        return secret
    if has_own_secret(name):
        secret = (DATA_DIR / name.lower()).read_text().strip()
        if len(secret) < MIN_TOKEN_CHARS:
            raise invalid(
                name, f"have {MIN_TOKEN_CHARS} characters or more ({DATA_DIR / name.lower()})"
            )
        return secret
    return hmac.new(read_secret_key().encode(), name.encode(), hashlib.sha256).hexdigest()


def read_static_root() -> Path:
    """The folder of collected static files: STATIC_ROOT, else `var/static` beside the code, else, where
    that may not be written, `static` under NEWSROOM_DATA.

    Beside the code, because the files are the code's: another data folder need not collect them again.
    """
    if static_root := env.str("STATIC_ROOT", default=""):
        return Path(static_root).resolve()
    beside_code = PROJECT_ROOT / "var"
    is_writable = os.access(beside_code if beside_code.exists() else PROJECT_ROOT, os.W_OK)
    return (beside_code if is_writable else DATA_DIR) / "static"


def read_bool(name: str, *, default: bool) -> bool:
    """A variable as a boolean: 1, yes, true, on or 0, no, false, off."""
    value = env.str(name, default="").strip().lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    if value:
        raise invalid(name, f"be 1 or 0, not {value!r}")
    return default


def read_choice(name: str, *choices: str, default: str) -> str:
    """A variable as one of the choices, in lower case."""
    value = env.str(name, default="").strip().lower() or default
    if value not in choices:
        raise invalid(name, f"be one of {', '.join(choices)}, not {value!r}")
    return value


def read_seconds(name: str, default: float, maximum: float) -> float:
    """A variable as seconds, from 0 to `maximum`."""
    try:
        value = float(env.str(name, default="") or default)
    except ValueError:
        value = -1.0
    if not 0 <= value <= maximum:
        raise invalid(name, f"be a number of seconds from 0 to {maximum:g}")
    return value


def read_fraction(name: str) -> float:
    """A variable as a fraction, from 0 to 1; 0 where it is not set."""
    try:
        value = float(env.str(name, default="") or 0)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise invalid(name, "be a share from 0 to 1")
    return value


def read_rate(name: str, *, default: str) -> str | None:
    """A variable as a rate limit, `20/min` (s, min, h, d); None for 0, which is no limit."""
    value = env.str(name, default="").strip() or default
    if value == "0":
        return None
    if not RATE_PATTERN.fullmatch(value):
        raise invalid(name, f"be like 20/min (s, min, h, d) or 0, not {value!r}")
    return value


def throttle_rates() -> dict[str, str | None]:
    """Rate limits by scope for newsroom/api/throttling.py: each by account, else by client address."""
    return {
        "comment": read_rate("RATE_COMMENT", default="20/min"),
        "reaction": read_rate("RATE_REACTION", default="120/min"),
        "report": read_rate("RATE_REPORT", default="20/min"),
        "appeal": read_rate("RATE_APPEAL", default="20/hour"),
        "block_request": read_rate("RATE_BLOCK_REQUEST", default="5/hour"),
        "form_attempt": read_rate("RATE_FORM_ATTEMPT", default="60/hour"),
        "vote": read_rate("RATE_VOTE", default="600/min"),
        "vote_signed_in": read_rate("RATE_VOTE_SIGNED_IN", default="60/min"),
        "ignore": read_rate("RATE_IGNORE", default="60/min"),
        "save": read_rate("RATE_SAVE", default="120/min"),
        "view": read_rate("RATE_VIEW", default="600/min"),
    }


def read_origins(name: str) -> list[str]:
    """A variable as a list of origins, by comma; never a wildcard."""
    origins = [origin.rstrip("/") for origin in env.list(name, default=[])]
    for origin in origins:
        if not ORIGIN_PATTERN.fullmatch(origin):
            raise invalid(name, f"list origins like https://app.example.com, not {origin!r}")
    return origins


def read_days(name: str, *, default: int) -> int:
    """A variable as whole days, one or more."""
    value = env.str(name, default="").strip() or str(default)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MAX_DAYS):
        raise invalid(name, f"be a number of days from 1 on, not {value!r}")
    return int(value)


def read_dates(name: str) -> frozenset[date]:
    """A variable as dates, by comma: 2029-02-12,2029-02-13."""
    values = [value.strip() for value in env.str(name, default="").split(",") if value.strip()]
    try:
        return frozenset(map(date.fromisoformat, values))
    except ValueError as error:
        raise invalid(name, f"be dates such as 2029-02-12, by comma ({error})") from error


def read_int(name: str, *, default: int, minimum: int, maximum: int) -> int:
    """A variable as a whole number from `minimum` to `maximum`."""
    value = env.str(name, default="").strip() or str(default)
    if not (value.isascii() and value.isdigit() and minimum <= int(value) <= maximum):
        raise invalid(name, f"be a whole number from {minimum} to {maximum}, not {value!r}")
    return int(value)


def read_version(name: str, *, default: str) -> str:
    """A variable as the version of a text, such as a day: up to 20 letters, digits, dots and hyphens."""
    value: str = env.str(name, default="").strip() or default
    if not VERSION_PATTERN.fullmatch(value):
        raise invalid(name, f"be a version like 2026-12-01, not {value!r}")
    return value


def read_absolute_path(name: str) -> Path | None:
    """A variable as an absolute path; None where it is not set."""
    value = env.str(name, default="").strip()
    if value and not Path(value).is_absolute():
        raise invalid(name, f"be an absolute path, not {value!r}")
    return Path(value) if value else None


def read_token(name: str) -> str:
    """A variable as a secret of at least MIN_TOKEN_CHARS characters; empty where it is not set."""
    value = str(env.str(name, default=""))
    if value and len(value) < MIN_TOKEN_CHARS:
        raise invalid(name, f"have {MIN_TOKEN_CHARS} characters or more")
    return value


def read_networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """A variable as IP networks in CIDR notation, by comma."""
    try:
        return [ipaddress.ip_network(text.strip()) for text in env.list(name, default=[])]
    except ValueError as error:
        raise invalid(name, f"list networks like 10.0.0.0/8: {error}") from error
