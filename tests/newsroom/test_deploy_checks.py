"""`check --deploy`: each unsafe setting is refused with a sentence and an id of its own."""

import hashlib
import ipaddress
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import ERROR, WARNING
from django.core.exceptions import ImproperlyConfigured

from newsroom import checks
from newsroom.conf import environment
from newsroom.conf.environment import PROJECT_ROOT
from scripts import preflight
from tests.support.loopback.processes import process_environment

GOOD_KEY = "kV3nXw2pQ8rT5yU7iO1aS4dF6gH9jK0lZxCvBnM_-qWeRtYuIoPaSdFgHjKlZxCv"


def ids(check: Any) -> list[str]:
    messages = check(None)
    assert all(message.level == ERROR for message in messages)
    return [str(message.id) for message in messages]


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [(["*"], ["newsroom.E001"]), (["news.kr", "*"], ["newsroom.E001"]), ([".news.kr"], [])],
)
def test_wildcard_allowed_hosts_is_refused(
    settings: Any, hosts: list[str], expected: list[str]
) -> None:
    settings.ALLOWED_HOSTS = hosts
    assert ids(checks.check_allowed_hosts) == expected


@pytest.mark.parametrize(("number", "expected"), [(0, []), (2, []), (99, ["newsroom.E002"])])
def test_too_many_trusted_proxies_are_refused(
    settings: Any, number: int, expected: list[str]
) -> None:
    settings.TRUSTED_PROXIES = number
    assert ids(checks.check_trusted_proxies) == expected


@pytest.mark.parametrize("name", ["METRICS_NETWORKS", "OUTBOX_PRIVATE_NETWORKS"])
@pytest.mark.parametrize(
    ("network", "expected"),
    [("0.0.0.0/0", ["newsroom.E003"]), ("::/0", ["newsroom.E003"]), ("10.0.0.0/8", [])],
)
def test_trusted_network_of_nearly_all_addresses_is_refused(
    settings: Any, name: str, network: str, expected: list[str]
) -> None:
    setattr(settings, name, [ipaddress.ip_network(network)])
    assert ids(checks.check_networks) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (GOOD_KEY, []),
        (
            "0f" * 8 + hashlib.sha256(b"of a test").hexdigest(),
            [],
        ),  # deploy/make-secrets: 64 hexadecimal digits
        ("short-but-random-7Kq", ["newsroom.E004"]),
        ("a" * 64, ["newsroom.E004"]),
        ("abab" * 20, ["newsroom.E004"]),
        ("django-insecure-" + GOOD_KEY, ["newsroom.E004"]),
        ("a key for tests and nothing else, long enough for HS256", ["newsroom.E004"]),
        ("please-change-me-" + GOOD_KEY, ["newsroom.E004"]),
    ],
)
def test_weak_or_published_secret_key_is_refused(
    settings: Any, key: str, expected: list[str]
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, []
    assert ids(checks.check_secret_key) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        # The very address of .env.example.
        ("postgres://newsroom:password@db.example.com:5432/newsroom", ["newsroom.E005"]),
        ("postgres://newsroom:kurz@10.0.0.5/newsroom", ["newsroom.E005"]),
        ("postgres://newsroom:Zr8-kW2_pLq9vTx4@10.0.0.5/newsroom", []),
        ("postgres://newsroom:x@127.0.0.1/newsroom", []),
        ("postgres://newsroom@10.0.0.5/newsroom", []),
        ("", []),
    ],
)
def test_a_published_database_password_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str, expected: list[str]
) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("DATABASE_URL", address)
    assert ids(checks.check_service_passwords) == expected


def test_a_secret_that_follows_from_the_secret_key_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def warnings() -> list[int]:
        return [message.level for message in checks.check_purpose_secrets(None)]

    monkeypatch.setattr(environment, "DATA_DIR", tmp_path)
    monkeypatch.setenv("VOTE_SECRET", "")
    monkeypatch.setenv("SANCTION_SECRET", "")
    derived = environment.read_purpose_secret("VOTE_SECRET")
    assert warnings() == [WARNING, WARNING]
    assert derived != environment.read_purpose_secret("SANCTION_SECRET")
    for name in preflight.PURPOSE_SECRETS:
        preflight.ensure_purpose_secret(name, tmp_path)
    assert warnings() == []
    made = environment.read_purpose_secret("VOTE_SECRET")
    assert made not in {derived, environment.read_purpose_secret("SANCTION_SECRET")}
    preflight.ensure_purpose_secret("VOTE_SECRET", tmp_path)
    assert environment.read_purpose_secret("VOTE_SECRET") == made
    for cut_off in ("", "\n", "short"):
        (tmp_path / "vote_secret").write_text(cut_off)
        with pytest.raises(ImproperlyConfigured, match="VOTE_SECRET"):
            environment.read_purpose_secret("VOTE_SECRET")


def test_a_published_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "example-token-of-a-book")
    monkeypatch.delenv("S3_SECRET_ACCESS_KEY", raising=False)
    assert ids(checks.check_tokens) == ["newsroom.E006"]


@pytest.mark.parametrize(
    ("https", "backend", "expected"),
    [
        (True, "console", ["newsroom.E007"]),
        (True, "dummy", ["newsroom.E007"]),
        (True, "smtp", []),
        (False, "console", []),
    ],
)
def test_console_mail_is_refused_on_an_https_site(
    settings: Any, https: bool, backend: str, expected: list[str]
) -> None:
    settings.HTTPS = https
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert ids(checks.check_email) == expected


def test_check_deploy_reports_all_errors_in_korean_and_fails(tmp_path: Any) -> None:
    over = {
        "SITE_URL": "https://news.example.com",
        "ALLOWED_HOSTS": "*",
        "TRUSTED_PROXIES": "50",
        "EMAIL_URL": "consolemail://",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    env = process_environment(tmp_path, **over)
    command = [sys.executable, "manage.py", "check", "--deploy"]
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    for number in (1, 2, 4, 7):
        assert f"newsroom.E00{number}" in done.stderr
    assert "ALLOWED_HOSTS=news.example.com" in done.stderr
    assert "메일이 나가지 않습니다" in done.stderr


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be a whole number"),
        ({"SECURE_HSTS_PRELOAD": "1", "SECURE_HSTS_SECONDS": "60"}, "SECURE_HSTS_PRELOAD=1 needs"),
        ({"BACKUP_DIR": "backups"}, "BACKUP_DIR must be an absolute path"),
        ({"BACKUP_HOUR": "24"}, "BACKUP_HOUR must be a whole number from 0 to 23"),
    ],
)
def test_invalid_setting_is_reported_in_a_sentence(
    tmp_path: Any, over: dict[str, str], words: str
) -> None:
    env = process_environment(
        tmp_path, DATABASE_URL="", REDIS_URL="", SITE_URL="https://news.example.com"
    )
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=env | over, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_deprecated_environment_variables_are_warned_about(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_deprecated_variables(None) == []
    monkeypatch.setenv("KEEP_PUBLIC_SECONDS", "0.5")
    (warning,) = checks.check_deprecated_variables(None)
    assert (warning.level, warning.id) == (WARNING, "newsroom.W001")
    assert {"KEEP_PUBLIC_SECONDS", "RESPONSE_CACHE_SECONDS"} <= set(
        re.findall(r"[A-Z_]{5,}", warning.msg)
    )
