"""A small crowd of readers by processes that are killed. Larger: `python -m tests.chaos.community`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import F

from articles.models import Article, ArticleCounts
from comments.models import Comment
from polls.models import Tally
from saves.models import Save
from tests.chaos.community.__main__ import run_workers
from tests.chaos.community.newsroom import prepare_crowd
from tests.chaos.community.outcome import violations
from tests.desk.actions.test_publish_clock import address_of_test_database

ORDERS = {"seed": 20261130, "clicks": 100, "workers": 2, "kills": 2, "statements": 600}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_counts_equal_their_rows_after_a_crowd_whose_processes_are_killed(tmp_path: Path) -> None:
    """community B49, B53, B72, B87."""
    prepare_crowd(readers=40, stories=2)
    report = run_workers(tmp_path, address_of_test_database(), ORDERS)
    assert report == {"kills": 2, "failed": 0}
    assert Comment.objects.count() > 20
    assert list(violations()) == []
    for flaw in FLAWS:
        with transaction.atomic():
            flaw()
            assert list(violations()), flaw.__name__
            transaction.set_rollback(True)
    assert list(violations()) == []


def count_a_comment_twice() -> None:
    ArticleCounts.objects.update(comments=F("comments") + 1)


def lose_a_save() -> None:
    Save.objects.filter(pk=Save.objects.values_list("pk", flat=True)[0]).delete()


def count_a_vote_without_its_row() -> None:
    Tally.objects.filter(pk=Tally.objects.values_list("pk", flat=True)[0]).update(con=F("con") + 1)


def lose_a_like() -> None:
    Comment.objects.update(likes=F("likes") + 1)


def show_a_comment_without_counting_it() -> None:
    Comment.objects.filter(state="hidden").update(state="visible")


def post_without_an_audit_entry() -> None:
    Comment.objects.bulk_create(
        [Comment(article=Article.objects.all()[0], text="글", state="held")]
    )


FLAWS: list[Callable[[], None]] = [
    count_a_comment_twice,
    lose_a_save,
    count_a_vote_without_its_row,
    lose_a_like,
    show_a_comment_without_counting_it,
    post_without_an_audit_entry,
]
