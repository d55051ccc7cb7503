"""How many stories are live, counted in the database itself, beside the newsroom."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from tests.chaos.town import Town

QUESTION = "SELECT count(*) FROM articles_article WHERE live_id IS NOT NULL"


@contextmanager
def live_count(here: Town) -> Iterator[Callable[[], int]]:
    """A question that can be asked many times a second."""
    if here.database:
        with here.database.connect() as database:
            yield lambda: database.execute(QUESTION).fetchone()[0]
        return
    file = here.folder / "newsroom.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        yield lambda: database.execute(QUESTION).fetchone()[0]
