"""Comment client and helpers of comment tests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, ArticleCounts
from comments.models import Comment

SignIn = Callable[[User], APIClient]


def post_comment_by_api(
    client: APIClient, article: Article, text: Any = "잘 읽었습니다.", **more: Any
) -> Any:
    body = {"text": text} | more
    return client.post(f"/api/v1/articles/{article.slug}/comments/", body, format="json")


def comment_count_of(article: Article) -> int:
    return ArticleCounts.objects.get(article=article).comments


def backdate_comment(comment_id: int, **age: float) -> None:
    Comment.objects.filter(pk=comment_id).update(created_at=timezone.now() - timedelta(**age))
