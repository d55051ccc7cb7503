"""Conditions on the current version that the database decides: what filters ask, words without a letter."""

import json
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import IContains

from newsroom.text.normalization import normalize_line
from wire.inbox_search.terms import URGENT
from wire.models import Story
from wire.parsers.marks import FLASH_MARKS

# Words without a letter or digit are looked for in the texts of the newest stories: the index has none.
SEARCH_WINDOW = 10_000
MAX_WORDS = 5
TEXT_COLUMNS = ("deck", "paragraphs", "captions")


def find_in_window(stories: QuerySet[Story], *conditions: Q) -> QuerySet[Story]:
    """Those of the newest SEARCH_WINDOW of these stories that meet all of the conditions."""
    newest = stories.order_by("-news_at", "-pk").values("pk")[:SEARCH_WINDOW]
    return stories.filter(*conditions, pk__in=newest)


def has_words(text: str) -> list[Q]:
    """Conditions: each word stands in the headline, the deck, the text or a caption, in any case."""
    words = normalize_line(text).split()[:MAX_WORDS]
    return [
        reduce(
            or_,
            (json_contains(name, word) for name in TEXT_COLUMNS),
            Q(current__headline__icontains=word),
        )
        for word in words
    ]


def is_from(place: str) -> Q:
    """Condition: the place is one of the dateline."""
    return json_contains("places", normalize_line(place), quoted=True)


def is_about(subject: str) -> Q:
    """Condition: the name or the code of a subject has these words."""
    return json_contains("subjects", normalize_line(subject))


def is_flash() -> Q:
    """Condition: of high urgency, or marked as a flash (속보, 긴급)."""
    marked = (json_contains("marks", mark, quoted=True) for mark in sorted(FLASH_MARKS))
    return reduce(or_, marked, Q(current__urgency__lte=URGENT))


def json_contains(column: str, text: str, *, quoted: bool = False) -> Q:
    """Condition: the JSON of the current version's column has this text, in any case; whole with `quoted`.

    SQLite has the JSON as it was written, with letters beyond ASCII as escapes; PostgreSQL has the letters.
    """
    written = json.dumps(text, ensure_ascii=connection.vendor == "sqlite")
    column_text = Cast(F(f"current__{column}"), TextField())
    return Q(IContains(column_text, written if quoted else written[1:-1]))
