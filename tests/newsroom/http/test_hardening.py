"""Hardening: security headers on every response, log lines of wrong Host headers, HSTS, file
permissions."""

import io
import json
import logging
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from newsroom import startup
from newsroom.http.transport_security import YEAR_SECONDS, transport_security
from newsroom.observability.logging import JSONFormatter, TextFormatter
from scripts import preflight
from tests.support import make

pytestmark = pytest.mark.django_db
SECURITY_HEADERS = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
)


def missing_headers(response: Any, *names: str) -> list[str]:
    return [name for name in names or SECURITY_HEADERS if not response.has_header(name)]


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/", "same-origin"),
        ("/articles/", "same-origin"),
        ("/account/", "same-origin"),
        ("/admin/login/", "same-origin"),
        ("/health/live", "same-origin"),
        ("/metrics", "same-origin"),
        ("/api/v1/articles/", "cross-origin"),
        ("/api/v1/me/", "same-origin"),
        ("/api/v1/desk/drafts/", "same-origin"),
        ("/feeds/atom.xml", "cross-origin"),
        ("/oembed", "cross-origin"),
        ("/media/photos/none/640.jpg", "cross-origin"),
        ("/sitemap.xml", "cross-origin"),
        ("/robots.txt", "same-origin"),
    ],
)
def test_every_response_has_resource_and_permissions_policy(
    client: Client, path: str, policy: str
) -> None:
    response = client.get(path, headers={"Host": "localhost"})
    assert response["Cross-Origin-Resource-Policy"] == policy
    assert "camera=()" in response["Permissions-Policy"]
    assert "geolocation=()" in response["Permissions-Policy"]


def test_section_feed_and_embedded_poll_are_cross_origin(client: Client) -> None:
    section = make.section()
    feed = client.get(f"/sections/{section.slug}/feeds/atom.xml")
    assert feed["Cross-Origin-Resource-Policy"] == "cross-origin"
    embed = client.get("/polls/1/embed/")
    assert embed["Cross-Origin-Resource-Policy"] == "cross-origin"


def raise_error(*_args: Any, **_more: Any) -> None:
    raise RuntimeError("on purpose")


@pytest.mark.parametrize(
    "path", ["/none-such/", "/api/v1/none-such/", "/media/none", "/articles/x/"]
)
def test_404_has_all_security_headers(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert missing_headers(response) == []


def test_500_of_a_view_has_all_security_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.views.site.front_cards_query", raise_error)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")
    assert missing_headers(response) == []


def test_500_of_a_middleware_has_all_security_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.http.cors.SingleOriginCorsMiddleware.is_enabled", raise_error)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert missing_headers(response) == []


def test_csrf_failure_has_all_security_headers() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/")
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/html")
    assert missing_headers(response) == []


def test_wrong_method_and_broken_body_have_all_security_headers(client: Client) -> None:
    assert missing_headers(client.post("/")) == []
    assert (
        missing_headers(client.put("/api/v1/polls/1/vote/", b"{", content_type="application/json"))
        == []
    )


def test_wrong_host_is_refused_with_all_security_headers(client: Client) -> None:
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert response.json()["code"] == "bad_request"
    assert missing_headers(response) == []


@pytest.mark.parametrize("formatter", [JSONFormatter, TextFormatter])
def test_wrong_host_logs_one_line_without_traceback(
    client: Client, formatter: type[logging.Formatter]
) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter())
    logging.getLogger().addHandler(handler)
    try:
        client.get("/", headers={"Host": "evil.example"})
    finally:
        logging.getLogger().removeHandler(handler)
    # Slow requests are logged too, on a busy machine.
    lines = [line for line in out.getvalue().splitlines() if "newsroom.requests" not in line]
    assert len(lines) == 1
    assert "evil.example" in lines[0]
    assert "WARNING" in lines[0]
    assert "Traceback" not in lines[0]
    if formatter is JSONFormatter:
        assert "exception" not in json.loads(lines[0])


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, (YEAR_SECONDS, True, False)),
        ({"SECURE_HSTS_PRELOAD": "1"}, (YEAR_SECONDS, True, True)),
        ({"SECURE_HSTS_INCLUDE_SUBDOMAINS": "0"}, (YEAR_SECONDS, False, False)),
        ({"SECURE_HSTS_SECONDS": "60"}, (60, True, False)),
    ],
)
def test_hsts_is_configurable_and_preload_is_off_by_default(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: tuple[int, bool, bool]
) -> None:
    for name in ("SECONDS", "INCLUDE_SUBDOMAINS", "PRELOAD"):
        monkeypatch.delenv(f"SECURE_HSTS_{name}", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    values = transport_security(https=True, proxies=0)
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert tuple(values[name] for name in names) == expected


def test_photo_files_are_not_world_readable() -> None:
    photo = make.photo()
    files = [p for p in Path(configured.MEDIA_ROOT).rglob("*") if p.is_file()]
    assert files
    assert photo.pk
    assert all(stat.S_IMODE(file.stat().st_mode) & 0o007 == 0 for file in files)


def test_permissions_of_the_data_folder_are_tightened_at_the_start(
    settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o755)
    key = settings.DATA_DIR / "secret_key"
    others = [settings.DATA_DIR / name.lower() for name in preflight.PURPOSE_SECRETS]
    for file in (key, *others):
        file.touch(mode=0o644)
    before = os.umask(0o022)
    try:
        startup.restrict_data_permissions()
    finally:
        os.umask(before)
    assert stat.S_IMODE(settings.DATA_DIR.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert {stat.S_IMODE(file.stat().st_mode) for file in others} == {0o600}
