"""What stands beside a story: what editors picked, then what is near it, and never what is not live."""

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
from articles.models import Article, Neighbour, Reached
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
from tests.support.change_feed_client import record_all_changes
from tests.support.search_client import index_pending_articles
from tests.support.view_beacons import post_views_of_readers

pytestmark = pytest.mark.django_db
APART = [f"서로 다른 {n}째 소식" for n in range(20)]


def related_now() -> None:
    """What the clock does after publications."""
    index_pending_articles()
    record_all_changes()
    while relate_changed_articles():
        pass


def beside(story: Article) -> list[str]:
    answer = APIClient().get(f"/api/v1/articles/{story.slug}/")
    assert answer.status_code == 200
    return [card["slug"] for card in answer.json()["related"]]


def alone(n: int, **over: Any) -> Article:
    """A story that has nothing in common with another one."""
    words = {
        "headline": f"{'가나다라마바사아자차'[n]}{'카타파하거너더러머버'[n]}" * 4,
        "deck": "",
        "section": make.section(f"외딴 {n}"),
        "tags": [f"외딴말{n}"],
    }
    return make.live(**words | over)


def test_stories_of_one_subject_stand_beside_each_other() -> None:
    one = alone(0, tags=["반도체", "수출"])
    two = alone(1, tags=["반도체", "수출"])
    alone(2)
    related_now()
    assert beside(one) == [two.slug]
    assert beside(two) == [one.slug]


def test_words_of_a_headline_bring_stories_together_that_share_nothing_else() -> None:
    one = alone(0, headline="한국은행 기준금리 동결 결정")
    two = alone(1, headline="기준금리 동결에 은행주 강세")
    alone(2)
    related_now()
    assert beside(one) == [two.slug]
    assert beside(two) == [one.slug]


def test_the_nearest_comes_first_and_of_equals_the_fresher() -> None:
    now = timezone.now()
    stories: dict[str, Article] = {}
    for name, (days, tags) in {
        "old": (90, ["반도체"]),
        "fresh": (2, ["반도체"]),
        "twice": (2, ["반도체", "수출"]),
    }.items():
        with time_machine.travel(now - timedelta(days=days), tick=False):
            stories[name] = alone(len(stories), slug=name, tags=tags)
    story = alone(5, tags=["반도체", "수출"])
    related_now()
    assert beside(story) == ["twice", "fresh", "old"]


def test_editors_picks_come_first_in_their_order_and_nothing_stands_twice() -> None:
    near = [alone(n, tags=["반도체"]) for n in range(6)]
    picks = [alone(7), near[2]]
    story = alone(8, tags=["반도체"], related=picks)
    related_now()
    shown = beside(story)
    assert shown[:2] == [picks[0].slug, picks[1].slug]
    assert len(shown) == len(set(shown)) == DEFAULT_RELATED_CARDS
    assert story.slug not in shown


def test_more_picks_than_that_are_all_shown_and_nothing_is_added() -> None:
    picks = [alone(n) for n in range(7)]
    alone(7, tags=["반도체"])
    story = alone(8, tags=["반도체"], related=picks)
    related_now()
    assert beside(story) == [pick.slug for pick in picks]


def test_what_is_not_live_stands_beside_nothing() -> None:
    """publishing 40"""
    end = timezone.now() + timedelta(minutes=5)
    story = alone(0, tags=["반도체"])
    gone = alone(1, tags=["반도체"])
    ends = alone(2, tags=["반도체"], expires_at=end)
    stays = alone(3, tags=["반도체"])
    make.planned(tags=["반도체"])
    make.draft(tags=["반도체"])
    related_now()
    assert set(beside(story)) == {gone.slug, ends.slug, stays.slug}
    withdraw(gone, notice="내립니다", by=make.ben())
    assert set(beside(story)) == {ends.slug, stays.slug}  # before any sweep
    with time_machine.travel(end, tick=False):
        assert beside(story) == [stays.slug]
    related_now()
    assert not Neighbour.objects.filter(related=gone).exists()
    assert not Neighbour.objects.filter(article=gone).exists()


def test_a_story_on_legal_hold_is_recommended_nowhere_and_can_still_be_read(api: APIClient) -> None:
    held = alone(1, tags=["반도체"])
    story = alone(0, tags=["반도체"], related=[held])
    other = alone(2, tags=["반도체"])
    post_views_of_readers(held.slug, 3)
    related_now()
    tasks.count_views()
    assert held.slug in beside(story)
    assert held.slug in beside(other)
    popular = "/api/v1/articles/popular/"
    assert [card["slug"] for card in api.get(popular).json()["results"]] == [held.slug]
    put_on_legal_hold(held, reason="정정보도 청구", by=make.ben())
    assert beside(story) == [other.slug]
    assert beside(other) == [story.slug]
    assert api.get(popular).json()["results"] == []
    assert api.get(f"/api/v1/articles/{held.slug}/").status_code == 200
    end_legal_hold(held, by=make.ben())
    assert held.slug in beside(story)


