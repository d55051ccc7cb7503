"""Concurrent comments, saves and account closings keep counts exact, on PostgreSQL and real threads."""

from collections import Counter
from collections.abc import Sequence

import pytest

from accounts.actions import change_nickname, check_nickname
from accounts.errors import NicknameTaken
from accounts.models import User
from articles.models import Article, ArticleCounts
from comments.actions import delete_comment, edit_comment, hide_comment, post_comment, show_comment
from comments.errors import ParentGone
from comments.models import Comment
from newsroom.errors import Refused
from pages.account_data import delete_account
from saves.actions import save_article, unsave_article
from saves.models import Save
from tests.support import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
State = Comment.State


@pytest.fixture
def article() -> Article:
    return make.live()


def counts(article: Article) -> tuple[int, int]:
    article_counts = ArticleCounts.objects.get(article=article)
    return article_counts.comments, article_counts.saves


def assert_refused_or_done(out: Sequence[object]) -> None:
    assert [o for o in out if isinstance(o, Exception) and not isinstance(o, Refused)] == []


def test_hundred_concurrent_comments_are_counted_exactly(article: Article) -> None:
    writers = [make.reader(f"writer{n}") for n in range(20)]

    def write(number: int) -> None:
        for turn in range(5):
            post_comment(article, by=writers[number], text=f"{number}의 {turn}번째 글")

    assert make.race(20, write) == [None] * 20
    assert counts(article) == (100, 0)


def test_concurrent_duplicate_comments_are_stored_once(article: Article, chi: User) -> None:
    out = make.race(10, lambda _n: post_comment(article, by=chi, text="같은 글"))
    assert len({comment.pk for comment in out if isinstance(comment, Comment)}) == 1
    assert counts(article) == (1, 0)


def test_concurrent_deletions_of_a_comment_are_counted_once(
    article: Article, chi: User, mo: User
) -> None:
    comment = post_comment(article, by=chi, text="글")
    post_comment(article, by=chi, text="남는 글")

    def act(number: int) -> None:
        if number % 2:
            delete_comment(comment, by=chi)
        else:
            hide_comment(comment, by=mo, reason="")

    assert_refused_or_done(make.race(12, act))
    assert counts(article) == (1, 0)


def test_concurrent_moderation_keeps_the_comment_count(
    article: Article, chi: User, mo: User
) -> None:
    comments = [post_comment(article, by=chi, text=f"{n}번째 글") for n in range(4)]

    def act(number: int) -> None:
        for comment in comments:
            (
                hide_comment(comment, by=mo, reason="")
                if number % 2
                else show_comment(comment, by=mo)
            )

    assert_refused_or_done(make.race(10, act))
    assert counts(article)[0] == Comment.objects.visible().count()


@pytest.mark.parametrize("round_", range(4))
def test_reply_concurrent_with_hiding_its_parent_keeps_the_count(
    article: Article, chi: User, mal: User, mo: User, round_: int
) -> None:
    """community B14."""
    top = post_comment(article, by=chi, text="글")
    reply = post_comment(article, by=chi, text="답글", parent=top.pk)

    def act(number: int) -> str:
        if number == 3:
            hide_comment(top, by=mo, reason="")
            return "hidden"
        try:
            post_comment(article, by=mal, text=f"답글 {number}", parent=reply.pk)
        except ParentGone:
            return "refused"
        return "written"

    outcomes = Counter(make.race(8, act))
    assert outcomes["hidden"] == 1
    assert outcomes["written"] + outcomes["refused"] == 7
    assert counts(article)[0] == Comment.objects.visible().count() == outcomes["written"] + 1


def test_concurrent_saving_and_removing_keeps_the_save_count(article: Article, chi: User) -> None:
    def act(number: int) -> None:
        for turn in range(5):
            if (number + turn) % 2:
                save_article(article, by=chi)
            else:
                unsave_article(article, by=chi)

    assert make.race(12, act) == [None] * 12
    assert counts(article) == (0, Save.objects.filter(article=article).count())


def test_concurrent_saves_of_one_reader_are_one_save(article: Article, chi: User) -> None:
    assert make.race(12, lambda _n: save_article(article, by=chi)) == [None] * 12
    assert counts(article) == (0, 1)


@pytest.mark.parametrize("round_", range(4))
def test_closing_an_account_concurrent_with_commenting_and_saving_keeps_counts(
    article: Article, chi: User, mal: User, round_: int
) -> None:
    tops = [post_comment(article, by=person, text=f"{person} 글") for person in (chi, mal)]
    post_comment(article, by=chi, text="답글", parent=tops[1].pk)
    other = make.live()

    def act(number: int) -> None:
        if number == 5:
            delete_account(chi)
        elif number % 3 == 0:
            save_article((article, other)[number % 2], by=chi)
        elif number % 3 == 1:
            post_comment(article, by=chi, text=f"{number}번째 글", parent=tops[number % 2].pk)
        else:
            edit_comment(tops[0], by=chi, text=f"{number}번째로 고친 글")

    assert_refused_or_done(make.race(12, act))
    assert not Save.objects.filter(reader=chi).exists()
    assert not Comment.objects.filter(author=chi).exists()
    for one in (article, other):
        visible = Comment.objects.visible().filter(article=one).count()
        assert counts(one) == (visible, Save.objects.filter(article=one).count())


def test_closing_an_account_twice_concurrently_is_done_once(article: Article, chi: User) -> None:
    save_article(article, by=chi)
    post_comment(article, by=chi, text="글")
    out = make.race(4, lambda _n: delete_account(chi))
    assert_refused_or_done(out)
    assert out.count(None) == 1
    assert counts(article) == (0, 0)


def test_concurrent_nickname_changes_give_a_nickname_to_one_reader() -> None:
    readers = [make.reader(f"reader{n}") for n in range(8)]
    out = make.race(8, lambda n: change_nickname(readers[n], nickname="새벽산책"))
    assert sum(isinstance(o, User) for o in out) == 1
    assert sum(isinstance(o, NicknameTaken) for o in out) == 7
    with pytest.raises(NicknameTaken):
        check_nickname("새벽 산책", by=None)
