"""The published password of the demo is refused on a site that is reachable from outside."""

import io
import subprocess
import sys
from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from rest_framework.test import APIClient

from accounts.actions import issue_token
from accounts.authentication.published_password import (
    CHECKED_FILE,
    PUBLISHED_PASSWORD,
    holders_of_published_password,
)
from accounts.models import User
from audit.models import Entry
from desk.demo.people import get_or_create_people
from newsroom.http.canonical_urls import is_reachable_from_outside
from newsroom.startup import CannotStart, refuse_failing_checks
from scripts.errors import StartError
from scripts.serve import welcome_message
from scripts.settings import PROJECT_ROOT, RunSettings, read_settings
from tests.support import make
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import process_environment, run_manage_command
from tests.support.loopback.servers import free_port

pytestmark = pytest.mark.django_db
OUTSIDE = "https://news.example.com"
LOCAL = "http://127.0.0.1:8000"
LOGIN = "/_allauth/browser/v1/auth/login"


@pytest.fixture(autouse=True)
def _outside(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SITE_URL, settings.DATA_DIR = OUTSIDE, tmp_path
    monkeypatch.delenv("HOST", raising=False)


def startup_check_ids() -> list[str]:
    return [
        str(message.id)
        for message in checks.run_checks(tags=["startup"], include_deployment_checks=True)
    ]


def sign_in(email: str, password: str = PUBLISHED_PASSWORD) -> int:
    data = {"email": email, "password": password}
    return Client().post(LOGIN, data, content_type="application/json").status_code


@pytest.mark.parametrize(
    ("site", "host", "wanted"),
    [
        (LOCAL, "", False),
        ("http://localhost:8000", "127.0.0.1", False),
        ("http://[::1]:8000", "::1", False),
        (LOCAL, "0.0.0.0", True),
        (OUTSIDE, "", True),
        ("http://192.168.0.7:8000", "", True),
    ],
)
def test_site_is_reachable_from_outside(
    settings: Any, monkeypatch: pytest.MonkeyPatch, site: str, host: str, wanted: bool
) -> None:
    settings.SITE_URL = site
    monkeypatch.setenv("HOST", host)
    assert is_reachable_from_outside() is wanted


def test_start_with_published_password_is_refused_outside() -> None:
    get_or_create_people()
    with pytest.raises(CannotStart) as refusal:
        refuse_failing_checks()
    korean, english = str(refusal.value).split(" / ", 1)
    assert "공개된 비밀번호" in korean
    assert "has the published password" in english
    assert "manage.py demo --end" in korean
    assert "manage.py createstaff" in english


def test_published_password_is_a_deployment_check() -> None:
    get_or_create_people()
    assert startup_check_ids() == ["accounts.E001"]
    with pytest.raises(CommandError, match=r"accounts\.E001"):
        call_command("check", "--deploy")


def test_published_password_is_allowed_on_the_local_machine(settings: Any) -> None:
    settings.SITE_URL = LOCAL
    get_or_create_people()
    refuse_failing_checks()
    assert startup_check_ids() == []


def test_published_password_of_staff_is_found() -> None:
    chief = make.staff("ada", role="chief")
    chief.email = "ada@paper.kr"
    chief.set_password(PUBLISHED_PASSWORD)
    chief.save()
    assert startup_check_ids() == ["accounts.E001"]


def test_published_password_check_is_cached_per_hash(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.staff("ada", role="chief")
    assert list(holders_of_published_password()) == []
    assert (settings.DATA_DIR / CHECKED_FILE).is_file()
    monkeypatch.setattr(
        "accounts.authentication.published_password.check_password", None
    )  # not called again
    assert list(holders_of_published_password()) == []


def test_published_password_cannot_be_chosen() -> None:
    data = {"email": "new@paper.kr", "password": PUBLISHED_PASSWORD, **make.SIGN_UP_STATEMENTS}
    response = Client().post(
        "/_allauth/browser/v1/auth/signup", data, content_type="application/json"
    )
    assert response.status_code == 400
    assert "공개된" in response.json()["errors"][0]["message"]


def test_password_change_page_names_the_published_password_rule(
    ben: User,
) -> None:
    client = Client()
    client.force_login(ben)
    html = client.get("/admin/password_change/").content.decode()
    assert "체험용으로 공개된 비밀번호는 쓸 수 없습니다." in html
    assert "체험용으로 공개된 비밀번호입니다." not in html


def test_demo_end_disables_its_accounts_sessions_and_tokens() -> None:
    people = get_or_create_people()
    browser = APIClient()
    browser.force_login(people["chief"])
    key = issue_token(people["editor"], scopes=["desk"])
    program = APIClient(headers={"Authorization": f"Bearer {key}"})
    assert program.get("/api/v1/desk/drafts/").status_code == 200

    out = io.StringIO()
    call_command("demo", "--end", stdout=out)

    assert sign_in("chief@example.com") in {400, 401}
    assert sign_in("reader@example.com") in {400, 401}
    assert browser.get("/api/v1/desk/drafts/").status_code == 401
    assert program.get("/api/v1/desk/drafts/").status_code == 401
    assert startup_check_ids() == []
    locked = Entry.objects.filter(verb="locked", kind="accounts.user")
    assert locked.count() == 7
    assert set(locked.values_list("by_name", flat=True)) == {"명령줄(운영자)"}
    assert "chief@example.com" in out.getvalue()
    call_command("demo", "--end", stdout=io.StringIO())
    assert locked.count() == 7

    disabled = [people["chief"].pk, people["editor"].pk]
    User.objects.filter(pk__in=disabled).update(is_active=True)
    assert browser.get("/api/v1/desk/drafts/").status_code == 401
    assert program.get("/api/v1/desk/drafts/").status_code == 401


def test_demo_end_keeps_accounts_with_their_own_password() -> None:
    own = make.person("editor")
    get_or_create_people()
    call_command("demo", "--end", stdout=io.StringIO())
    own.refresh_from_db()
    assert own.is_active
    assert own.check_password("editor-password-1")


def test_demo_end_lets_staff_set_a_new_password_by_link() -> None:
    chief = make.staff("ada", role="chief")
    User.objects.filter(pk=chief.pk).update(email="ada@paper.kr")
    chief.refresh_from_db()
    chief.set_password(PUBLISHED_PASSWORD)
    chief.save()
    call_command("demo", "--end", stdout=io.StringIO())
    chief.refresh_from_db()
    assert chief.is_active
    assert not chief.has_usable_password()


def test_demo_remove_alone_is_refused() -> None:
    with pytest.raises(CommandError, match="--end"):
        call_command("demo", "--remove-stories")


def test_demo_is_not_loaded_on_a_reachable_site() -> None:
    with pytest.raises(CommandError, match="밖에서"):
        call_command("demo")
    assert not User.objects.exists()


def settings_of_a_start(folder: Any, *, is_loopback: bool) -> RunSettings:
    return RunSettings(
        *("127.0.0.1", 8000, folder, LOCAL, 1, 2),
        wants_demo=False,
        has_redis=False,
        is_loopback=is_loopback,
    )


def test_banner_shows_demo_sign_ins_only_on_the_local_machine(tmp_path: Any) -> None:
    (tmp_path / "demo-loaded").touch()
    assert PUBLISHED_PASSWORD in welcome_message(settings_of_a_start(tmp_path, is_loopback=True))
    assert PUBLISHED_PASSWORD not in welcome_message(
        settings_of_a_start(tmp_path, is_loopback=False)
    )


def test_demo_setting_is_refused_on_a_reachable_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(StartError, match="published"):
        read_settings()


def test_run_refuses_to_start_outside_with_demo_accounts(tmp_path: Any) -> None:
    env = process_environment(tmp_path / "data", DATABASE_URL="", REDIS_URL="", SITE_URL=LOCAL)
    env |= {"PORT": str(free_port()), "HOST": "", "DEMO": "0", "ALLOWED_HOSTS": "*"}
    prepare_data_folder(env)
    code = "from desk.demo.people import get_or_create_people; get_or_create_people()"
    run_manage_command(env, "shell", "-v0", "-c", code)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.serve"],
        cwd=PROJECT_ROOT,
        env=env | {"SITE_URL": OUTSIDE, "HOST": "0.0.0.0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 1
    assert "공개된 비밀번호" in done.stderr
    assert "manage.py demo --end" in done.stderr
    assert PUBLISHED_PASSWORD not in done.stdout + done.stderr
