"""Block of the desk home about appeals, requests to block and objections that wait for a moderator."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.actions import hide_comment, post_comment
from comments.actions.appeals import appeal_against_hiding, reject_appeal
from comments.actions.blocking import block_comment, end_block, object_to_block, request_block
from comments.models import Appeal, BlockRequest, Comment
from tests.support import make

pytestmark = pytest.mark.django_db
HOME = "/admin/"
BLOCK = 'id="waiting_procedures"'


def requested(comment: Comment, statement: str, *, email: str = "yeoul@paper.kr") -> BlockRequest:
    return request_block(
        comment.pk, name="한여울", email=email, basis="privacy", statement=statement
    )


def block(client: Client) -> str:
    """The HTML of the block; empty where there is none."""
    page = client.get(HOME).content.decode()
    if BLOCK not in page:
        return ""
    start = page.index(BLOCK)
    return page[start : page.index("</section>", start)]


def test_what_waits_stands_on_the_desk_home_until_it_is_answered(
    article: Article, chi: User, mo: User, ada: User, as_user: Any
) -> None:
    """community B98: a request, an objection, and an appeal, the oldest first."""
    client, ben = as_user(mo), make.ben()
    assert block(client) == ""
    post = [post_comment(article, by=chi, text=text) for text in ("하나", "둘", "셋")]
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=1)):
        hide_comment(post[0], by=ben, reason="욕설")
        appeal = appeal_against_hiding(post[0].pk, text="오해를 풀고 싶습니다.", by=chi)
    request = requested(post[1], "제 집이 나와 있습니다.")
    blocked = block_comment(requested(post[2], "사실이 아닙니다."), by=ben)
    object_to_block(post[2].pk, text="모두 사실입니다.", by=chi)
    shown = block(client)
    words = ("제 집이 나와 있습니다.", "임시조치에 대한 이의", "까지 임시조치", "모두 사실입니다.")
    assert [text for text in (*words, "오해를 풀고 싶습니다.") if text not in shown] == []
    assert ">3 ·" in shown
    assert f"/admin/comments/blockrequest/{request.pk}/change/" in shown
    assert "yeoul@paper.kr" not in shown
    assert block(as_user(ada)) == ""
    reject_appeal(appeal, answer="다시 보았지만 같습니다.", by=mo)
    end_block(blocked, by=mo, outcome=BlockRequest.Outcome.RESTORED)
    block_comment(request, by=mo)
    assert block(client) == ""


def test_what_is_about_oneself_is_for_colleagues(
    article: Article, chi: User, mo: User, ben: User, as_user: Any
) -> None:
    own = post_comment(article, by=mo, text="심사 담당입니다.")
    requested(own, "저를 두고 한 말입니다.")
    hidden = hide_comment(post_comment(article, by=mo, text="또 하나"), by=ben, reason="욕설")
    appeal_against_hiding(hidden.pk, text="오해입니다.", by=mo)
    assert block(as_user(mo)) == ""
    assert ">2 ·" in block(as_user(ben))


def test_many_cost_no_more_queries_than_one(
    article: Article, chi: User, mo: User, as_user: Any
) -> None:
    client = as_user(mo)
    comment = post_comment(article, by=chi, text="하나")
    requested(comment, "첫째 소명", email="one@paper.kr")
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    for number in range(20):
        requested(comment, f"소명 {number}", email=f"many{number}@paper.kr")
    with CaptureQueriesContext(connection) as many:
        shown = block(client)
    assert len(many) == len(few)
    assert "첫째 소명" in shown
    assert "모두 보기" in shown
    assert Appeal.objects.count() == 0
