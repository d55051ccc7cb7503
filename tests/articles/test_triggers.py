"""Database triggers of editions stay, and cover new columns, when a migration changes the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from articles.models import Article, Edition
from tests.support import make
from tests.support.migrations import field_migration, run_migration


@contextmanager
def migrated() -> Iterator[None]:
    run_migration(field_migration())
    try:
        yield
    finally:
        run_migration(field_migration(), backwards=True)


def set_column(column: str, value: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE articles_edition SET {column} = %s", [value])


@pytest.mark.django_db(transaction=True)
def test_a_new_column_of_editions_is_frozen_like_the_others() -> None:
    make.live()
    with migrated(), pytest.raises(DatabaseError, match="frozen"):
        set_column("tested", "다른 글")
    with pytest.raises(DatabaseError, match="frozen"):
        set_column("headline", "다른 제목")
    set_column("body_html", "<p>다시 그린 글</p>")


@pytest.mark.django_db(transaction=True)
def test_an_article_is_refused_another_articles_edition_after_a_migration() -> None:
    article, other = make.live(), make.live()
    with migrated(), pytest.raises(DatabaseError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(live=Edition.objects.get(article=other))
    with pytest.raises(DatabaseError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(live=Edition.objects.get(article=other))
