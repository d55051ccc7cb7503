"""What ./run itself must know before anything starts, read from the environment and .env."""

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
    """One start: where it listens, where it keeps things, how many hands it has."""

    host: str
    port: int
    data: Path
    site: str
    web_workers: int
    web_threads: int
    wants_demo: bool
    has_redis: bool
    is_loopback: bool

    @property
    def local_host(self) -> str:
        """The address at which this machine itself reaches the web server."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 -- asked about, not bound
        return f"[{host}]" if ":" in host else host


def read_settings() -> RunSettings:
    """The settings of this start.

    Raises Trouble for a line of .env or a value that cannot be used.
    """
    read_dotenv(PROJECT_ROOT / ".env")
    check_url("DATABASE_URL", {"sqlite", "postgres", "postgresql"})
    check_url("REDIS_URL", {"redis", "rediss", "unix", "redis+socket"})
    host = os.environ.get("HOST") or "127.0.0.1"
    port = read_int("PORT", 8000, maximum=65535)
    given = os.environ.get("SITE_URL", "")
    # Accounts with a published password belong on one's own machine only.
    at_home = host in LOOPBACK_HOSTS and (not given or urlsplit(given).hostname in LOOPBACK_HOSTS)
    return RunSettings(
        host=host,
        port=port,
        data=(PROJECT_ROOT / (os.environ.get("NEWSROOM_DATA") or "var")).resolve(),
        site=(given or f"http://{'127.0.0.1' if host in LOOPBACK_HOSTS else host}:{port}").rstrip(
            "/"
        ),
        web_workers=read_int("WEB_WORKERS", 1, maximum=64),
        # Two, so that a photo being taken in holds up nobody; more would only wait for the interpreter's
        # lock (docs/performance.md).
        web_threads=read_int("WEB_THREADS", 1, maximum=256),
        wants_demo=should_load_demo(at_home),
        has_redis=bool(os.environ.get("REDIS_URL") or os.environ.get("REDIS_URL_FILE")),
        is_loopback=at_home,
    )


def should_load_demo(at_home: bool) -> bool:
    """What DEMO says, else whether only this machine can look. Raises Trouble for the demo elsewhere."""
    wanted = read_bool("DEMO", at_home)
    if wanted and not at_home:
        raise StartError(
            "체험용 계정의 비밀번호는 누구나 압니다. DEMO=1은 HOST와 SITE_URL이 이 기계일 때만 됩니다.",
            "The demo's password is published: DEMO=1 is for HOST and SITE_URL of this machine alone.",
        )
    return wanted


def read_dotenv(path: Path) -> None:
    """Put what .env says into the environment, where the environment says nothing itself."""
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
    """Refuse an address that would end in a traceback of somebody else's parser."""
    said = os.environ.get(name, "")
    try:
        usable = not said or (urlsplit(said).scheme in schemes and urlsplit(said).port != 0)
    except ValueError:
        usable = False
    if not usable:
        kinds = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise StartError(
            f"{name} 주소를 읽을 수 없습니다. {kinds} 가운데 하나로 시작해야 합니다.",
            f"{name} cannot be read; it begins with one of {kinds}.",
        )


def read_int(name: str, default: int, *, maximum: int) -> int:
    """A whole number from 1 to `most`."""
    said = os.environ.get(name) or str(default)
    if said.isascii() and said.isdigit() and 1 <= int(said) <= maximum:
        return int(said)
    raise StartError(
        f"{name}={said!r}: 1부터 {maximum}까지의 수여야 합니다.",
        f"{name} must be a whole number from 1 to {maximum}.",
    )


def read_bool(name: str, default: bool) -> bool:
    said = os.environ.get(name, "").lower()
    if said in {"", "auto"}:
        return default
    if said in {"1", "yes", "true", "on"}:
        return True
    if said in {"0", "no", "false", "off"}:
        return False
    raise StartError(f"{name}={said!r}: 1 또는 0으로 적어 주세요.", f"{name} must be 1 or 0.")


def child_environment(settings: RunSettings) -> dict[str, str]:
    """What web, worker, beat and manage.py are given."""
    return {
        # Every line gets its child's name in front, which is for a person to read.
        "LOG_FORMAT": "text",
        **os.environ,
        "HOST": settings.host,
        "PORT": str(settings.port),
        "NEWSROOM_DATA": str(settings.data),
        "WEB_THREADS": str(settings.web_threads),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
