"""The OpenAPI document as client programs use it: linted, compiled to TypeScript types, and used through
them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from desk.actions import withdraw
from tests.support import make
from tests.support.contract.javascript import (
    OPENAPI_TYPESCRIPT,
    PACKAGE_FOLDER,
    REDOCLY,
    TSC,
    installed_packages,
    run_javascript,
)

SNAPSHOT = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "openapi.yaml"


def test_redocly_finds_nothing_in_the_document() -> None:
    """All recommended rules of Redocly as errors (tests/support/contract/typescript/redocly.yaml)."""
    config = PACKAGE_FOLDER / "redocly.yaml"
    output = run_javascript(
        REDOCLY, "lint", SNAPSHOT, f"--config={config}", "--max-problems=50", cwd=PACKAGE_FOLDER
    )
    assert "Your API description is valid" in output, output


@pytest.fixture
def client_program(tmp_path: Path) -> Path:
    """A folder with tests/support/contract/typescript/reader.ts, compiled in strict mode."""
    for name in ("tsconfig.json", "reader.ts", "package.json"):
        shutil.copy(PACKAGE_FOLDER / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(installed_packages())
    run_javascript(OPENAPI_TYPESCRIPT, SNAPSHOT, "-o", tmp_path / "schema.d.ts", cwd=tmp_path)
    run_javascript(TSC, "--project", tmp_path, cwd=tmp_path)
    return tmp_path


def session_of(name: str) -> str:
    """A session token of a reader, by the sign-in of apps."""
    make.reader(name)
    credentials = {"email": f"{name}@example.com", "password": f"{name}-password-1"}
    response = Client().post(
        "/_allauth/app/v1/auth/login", credentials, content_type="application/json"
    )
    return str(response.json()["meta"]["session_token"])


@pytest.mark.postgres
def test_generated_typescript_client_reads_votes_and_comments(
    client_program: Path, live_server: Any, settings: Any
) -> None:
    withdraw(make.live(slug="gone"), notice="거두어들였습니다.", by=make.ben())
    articles = [make.live() for _ in range(4)]
    articles.append(make.live(headline="투표가 있는 기사", poll=make.poll_data()))
    script = str(client_program / "reader.js")
    result = json.loads(
        run_javascript(script, cwd=client_program, SITE=live_server.url, SESSION=session_of("chi"))
    )
    assert result["slugs"] == [article.slug for article in reversed(articles)]
    assert result | {"slugs": []} == {
        "slugs": [],
        "authors": ["한빛"],
        "votes": 1,
        "comment": "형식이 있는 손님입니다.",
        "nowhere": "not_found",
        "refused": ["/page_size"],
        "unchanged": 304,
        "saved": 204,
        "mine": 1,
        "state": result["state"],
    }
