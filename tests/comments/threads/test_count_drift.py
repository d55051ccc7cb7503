"""The sampled check of stored counts, and its gauge."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, ArticleCounts
from comments.actions import post_comment, react_to_comment
from comments.models import Comment
from comments.reconciliation import drift, recount, store_sampled_drift, stored_drift
from tests.support import make

pytestmark = pytest.mark.django_db


def test_wrong_counts_are_on_the_gauge_until_they_are_repaired(
    article: Article, chi: User, mal: User, settings: Any
) -> None:
    comment = post_comment(article, by=chi, text="글")
    react_to_comment(comment.pk, value="like", by=mal)
    assert store_sampled_drift(timezone.now()) == 0
    ArticleCounts.objects.filter(article=article).update(comments=5)
    Comment.objects.filter(pk=comment.pk).update(dislikes=3)
    assert store_sampled_drift(timezone.now()) == 7
    settings.METRICS_TOKEN = "t" * 32
    answer = APIClient().get("/metrics", headers={"Authorization": "Bearer " + "t" * 32})
    assert "newsroom_comment_count_drift 7" in answer.content.decode()
    for found in drift():
        recount(found)
    assert store_sampled_drift(timezone.now()) == 0
    assert stored_drift() == 0


def test_reconcile_resets_the_gauge(article: Article, chi: User) -> None:
    comment = post_comment(article, by=chi, text="글")
    Comment.objects.filter(pk=comment.pk).update(likes=7)
    assert store_sampled_drift(timezone.now()) == 7
    with pytest.raises(CommandError):
        call_command("reconcile", check=True, stdout=StringIO())
    assert stored_drift() == 7
    call_command("reconcile", stdout=StringIO())
    assert stored_drift() == 0


def test_the_sample_is_bounded_and_its_queries_are_constant(article: Article, chi: User) -> None:
    numbers = set()
    for size in (1, 20):
        for number in range(size):
            post_comment(make.live() if number < 3 else article, by=chi, text=f"글 {size} {number}")
        with CaptureQueriesContext(connection) as queries:
            store_sampled_drift(timezone.now())
        numbers.add(len(queries))
    first, *more = sorted(numbers)
    assert more == [] or more[0] - first <= 2  # the row of the check is made the first time
