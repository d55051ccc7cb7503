"""Pages of other sites read the API where the operator has named them, and nowhere else."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework.test import APIClient

from newsroom.conf.environment import read_origins
from tests.support import make

pytestmark = pytest.mark.django_db
APP, TABLET, STRANGER = (f"https://{name}.example.com" for name in ("app", "tablet", "stranger"))
LIST = "/api/v1/articles/"
LET_IN = "Access-Control-Allow-Origin"


@pytest.fixture(params=[[APP], [APP, TABLET]], ids=["one origin", "several"])
def named(request: Any, settings: Any) -> list[str]:
    settings.CORS_ALLOWED_ORIGINS, settings.CORS_ALLOW_CREDENTIALS = request.param, True
    origins: list[str] = request.param
    return origins


def ask(origin: str | None, path: str = LIST) -> Any:
    return APIClient().get(path, headers={"Origin": origin} if origin else {})


def preflight(origin: str, method: str = "PUT") -> Any:
    said = {"Origin": origin, "Access-Control-Request-Method": method}
    return APIClient().options(f"{LIST}some/save/", headers=said)


def lets_in(answer: Any, origin: str) -> bool:
    return bool(answer.get(LET_IN) == origin)


def test_by_default_nobody_is_let_in_and_no_answer_depends_on_who_asks() -> None:
    answer = ask(APP)
    assert LET_IN not in answer
    assert "origin" not in answer.get("Vary", "").lower()
    assert dict(answer.items()) == dict(ask(None).items())
    assert not any(
        name.startswith("access-control") for name in map(str.lower, preflight(APP).headers)
    )


def test_a_named_origin_is_let_in_with_its_credentials(named: list[str]) -> None:
    for origin in named:
        answer = ask(origin)
        assert lets_in(answer, origin)
        assert answer["Access-Control-Allow-Credentials"] == "true"
        exposed = answer["Access-Control-Expose-Headers"].lower()
        assert {"etag", "retry-after", "ratelimit", "deprecation"} <= set(exposed.split(", "))


@pytest.mark.parametrize(
    "origin",
    [STRANGER, "null", "http://app.example.com", f"{APP}:8443", f"{APP}.mal.example", "https://app.example.com@mal.example"],
)  # fmt: skip
def test_any_other_is_not(named: list[str], origin: str) -> None:
    for answer in (ask(origin), preflight(origin)):
        assert not lets_in(answer, origin)
        assert answer.get(LET_IN) != "*"


def test_a_preflight_says_what_may_be_sent(named: list[str]) -> None:
    answer = preflight(APP)
    assert (answer.status_code, answer.content) == (200, b"")
    assert lets_in(answer, APP)
    assert {"GET", "PUT", "PATCH", "DELETE"} <= set(
        answer["Access-Control-Allow-Methods"].split(", ")
    )
    allowed = set(answer["Access-Control-Allow-Headers"].split(", "))
    assert {"if-match", "x-csrftoken", "x-session-token", "authorization"} <= allowed
    assert int(answer["Access-Control-Max-Age"]) > 0


def test_answers_depend_on_the_origin_only_where_there_are_several(named: list[str]) -> None:
    make.live()
    depends = {"origin" in ask(origin).get("Vary", "") for origin in (None, APP, STRANGER)}
    assert depends == {len(named) > 1}


def test_one_origin_stands_on_every_answer_alike(settings: Any) -> None:
    """So that a cache needs one copy for everybody."""
    settings.CORS_ALLOWED_ORIGINS = [APP]
    first, second, third = ask(None), ask(APP), ask(STRANGER)
    assert dict(first.items()) == dict(second.items()) == dict(third.items())


def test_pages_of_the_site_are_nobody_else_s(named: list[str]) -> None:
    assert LET_IN not in ask(APP, "/")
    assert LET_IN not in ask(APP, "/admin/login/")


@pytest.mark.parametrize(
    "said", ["*", "null", "app.example.com", f"{APP}/path", "https://*.example.com", f"{APP},*"]
)
def test_a_wildcard_stops_the_start(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", said)
    with pytest.raises(ImproperlyConfigured, match="CORS_ALLOWED_ORIGINS"):
        read_origins("CORS_ALLOWED_ORIGINS")


def test_origins_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", f"{APP}/,http://localhost:3000")
    assert read_origins("CORS_ALLOWED_ORIGINS") == [APP, "http://localhost:3000"]
    monkeypatch.delenv("CORS_ALLOWED_ORIGINS")
    assert read_origins("CORS_ALLOWED_ORIGINS") == []
