"""How many stories are live, counted in the database itself, beside the newsroom."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from tests.chaos.newsroom import RunningNewsroom

LIVE_COUNT_SQL = "SELECT count(*) FROM articles_article WHERE live_id IS NOT NULL"


@contextmanager
def live_article_counter(here: RunningNewsroom) -> Iterator[Callable[[], int]]:
    """A question that can be asked many times a second."""
    opened: Any = here.database.connect() if here.database else open_sqlite_file(here)
    with closing(opened) as database:
        yield lambda: int(database.execute(LIVE_COUNT_SQL).fetchone()[0])


def open_sqlite_file(here: RunningNewsroom) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{here.folder / 'newsroom.sqlite3'}?mode=ro", uri=True)
