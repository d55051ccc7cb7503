"""How many stories are live, counted in the database itself, beside the newsroom."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from tests.chaos.newsroom import Town

QUESTION = "SELECT count(*) FROM articles_article WHERE live_id IS NOT NULL"


@contextmanager
def live_count(here: Town) -> Iterator[Callable[[], int]]:
    """A question that can be asked many times a second."""
    opened: Any = here.database.connect() if here.database else opened_file(here)
    with closing(opened) as database:
        yield lambda: int(database.execute(QUESTION).fetchone()[0])


def opened_file(here: Town) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{here.folder / 'newsroom.sqlite3'}?mode=ro", uri=True)
