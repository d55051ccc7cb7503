"""Releases: schedule, replace, publish, retry; what is published when, and what never is again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, Author
from audit.models import Entry
from desk.actions import (
    approve,
    cancel_release,
    edit,
    freeze,
    move_to_trash,
    publish_due_blocking,
    publish_now,
    replace_scheduled,
    restore,
    schedule_draft,
    submit,
    withdraw,
)
from desk.errors import (
    AlreadyScheduled,
    Older,
    Settled,
    StillOut,
    TooLate,
    Trashed,
    Withdrawn,
)
from desk.models import Release
from desk.tasks import process_due, publish_due
from newsroom.errors import NotAllowed
from outbox.models import Event
from tests.support import make
from tests.support.editions import publish_edition, replace_edition, schedule_edition

SOON = make.DUE_AFTER


def settle(release_id: int) -> Release:
    """The release after the scheduler has looked at it alone."""
    publish_due_blocking([release_id])
    return Release.objects.select_related("article").get(pk=release_id)


@contextmanager
def after_due_time(by: timedelta = SOON) -> Iterator[datetime]:
    """Travel past the scheduled time."""
    moment = timezone.now() + by + timedelta(seconds=1)
    with time_machine.travel(moment, tick=False):
        yield moment


def due_time() -> datetime:
    return timezone.now() + SOON


def headline(api: APIClient, article: Article) -> str:
    article.refresh_from_db()
    return str(api.get(f"/api/v1/articles/{article.slug}/").json()["headline"])


def test_urgent_correction_is_not_undone_by_an_older_release(ben: User, api: APIClient) -> None:
    """publishing 14."""
    draft = make.draft(headline="낡은 제목")
    old = schedule_edition(freeze(draft, by=ben), at=due_time(), by=ben)
    publish_edition(freeze(make.changed(draft, headline="고친 제목"), by=ben), by=ben)
    with after_due_time():
        publish_due()
        old.refresh_from_db()
        assert old.state == Release.State.OVERTAKEN
        assert headline(api, old.article) == "고친 제목"


def test_due_release_of_an_older_edition_is_overtaken(ben: User) -> None:
    draft = make.draft()
    first, second = freeze(draft, by=ben), freeze(draft, by=ben)
    publish_edition(second, by=ben)
    release = Release.objects.create(
        article=first.article, edition=first, due_at=timezone.now(), planned_by=ben
    )
    assert settle(release.pk).state == Release.State.OVERTAKEN


def test_newer_edition_replaces_the_scheduled_one_in_its_slot(ben: User, api: APIClient) -> None:
    """publishing 4."""
    draft = make.draft(headline="재목")
    release = schedule_edition(freeze(draft, by=ben), at=due_time(), by=ben)
    replace_edition(release, edition=freeze(make.changed(draft, headline="제목"), by=ben), by=ben)
    with after_due_time():
        publish_due()
        assert headline(api, release.article) == "제목"
        with pytest.raises(Settled):
            replace_edition(release, edition=freeze(draft, by=ben), by=ben)


def test_correction_note_is_kept_when_its_edition_is_replaced(ben: User, api: APIClient) -> None:
    draft = make.draft_of(make.live())
    release = schedule_draft(
        draft, at=due_time(), by=ben, correction={"kind": "correction", "note": "바로잡음"}
    )
    replace_scheduled(draft, by=ben)
    with after_due_time():
        publish_due()
        page = api.get(f"/api/v1/articles/{release.article.slug}/").json()
    assert [note["note"] for note in page["corrections"]] == ["바로잡음"]


def test_withdrawn_article_is_not_published_by_its_release(ben: User, api: APIClient) -> None:
    article = make.live()
    release = schedule_draft(make.draft_of(article), at=due_time(), by=ben)
    withdraw(article, notice="법원 결정", by=ben)
    with after_due_time():
        publish_due()
    release.refresh_from_db()
    assert release.state == Release.State.CANCELLED
    assert api.get(f"/api/v1/articles/{article.slug}/").status_code == 410
    with pytest.raises(Withdrawn):
        schedule_draft(make.draft_of(article), at=due_time(), by=ben)


def test_withdrawn_edition_is_not_published_again(ben: User, chief: User, api: APIClient) -> None:
    draft = make.draft(headline="지나친 제목")
    first = freeze(draft, by=ben)
    publish_edition(first, by=ben)
    second = freeze(make.changed(draft, headline="나은 제목"), by=ben)
    publish_edition(second, by=ben)
    withdraw(first.article, notice="법원 결정", by=ben)
    with pytest.raises(Withdrawn):
        publish_edition(second, by=ben)
    restore(first.article, by=chief)
    with pytest.raises(Older):
        publish_edition(first, by=ben)
    publish_edition(second, by=ben)
    assert headline(api, first.article) == "나은 제목"


def test_article_has_one_scheduled_release(ben: User) -> None:
    """publishing 24: of what goes out next there is one answer."""
    draft = make.draft()
    schedule_draft(draft, at=due_time(), by=ben)
    with pytest.raises(AlreadyScheduled):
        schedule_draft(draft, at=due_time(), by=ben)
    assert Release.objects.count() == 1


def test_past_time_is_refused_and_nothing_is_frozen(ben: User) -> None:
    """publishing 17."""
    draft = make.draft()
    for moment in (timezone.now(), timezone.now() - SOON):
        with pytest.raises(TooLate):
            schedule_draft(draft, at=moment, by=ben)
    assert not Article.objects.exists()


def test_cancelled_release_is_never_published(ben: User, api: APIClient) -> None:
    """publishing 10."""
    release = make.planned()
    cancel_release(release, by=ben)
    with after_due_time():
        publish_due()
        assert settle(release.pk).state == Release.State.CANCELLED
    assert api.get(f"/api/v1/articles/{release.article.slug}/").status_code == 404
    with pytest.raises(Settled):
        cancel_release(release, by=ben)


def test_publish_now_settles_the_scheduled_release_and_publishes_once(ben: User) -> None:
    """publishing 14."""
    release = make.planned()
    publish_now(make.draft_of(release.article), by=ben)
    with after_due_time():
        publish_due()
    assert [event.name for event in Event.objects.all()] == ["article.published"]
    assert not Release.objects.waiting().exists()


def test_published_time_is_the_scheduled_time_however_late(db: None, api: APIClient) -> None:
    """publishing 12, 13."""
    release = make.planned()
    with after_due_time(timedelta(minutes=50)):
        publish_due()
    page = api.get(f"/api/v1/articles/{release.article.slug}/").json()
    assert datetime.fromisoformat(page["published_at"]) == release.due_at
    entry = Entry.objects.get(verb="published")
    assert entry.details["late_seconds"] == pytest.approx(2701, abs=2)


@pytest.mark.django_db
def test_release_settled_twice_is_published_once() -> None:
    """publishing 9."""
    release = make.planned()
    with after_due_time():
        for _ in range(3):
            publish_due()
            settle(release.pk)
    assert Event.objects.count() == 1
    assert Entry.objects.filter(verb="published").count() == 1


def break_release(release: Release) -> None:
    """What no rule foresees: it breaks in the middle of the move."""
    row = Article.objects.filter(pk=release.article_id)
    row.update(corrections="broken", first_published_at=release.planned_at)


def mend(release: Release) -> None:
    row = Article.objects.filter(pk=release.article_id)
    row.update(corrections=[], first_published_at=None)


@pytest.mark.django_db
def test_failing_release_does_not_hold_up_the_next(api: APIClient) -> None:
    """publishing 5, 6, 7."""
    broken, whole = make.planned(), make.planned()
    break_release(broken)
    with after_due_time():
        assert process_due().failed == 1
        assert api.get(f"/api/v1/articles/{whole.article.slug}/").status_code == 200
        assert api.get(f"/api/v1/articles/{broken.article.slug}/").status_code == 404
    broken.refresh_from_db()
    assert broken.state == Release.State.FAILED
    assert broken.reason
    assert broken.due_at < broken.retry_at  # type: ignore[operator]  # set with the failure
    assert Entry.objects.filter(verb="failed").count() == 1
    mend(broken)
    with after_due_time(SOON + timedelta(seconds=10)):
        assert process_due().published == 1
        page = api.get(f"/api/v1/articles/{broken.article.slug}/").json()
    assert datetime.fromisoformat(page["published_at"]) == broken.due_at


@pytest.mark.django_db
def test_overlapping_passes_record_one_failure() -> None:
    release = make.planned()
    break_release(release)
    with after_due_time():
        assert process_due().failed == 1
        settle(release.pk)  # a pass that had found it due before the first attempt failed
    release.refresh_from_db()
    assert (release.state, release.attempts) == (Release.State.FAILED, 1)


@pytest.mark.django_db
def test_failed_release_is_retried_with_growing_delay() -> None:
    """publishing 6."""
    release = make.planned()
    break_release(release)
    rests = []
    moment = timezone.now() + SOON + timedelta(seconds=1)
    for _ in range(9):
        with time_machine.travel(moment, tick=False):
            assert process_due().failed == 1
            assert process_due().failed == 0
        release.refresh_from_db()
        assert release.retry_at
        rests.append(round((release.retry_at - moment).total_seconds()))
        moment = release.retry_at
    assert rests == [5, 10, 20, 40, 80, 160, 320, 600, 600]


@pytest.mark.django_db
def test_hundred_releases_of_one_second_are_published() -> None:
    """publishing 22."""
    due = due_time()
    releases = [make.planned(at=due) for _ in range(30)]
    with after_due_time():
        assert process_due().published == len(releases)
    shown = Article.objects.live().values_list("first_published_at", flat=True)
    assert set(shown) == {due}


def test_audit_entry_of_a_publication_names_planner_and_approver(
    ada: User, ben: User, settings: Any
) -> None:
    """publishing 38."""
    settings.FOUR_EYES = True
    draft = make.draft(by=ada)
    submit(draft, by=ada)
    approve(draft, by=ben)
    release = schedule_draft(draft, at=due_time(), by=ben)
    with after_due_time():
        publish_due()
    entry = Entry.objects.get(verb="published")
    assert entry.by is None
    assert entry.details["planned_by"] == ben.pk
    assert entry.details["approved_by"] == ben.pk
    assert entry.details["edition"] == release.edition.number


def test_trashed_draft_refuses_every_action(ben: User) -> None:
    """publishing 34: no verb reaches it, through whatever door."""
    draft = make.draft()
    move_to_trash(draft, by=ben)
    for act in (edit, freeze, publish_now, move_to_trash):
        with pytest.raises(Trashed):
            act(draft, by=ben)
    with pytest.raises(Trashed):
        schedule_draft(draft, at=due_time(), by=ben)


def test_scheduled_or_live_draft_is_not_trashed(ben: User) -> None:
    """publishing 20: so no plan is left without its story."""
    for article in (make.planned().article, make.live()):
        with pytest.raises(StillOut):
            move_to_trash(make.draft_of(article), by=ben)


def test_reporter_is_refused_before_any_other_check(ada: User) -> None:
    draft = make.draft(by=ada)
    with pytest.raises(NotAllowed):
        schedule_draft(draft, at=timezone.now() - SOON, by=ada, version=99)
    with pytest.raises(NotAllowed):
        replace_scheduled(draft, by=ada, version=99)
    with pytest.raises(NotAllowed):
        publish_now(draft, by=ada, version=99)


def test_release_of_a_planner_who_left_is_published(ben: User, api: APIClient) -> None:
    """publishing 19."""
    release = make.planned()
    User.objects.filter(pk=ben.pk).update(is_active=False)
    with after_due_time():
        publish_due()
    assert api.get(f"/api/v1/articles/{release.article.slug}/").status_code == 200


def test_deleted_author_is_left_out_of_the_list_and_stays_in_the_byline(
    ben: User, api: APIClient
) -> None:
    leaving = make.author("가람")
    edition = freeze(make.draft(authors=[leaving, make.author()]), by=ben)
    edition_byline = edition.byline
    draft = make.draft_of(edition.article)
    make.changed(draft, authors=[make.author()])
    Author.objects.filter(pk=leaving.pk).delete()
    publish_edition(edition, by=ben)
    page = api.get(f"/api/v1/articles/{edition.article.slug}/").json()
    assert [author["name"] for author in page["authors"]] == ["한빛"]
    assert "가람" in edition_byline
