"""What editors plan and what becomes of their versions; what is rebuilt or migrated under readers."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, ArticleCounts, Edition
from audit.models import Entry
from desk.actions import (
    approve,
    freeze,
    publish_now,
    replace_scheduled,
    reschedule_release,
    schedule_draft,
    submit,
    unschedule,
)
from desk.errors import EditedElsewhere, WrongStage
from desk.models import Release
from desk.tasks import process_due
from outbox.models import Event
from tests.support import make
from tests.support.bulk_copies import scheduled_story_template
from tests.support.migrations import field_migration, run_migration

SOON = make.DUE_AFTER


def page(api: APIClient, article: Article) -> Any:
    return api.get(f"/api/v1/articles/{article.slug}/").json()


@pytest.mark.django_db
def test_new_edition_of_a_live_article_waits_for_its_release(ben: User, api: APIClient) -> None:
    """publishing 15: headline, address, tags and photo stay until then."""
    article = make.live(headline="지금 제목", tags=["지금"])
    before = api.get(f"/api/v1/articles/{article.slug}/")
    draft = make.changed(
        make.draft_of(article), headline="나중 제목", tags=["나중"], slug="나중-주소"
    )
    release = schedule_draft(draft, at=timezone.now() + SOON, by=ben)
    now = api.get(f"/api/v1/articles/{article.slug}/")
    assert (now.content, now["ETag"]) == (before.content, before["ETag"])
    assert api.get("/api/v1/articles/나중-주소/").status_code == 404
    with time_machine.travel(release.due_at, tick=False):
        process_due()
        article.refresh_from_db()
        assert page(api, article)["headline"] == "나중 제목"
    assert article.slug == "나중-주소"


@pytest.mark.django_db
def test_scheduling_is_audited_and_publishes_no_event(ben: User) -> None:
    """publishing 23: the audit log says scheduled, swapped, moved, cancelled; the outbox nothing."""
    release = make.planned()
    draft = make.draft_of(release.article)
    replace_scheduled(draft, by=ben)
    reschedule_release(release, at=timezone.now() + 2 * SOON, by=ben)
    unschedule(draft, by=ben)
    entries = Entry.objects.filter(kind="desk.release").order_by("pk")
    verbs = list(entries.values_list("verb", flat=True))
    assert verbs == ["scheduled", "swapped", "moved", "cancelled"]
    assert set(entries.values_list("by", flat=True)) == {ben.pk}
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_second_reschedule_from_the_same_time_is_refused(ben: User) -> None:
    """publishing 11, 29: whoever was slower has read a time that is not the plan's any more."""
    release = make.planned()
    read, first = release.due_at, release.due_at + SOON
    reschedule_release(release, at=first, by=ben, expected_due_at=read)
    with pytest.raises(EditedElsewhere):
        reschedule_release(release, at=first + SOON, by=ben, expected_due_at=read)
    release.refresh_from_db()
    assert release.due_at == first


@pytest.mark.django_db
def test_reverting_to_earlier_text_freezes_a_new_edition_and_publishes_nothing(
    ben: User, api: APIClient
) -> None:
    """publishing 31."""
    article = make.live(headline="처음 제목")
    draft = make.draft_of(article)
    publish_now(make.changed(draft, headline="둘째 제목"), by=ben)
    first = Edition.objects.get(article=article, number=1)
    again = freeze(make.changed(draft, headline=first.headline), by=ben)
    assert again.number == 3
    assert page(api, article)["headline"] == "둘째 제목"
    headlines = Edition.objects.filter(article=article).order_by("number")
    assert list(headlines.values_list("headline", flat=True)) == [
        "처음 제목", "둘째 제목", "처음 제목",
    ]  # fmt: skip
    publish_now(draft, by=ben)
    assert page(api, article)["headline"] == "처음 제목"


@pytest.mark.django_db
def test_approval_is_valid_once_and_until_the_draft_changes(ada: User, ben: User) -> None:
    """publishing 36, 37."""
    draft = submit(make.draft(by=ada), by=ada)
    approve(draft, by=ben)
    with pytest.raises(WrongStage):
        approve(draft, by=ben)
    make.changed(draft, deck="바뀐 부제")
    with pytest.raises(WrongStage):
        approve(draft, by=ben)


@pytest.mark.django_db
def test_release_times_around_midnight_are_stored_exactly(
    desk_api: make.DeskClient,
) -> None:
    """publishing 18: typed in Seoul, kept in UTC, and told in Seoul again."""
    for typed, stored in (
        ("2098-12-31T00:00", "2098-12-30T15:00:00+00:00"),
        ("2098-12-31T09:00", "2098-12-31T00:00:00+00:00"),
        ("2098-12-31T23:59:59", "2098-12-31T14:59:59+00:00"),
        ("2098-12-31T10:00:00-05:00", "2098-12-31T15:00:00+00:00"),
    ):
        draft = make.draft()
        data = desk_api.act(draft.pk, "schedule", {"at": typed}).json()
        assert Release.objects.get(pk=data["id"]).due_at.isoformat() == stored
        assert data["due_at"].endswith("+09:00")


@contextmanager
def asked_all_the_time(question: Any) -> Iterator[list[Any]]:
    """(result, seconds) of requests that are sent continuously in the meantime."""
    answers, over = list[Any](), threading.Event()

    def ask() -> None:
        while not over.is_set():
            began = time.monotonic()
            answers.append((question(), time.monotonic() - began))
        connections.close_all()

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        yield answers
    finally:
        over.set()
        asker.join()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_recounted_rows_are_never_empty_in_between() -> None:
    """publishing 72: so it is for the counts beside the articles."""
    articles = [make.live() for _ in range(5)]
    ArticleCounts.objects.update(saves=7)

    def cards() -> int:
        return len(APIClient().get("/api/v1/articles/").json()["results"])

    with asked_all_the_time(cards) as answers:
        call_command("reconcile", stdout=io.StringIO())
    assert {number for number, _seconds in answers} == {len(articles)}
    assert not ArticleCounts.objects.filter(saves=7).exists()


PLANNED = 2000  # stories that wait while the tables change under them


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_migration_adds_fields_to_a_full_database_while_it_is_read() -> None:
    """publishing 74: no read waits for a second, and what was planned before goes out after."""
    due = timezone.now() + timedelta(seconds=60)
    live, mould = make.live(), scheduled_story_template(at=due)
    mould.copy_many([due] * PLANNED, names=[f"옛-계획-{n}" for n in range(PLANNED)])

    def front() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT slug FROM articles_article WHERE live_id IS NOT NULL")
            return [slug for (slug,) in cursor.fetchall()]

    migration = field_migration()
    with asked_all_the_time(front) as answers:
        run_migration(migration)
    run_migration(migration, backwards=True)
    assert answers
    assert {tuple(slugs) for slugs, _seconds in answers} == {(live.slug,)}
    # A table written anew under them would hold them up for its length; a busy machine for a second.
    assert max(seconds for _slugs, seconds in answers) < 3
    with time_machine.travel(due):
        assert process_due().published == PLANNED + 1
