"""Comments that wait for moderators, and readers whose reports weigh something."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.actions import post_comment, report_comment
from comments.models import Comment
from tests.support import make

HELD_TEXT = "이 기사 쓴 사람 진짜 바1보 아닌가요. 로봇 문 여는 게 뭐 대단하다고."
PLAIN_TEXT = "문 여는 로봇보다 계단 오르는 로봇이 먼저 나와야 한다고 봅니다."


def established(name: str, *, days: int = 400) -> User:
    """A reader whose account is old enough for reports to weigh."""
    reader = make.reader(name)
    User.objects.filter(pk=reader.pk).update(date_joined=timezone.now() - timedelta(days=days))
    return User.objects.get(pk=reader.pk)


def held_comment(article: Article, *, by: User, text: str = HELD_TEXT) -> Comment:
    """A comment that the content filter holds."""
    comment = post_comment(article, by=by, text=text)
    assert comment.state == Comment.State.HELD
    return comment


def reported_comment(
    article: Article, *, by: User, reports: int = 1, text: str = PLAIN_TEXT, reason: str = "abuse"
) -> Comment:
    """A comment that established readers have reported."""
    comment = post_comment(article, by=by, text=text)
    for number in range(reports):
        reporter = established(f"reporter{number}")
        report_comment(comment.pk, reason=reason, note="읽기 불편합니다.", by=reporter)
    return Comment.objects.get(pk=comment.pk)
