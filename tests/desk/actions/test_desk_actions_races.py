"""Races of desk actions on real threads against PostgreSQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Edition
from audit.models import Entry
from desk.actions import (
    cancel_release,
    edit,
    freeze,
    move_to_trash,
    publish_now,
    schedule_draft,
    start_draft,
    withdraw,
)
from desk.errors import AlreadyScheduled, EditedElsewhere, Older, StillOut, Withdrawn
from desk.models import Draft, Release
from desk.tasks import process_due, publish_due
from media.models import Photo
from newsroom.errors import Refused
from outbox.models import Event
from tests.support import make
from tests.support.editions import publish_edition, schedule_edition

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def due_time() -> Any:
    return timezone.now() + make.DUE_AFTER


def make_due(*releases: Release) -> None:
    """Their time has come, however long it took to schedule them."""
    numbers = [release.pk for release in releases]
    Release.objects.filter(pk__in=numbers).update(due_at=timezone.now())


def unexpected_errors(results: list[Any]) -> list[Any]:
    return [o for o in results if isinstance(o, Exception) and not isinstance(o, Refused)]


def count_of(kind: type, results: list[Any]) -> int:
    return sum(isinstance(o, kind) for o in results)


def test_eight_workers_publish_once() -> None:
    """publishing 8."""
    make_due(*[make.planned() for _ in range(10)])
    results = make.race(8, lambda _n: publish_due())
    assert not unexpected_errors(results), results
    assert Release.objects.done().count() == 10
    assert Event.objects.filter(name="article.published").count() == 10
    assert Entry.objects.filter(verb="published").count() == 10


def test_articles_that_refer_to_each_other_and_share_photos_are_published_at_once() -> None:
    ben, photos = make.ben(), [make.photo(), make.photo()]
    stories = [make.live(lead_photo=photos[n % 2]) for n in range(4)]
    drafts = [
        make.changed(
            make.draft_of(story),
            related=[other for other in stories if other != story],
            lead_photo=photos[n // 2],
        )
        for n, story in enumerate(stories)
    ]
    results = [make.race(4, lambda n: publish_now(drafts[n], by=ben)) for _round in range(5)]
    assert not unexpected_errors([each for some in results for each in some]), results


def test_drafts_that_create_the_same_tags_do_not_deadlock() -> None:
    ben = make.ben()
    for again in range(5):
        tags = [f"새 말 {again} {n}" for n in range(8)]
        results = make.race(4, lambda n, tags=tags: make.draft(by=ben, tags=tags[:: (-1) ** n]))  # type: ignore[misc]  # bound now
        assert not unexpected_errors(results), results


def test_parallel_freezes_are_numbered_in_order() -> None:
    ben, draft = make.ben(), make.draft()
    results = make.race(8, lambda _n: freeze(draft, by=ben).number)
    assert sorted(results) == list(range(1, 9))  # type: ignore[type-var]  # numbers, else the test fails
    assert Article.objects.count() == 1


def test_concurrent_freezes_of_one_headline_get_different_slugs() -> None:
    ben = make.ben()
    drafts = [make.draft(headline="같은 제목") for _ in range(6)]
    results = make.race(6, lambda n: freeze(drafts[n], by=ben).article.slug)
    assert not unexpected_errors(results), results
    assert len(set(results)) == 6


def test_concurrent_schedules_of_an_edition_create_one_release() -> None:
    ben = make.ben()
    edition = freeze(make.draft(), by=ben)
    at = due_time()
    results = make.race(6, lambda _n: schedule_edition(edition, at=at, by=ben))
    assert (count_of(Release, results), count_of(AlreadyScheduled, results)) == (1, 5)


def test_concurrent_schedules_of_a_draft_freeze_one_edition() -> None:
    ben, draft, at = make.ben(), make.draft(), due_time()
    results = make.race(6, lambda _n: schedule_draft(draft, at=at, by=ben))
    assert (count_of(Release, results), count_of(AlreadyScheduled, results)) == (1, 5)
    assert Edition.objects.count() == 1


def test_concurrent_edits_of_one_version_save_one_and_refuse_the_others() -> None:
    """publishing 29."""
    ben, draft = make.ben(), make.draft()
    results = make.race(
        6, lambda n: edit(draft, by=ben, version=1, headline=f"{n}번 제목", deck=f"{n}번 부제")
    )
    assert (count_of(Draft, results), count_of(EditedElsewhere, results)) == (1, 5)
    draft.refresh_from_db()
    assert draft.version == 2
    assert draft.headline[0] == draft.deck[0]


def test_correction_racing_the_scheduler_goes_live() -> None:
    ben = make.ben()
    for _ in range(12):
        draft = make.draft()
        release = schedule_edition(freeze(draft, by=ben), at=due_time(), by=ben)
        new = freeze(draft, by=ben)
        make_due(release)
        runners: list[Callable[[], Any]] = [publish_due, lambda e=new: publish_edition(e, by=ben)]  # type: ignore[misc]
        results = make.race(2, lambda n, w=runners: w[n]())  # type: ignore[misc]
        assert not unexpected_errors(results), results
        assert Article.objects.get(pk=new.article_id).live_id == new.pk


def test_withdrawal_racing_the_scheduler_stays_withdrawn() -> None:
    ben = make.ben()
    for _ in range(10):
        article = make.live()
        make_due(schedule_draft(make.draft_of(article), at=due_time(), by=ben))
        runners: list[Callable[[], Any]] = [
            publish_due,
            lambda a=article: withdraw(a, notice="내림", by=ben),  # type: ignore[misc]
        ]
        results = make.race(2, lambda n, w=runners: w[n]())  # type: ignore[misc]
        assert not unexpected_errors(results), results
        article.refresh_from_db()
        assert article.live_id is None
        assert article.withdrawn_at


def test_withdrawal_racing_publish_now_stays_withdrawn() -> None:
    ben = make.ben()
    for _ in range(10):
        article = make.live()
        draft = make.draft_of(article)
        runners: list[Callable[[], Any]] = [
            lambda d=draft: publish_now(d, by=ben),  # type: ignore[misc]
            lambda a=article: withdraw(a, notice="내림", by=ben, version=1),  # type: ignore[misc]
        ]
        results = make.race(2, lambda n, w=runners: w[n]())  # type: ignore[misc]
        assert not unexpected_errors(results), results
        assert count_of(Withdrawn, results) <= 1
        article.refresh_from_db()
        assert article.live_id is None


def test_release_cancelled_at_the_last_moment_is_published_or_cancelled_and_never_both() -> None:
    """publishing 10."""
    ben = make.ben()
    for _ in range(10):
        release = make.planned()
        make_due(release)
        runners: list[Callable[[], Any]] = [
            process_due,
            lambda r=release: cancel_release(r, by=ben),  # type: ignore[misc]
        ]
        results = make.race(2, lambda n, w=runners: w[n]())  # type: ignore[misc]
        assert not unexpected_errors(results), results
        release.refresh_from_db()
        article = Article.objects.get(pk=release.article_id)
        assert (release.state == "done") == (article.live_id is not None)
        assert release.state in {"done", "cancelled"}


def test_draft_is_trashed_or_scheduled_and_never_both() -> None:
    """publishing 20."""
    ben = make.ben()
    for _ in range(10):
        draft, at = make.draft(), due_time()
        runners: list[Callable[[], Any]] = [
            lambda d=draft: move_to_trash(d, by=ben),  # type: ignore[misc]
            lambda d=draft, t=at: schedule_draft(d, at=t, by=ben),  # type: ignore[misc]
        ]
        results = make.race(2, lambda n, w=runners: w[n]())  # type: ignore[misc]
        assert not unexpected_errors(results), results
        draft.refresh_from_db()
        waits = draft.article_id and Release.objects.waiting().filter(article=draft.article_id)
        assert bool(draft.trashed_at) != bool(waits)
        assert count_of(Refused, results) == 1 or count_of(StillOut, results) == 1


def test_slug_requested_by_several_drafts_goes_to_one() -> None:
    ben = make.ben()
    drafts = [make.draft() for _ in range(6)]
    for draft in drafts:
        edit(draft, by=ben, slug="한-자리")
    results = make.race(6, lambda n: freeze(drafts[n], by=ben))
    assert not unexpected_errors(results), results
    assert (count_of(Edition, results), count_of(Refused, results)) == (1, 5)


def test_live_articles_that_move_to_one_slug_stay_readable() -> None:
    ben = make.ben()
    editions = []
    for _ in range(4):
        draft = make.draft_of(make.live())
        editions.append(freeze(edit(draft, by=ben, slug="새-자리"), by=ben))
    results = make.race(4, lambda n: publish_edition(editions[n], by=ben))
    assert not unexpected_errors(results), results
    assert Article.objects.filter(slug="새-자리").count() == 1
    assert {a.live_id for a in Article.objects.all()} == {e.pk for e in editions}


def test_concurrent_creation_of_a_tag_creates_one() -> None:
    ben: User = make.ben()
    results = make.race(6, lambda n: start_draft(ben, headline=f"{n}", tags=["새로운말", f"말{n}"]))
    assert not unexpected_errors(results), results


def test_shared_photo_is_public_while_any_article_shows_it() -> None:
    """Also in opposite orders: moves that take the same photos never wait for each other in a ring."""
    ben = make.ben()
    for _ in range(10):
        one, two = make.photo(), make.photo()
        leaving = [make.live(lead_photo=p) for p in (one, two)]
        coming = [make.draft(lead_photo=p) for p in (two, one)]
        for article, other in zip(leaving, (two, one), strict=True):
            make.changed(make.draft_of(article), lead_photo=other)
        runners: list[Callable[[], Any]] = [
            lambda a=leaving: publish_now(make.draft_of(a[0]), by=ben),  # type: ignore[misc]
            lambda a=leaving: publish_now(make.draft_of(a[1]), by=ben),  # type: ignore[misc]
            lambda c=coming: publish_now(c[0], by=ben),  # type: ignore[misc]
            lambda c=coming: publish_now(c[1], by=ben),  # type: ignore[misc]
        ]
        results = make.race(4, lambda n, w=runners: w[n]())  # type: ignore[misc]
        assert not unexpected_errors(results), results
        assert all(Photo.objects.filter(pk__in=[one.pk, two.pk]).values_list("public", flat=True))


def test_refused_publication_of_an_older_edition_changes_nothing() -> None:
    ben, draft = make.ben(), make.draft()
    first = freeze(draft, by=ben)
    publish_edition(freeze(draft, by=ben), by=ben)
    results = make.race(4, lambda _n: publish_edition(first, by=ben))
    assert count_of(Older, results) == 4
