"""Environment variables: deprecated names are read, and errors spell a variable as it was set."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.backends import replica_settings
from newsroom.conf.environment import DEPRECATED_NAMES, env, read_days, read_networks, read_seconds


@pytest.mark.parametrize(("new", "old"), DEPRECATED_NAMES.items())
def test_deprecated_name_is_read_where_the_current_one_is_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, new: str, old: str
) -> None:
    monkeypatch.delenv(new, raising=False)
    monkeypatch.delenv(old, raising=False)
    assert env.str(new, default="default") == "default"
    (tmp_path / "value").write_text("from a file\n")
    monkeypatch.setenv(f"{old}_FILE", str(tmp_path / "value"))
    assert env.str(new) == "from a file"
    monkeypatch.delenv(f"{old}_FILE")
    monkeypatch.setenv(old, "old")
    assert env.str(new) == "old"
    monkeypatch.setenv(new, "new")
    assert env.str(new) == "new"


def test_error_names_the_variable_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCH_KEEP_DAYS", "0")
    with pytest.raises(ImproperlyConfigured, match=r"^DISPATCH_KEEP_DAYS must be"):
        read_days("OUTBOX_RETENTION_DAYS", default=30)
    monkeypatch.setenv("OUTBOX_RETENTION_DAYS", "0")
    with pytest.raises(ImproperlyConfigured, match=r"^OUTBOX_RETENTION_DAYS must be"):
        read_days("OUTBOX_RETENTION_DAYS", default=30)
    monkeypatch.setenv("OUTBOX_PRIVATE_NETWORKS", "everything")
    with pytest.raises(ImproperlyConfigured, match=r"^OUTBOX_PRIVATE_NETWORKS must list"):
        read_networks("OUTBOX_PRIVATE_NETWORKS")
    monkeypatch.setenv("KEEP_PUBLIC_SECONDS", "2")
    with pytest.raises(ImproperlyConfigured, match=r"^KEEP_PUBLIC_SECONDS must be"):
        read_seconds("RESPONSE_CACHE_SECONDS", default=0.5, maximum=1)


def test_a_replica_is_one_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_REPLICA_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgres://newsroom@primary.example.com/news")
    assert replica_settings() == {}
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgres://newsroom@replica.example.com/news")
    replica = replica_settings()["replica"]
    assert replica["HOST"] == "replica.example.com"
    assert replica["OPTIONS"]["connect_timeout"] == 2
    monkeypatch.setenv("DATABASE_URL", "sqlite:////tmp/news.sqlite3")
    with pytest.raises(
        ImproperlyConfigured, match=r"^DATABASE_REPLICA_URL and DATABASE_URL must be"
    ):
        replica_settings()
