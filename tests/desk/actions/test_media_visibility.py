"""What a story carries goes by the story's time: its poll, its photos, what is said under it.

No clock runs here: nobody has come by to take anything down.
"""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, PhotoUse
from comments.models import Comment
from desk.actions import edit, publish_now
from desk.models import Draft
from pages.account_data import account_export
from polls.actions import cast_vote, lock_poll
from polls.errors import NoSuchPoll
from polls.models import Poll, Vote
from polls.voter_key import Voter
from tests.support import make

pytestmark = pytest.mark.django_db
END = timedelta(hours=1)


def story(**over: Any) -> Article:
    """A live article with a lead photo, a photo in its body and a poll."""
    body_photo = make.photo(alt="문 옆의 로봇")
    name = body_photo.sources[-1]["name"]
    words = {
        "body": f"로봇이 문을 열었다.\n\n![문 옆](/media/photos/{body_photo.key}/{name})",
        "lead_photo": make.photo(),
        "poll": make.poll_data(),
    }
    return make.live(**words | over)


def files_of(article: Article) -> list[str]:
    """The address of every file of every photo of the story."""
    return [
        f"/media/photos/{use.photo.key}/{source['name']}"
        for use in uses_of(article)
        for source in use.photo.sources
    ]


def uses_of(article: Article) -> Any:
    shown = PhotoUse.objects.filter(article=article).select_related("photo")
    assert len(shown) == 2
    return shown


def public_requests(
    article: Article, comment: Comment, reader: APIClient
) -> Iterator[tuple[str, Any]]:
    """The status of every public request for the photos and the poll of the article."""
    poll, own = f"/api/v1/polls/{article.poll_id}/", f"/api/v1/comments/{comment.pk}/"
    yield poll, reader.get(poll)
    yield "vote", reader.put(f"{poll}vote/", {"side": "con"}, format="json")
    yield "unvote", reader.delete(f"{poll}vote/")
    for file in files_of(article):
        yield file, closed(reader.get(file))
        name = file.rsplit("/", 2)
        known = f'"{name[1]}-{name[2]}"'
        yield f"{file} again", closed(reader.get(file, headers={"If-None-Match": known}))
    yield own, reader.get(own)
    yield "edit", reader.patch(own, {"text": "다시 썼습니다."}, format="json")
    thread = f"/api/v1/articles/{article.slug}/comments/"
    yield thread, reader.get(thread)
    yield "say", reader.post(thread, {"text": "하나 더."}, format="json")


def closed(answer: Any) -> Any:
    """The answer, its file read to the end and closed."""
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer


@pytest.fixture
def world(chi: User, as_user: Any) -> tuple[Article, Comment, APIClient]:
    article, reader = story(), as_user(chi)
    thread = f"/api/v1/articles/{article.slug}/comments/"
    response = reader.post(thread, {"text": "잘 읽었습니다."}, format="json")
    reader.put(f"/api/v1/polls/{article.poll_id}/vote/", {"side": "pro"}, format="json")
    return article, Comment.objects.get(pk=response.json()["id"]), reader


World = tuple[Article, Comment, APIClient]


def test_photos_and_poll_of_a_live_article_are_public(world: World) -> None:
    assert {answer.status_code for _what, answer in public_requests(*world)} <= {200, 201, 304}


def test_photos_and_poll_of_an_expired_article_are_private(
    world: World, ben: User, chi: User
) -> None:
    edit(make.draft_of(world[0]), by=ben, expires_at=timezone.now() + END)
    with time_machine.travel(timezone.now() + END + timedelta(seconds=1), tick=False):
        assert {
            what: answer.status_code for what, answer in public_requests(*world)
        } == dict.fromkeys((what for what, _answer in public_requests(*world)), 404)
        assert [vote["question"] for vote in account_export(chi)["votes"]] == [None]
    assert Vote.objects.get().side == "pro"
    assert Poll.objects.get().public, "nobody has taken it down"


def test_photos_and_poll_of_an_embargoed_article_are_private(world: World) -> None:
    later = timezone.now() + END
    Article.objects.update(embargo_until=later, published_at=later)  # however it came to that
    assert {answer.status_code for _what, answer in public_requests(*world)} == {404}


def test_media_of_an_expired_article_answer_like_missing_ones(world: World) -> None:
    article, _comment, reader = world
    Article.objects.update(expires_at=timezone.now())
    here, nowhere = f"/api/v1/polls/{article.poll_id}/", "/api/v1/polls/987654/"
    file = files_of(article)[0]
    for one, other in (
        (reader.get(here), reader.get(nowhere)),
        (closed(reader.get(file)), reader.get("/media/photos/nothing-here/1.webp")),
    ):
        assert one.status_code == other.status_code == 404
        assert set(one.headers) == set(other.headers)
        assert len(one.content) - len(other.content) in range(-40, 40)


def test_media_of_another_live_article_stay_public(ben: User) -> None:
    photo = make.photo()
    over = make.live(poll=make.poll_data(), lead_photo=photo)
    poll, other = Poll.objects.get(), make.draft(lead_photo=photo)
    Draft.objects.filter(pk=other.pk).update(poll=poll)
    other.refresh_from_db()
    publish_now(other, by=ben)
    Article.objects.filter(pk=over.pk).update(expires_at=timezone.now())
    web = Client()
    assert web.get(f"/api/v1/polls/{poll.pk}/").status_code == 200
    file = f"/media/photos/{photo.key}/{photo.sources[0]['name']}"
    assert closed(web.get(file)).status_code == 200


def test_media_are_public_again_after_the_expiry_is_extended(world: World) -> None:
    Article.objects.update(expires_at=timezone.now())
    Article.objects.update(expires_at=None)
    assert {answer.status_code for _what, answer in public_requests(*world)} <= {200, 201, 304}


def test_media_visibility_query_counts(client: Client, django_assert_num_queries: Any) -> None:
    article = story()
    file = files_of(article)[0]
    with django_assert_num_queries(2):
        client.get(f"/api/v1/polls/{article.poll_id}/")
    with django_assert_num_queries(1):
        closed(client.get(file))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_vote_that_waited_past_the_expiry_is_not_counted() -> None:
    article = make.live(poll=make.poll_data())
    end = timezone.now() + timedelta(seconds=2)
    Article.objects.update(expires_at=end)
    holding, over = threading.Event(), threading.Event()

    def work(number: int) -> object:
        if number:
            assert holding.wait(10)
            return cast_vote(article.poll_id or 0, side="pro", voter=Voter(browser="chi"))
        with transaction.atomic():
            lock_poll(article.poll_id or 0)
            holding.set()
            over.wait((end - timezone.now()).total_seconds() + 0.5)
        return None

    refused = make.race(2, work)
    assert [type(one) for one in refused if isinstance(one, Exception)] == [NoSuchPoll]
    assert not Vote.objects.exists()
