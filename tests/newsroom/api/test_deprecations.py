"""An address that will go says so on each of its answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from newsroom.api.deprecation import DEPRECATIONS, Deprecation
from tests.newsroom.api.test_openapi import written
from tests.support import make

pytestmark = pytest.mark.django_db
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
ENDS = datetime(2027, 5, 1, 9, tzinfo=UTC)
TOLD_AT = "https://newsroom.example.com/api/changes"


@pytest.fixture
def going(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Deprecation:
    settings.RESPONSE_CACHE_SECONDS = 0.5
    going = Deprecation(SINCE, TOLD_AT, sunset_at=ENDS)
    monkeypatch.setitem(DEPRECATIONS, "/api/v1/articles/{slug}/editions/", going)
    return going


def editions() -> Any:
    slug = make.live().slug
    return [APIClient().get(f"/api/v1/articles/{slug}/editions/") for _ in range(2)]


@pytest.mark.usefixtures("going")
def test_each_answer_says_since_when_until_when_and_what_instead() -> None:
    for answer in editions():  # also the one from memory
        assert answer.status_code == 200
        assert answer["Deprecation"] == f"@{int(SINCE.timestamp())}"
        assert answer["Sunset"] == "Sat, 01 May 2027 09:00:00 GMT"
        assert f'<{TOLD_AT}>; rel="deprecation"; type="text/html"' in answer["Link"]
        assert f'<{TOLD_AT}>; rel="sunset"; type="text/html"' in answer["Link"]


@pytest.mark.usefixtures("going")
def test_so_do_its_refusals_and_no_other_address() -> None:
    refused = APIClient().get("/api/v1/articles/nowhere/editions/")
    assert refused.status_code == 404
    assert "Deprecation" in refused
    beside = APIClient().get("/api/v1/articles/")
    assert not {"Deprecation", "Sunset", "Link"} & set(beside.headers)


@pytest.mark.usefixtures("going")
def test_the_document_says_so_too() -> None:
    described = written()
    editions = described.index("/api/v1/articles/{slug}/editions/:")
    assert described.count("deprecated: true") == 1
    assert described.index("deprecated: true") > editions


def test_without_an_end_nothing_is_said_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DEPRECATIONS, "/feeds/rss.xml", Deprecation(SINCE, TOLD_AT))
    monkeypatch.setitem(DEPRECATIONS, "/api/v1/masthead/", Deprecation(SINCE, TOLD_AT))
    answer = APIClient().get("/api/v1/masthead/")
    assert "Deprecation" in answer
    assert "Sunset" not in answer


def test_nothing_ends_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="no earlier"):
        Deprecation(SINCE, TOLD_AT, sunset_at=SINCE - timedelta(days=1))


def test_nothing_goes_unless_somebody_has_written_it_down() -> None:
    assert not DEPRECATIONS
    assert not any("Deprecation" in answer for answer in editions())
