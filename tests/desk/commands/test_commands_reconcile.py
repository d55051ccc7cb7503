"""`manage.py reconcile`: denormalised counts agree with their rows."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, ArticleCounts
from audit.models import Entry
from comments.actions import hide_comment, post_comment
from saves.actions import save_article
from tests.support import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(ben: User, chi: User, mal: User) -> Article:
    """An article with two saves and one visible, one hidden and one held comment."""
    read = make.live()
    post_comment(read, by=chi, text="잘 읽었습니다.")
    hide_comment(post_comment(read, by=mal, text="별로네요."), by=ben, reason="시험")
    post_comment(read, by=mal, text=" ".join(f"https://example.com/{n}" for n in range(9)))
    save_article(read, by=chi)
    save_article(read, by=mal)
    return read


def reconciled(*arguments: str) -> str:
    out = io.StringIO()
    call_command("reconcile", *arguments, stdout=out)
    return out.getvalue()


def test_reconcile_finds_no_drift_after_ordinary_use(article: Article) -> None:
    before = Entry.objects.count()
    assert reconciled() == "all counts are right\n"
    assert Entry.objects.count() == before


def test_reconcile_reports_and_repairs_a_wrong_count(article: Article, api: APIClient) -> None:
    ArticleCounts.objects.update(comments=7, saves=0)
    output = reconciled()
    assert f"{article.slug}: comments kept 7, counted 1" in output
    assert f"{article.slug}: saves kept 0, counted 2" in output
    assert "2 repaired" in output
    counts = api.get(f"/api/v1/articles/{article.slug}/").json()["counts"]
    assert (counts["comments"], counts["saves"]) == (1, 2)
    assert reconciled() == "all counts are right\n"


def test_reconcile_repair_is_in_the_audit_log(article: Article) -> None:
    ArticleCounts.objects.update(comments=7)
    reconciled()
    entry = Entry.objects.get(verb="recounted")
    assert entry.subject == str(article.pk)
    assert entry.details == {"count": "comments", "before": 7, "after": 1}


def test_reconcile_check_repairs_nothing_and_exits_with_one(article: Article) -> None:
    ArticleCounts.objects.update(saves=5)
    with pytest.raises(CommandError, match="1 wrong"):
        reconciled("--check")
    assert ArticleCounts.objects.get().saves == 5


def test_reconcile_recreates_missing_counts(article: Article) -> None:
    ArticleCounts.objects.all().delete()
    assert "comments kept None, counted 1" in reconciled()
    assert ArticleCounts.objects.values_list("comments", "saves").get() == (1, 2)


def test_reconcile_query_count_is_constant(
    article: Article, django_assert_num_queries: object
) -> None:
    for _ in range(5):
        make.live()
    with django_assert_num_queries(5):  # type: ignore[operator]  # pytest-django's own fixture
        reconciled()
