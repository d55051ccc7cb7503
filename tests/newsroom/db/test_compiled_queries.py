"""Compiled queries: compiled once, executed with other parameters and with the current time."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.db.models import BigIntegerField, CharField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.api.representation import CARD_FIELDS, represent_page
from articles.api.serializers import CardOut, PageOut
from articles.models import Article
from articles.read_queries import live_page, related_cards
from newsroom.db.compiled_queries import CompiledQuery, Param
from tests.support import make

pytestmark = pytest.mark.django_db


def test_compiled_query_gives_the_rows_of_the_queryset() -> None:
    for headline in ("달 기지에 첫 온실이 선다", "바다 밑 우체국이 문을 연다"):
        slug = make.live(headline=headline).slug
        expected = Article.objects.live().as_pages().get(slug=slug)
        page = live_page(slug)
        assert page is not None
        assert represent_page(page, related=[]) == represent_page(expected, related=[])
    assert live_page("없는-기사") is None


def test_compiled_query_gives_the_model_instances_of_the_queryset(django_user_model: Any) -> None:
    make.reader("chi")
    mal = make.reader("mal")
    users = django_user_model.objects.filter(pk=Param("pk", BigIntegerField()))
    query = CompiledQuery[Any](users)
    for _ in range(2):
        (found,) = query.fetch(pk=mal.pk)
        expected = django_user_model.objects.get(pk=mal.pk)
        assert found == expected
        assert found._state.__dict__ == expected._state.__dict__
        names = [field.attname for field in django_user_model._meta.concrete_fields]
        assert [getattr(found, n) for n in names] == [getattr(expected, n) for n in names]
    assert query.fetch(pk=0) == []


def test_compiled_query_of_part_of_a_model_is_refused(django_user_model: Any) -> None:
    with pytest.raises(ValueError, match=r"columns of accounts\.User"):
        CompiledQuery[Any](django_user_model.objects.only("email")).fetch()


def test_page_costs_one_query_and_related_cards_another() -> None:
    slug = make.live().slug
    live_page(slug)
    with CaptureQueriesContext(connection) as queries:
        article = live_page(slug)
        assert article is not None
        related_cards(article)
    assert len(queries) == 2


def test_compiled_query_uses_the_time_of_its_execution() -> None:
    article = make.live()
    assert live_page(article.slug)
    expires_at = timezone.now() + timedelta(minutes=1)
    Article.objects.filter(pk=article.pk).update(expires_at=expires_at)
    assert live_page(article.slug)
    with time_machine.travel(expires_at + timedelta(seconds=0.1), tick=False):
        assert live_page(article.slug) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_concurrent_threads_get_the_rows_of_their_parameters() -> None:
    slugs = [make.live(headline=f"등대지기의 일기 {n}").slug for n in range(8)]
    articles = Article.objects.live().filter(slug=Param("slug", CharField()))
    query = CompiledQuery(articles.as_cards())
    wrong, barrier = list[str](), threading.Barrier(len(slugs))

    def fetch_repeatedly(own_slug: str) -> None:
        barrier.wait(10)
        try:
            for _ in range(50):
                wrong.extend(row.slug for row in query.fetch(slug=own_slug) if row.slug != own_slug)
                if not query.fetch(slug=own_slug):
                    wrong.append("")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=fetch_repeatedly, args=(slug,)) for slug in slugs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_representation_has_the_fields_of_the_serializers() -> None:
    article = live_page(make.live().slug)
    assert article is not None
    assert list(CardOut().fields) == list(CARD_FIELDS)
    assert sorted(PageOut().fields) == sorted(represent_page(article, related=[]))


def test_percent_sign_in_a_condition_is_preserved() -> None:
    article = make.live(headline="지지율 100% 올랐다")
    make.live(headline="지지율 100 올랐다")
    rows = Article.objects.filter(live__headline__contains="100%", slug=Param("slug", CharField()))
    assert [row.pk for row in CompiledQuery(rows.as_cards()).fetch(slug=article.slug)] == [
        article.pk
    ]


def test_current_time_has_one_value_within_a_query() -> None:
    live_page(make.live().slug)
    with CaptureQueriesContext(connection) as queries:
        live_page(make.live().slug)
    times = re.findall(r"<= \(?'([^']+)'|> \(?'([^']+)'", queries[-1]["sql"])
    assert len(times) > 1
    assert len({first or second for first, second in times}) == 1
