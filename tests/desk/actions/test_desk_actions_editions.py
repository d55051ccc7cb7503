"""Freezing: an edition never changes, and nothing public refers to a draft."""

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, Author, Edition, Tag
from desk.actions import edit, freeze
from desk.errors import NotReady, Older, PollHasVotes, SlugTaken
from desk.models import Draft
from polls.actions import cast_vote
from polls.models import Poll, Vote
from polls.voter_key import Voter
from tests.support import make
from tests.support.editions import publish_edition, replace_edition, schedule_edition


def page(api: APIClient, slug: str) -> Any:
    return api.get(f"/api/v1/articles/{slug}/").json()


def test_empty_draft_is_not_frozen(ben: User) -> None:
    with pytest.raises(NotReady) as refusal:
        freeze(make.draft(headline=" \u3164", authors=[], summary_2=""), by=ben)
    assert len(refusal.value.more["problems"]) == 3
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_editing_after_the_freeze_does_not_change_the_live_edition(api: APIClient) -> None:
    """publishing 3, 26."""
    article = make.live(headline="처음 제목", poll=make.poll_data(), tags=["처음"])
    before = api.get(f"/api/v1/articles/{article.slug}/")
    other = make.section("문화")
    make.changed(
        make.draft_of(article),
        headline="나중 제목",
        slug="나중-주소",
        section=other,
        authors=[make.author("가람")],
        tags=["나중"],
        lead_photo=make.photo(),
        poll=None,
        comments_mode="closed",
    )
    after = api.get(f"/api/v1/articles/{article.slug}/")
    assert after.content == before.content
    assert after["ETag"] == before["ETag"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "column", ["headline", "summary", "body", "byline", "correction_note", "author_ids", "number"]
)
def test_database_refuses_to_update_an_edition(ben: User, column: str) -> None:
    """publishing 31."""
    freeze(make.draft(), by=ben)
    value = "'[]'" if column in {"summary", "author_ids"} else "7"
    change = f"UPDATE articles_edition SET {column} = {value}"
    with (
        pytest.raises(DatabaseError, match="is frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


@pytest.mark.postgres
@pytest.mark.django_db
def test_database_refuses_to_delete_an_edition(ben: User) -> None:
    """publishing 32: nothing is ever pruned."""
    edition = freeze(make.draft(), by=ben)
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        edition.delete()


def test_edition_is_saved_once(ben: User) -> None:
    edition = freeze(make.draft(), by=ben)
    with pytest.raises(TypeError, match="never changed"):
        edition.save()
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        Edition.objects.update(headline="x")


def test_body_html_of_an_edition_may_be_rendered_again(ben: User) -> None:
    edition = freeze(make.draft(), by=ben)
    Edition.objects.filter(pk=edition.pk).update(body_html="<p>더 안전하게</p>")
    edition.refresh_from_db()
    assert edition.body_html == "<p>더 안전하게</p>"


@pytest.mark.django_db(transaction=True)
def test_article_cannot_refer_to_an_edition_of_another_article() -> None:
    ben = make.ben()
    one, other = freeze(make.draft(), by=ben), freeze(make.draft(), by=ben)
    with pytest.raises((IntegrityError, DatabaseError)):
        Article.objects.filter(pk=other.article_id).update(live=one)


def test_article_has_no_reverse_relation_to_draft_or_editions(ben: User) -> None:
    article = freeze(make.draft(), by=ben).article
    assert not hasattr(article, "draft")
    assert not hasattr(article, "editions")
    for road in ("draft__headline", "edition__headline", "editions__headline"):
        with pytest.raises(FieldError):
            Article.objects.filter(**{road: "x"})


def test_editions_are_numbered_in_order(ben: User) -> None:
    draft = make.draft()
    assert [freeze(draft, by=ben).number for _ in range(3)] == [1, 2, 3]


# -- Addresses ---------------------------------------------------------------------------------


def test_equal_headlines_get_different_slugs(ben: User) -> None:
    slugs = [freeze(make.draft(headline="같은 제목"), by=ben).article.slug for _ in range(3)]
    assert slugs == ["같은-제목", "같은-제목-2", "같은-제목-3"]


@pytest.mark.parametrize("word", ["popular", "changes", "suggest"])
def test_slug_reserved_by_the_api_is_not_used(ben: User, word: str) -> None:
    assert freeze(make.draft(headline=word), by=ben).article.slug == f"{word}-2"
    with pytest.raises(SlugTaken):
        make.draft(slug=word)


@pytest.mark.django_db
def test_former_slug_redirects_to_the_article(api: APIClient) -> None:
    draft = make.draft_of(make.live(slug="처음"))
    for slug in ("둘째", "셋째"):
        make.changed(draft, slug=slug)
        publish_edition(freeze(draft, by=make.ben()), by=make.ben())
    for old in ("처음", "둘째"):
        moved = api.get(f"/api/v1/articles/{old}/")
        assert moved.status_code == 301
        assert api.get(moved["Location"]).status_code == 200
    with pytest.raises(SlugTaken):
        make.draft(slug="처음")
    make.changed(draft, slug="처음")
    publish_edition(freeze(draft, by=make.ben()), by=make.ben())
    assert api.get("/api/v1/articles/처음/").status_code == 200
    assert api.get("/api/v1/articles/셋째/").status_code == 301


def test_slug_taken_between_freeze_and_publication_does_not_stop_the_release(
    ben: User, api: APIClient
) -> None:
    """publishing 21."""
    article = make.live(slug="원래")
    draft = make.changed(make.draft_of(article), slug="바라던", headline="새 판")
    edition = freeze(draft, by=ben)
    make.live(slug="바라던")
    publish_edition(edition, by=ben)
    assert page(api, "원래")["headline"] == "새 판"


# -- Tags, polls -------------------------------------------------------------------------------


def test_tag_keeps_the_slug_that_an_editor_gave_it(ben: User) -> None:
    Tag.objects.create(name="오픈AI", slug="openai")
    draft = make.draft(tags=["오픈AI", "로봇", "로봇 "])
    edition = freeze(draft, by=ben)
    named = Tag.objects.in_bulk(edition.tag_ids)
    assert [named[pk].slug for pk in edition.tag_ids] == ["openai", "로봇"]


def test_author_added_twice_is_listed_once(ben: User) -> None:
    author: Author = make.author()
    assert freeze(make.draft(authors=[author, author]), by=ben).author_ids == [author.pk]


def test_poll_of_a_scheduled_edition_is_not_changed_by_the_draft(ben: User, api: APIClient) -> None:
    draft = make.draft(poll=make.poll_data(question="예약한 물음?"))
    edition = freeze(draft, by=ben)
    make.changed(draft, poll=make.poll_data(question="고친 물음?"))
    publish_edition(edition, by=ben)
    assert page(api, edition.article.slug)["poll"]["question"] == "예약한 물음?"
    publish_edition(freeze(draft, by=ben), by=ben)
    assert page(api, edition.article.slug)["poll"]["question"] == "고친 물음?"


def test_poll_with_votes_is_not_changed(ben: User) -> None:
    """community B76."""
    article = make.live(poll=make.poll_data())
    assert article.poll
    cast_vote(article.poll.pk, side="pro", voter=Voter(browser="b" * 32))
    assert Vote.objects.count() == 1
    draft = make.draft_of(article)
    with pytest.raises(PollHasVotes):
        edit(draft, by=ben, poll=make.poll_data(question="다른 물음?"))
    edit(draft, by=ben, poll=make.poll_data())
    assert Poll.objects.count() == 1


@pytest.mark.django_db
def test_poll_without_an_edition_is_changed_in_place() -> None:
    draft: Draft = make.draft(poll=make.poll_data())
    make.changed(draft, poll=make.poll_data(question="다른 물음?"))
    assert [poll.question for poll in Poll.objects.all()] == ["다른 물음?"]


def test_release_accepts_no_older_edition_and_none_of_another_article(ben: User) -> None:
    draft = make.draft()
    old, new = freeze(draft, by=ben), freeze(draft, by=ben)
    release = schedule_edition(new, at=timezone.now() + make.DUE_AFTER, by=ben)
    with pytest.raises(Older):
        replace_edition(release, edition=old, by=ben)
    with pytest.raises(ValueError, match="another's"):
        replace_edition(release, edition=freeze(make.draft(), by=ben), by=ben)
