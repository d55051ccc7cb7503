"""Several workers relate stories while others are published and withdrawn, on PostgreSQL."""

import re
import threading
from typing import Any

import pytest
from django.db import connection

from articles.models import Article, Neighbour, Reached
from articles.read_queries import live_cards
from articles.related.linking import relate_changed_articles
from articles.syndication.change_feed import append_pending_changes
from desk.actions import publish_now, withdraw
from tests.support import make
from tests.support.change_feed_client import record_all_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def rows() -> list[Any]:
    return sorted(Neighbour.objects.values_list("article", "related", "score"))


def test_workers_at_once_leave_what_one_alone_would_leave() -> None:
    ben = make.ben()
    stories = [make.live(tags=["반도체", f"말{n}"]) for n in range(6)]
    drafts = [make.draft_of(story) for story in stories]
    over = threading.Event()

    def act(number: int) -> None:
        if number == 0:
            try:
                for n in range(4):
                    publish_now(make.changed(drafts[n], tags=[f"말{n + 1}"]), by=ben)
                withdraw(stories[5], notice="내립니다", by=ben)
            finally:
                over.set()
        else:
            while not over.is_set():
                append_pending_changes(batch_size=1)
                relate_changed_articles(batch_size=2)

    assert make.race(4, act) == [None] * 4
    record_all_changes()
    while relate_changed_articles():
        pass
    found = rows()
    assert not Neighbour.objects.filter(related=stories[5]).exists()
    Neighbour.objects.all().delete()
    Reached.objects.update(place=0)
    while relate_changed_articles():
        pass
    assert rows() == found


def test_stories_beside_a_story_are_looked_up_and_no_table_is_read_through() -> None:
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
