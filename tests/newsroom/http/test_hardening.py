"""Security headers on every answer, one line for a wrong Host, files that are nobody else's."""

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
from tests.support import make

pytestmark = pytest.mark.django_db
WHOLE_SET = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
)


def missing(answer: Any, *names: str) -> list[str]:
    return [name for name in names or WHOLE_SET if not answer.has_header(name)]


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
def test_every_answer_says_what_may_embed_it_and_what_it_may_use(
    client: Client, path: str, policy: str
) -> None:
    answer = client.get(path, headers={"Host": "localhost"})
    assert answer["Cross-Origin-Resource-Policy"] == policy
    assert "camera=()" in answer["Permissions-Policy"]
    assert "geolocation=()" in answer["Permissions-Policy"]


def test_a_section_feed_and_an_embedded_poll_may_be_embedded(client: Client) -> None:
    section = make.section()
    feed = client.get(f"/sections/{section.slug}/feeds/atom.xml")
    assert feed["Cross-Origin-Resource-Policy"] == "cross-origin"
    embed = client.get("/polls/1/embed/")
    assert embed["Cross-Origin-Resource-Policy"] == "cross-origin"


def broken(*_args: Any, **_more: Any) -> None:
    raise RuntimeError("on purpose")


@pytest.mark.parametrize(
    "path", ["/none-such/", "/api/v1/none-such/", "/media/none", "/articles/x/"]
)
def test_a_404_carries_the_whole_set(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert missing(answer) == []


def test_a_page_that_broke_carries_the_whole_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.views.site.live_cards", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/html")
    assert missing(answer) == []


def test_a_middleware_that_broke_leaves_the_whole_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.http.cors.SingleOriginCorsMiddleware.is_enabled", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert missing(answer) == []


def test_a_refused_form_carries_the_whole_set() -> None:
    answer = Client(enforce_csrf_checks=True).post("/admin/login/")
    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("text/html")
    assert missing(answer) == []


def test_a_withdrawn_story_and_a_wrong_method_carry_the_whole_set(client: Client) -> None:
    assert missing(client.post("/")) == []
    assert missing(client.put("/api/v1/polls/1/vote/", b"{", content_type="application/json")) == []


def test_a_wrong_host_is_refused_with_the_whole_set(client: Client) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"
    assert missing(answer) == []


@pytest.mark.parametrize("formatter", [JSONFormatter, TextFormatter])
def test_a_wrong_host_writes_one_line_and_no_traceback(
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
    # Whatever takes over a second leaves a line of its own, on a machine that is busy.
    lines = [line for line in out.getvalue().splitlines() if "newsroom.requests" not in line]
    assert len(lines) == 1
    assert "evil.example" in lines[0]
    assert "WARNING" in lines[0]
    assert "Traceback" not in lines[0]
    if formatter is JSONFormatter:
        assert "exception" not in json.loads(lines[0])


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, (YEAR_SECONDS, True, False)),
        ({"SECURE_HSTS_PRELOAD": "1"}, (YEAR_SECONDS, True, True)),
        ({"SECURE_HSTS_INCLUDE_SUBDOMAINS": "0"}, (YEAR_SECONDS, False, False)),
        ({"SECURE_HSTS_SECONDS": "60"}, (60, True, False)),
    ],
)
def test_hsts_has_its_switches_and_preload_is_off(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], wanted: tuple[int, bool, bool]
) -> None:
    for name in ("SECONDS", "INCLUDE_SUBDOMAINS", "PRELOAD"):
        monkeypatch.delenv(f"SECURE_HSTS_{name}", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    made = transport_security(https=True, proxies=0)
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert tuple(made[name] for name in names) == wanted


def test_a_photo_file_is_closed_to_strangers() -> None:
    photo = make.photo()
    files = [p for p in Path(configured.MEDIA_ROOT).rglob("*") if p.is_file()]
    assert files
    assert photo.pk
    assert all(stat.S_IMODE(file.stat().st_mode) & 0o007 == 0 for file in files)


def test_data_that_was_open_is_closed_at_the_next_start(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o755)
    key = settings.DATA_DIR / "secret_key"
    key.touch(mode=0o644)
    before = os.umask(0o022)
    try:
        startup.restrict_data_permissions()
    finally:
        os.umask(before)
    assert stat.S_IMODE(settings.DATA_DIR.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
