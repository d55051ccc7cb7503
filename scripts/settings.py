"""Settings of ./run itself, needed before anything starts, from the environment and .env."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ

from scripts.errors import StartError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class RunSettings:
    """The settings of one start: address, folder, processes."""

    host: str
    port: int
    data_dir: Path
    site_url: str
    web_workers: int
    web_threads: int
    wants_demo: bool
    has_redis: bool
    is_loopback: bool

    @property
    def local_host(self) -> str:
        """The host by which this machine reaches the web server."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 -- compared, not bound
        return f"[{host}]" if ":" in host else host


def read_settings() -> RunSettings:
    """The settings of this start.

    Raises StartError for a line of .env or a value that cannot be used.
    """
    read_dotenv(PROJECT_ROOT / ".env")
    check_url("DATABASE_URL", {"sqlite", "postgres", "postgresql"})
    check_url("REDIS_URL", {"redis", "rediss", "unix", "redis+socket", "sentinel"})
    host = os.environ.get("HOST") or "127.0.0.1"
    port = read_int("PORT", 8000, maximum=65535)
    site_url = os.environ.get("SITE_URL", "")
    # Only where no other machine can connect: the demo's accounts have a published password.
    is_loopback = host in LOOPBACK_HOSTS and (
        not site_url or urlsplit(site_url).hostname in LOOPBACK_HOSTS
    )
    return RunSettings(
        host=host,
        port=port,
        data_dir=(PROJECT_ROOT / (os.environ.get("NEWSROOM_DATA") or "var")).resolve(),
        site_url=(
            site_url or f"http://{'127.0.0.1' if host in LOOPBACK_HOSTS else host}:{port}"
        ).rstrip("/"),
        web_workers=read_int("WEB_WORKERS", 1, maximum=64),
        # More threads would only wait for the interpreter's lock (docs/performance.md).
        web_threads=read_int("WEB_THREADS", 1, maximum=256),
        wants_demo=should_load_demo(is_loopback),
        has_redis=any(os.environ.get(f"REDIS_URL{suffix}") for suffix in ("", "_FILE")),
        is_loopback=is_loopback,
    )


def should_load_demo(is_loopback: bool) -> bool:
    """Whether to load the demo: DEMO, else only where no other machine can connect. Raises StartError."""
    value = read_bool("DEMO", is_loopback)
    if value and not is_loopback:
        raise StartError(
            "체험용 계정의 비밀번호는 누구나 압니다. DEMO=1은 HOST와 SITE_URL이 이 기계일 때만 됩니다.",
            "The demo's password is published: DEMO=1 is for HOST and SITE_URL of this machine alone.",
        )
    return value


def read_dotenv(path: Path) -> None:
    """Put the variables of .env into the environment, which wins over it. Raises StartError."""
    if not path.is_file():
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise StartError(f"{path}: UTF-8로 저장해 주세요.", f"{path} is not UTF-8.") from None
    for count, line in enumerate(lines, 1):
        if line and not re.match(r"#|(export )?[A-Za-z_0-9]+=", line):
            raise StartError(
                f".env {count}번째 줄을 읽을 수 없습니다: {line[:40]!r} 이름=값 꼴로 적어 주세요.",
                f".env, line {count}: write NAME=value, without spaces around the sign.",
            )
    environ.Env.read_env(path)


def check_url(name: str, schemes: set[str]) -> None:
    """Refuse a URL that cannot be parsed or has another scheme. Raises StartError."""
    value = os.environ.get(name, "")
    try:
        # Sentinels are several hosts, of which the application reads the ports.
        first_host = value.partition(",")[0] if value.startswith("sentinel://") else value
        parts = urlsplit(first_host)
        usable = not value or (parts.scheme in schemes and parts.port != 0)
    except ValueError:
        usable = False
    if not usable:
        kinds = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise StartError(
            f"{name} 주소를 읽을 수 없습니다. {kinds} 가운데 하나로 시작해야 합니다.",
            f"{name} cannot be read; it begins with one of {kinds}.",
        )


def read_int(name: str, default: int, *, maximum: int) -> int:
    """A variable as a whole number from 1 to `maximum`. Raises StartError."""
    value = os.environ.get(name) or str(default)
    if value.isascii() and value.isdigit() and 1 <= int(value) <= maximum:
        return int(value)
    raise StartError(
        f"{name}={value!r}: 1부터 {maximum}까지의 수여야 합니다.",
        f"{name} must be a whole number from 1 to {maximum}.",
    )


def read_bool(name: str, default: bool) -> bool:
    """A variable as a boolean; `auto` and none are the default. Raises StartError."""
    value = os.environ.get(name, "").lower()
    if value in {"", "auto"}:
        return default
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise StartError(f"{name}={value!r}: 1 또는 0으로 적어 주세요.", f"{name} must be 1 or 0.")


def child_environment(settings: RunSettings) -> dict[str, str]:
    """The environment of web, worker, beat and manage.py."""
    return {
        # Lines get their process's name in front, for people to read.
        "LOG_FORMAT": "text",
        **os.environ,
        "HOST": settings.host,
        "PORT": str(settings.port),
        "NEWSROOM_DATA": str(settings.data_dir),
        "WEB_THREADS": str(settings.web_threads),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
