"""Numbers that stand in a question to the database as they are."""

from typing import Any

from django.db.models import Value


class IntegerLiteral(Value):
    """A whole number spelled out, not handed over beside the question.

    SQLite uses a partial index only where the question repeats its condition letter by letter; a
    parameter is no letter of it, and the whole table would be read.
    """

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return str(int(self.value)), []
