"""Order of events of one article under races: editors' changes and readers' comments."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from articles.models import Article
from comments.actions import hide_comment, post_comment
from comments.errors import NoSuchThread
from comments.models import Comment
from desk.actions import publish_now, withdraw
from outbox.models import Event
from outbox.worker import deliver_all_due
from tests.support import make
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.outbox import event_type_and_slug, subscriber

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article(receiver: HTTPReceiver) -> Iterator[Article]:
    article = make.live()
    subscriber(receiver.url, events=["article.*", "comment.*"])
    yield article
    deliver_all_due()
    delivered = [event_type_and_slug(got)[0] for got in receiver.got]
    numbered = Event.objects.filter(key=article.key()).order_by("pk")
    assert delivered == list(numbered.values_list("name", flat=True))


def race_uncommitted(slow: Callable[[], Any], quick: Callable[[], Any]) -> list[Any]:
    """Make one change, not yet committed while another one of the same article begins and the worker
    delivers."""
    made, commit = threading.Event(), threading.Event()

    def work(number: int) -> Any:
        if number == 0:
            with transaction.atomic():
                came = slow()
                made.set()
                assert commit.wait(20)
            return came
        assert made.wait(20)
        if number == 1:
            return quick()
        for _ in range(5):
            deliver_all_due()
            threading.Event().wait(0.1)
        commit.set()
        return None

    came = make.race(3, work)
    assert not [one for one in came if isinstance(one, Exception)]
    return came


def test_withdrawal_is_not_delivered_before_an_earlier_comment(
    article: Article, chi: User, ben: User, receiver: HTTPReceiver
) -> None:
    race_uncommitted(
        lambda: post_comment(article, by=chi, text="잘 읽었습니다."),
        lambda: withdraw(article, notice="내렸습니다.", by=ben),
    )
    deliver_all_due()
    names = [event_type_and_slug(got)[0] for got in receiver.got]
    assert names == ["article.published", "comment.posted", "article.withdrawn"]


def test_comment_during_withdrawal_is_refused_and_not_delivered(
    article: Article, chi: User, ben: User, receiver: HTTPReceiver
) -> None:
    def comment_too_late() -> None:
        with pytest.raises(NoSuchThread):
            post_comment(article, by=chi, text="잘 읽었습니다.")

    race_uncommitted(lambda: withdraw(article, notice="내렸습니다.", by=ben), comment_too_late)
    deliver_all_due()
    assert [event_type_and_slug(got)[0] for got in receiver.got] == [
        "article.published",
        "article.withdrawn",
    ]


def test_comment_removal_is_not_delivered_before_an_earlier_update(
    article: Article, chi: User, ben: User, mo: User, receiver: HTTPReceiver
) -> None:
    comment = post_comment(article, by=chi, text="잘 읽었습니다.")
    story = make.changed(make.draft_of(article), headline="고친 제목")
    race_uncommitted(
        lambda: publish_now(story, by=ben),
        lambda: hide_comment(Comment.objects.get(pk=comment.pk), reason="욕설", by=mo),
    )
    deliver_all_due()
    names = [event_type_and_slug(got)[0] for got in receiver.got]
    assert names == ["article.published", "comment.posted", "article.updated", "comment.removed"]
