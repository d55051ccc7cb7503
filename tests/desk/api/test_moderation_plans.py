"""Plans of the moderation queue: neither list, screen, lease nor decision reads all that waits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment, ModerationItem
from comments.moderation_rules import urgency
from tests.support.make import DeskClient
from tests.support.plan_work import counting_plan_work

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ITEMS = 3_000
# Of all steps of a plan together, for a page of 30 items.
MAX_VISITED_ROWS = 600


def fill_queue(article: Article, writer: User) -> list[int]:
    """So many held comments, in bulk, each with its item; their ids."""
    texts = [f"{number}번째로 기다리는 글" for number in range(ITEMS)]
    rows = Comment.objects.bulk_create(
        Comment(article=article, author=writer, text=text, state="held", fingerprint="")
        for text in texts
    )
    now = timezone.now()
    opened = [now - timedelta(seconds=number) for number in range(ITEMS)]
    ModerationItem.objects.bulk_create(
        ModerationItem(
            comment=row,
            opened_at=at,
            urgency=urgency(number % 90, opened_at=at),
            is_held=True,
            is_reported=number % 3 == 0,
        )
        for number, (row, at) in enumerate(zip(rows, opened, strict=True))
    )
    return [row.pk for row in rows]


def test_nothing_reads_all_that_waits(article: Article, mal: User, mo: User) -> None:
    """community B96: list by every kind, later pages, the screen, the desk home, a decision."""
    ids = fill_queue(article, mal)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # The planner reads and joins the few pages of a test in full, where an index will do at a million.
        for way in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    client, desk = Client(), DeskClient(mo)
    client.force_login(mo)
    screen = reverse("admin:moderation")
    second = desk.call("GET", "moderation/?kind=reported").json()["next"]
    fetch = {"X-Requested-With": "fetch"}
    wrong = {}
    with counting_plan_work() as work:
        assert desk.client.get(second).status_code == 200
        for path in ("moderation/", "moderation/?kind=held", f"moderation/{ids[1500]}/"):
            assert desk.call("GET", path).status_code == 200
        for url in (screen, f"{screen}?kind=reported", reverse("admin:index")):
            assert client.get(url).status_code == 200
        panel = reverse("admin:moderation_item", args=[ids[1500]])
        assert client.get(panel, headers=fetch).status_code == 200
        where = f"comments/{ids[1500]}/decision/"
        assert desk.call("POST", where, {"decision": "show"}, etag="*").status_code == 200
    if above := work.above(MAX_VISITED_ROWS):
        wrong = above
    assert wrong == {}, wrong
