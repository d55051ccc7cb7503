"""Which tests run on one database and which on both."""

from pathlib import Path

import pytest

from tests.support.database_matrix import (
    ON_BOTH,
    SQLITE_ONLY,
    belongs_to_servers,
    belongs_to_sqlite,
)

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("entry", SQLITE_ONLY)
def test_what_runs_on_sqlite_alone_is_there(entry: str) -> None:
    path, _colons, name = entry.partition("::")
    found = (
        [PROJECT_ROOT / path] if path.endswith(("/", ".py")) else [*PROJECT_ROOT.glob(f"{path}*")]
    )
    assert found, "mend tests/support/database_matrix.py"
    assert all(one.exists() for one in found), "mend tests/support/database_matrix.py"
    function = name.partition("[")[0]
    assert not name or any(f"def {function}" in one.read_text() for one in found)


def test_what_runs_on_both_all_the_same_is_there() -> None:
    for entry in ON_BOTH:
        path, _colons, name = entry.partition("::")
        assert f"def {name.partition('[')[0]}(" in (PROJECT_ROOT / path).read_text(), entry
        assert entry.startswith(SQLITE_ONLY), f"{entry} runs on both without its line"


@pytest.mark.django_db
def test_a_test_with_a_database_runs_on_both(request: pytest.FixtureRequest) -> None:
    assert belongs_to_sqlite(request.node)
    assert belongs_to_servers(request.node)


def test_a_test_without_a_database_runs_on_sqlite_alone(request: pytest.FixtureRequest) -> None:
    assert belongs_to_sqlite(request.node)
    assert not belongs_to_servers(request.node)


@pytest.mark.postgres
def test_a_test_that_needs_a_server_runs_there_alone(request: pytest.FixtureRequest) -> None:
    assert belongs_to_servers(request.node)
    assert not belongs_to_sqlite(request.node)