def test_the_desk_puts_a_story_on_hold_and_says_why_to_nobody_else(
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
    told_to_the_world = Event.objects.get(name="article.held")
    assert "반론" not in str(told_to_the_world.data)
    assert "반론" not in api.get(f"/api/v1/articles/{story.slug}/").content.decode()
    with pytest.raises(OnHold):
        put_on_legal_hold(story, reason="다시", by=ben)
    end_legal_hold(story, by=ben)
    with pytest.raises(NotOnHold):
        end_legal_hold(story, by=ben)


def test_nobody_holds_what_they_may_not_withdraw_or_what_no_reader_has_seen(
    ada: User, ben: User
) -> None:
    with pytest.raises(NotAllowed):
        put_on_legal_hold(make.live(), reason="시험", by=ada)
    with pytest.raises(NeverPublished):
        put_on_legal_hold(make.planned().article, reason="시험", by=ben)


def test_a_story_that_changes_its_subject_changes_its_neighbours() -> None:
    story = alone(0, tags=["반도체"])
    before, after = alone(1, tags=["반도체"]), alone(2, tags=["조선"])
    related_now()
    assert beside(story) == [before.slug]
    publish_now(make.changed(make.draft_of(story), tags=["조선"]), by=make.ben())
    related_now()
    assert beside(story) == [after.slug]
    assert beside(before) == []
    assert beside(after) == [story.slug]


def test_a_nearer_story_that_comes_later_takes_the_place_of_a_farther_one() -> None:
    section = make.section("경제")
    far = [
        make.live(headline=f"{c * 6}", tags=[c], section=section)
        for c in "가나다라마바사아자차카타파"
    ]
    story = make.live(headline="하" * 6, tags=["반도체", "수출"], section=section)
    related_now()
    assert Neighbour.objects.filter(article=story).count() == MAX_RELATED_STORED < len(far)
    near = make.live(headline="거" * 6, tags=["반도체", "수출"], section=section)
    related_now()
    assert beside(story)[0] == near.slug
    assert Neighbour.objects.filter(article=story).count() == MAX_RELATED_STORED


def test_who_loses_neighbours_finds_others() -> None:
    section = make.section("경제")
    stories = [
        make.live(headline=c * 6, tags=[c], section=section)
        for c in "가나다라마바사아자차카타파하거너"
    ]
    related_now()
    first = stories[0]
    lost = [n.related for n in Neighbour.objects.filter(article=first).order_by("-score")[:9]]
    for story in lost:
        withdraw(story, notice="내립니다", by=make.ben())
    related_now()
    assert len(beside(first)) == DEFAULT_RELATED_CARDS


def test_relating_twice_changes_nothing() -> None:
    for n in range(4):
        alone(n, tags=["반도체"])
    related_now()
    before = sorted(Neighbour.objects.values_list("article", "related", "score"))
    Reached.objects.update(place=0)
    related_now()
    assert sorted(Neighbour.objects.values_list("article", "related", "score")) == before


def test_with_nothing_new_one_look_is_all(django_assert_num_queries: Any) -> None:
    alone(0)
    related_now()
    with django_assert_num_queries(2):
        assert relate_changed_articles() == 0


def test_it_waits_for_a_burst_to_be_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BURST_MIN_ARTICLES", 2)
    alone(0, tags=["반도체"])
    alone(1, tags=["반도체"])
    record_all_changes()
    assert update_related_articles() == "waits for a burst"
    with time_machine.travel(timezone.now() + tasks.BURST_WINDOW, tick=False):
        assert update_related_articles() == "2 stories related"


def test_the_page_takes_as_many_questions_as_before(api: APIClient) -> None:
    """publishing 48"""
    story = alone(0, tags=["반도체"])
    for n in range(1, 9):
        alone(n, tags=["반도체"])
    related_now()
    with CaptureQueriesContext(connection) as asked:
        assert len(beside(story)) == DEFAULT_RELATED_CARDS
    assert len(asked) == 2


def test_whoever_keeps_a_page_hears_when_a_story_beside_it_goes() -> None:
    story, near = alone(0, tags=["반도체"]), alone(1, tags=["반도체"])
    related_now()
    answer = APIClient().get(f"/api/v1/articles/{story.slug}/")
    mine = APIClient().get(f"/api/v1/articles/{near.slug}/")["Surrogate-Key"].split()[0]
    assert mine in answer["Surrogate-Key"].split()


def test_the_clock_comes_round_every_five_seconds() -> None:
    entry = app.conf.beat_schedule["find-neighbours"]
    assert (entry["task"], entry["schedule"]) == (update_related_articles.name, 5.0)
