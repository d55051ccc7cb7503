"""Kept questions: written once, asked with other values, never with an old time."""

import re
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import CharField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.api.representation import CARD_FIELDS, represent_page
from articles.api.serializers import CardOut, PageOut
from articles.models import Article
from articles.read_queries import live_page, related_cards
from newsroom.db.compiled_queries import CompiledQuery, Param
from tests.support import make

pytestmark = pytest.mark.django_db


def test_a_kept_question_gives_what_the_plain_one_gives() -> None:
    for headline in ("달 기지에 첫 온실이 선다", "바다 밑 우체국이 문을 연다"):
        slug = make.live(headline=headline).slug
        plain = Article.objects.live().as_pages().get(slug=slug)
        kept = live_page(slug)
        assert kept is not None
        assert represent_page(kept, related=[]) == represent_page(plain, related=[])
    assert live_page("없는-기사") is None


def test_asking_costs_one_query_and_the_cards_beside_one_more() -> None:
    slug = make.live().slug
    live_page(slug)
    with CaptureQueriesContext(connection) as asked:
        story = live_page(slug)
        assert story is not None
        related_cards(story)
    assert len(asked) == 2


def test_a_kept_question_is_asked_at_the_time_of_asking() -> None:
    story = make.live()
    assert live_page(story.slug)
    Article.objects.filter(pk=story.pk).update(expires_at=timezone.now() + timedelta(seconds=0.3))
    assert live_page(story.slug)
    time.sleep(0.4)
    assert live_page(story.slug) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_threads_ask_and_each_gets_its_own() -> None:
    slugs = [make.live(headline=f"등대지기의 일기 {n}").slug for n in range(8)]
    asked = CompiledQuery(Article.objects.live().filter(slug=Param("slug", CharField())))
    wrong, ready = list[str](), threading.Barrier(len(slugs))

    def ask(own: str) -> None:
        ready.wait(10)
        try:
            for _ in range(50):
                wrong.extend(row.slug for row in asked.fetch(slug=own) if row.slug != own)
                if not asked.fetch(slug=own):
                    wrong.append("")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(slug,)) for slug in slugs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_what_is_put_together_by_hand_is_what_the_contract_describes() -> None:
    story = live_page(make.live().slug)
    assert story is not None
    assert list(CardOut().fields) == list(CARD_FIELDS)
    assert sorted(PageOut().fields) == sorted(represent_page(story, related=[]))


def test_a_percent_sign_in_a_question_stays_one() -> None:
    story = make.live(headline="지지율 100% 올랐다")
    make.live(headline="지지율 100 올랐다")
    rows = Article.objects.filter(live__headline__contains="100%", slug=Param("slug", CharField()))
    assert [row.pk for row in CompiledQuery(rows).fetch(slug=story.slug)] == [story.pk]


def test_one_question_has_one_moment() -> None:
    live_page(make.live().slug)
    with CaptureQueriesContext(connection) as asked:
        live_page(make.live().slug)
    moments = re.findall(r"<= \(?'([^']+)'|> \(?'([^']+)'", asked[-1]["sql"])
    assert len(moments) > 1
    assert len({first or second for first, second in moments}) == 1
