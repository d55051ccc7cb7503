"""CORS: origins in CORS_ALLOWED_ORIGINS may read the API, and no others."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework.test import APIClient

from newsroom.conf.environment import read_origins
from tests.support import make

pytestmark = pytest.mark.django_db
APP, TABLET, OTHER = (f"https://{name}.example.com" for name in ("app", "tablet", "stranger"))
LIST = "/api/v1/articles/"
ALLOW_ORIGIN = "Access-Control-Allow-Origin"


@pytest.fixture(params=[[APP], [APP, TABLET]], ids=["one origin", "several"])
def origins(request: Any, settings: Any) -> list[str]:
    settings.CORS_ALLOWED_ORIGINS, settings.CORS_ALLOW_CREDENTIALS = request.param, True
    allowed: list[str] = request.param
    return allowed


def get(origin: str | None, path: str = LIST) -> Any:
    return APIClient().get(path, headers={"Origin": origin} if origin else {})


def preflight(origin: str, method: str = "PUT") -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    return APIClient().options(f"{LIST}some/save/", headers=headers)


def allows_origin(response: Any, origin: str) -> bool:
    return bool(response.get(ALLOW_ORIGIN) == origin)


def test_no_origin_is_allowed_by_default_and_responses_do_not_vary() -> None:
    response = get(APP)
    assert ALLOW_ORIGIN not in response
    assert "origin" not in response.get("Vary", "").lower()
    assert dict(response.items()) == dict(get(None).items())
    assert not any(
        name.startswith("access-control") for name in map(str.lower, preflight(APP).headers)
    )


def test_allowed_origin_may_send_credentials(origins: list[str]) -> None:
    for origin in origins:
        response = get(origin)
        assert allows_origin(response, origin)
        assert response["Access-Control-Allow-Credentials"] == "true"
        exposed = response["Access-Control-Expose-Headers"].lower()
        assert {"etag", "retry-after", "ratelimit", "deprecation"} <= set(exposed.split(", "))


@pytest.mark.parametrize(
    "origin",
    [OTHER, "null", "http://app.example.com", f"{APP}:8443", f"{APP}.mal.example",
    "https://app.example.com@mal.example"],
)  # fmt: skip
def test_other_origin_is_not_allowed(origins: list[str], origin: str) -> None:
    """community B63."""
    for response in (get(origin), preflight(origin)):
        assert not allows_origin(response, origin)
        assert response.get(ALLOW_ORIGIN) != "*"


def test_preflight_lists_methods_and_headers(origins: list[str]) -> None:
    response = preflight(APP)
    assert (response.status_code, response.content) == (200, b"")
    assert allows_origin(response, APP)
    assert {"GET", "PUT", "PATCH", "DELETE"} <= set(
        response["Access-Control-Allow-Methods"].split(", ")
    )
    allowed = set(response["Access-Control-Allow-Headers"].split(", "))
    assert {"if-match", "x-csrftoken", "x-session-token", "authorization"} <= allowed
    assert int(response["Access-Control-Max-Age"]) > 0


def test_responses_vary_on_origin_only_with_several_origins(origins: list[str]) -> None:
    make.live()
    varies = {"origin" in get(origin).get("Vary", "") for origin in (None, APP, OTHER)}
    assert varies == {len(origins) > 1}


def test_single_origin_is_on_every_response(settings: Any) -> None:
    """So that a cache needs one copy for everybody."""
    settings.CORS_ALLOWED_ORIGINS = [APP]
    first, second, third = get(None), get(APP), get(OTHER)
    assert dict(first.items()) == dict(second.items()) == dict(third.items())


def test_html_pages_allow_no_origin(origins: list[str]) -> None:
    assert ALLOW_ORIGIN not in get(APP, "/")
    assert ALLOW_ORIGIN not in get(APP, "/admin/login/")


@pytest.mark.parametrize(
    "value", ["*", "null", "app.example.com", f"{APP}/path", "https://*.example.com", f"{APP},*"]
)
def test_wildcard_origin_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", value)
    with pytest.raises(ImproperlyConfigured, match="CORS_ALLOWED_ORIGINS"):
        read_origins("CORS_ALLOWED_ORIGINS")


def test_allowed_origins_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", f"{APP}/,http://localhost:3000")
    assert read_origins("CORS_ALLOWED_ORIGINS") == [APP, "http://localhost:3000"]
    monkeypatch.delenv("CORS_ALLOWED_ORIGINS")
    assert read_origins("CORS_ALLOWED_ORIGINS") == []
