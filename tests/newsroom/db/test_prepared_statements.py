"""Prepared statements on PostgreSQL: planned once, and replaced where they are not usable any more."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from articles.read_queries import NewestCards, live_page, related_cards
from newsroom.db.compiled_queries import fetch_rows
from tests.support import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

WORD_SQL = "SELECT word FROM words WHERE number = %(number)s"


@pytest.fixture
def words() -> Iterator[None]:
    connection.close()  # with the statements of other tests
    execute("CREATE TABLE words (number int, word varchar(10))")
    execute("INSERT INTO words VALUES (1, 'alpha'), (2, 'beta')")
    yield
    execute("DROP TABLE words")


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def word(number: int) -> list[Any]:
    return fetch_rows(connection, WORD_SQL, {"number": number})


def prepared_plans() -> list[tuple[int, int]]:
    """(generic plans, custom plans) of each prepared statement of this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements")
        return list(cursor.fetchall())


def test_page_and_its_related_cards_are_planned_once() -> None:
    slugs = [make.live().slug for _ in range(2)]
    connection.close()
    for slug in slugs * 2:
        page = live_page(slug)
        assert page is not None
        assert page.slug == slug
        related_cards(page)
    assert prepared_plans() == [(4, 0), (4, 0)]


def test_lists_are_planned_once_for_every_slug() -> None:
    article = make.live(tags=["로봇"])
    connection.close()
    for slug, found in (("로봇", [article.pk]), ("없는-꼬리표", []), ("로봇", [article.pk])):
        cards = NewestCards("tag", slug).fetch(values=None, is_back=False, limit=21)
        assert [card.pk for card in cards] == found
    assert prepared_plans() == [(3, 0)]


def test_other_statements_are_not_prepared(words: None) -> None:
    for _ in range(10):
        execute("SELECT 1")
    assert prepared_plans() == []
    assert connection.connection.prepare_threshold is None


def test_switch_turns_prepared_statements_off(words: None, settings: Any) -> None:
    settings.PREPARED_STATEMENTS = False
    assert word(1) == [("alpha",)]
    assert prepared_plans() == []


@pytest.mark.parametrize(
    "change", ["ALTER TABLE words ALTER word TYPE text", "DEALLOCATE ALL"], ids=["type", "pooler"]
)
def test_unusable_statement_is_replaced(words: None, change: str) -> None:
    assert word(1) == [("alpha",)]
    execute(change)
    assert [word(number) for number in (1, 2, 3)] == [[("alpha",)], [("beta",)], []]


def test_unusable_statement_within_a_transaction_ends_with_it(words: None) -> None:
    assert word(1) == [("alpha",)]
    execute("ALTER TABLE words ALTER word TYPE text")
    with pytest.raises(DatabaseError), transaction.atomic():
        word(1)
    connection.close_if_unusable_or_obsolete()  # as at the end of a request
    assert word(2) == [("beta",)]


def test_generic_plans_outlive_a_rolled_back_transaction(words: None) -> None:
    with transaction.atomic():
        assert word(1) == [("alpha",)]
        transaction.set_rollback(True)
    for _ in range(2):
        word(1)
    assert [generic for generic, _custom in prepared_plans()] == [2]


def test_error_of_the_statement_itself_is_raised(words: None) -> None:
    with pytest.raises(DatabaseError, match="no_such"):
        fetch_rows(connection, "SELECT no_such FROM words", {})
