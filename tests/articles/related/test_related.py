"""Related articles: editors' picks, then similar ones, live ones only; legal holds."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles import tasks
from articles.models import Article, RelatedArticle, SweepCursor
from articles.read_queries import DEFAULT_RELATED_CARDS
from articles.related.linking import MAX_RELATED_STORED, relate_changed_articles
from articles.tasks import update_related_articles
from audit.models import Entry
from desk.actions import end_legal_hold, publish_now, put_on_legal_hold, withdraw
from desk.errors import NeverPublished, NotOnHold, OnHold
from newsroom.celery import app
from newsroom.errors import NotAllowed
from outbox.models import Event
from tests.support import make
from tests.support.clients.change_feed_client import record_all_changes
from tests.support.clients.search_client import index_pending_articles
from tests.support.clients.view_beacons import post_views_of_readers

pytestmark = pytest.mark.django_db
APART = [f"서로 다른 {n}째 소식" for n in range(20)]


def index_and_relate() -> None:
    """Run the sweeps that follow publications."""
    index_pending_articles()
    record_all_changes()
    while relate_changed_articles():
        pass


def related_slugs(story: Article) -> list[str]:
    response = APIClient().get(f"/api/v1/articles/{story.slug}/")
    assert response.status_code == 200
    return [card["slug"] for card in response.json()["related"]]


def article_with_unique_text(n: int, **fields: Any) -> Article:
    """A live article without similarity to others, but for the fields given."""
    words = {
        "headline": f"{'가나다라마바사아자차'[n]}{'카타파하거너더러머버'[n]}" * 4,
        "deck": "",
        "section": make.section(f"외딴 {n}"),
        "tags": [f"외딴말{n}"],
    }
    return make.live(**words | fields)


def test_articles_of_one_subject_are_related() -> None:
    one = article_with_unique_text(0, tags=["반도체", "수출"])
    two = article_with_unique_text(1, tags=["반도체", "수출"])
    article_with_unique_text(2)
    index_and_relate()
    assert related_slugs(one) == [two.slug]
    assert related_slugs(two) == [one.slug]


def test_articles_with_similar_headlines_only_are_related() -> None:
    one = article_with_unique_text(0, headline="한국은행 기준금리 동결 결정")
    two = article_with_unique_text(1, headline="기준금리 동결에 은행주 강세")
    article_with_unique_text(2)
    index_and_relate()
    assert related_slugs(one) == [two.slug]
    assert related_slugs(two) == [one.slug]


def test_related_articles_are_ordered_by_similarity_then_newest() -> None:
    now = timezone.now()
    stories: dict[str, Article] = {}
    for name, (days, tags) in {
        "old": (90, ["반도체"]),
        "fresh": (2, ["반도체"]),
        "twice": (2, ["반도체", "수출"]),
    }.items():
        with time_machine.travel(now - timedelta(days=days), tick=False):
            stories[name] = article_with_unique_text(len(stories), slug=name, tags=tags)
    story = article_with_unique_text(5, tags=["반도체", "수출"])
    index_and_relate()
    assert related_slugs(story) == ["twice", "fresh", "old"]


def test_editors_picks_come_first_in_their_order_without_duplicates() -> None:
    near = [article_with_unique_text(n, tags=["반도체"]) for n in range(6)]
    picks = [article_with_unique_text(7), near[2]]
    story = article_with_unique_text(8, tags=["반도체"], related=picks)
    index_and_relate()
    shown = related_slugs(story)
    assert shown[:2] == [picks[0].slug, picks[1].slug]
    assert len(shown) == len(set(shown)) == DEFAULT_RELATED_CARDS
    assert story.slug not in shown


def test_more_than_five_picks_are_all_shown_and_nothing_is_added() -> None:
    picks = [article_with_unique_text(n) for n in range(7)]
    article_with_unique_text(7, tags=["반도체"])
    story = article_with_unique_text(8, tags=["반도체"], related=picks)
    index_and_relate()
    assert related_slugs(story) == [pick.slug for pick in picks]


def test_articles_not_live_are_related_to_nothing() -> None:
    """publishing 40"""
    end = timezone.now() + timedelta(minutes=5)
    story = article_with_unique_text(0, tags=["반도체"])
    removed = article_with_unique_text(1, tags=["반도체"])
    expiring = article_with_unique_text(2, tags=["반도체"], expires_at=end)
    staying = article_with_unique_text(3, tags=["반도체"])
    make.planned(tags=["반도체"])
    make.draft(tags=["반도체"])
    index_and_relate()
    assert set(related_slugs(story)) == {removed.slug, expiring.slug, staying.slug}
    withdraw(removed, notice="내립니다", by=make.ben())
    assert set(related_slugs(story)) == {expiring.slug, staying.slug}  # before any sweep
    with time_machine.travel(end, tick=False):
        assert related_slugs(story) == [staying.slug]
    index_and_relate()
    assert not RelatedArticle.objects.filter(related=removed).exists()
    assert not RelatedArticle.objects.filter(article=removed).exists()


def test_an_article_on_legal_hold_is_not_recommended_but_readable(api: APIClient) -> None:
    on_hold = article_with_unique_text(1, tags=["반도체"])
    story = article_with_unique_text(0, tags=["반도체"], related=[on_hold])
    other = article_with_unique_text(2, tags=["반도체"])
    post_views_of_readers(on_hold.slug, 3)
    index_and_relate()
    tasks.count_views()
    assert on_hold.slug in related_slugs(story)
    assert on_hold.slug in related_slugs(other)
    popular = "/api/v1/articles/popular/"
    assert [card["slug"] for card in api.get(popular).json()["results"]] == [on_hold.slug]
    put_on_legal_hold(on_hold, reason="정정보도 청구", by=make.ben())
    assert related_slugs(story) == [other.slug]
    assert related_slugs(other) == [story.slug]
    assert api.get(popular).json()["results"] == []
    assert api.get(f"/api/v1/articles/{on_hold.slug}/").status_code == 200
    end_legal_hold(on_hold, by=make.ben())
    assert on_hold.slug in related_slugs(story)


def test_the_reason_of_a_legal_hold_stays_within_the_desk(
    ben: User, as_user: Any, api: APIClient
) -> None:
    story = make.live()
    at_the_desk = as_user(ben)
    form = f"/admin/articles/article/{story.pk}/press/put_on_hold/"
    at_the_desk.post(form, {"reason": "반론 청구 접수", "_sure": "1"})
    story.refresh_from_db()
    assert story.held_at
    line = Entry.objects.get(verb="put_on_hold")
    assert (line.by, line.details) == (ben.pk, {"reason": "반론 청구 접수"})
    event = Event.objects.get(name="article.held")
    assert "반론" not in str(event.data)
    assert "반론" not in api.get(f"/api/v1/articles/{story.slug}/").content.decode()
    with pytest.raises(OnHold):
        put_on_legal_hold(story, reason="다시", by=ben)
    end_legal_hold(story, by=ben)
    with pytest.raises(NotOnHold):
        end_legal_hold(story, by=ben)


def test_a_legal_hold_requires_the_right_to_withdraw_and_a_published_article(
    ada: User, ben: User
) -> None:
    with pytest.raises(NotAllowed):
        put_on_legal_hold(make.live(), reason="시험", by=ada)
    with pytest.raises(NeverPublished):
        put_on_legal_hold(make.planned().article, reason="시험", by=ben)


def test_an_article_that_changes_its_subject_changes_its_related_articles() -> None:
    story = article_with_unique_text(0, tags=["반도체"])
    before, after = (
        article_with_unique_text(1, tags=["반도체"]),
        article_with_unique_text(2, tags=["조선"]),
    )
    index_and_relate()
    assert related_slugs(story) == [before.slug]
    publish_now(make.changed(make.draft_of(story), tags=["조선"]), by=make.ben())
    index_and_relate()
    assert related_slugs(story) == [after.slug]
    assert related_slugs(before) == []
    assert related_slugs(after) == [story.slug]


def test_a_more_similar_later_article_replaces_the_least_similar() -> None:
    section = make.section("경제")
    far = [
        make.live(headline=f"{c * 6}", tags=[c], section=section)
        for c in "가나다라마바사아자차카타파"
    ]
    story = make.live(headline="하" * 6, tags=["반도체", "수출"], section=section)
    index_and_relate()
    assert RelatedArticle.objects.filter(article=story).count() == MAX_RELATED_STORED < len(far)
    near = make.live(headline="거" * 6, tags=["반도체", "수출"], section=section)
    index_and_relate()
    assert related_slugs(story)[0] == near.slug
    assert RelatedArticle.objects.filter(article=story).count() == MAX_RELATED_STORED


def test_an_article_that_loses_related_articles_is_refilled() -> None:
    section = make.section("경제")
    stories = [
        make.live(headline=c * 6, tags=[c], section=section)
        for c in "가나다라마바사아자차카타파하거너"
    ]
    index_and_relate()
    first = stories[0]
    withdrawn = [
        n.related for n in RelatedArticle.objects.filter(article=first).order_by("-score")[:9]
    ]
    for story in withdrawn:
        withdraw(story, notice="내립니다", by=make.ben())
    index_and_relate()
    assert len(related_slugs(first)) == DEFAULT_RELATED_CARDS


def test_relating_articles_is_idempotent() -> None:
    for n in range(4):
        article_with_unique_text(n, tags=["반도체"])
    index_and_relate()
    before = sorted(RelatedArticle.objects.values_list("article", "related", "score"))
    SweepCursor.objects.update(position=0)
    index_and_relate()
    assert sorted(RelatedArticle.objects.values_list("article", "related", "score")) == before


def test_an_idle_related_sweep_costs_two_queries(django_assert_num_queries: Any) -> None:
    article_with_unique_text(0)
    index_and_relate()
    with django_assert_num_queries(2):
        assert relate_changed_articles() == 0


def test_relating_articles_waits_while_a_burst_is_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "BURST_MIN_ARTICLES", 2)
    article_with_unique_text(0, tags=["반도체"])
    article_with_unique_text(1, tags=["반도체"])
    record_all_changes()
    assert update_related_articles() == "waits for a burst"
    with time_machine.travel(timezone.now() + tasks.BURST_WINDOW, tick=False):
        assert update_related_articles() == "2 articles related"


def test_related_articles_cost_the_page_no_further_query(api: APIClient) -> None:
    """publishing 48"""
    story = article_with_unique_text(0, tags=["반도체"])
    for n in range(1, 9):
        article_with_unique_text(n, tags=["반도체"])
    index_and_relate()
    with CaptureQueriesContext(connection) as queries:
        assert len(related_slugs(story)) == DEFAULT_RELATED_CARDS
    assert len(queries) == 2


def test_caches_are_purged_of_pages_that_show_a_withdrawn_related_article() -> None:
    story, near = (
        article_with_unique_text(0, tags=["반도체"]),
        article_with_unique_text(1, tags=["반도체"]),
    )
    index_and_relate()
    response = APIClient().get(f"/api/v1/articles/{story.slug}/")
    own = APIClient().get(f"/api/v1/articles/{near.slug}/")["Surrogate-Key"].split()[0]
    assert own in response["Surrogate-Key"].split()


def test_related_articles_are_updated_every_five_seconds() -> None:
    entry = app.conf.beat_schedule["update-related-articles"]
    assert (entry["task"], entry["schedule"]) == (update_related_articles.name, 5.0)
