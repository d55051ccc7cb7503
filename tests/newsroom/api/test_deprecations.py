"""Deprecated endpoints: Deprecation, Sunset and Link headers, and the OpenAPI document."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from newsroom.api.deprecation import DEPRECATIONS, Deprecation
from tests.newsroom.api.test_openapi import generated_document
from tests.support import make

pytestmark = pytest.mark.django_db
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
SUNSET_AT = datetime(2027, 5, 1, 9, tzinfo=UTC)
DOCUMENTATION_URL = "https://newsroom.example.com/api/changes"


@pytest.fixture
def deprecation(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Deprecation:
    settings.RESPONSE_CACHE_SECONDS = 0.5
    deprecation = Deprecation(SINCE, DOCUMENTATION_URL, sunset_at=SUNSET_AT)
    monkeypatch.setitem(DEPRECATIONS, "/api/v1/articles/{slug}/editions/", deprecation)
    return deprecation


def get_editions_twice() -> Any:
    slug = make.live().slug
    return [APIClient().get(f"/api/v1/articles/{slug}/editions/") for _ in range(2)]


@pytest.mark.usefixtures("deprecation")
def test_deprecated_endpoint_sends_deprecation_sunset_and_link() -> None:
    for response in get_editions_twice():  # the second is cached
        assert response.status_code == 200
        assert response["Deprecation"] == f"@{int(SINCE.timestamp())}"
        assert response["Sunset"] == "Sat, 01 May 2027 09:00:00 GMT"
        assert f'<{DOCUMENTATION_URL}>; rel="deprecation"; type="text/html"' in response["Link"]
        assert f'<{DOCUMENTATION_URL}>; rel="sunset"; type="text/html"' in response["Link"]


@pytest.mark.usefixtures("deprecation")
def test_error_of_a_deprecated_endpoint_has_the_headers_and_no_other_endpoint() -> None:
    error = APIClient().get("/api/v1/articles/nowhere/editions/")
    assert error.status_code == 404
    assert "Deprecation" in error
    other = APIClient().get("/api/v1/articles/")
    assert not {"Deprecation", "Sunset", "Link"} & set(other.headers)


@pytest.mark.usefixtures("deprecation")
def test_openapi_document_marks_the_operation_as_deprecated() -> None:
    document = generated_document()
    position = document.index("/api/v1/articles/{slug}/editions/:")
    assert document.count("deprecated: true") == 1
    assert document.index("deprecated: true") > position


def test_deprecation_without_sunset_sends_no_sunset_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DEPRECATIONS, "/feeds/rss.xml", Deprecation(SINCE, DOCUMENTATION_URL))
    monkeypatch.setitem(DEPRECATIONS, "/api/v1/masthead/", Deprecation(SINCE, DOCUMENTATION_URL))
    response = APIClient().get("/api/v1/masthead/")
    assert "Deprecation" in response
    assert "Sunset" not in response


def test_sunset_before_the_deprecation_is_refused() -> None:
    with pytest.raises(ValueError, match="no earlier"):
        Deprecation(SINCE, DOCUMENTATION_URL, sunset_at=SINCE - timedelta(days=1))


def test_no_endpoint_is_deprecated_by_default() -> None:
    assert not DEPRECATIONS
    assert not any("Deprecation" in response for response in get_editions_twice())
