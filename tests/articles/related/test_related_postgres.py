"""Related articles on PostgreSQL: concurrent workers beside publications and withdrawals."""

import re
import threading
from typing import Any

import pytest
from django.db import connection

from articles.models import Article, RelatedArticle, SweepCursor
from articles.read_queries import live_cards
from articles.related.linking import relate_changed_articles
from articles.syndication.change_feed import append_pending_changes
from desk.actions import publish_now, withdraw
from tests.support import make
from tests.support.clients.change_feed_client import record_all_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def related_rows() -> list[Any]:
    return sorted(RelatedArticle.objects.values_list("article", "related", "score"))


def test_concurrent_workers_relate_articles_as_one_worker() -> None:
    ben = make.ben()
    stories = [make.live(tags=["반도체", f"말{n}"]) for n in range(6)]
    drafts = [make.draft_of(story) for story in stories]
    all_published = threading.Event()

    def work(number: int) -> None:
        if number == 0:
            try:
                for n in range(4):
                    publish_now(make.changed(drafts[n], tags=[f"말{n + 1}"]), by=ben)
                withdraw(stories[5], notice="내립니다", by=ben)
            finally:
                all_published.set()
        else:
            while not all_published.is_set():
                append_pending_changes(batch_size=1)
                relate_changed_articles(batch_size=2)

    assert make.race(4, work) == [None] * 4
    record_all_changes()
    while relate_changed_articles():
        pass
    rows_before = related_rows()
    assert not RelatedArticle.objects.filter(related=stories[5]).exists()
    RelatedArticle.objects.all().delete()
    SweepCursor.objects.update(position=0)
    while relate_changed_articles():
        pass
    assert related_rows() == rows_before


def test_related_articles_are_read_without_a_sequential_scan() -> None:
    stories = [make.live(tags=["반도체"]) for _ in range(3)]
    record_all_changes()
    while relate_changed_articles():
        pass
    # Enough of them that the planner would rather not read them all.
    Article.objects.bulk_create(Article(slug=f"옛-기사-{n}") for n in range(5000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = live_cards().related_to(stories[0])[:5].explain()
    assert re.search(r"(Index Scan using \w+|Bitmap Heap Scan) on articles_article ", plan), plan
    assert "Seq Scan on articles_article " not in plan, plan
    assert "hashed SubPlan" not in plan, plan
