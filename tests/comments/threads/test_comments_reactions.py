"""Reactions to comments: one per reader, exact counts, privacy."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import suspend
from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    delete_comment,
    hide_comment,
    hold_comment,
    post_comment,
    react_to_comment,
    remove_reaction,
    show_comment,
)
from comments.models import Comment, Reaction
from desk.actions import withdraw
from newsroom.errors import Refused
from pages.account_data import delete_account
from tests.desk.commands.test_commands_reconcile import reconciled
from tests.support import make
from tests.support.clients.comment_client import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(article: Article, mal: User) -> Comment:
    return post_comment(article, by=mal, text="문이 무겁군요.")


def reaction_url(comment: Comment) -> str:
    return f"/api/v1/comments/{comment.pk}/reaction/"


def put_reaction(client: APIClient, comment: Comment, value: Any = "like") -> Any:
    return client.put(reaction_url(comment), {"value": value}, format="json")


def counts(comment: Comment) -> tuple[int, int, int]:
    comment.refresh_from_db()
    return comment.likes, comment.dislikes, comment.score


def test_like_of_a_comment_is_counted_publicly(
    comment: Comment, chi: User, as_user: SignIn, api: APIClient
) -> None:
    response = put_reaction(as_user(chi), comment)
    assert response.status_code == 200
    body = response.json()
    assert (body["id"], body["my_reaction"]) == (comment.pk, "like")
    assert body["reactions"] == {"likes": 1, "dislikes": 0}
    assert response["Cache-Control"] == "no-store"
    public = api.get(f"/api/v1/comments/{comment.pk}/")
    assert public.json()["reactions"] == {"likes": 1, "dislikes": 0}
    assert b"my_reaction" not in public.content


def test_same_reaction_again_is_idempotent(comment: Comment, chi: User, as_user: SignIn) -> None:
    client = as_user(chi)
    put_reaction(client, comment)
    first = Reaction.objects.get()
    assert put_reaction(client, comment).json()["reactions"] == {"likes": 1, "dislikes": 0}
    again = Reaction.objects.get()
    assert (again.pk, again.reacted_at) == (first.pk, first.reacted_at)


def test_changed_reaction_moves_the_count(comment: Comment, chi: User, as_user: SignIn) -> None:
    client = as_user(chi)
    put_reaction(client, comment)
    assert put_reaction(client, comment, "dislike").json()["reactions"] == {
        "likes": 0,
        "dislikes": 1,
    }
    assert counts(comment) == (0, 1, -1)
    removed = client.delete(reaction_url(comment))
    assert (removed.status_code, removed.json()["my_reaction"]) == (200, None)
    assert client.delete(reaction_url(comment)).json()["reactions"] == {"likes": 0, "dislikes": 0}
    assert not Reaction.objects.exists()


def test_reaction_count_is_right_after_a_hundred_changes(comment: Comment, chi: User) -> None:
    """community B53."""
    for turn in range(100):
        if turn % 3 == 2:
            remove_reaction(comment.pk, by=chi)
        else:
            react_to_comment(comment.pk, value=("like", "dislike")[turn % 3], by=chi)
    assert counts(comment) == (1, 0, 1)
    assert Reaction.objects.get().value == "like"


def test_reaction_to_ones_own_comment_is_refused(
    comment: Comment, mal: User, as_user: SignIn
) -> None:
    refused = put_reaction(as_user(mal), comment)
    assert (refused.status_code, refused.json()["code"]) == (403, "own_comment")
    assert counts(comment) == (0, 0, 0)


def test_reaction_to_an_invisible_comment_is_a_404(
    comment: Comment, chi: User, mal: User, mo: User, as_user: SignIn
) -> None:
    """community B54: one response for hidden, held, deleted and missing comments, also to the author."""
    client, own = as_user(chi), as_user(mal)
    never = put_reaction(client, Comment(pk=987_654))
    for act in (
        lambda: hide_comment(comment, by=mo, reason="욕설"),
        lambda: hold_comment(comment, by=mo, reason="확인"),
        lambda: delete_comment(comment, by=mal),
    ):
        act()
        for response in (
            put_reaction(client, comment),
            client.delete(reaction_url(comment)),
            put_reaction(own, comment),
        ):
            assert (response.status_code, response.content) == (404, never.content)


def test_reactions_are_kept_when_a_comment_is_hidden_and_shown(
    comment: Comment, chi: User, mo: User
) -> None:
    react_to_comment(comment.pk, value="like", by=chi)
    hide_comment(comment, by=mo, reason="욕설")
    show_comment(comment, by=mo)
    assert counts(comment) == (1, 0, 1)


def test_reaction_on_closed_comments_is_refused_but_can_be_removed(
    comment: Comment, article: Article, chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    put_reaction(client, comment)
    Article.objects.update(comments_mode="closed")
    refused = put_reaction(client, comment, "dislike")
    assert (refused.status_code, refused.json()["code"]) == (403, "comments_closed")
    assert client.delete(reaction_url(comment)).json()["reactions"] == {"likes": 0, "dislikes": 0}


def test_reaction_under_a_withdrawn_article_is_a_404(
    comment: Comment, article: Article, chi: User, ben: User, as_user: SignIn
) -> None:
    withdraw(article, notice="내렸습니다.", by=ben)
    assert put_reaction(as_user(chi), comment).status_code == 404


def test_reaction_needs_an_account_that_may_write(
    comment: Comment, chi: User, mo: User, api: APIClient, as_user: SignIn
) -> None:
    assert put_reaction(api, comment).status_code == 401
    assert api.delete(reaction_url(comment)).status_code == 401
    suspend(chi, until=timezone.now() + timedelta(days=1), reason="도배", by=mo)
    assert put_reaction(as_user(chi), comment).json()["code"] == "suspended"


@pytest.mark.parametrize("body", [{}, {"value": "love"}, {"value": None}, {"value": ""}, [], 7])
def test_invalid_reaction_is_a_400(comment: Comment, chi: User, as_user: SignIn, body: Any) -> None:
    refused = as_user(chi).put(reaction_url(comment), body, format="json")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"


def test_reactions_and_removals_are_rate_limited(
    comment: Comment, chi: User, as_user: SignIn, settings: Any
) -> None:
    rest = settings.REST_FRAMEWORK
    rates = rest["DEFAULT_THROTTLE_RATES"] | {"reaction": "2/min"}
    settings.REST_FRAMEWORK = rest | {"DEFAULT_THROTTLE_RATES": rates}
    client = as_user(chi)
    assert put_reaction(client, comment)["RateLimit-Policy"] == '"reaction";q=2;w=60'
    assert client.delete(reaction_url(comment)).status_code == 200
    assert put_reaction(client, comment).status_code == 429


def test_placeholder_of_a_comment_has_no_reaction_counts(
    comment: Comment, article: Article, chi: User, mal: User, api: APIClient
) -> None:
    post_comment(article, by=chi, text="답글", parent=comment.pk)
    react_to_comment(comment.pk, value="like", by=chi)
    delete_comment(comment, by=mal)
    assert api.get(f"/api/v1/comments/{comment.pk}/").json()["reactions"] is None


# -- Sort by score -----------------------------------------------------------------------------


def comments_with_scores(article: Article, writer: User, scores: list[int]) -> list[int]:
    """Comments with these scores: their ids in the order of posting."""
    readers = [make.reader(f"reader{n}") for n in range(max(map(abs, scores)))]
    comment_ids = []
    for n, score in enumerate(scores):
        comment = post_comment(article, by=writer, text=f"{n}번째 글")
        for one in readers[: abs(score)]:
            react_to_comment(comment.pk, value="like" if score > 0 else "dislike", by=one)
        comment_ids.append(comment.pk)
    return comment_ids


def test_best_sort_is_by_score_then_newest(article: Article, mal: User, api: APIClient) -> None:
    numbers = comments_with_scores(article, mal, [0, 2, -1, 2, 1, 0, -2])
    url, ids = f"/api/v1/articles/{article.slug}/comments/?sort=best&page_size=2", list[int]()
    pages = []
    while url:
        page = api.get(url).json()
        pages.append(page)
        ids += [one["id"] for one in page["results"]]
        url = page["next"]
    assert ids == [numbers[n] for n in (3, 1, 4, 5, 0, 2, 6)]
    back = api.get(pages[-1]["previous"]).json()
    assert back["results"] == pages[-2]["results"]


def test_best_sort_keeps_replies_in_order(
    comment: Comment, article: Article, chi: User, api: APIClient
) -> None:
    replies = [
        post_comment(article, by=chi, text=f"{n}번째 답글", parent=comment.pk) for n in range(3)
    ]
    react_to_comment(replies[2].pk, value="like", by=make.reader("other"))
    (top,) = api.get(f"/api/v1/articles/{article.slug}/comments/?sort=best").json()["results"]
    assert [reply["id"] for reply in top["replies"]] == [reply.pk for reply in replies]
    assert top["replies"][2]["reactions"] == {"likes": 1, "dislikes": 0}


def test_best_sort_costs_the_same_queries_for_one_and_for_twenty(
    comment: Comment, article: Article, mal: User, api: APIClient
) -> None:
    def query_count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"/api/v1/articles/{article.slug}/comments/?sort=best").status_code < 300
        return len(queries)

    one = query_count()
    comments_with_scores(article, mal, [1, 2, -1] * 6)
    assert query_count() == one <= 3


# -- Export and closing ----------------------------------------------------------------------------------


def test_own_reaction_is_private(
    comment: Comment, chi: User, mal: User, mo: User, as_user: SignIn
) -> None:
    article = comment.article
    other = post_comment(article, by=mal, text="다른 글")
    react_to_comment(comment.pk, value="like", by=chi)
    react_to_comment(other.pk, value="dislike", by=chi)
    where = f"/api/v1/me/state/?articles={article.slug}"
    state = as_user(chi).get(where).json()["articles"][article.slug]
    assert state["my_reaction"] == {str(comment.pk): "like", str(other.pk): "dislike"}
    assert as_user(mal).get(where).json()["articles"][article.slug]["my_reaction"] == {}
    assert APIClient().get(where).json()["articles"][article.slug]["my_reaction"] == {}
    hide_comment(other, by=mo, reason="욕설")
    state = as_user(chi).get(where).json()["articles"][article.slug]
    assert state["my_reaction"] == {str(comment.pk): "like"}


def test_reactions_have_no_audit_entries(comment: Comment, chi: User) -> None:
    before = Entry.objects.count()
    react_to_comment(comment.pk, value="like", by=chi)
    remove_reaction(comment.pk, by=chi)
    assert Entry.objects.count() == before


def test_account_export_has_own_reactions(comment: Comment, chi: User, as_user: SignIn) -> None:
    react_to_comment(comment.pk, value="dislike", by=chi)
    (own_reaction,) = as_user(chi).get("/api/v1/me/export/").json()["reactions"]
    assert (own_reaction["comment"], own_reaction["value"]) == (comment.pk, "dislike")


def test_closing_an_account_removes_its_reactions_from_the_counts(
    comment: Comment, article: Article, chi: User, mal: User
) -> None:
    other = post_comment(article, by=mal, text="다른 글")
    react_to_comment(comment.pk, value="like", by=chi)
    react_to_comment(other.pk, value="dislike", by=chi)
    react_to_comment(comment.pk, value="like", by=make.reader("other"))
    delete_account(chi)
    assert (counts(comment), counts(other)) == ((1, 0, 1), (0, 0, 0))
    assert Reaction.objects.get().reader != chi
    assert reconciled("--check") == "all counts are right\n"


# -- Constraints and reconciliation -----------------------------------------------------------------


def test_database_allows_one_reaction_per_comment_and_reader(comment: Comment, chi: User) -> None:
    Reaction.objects.create(comment=comment, reader=chi, value="like")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reaction.objects.create(comment=comment, reader=chi, value="dislike")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reaction.objects.create(comment=comment, reader=make.reader("other"), value="love")


def test_reconcile_reports_and_repairs_reaction_counts(
    comment: Comment, article: Article, chi: User
) -> None:
    react_to_comment(comment.pk, value="like", by=chi)
    Comment.objects.update(likes=7, dislikes=2)
    output = reconciled()
    assert f"{article.slug} #{comment.pk}: likes kept 7, counted 1" in output
    assert f"{article.slug} #{comment.pk}: dislikes kept 2, counted 0" in output
    assert counts(comment) == (1, 0, 1)
    assert Entry.objects.filter(verb="recounted").count() == 2
    assert reconciled() == "all counts are right\n"


class TestAtOnce:
    """On PostgreSQL and real threads."""

    pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

    def test_concurrent_reactions_of_one_reader_are_one_reaction(
        self, comment: Comment, chi: User
    ) -> None:
        out = make.race(
            12, lambda n: react_to_comment(comment.pk, value=("like", "dislike")[n % 2], by=chi)
        )
        assert [one for one in out if isinstance(one, Exception)] == []
        own = Reaction.objects.get()
        assert counts(comment)[:2] == ((1, 0) if own.value == "like" else (0, 1))

    def test_concurrent_reactions_of_many_readers_are_counted_exactly(
        self, comment: Comment
    ) -> None:
        readers = [make.reader(f"reader{n}") for n in range(10)]

        def act(number: int) -> None:
            for turn in range(6):
                if (number + turn) % 3 == 2:
                    remove_reaction(comment.pk, by=readers[number])
                else:
                    react_to_comment(
                        comment.pk, value=("like", "dislike")[turn % 2], by=readers[number]
                    )

        assert make.race(10, act) == [None] * 10
        rows = Reaction.objects.filter(comment=comment)
        likes = rows.filter(value="like").count()
        assert counts(comment)[:2] == (likes, rows.count() - likes)

    def test_closing_an_account_concurrent_with_reacting_and_hiding_keeps_counts(
        self, comment: Comment, article: Article, chi: User, mal: User, mo: User
    ) -> None:
        own = post_comment(article, by=chi, text="내 글")
        react_to_comment(comment.pk, value="like", by=chi)

        def act(number: int) -> None:
            if number == 4:
                delete_account(chi)
            elif number % 3 == 0:
                react_to_comment(comment.pk, value="dislike", by=chi)
            elif number % 3 == 1:
                react_to_comment(own.pk, value="like", by=mal)
            else:
                hide_comment((own, comment)[number % 2], by=mo, reason="욕설")

        out = make.race(10, act)
        assert [o for o in out if isinstance(o, Exception) and not isinstance(o, Refused)] == []
        assert not Reaction.objects.filter(reader=chi).exists()
        assert reconciled("--check") == "all counts are right\n"
