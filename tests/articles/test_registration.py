"""Registrations of the apps at start-up: visibility conditions and next planned changes, with checks."""

from typing import Any

import pytest

from articles.visibility import next_expiry
from desk.models import releases
from newsroom import visibility
from newsroom.checks import check_next_change, check_visibility
from newsroom.http import cache_control
from polls import representation


def test_every_app_with_planned_changes_is_registered() -> None:
    expected = {next_expiry, releases.next_change, representation.next_change}
    assert expected <= set(cache_control.NEXT_CHANGE_PROVIDERS)
    assert check_next_change(None) == []


def test_a_missing_next_change_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.checks.NEXT_CHANGE_PROVIDERS", [])
    (error,) = check_next_change(None)
    assert error.id == "newsroom.E009"


@pytest.mark.parametrize("kind", visibility.VISIBILITY_KINDS)
def test_a_missing_visibility_condition_is_an_error(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    assert check_visibility(None) == []
    conditions: dict[str, Any] = dict(visibility.VISIBILITY_CONDITIONS)
    del conditions[kind]
    monkeypatch.setattr("newsroom.checks.VISIBILITY_CONDITIONS", conditions)
    (error,) = check_visibility(None)
    assert (error.id, kind in error.msg) == ("newsroom.E008", True)
