"""The terms of a story: no reader before its embargo ends, none after its end, whatever was planned."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from desk.actions import (
    edit,
    expire,
    freeze,
    publish_now,
    reschedule_release,
    schedule_draft,
    start_draft,
    start_from_wire,
    withdraw,
)
from desk.actions.archive_import import publish_backdated
from desk.errors import (
    AlreadyOut,
    Embargoed,
    Expired,
    NoTimeLeft,
    PlannedOutside,
    TooLate,
)
from desk.models import Release
from desk.tasks import process_due
from newsroom.errors import NotAllowed
from outbox.models import Event
from polls.models import Poll
from tests.support import make
from tests.support.editions import publish_edition, schedule_edition
from tests.support.formats.wire_copy import agency_copy
from wire.actions import lift_embargo, receive_delivery, set_embargo
from wire.models import Source, Story

Desk = make.DeskClient
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def in_hours(hours: float) -> datetime:
    return timezone.now() + hours * HOUR


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        yield


def status(api: APIClient, article: Article) -> int:
    return int(api.get(f"/api/v1/articles/{article.slug}/").status_code)


# -- Embargo ---------------------------------------------------------------------------------------


def test_publication_and_schedule_before_the_embargo_end_are_refused(ben: User) -> None:
    ends = in_hours(3)
    story = make.draft(embargo_until=ends)
    edition = freeze(story, by=ben)
    acts: list[Callable[[], Any]] = [
        lambda: publish_now(story, by=ben),
        lambda: publish_edition(edition, by=ben),
        lambda: schedule_draft(story, at=ends - SECOND, by=ben),
        lambda: schedule_edition(edition, at=ends - SECOND, by=ben),
    ]
    for act in acts:
        with pytest.raises(Embargoed) as refusal:
            act()
        assert refusal.value.until == ends
    with pytest.raises(Embargoed):
        reschedule_release(schedule_draft(story, at=ends, by=ben), at=ends - SECOND, by=ben)
    assert not Article.objects.live().exists()


def test_release_is_published_when_its_embargo_ends(ben: User, api: APIClient) -> None:
    ends = in_hours(3)
    release = schedule_draft(make.draft(embargo_until=ends), at=ends, by=ben)
    with at(ends - SECOND):
        process_due()
        assert status(api, release.article) == 404
    with at(ends):
        process_due()
        assert status(api, release.article) == 200


def test_embargo_after_the_scheduled_time_is_refused(ben: User) -> None:
    release = make.planned(at=in_hours(1))
    story = make.draft_of(release.article)
    with pytest.raises(PlannedOutside):
        edit(story, by=ben, embargo_until=in_hours(2))
    reschedule_release(release, at=in_hours(3), by=ben)
    edit(story, by=ben, embargo_until=in_hours(2))
    release.article.refresh_from_db()
    story.refresh_from_db()
    assert release.article.embargo_until == story.embargo_until


def test_embargo_on_a_live_article_is_refused(ben: User, api: APIClient) -> None:
    article = make.live()
    with pytest.raises(AlreadyOut):
        edit(make.draft_of(article), by=ben, embargo_until=in_hours(1))
    assert status(api, article) == 200


def test_backdated_import_respects_the_embargo(ben: User) -> None:
    story = make.draft(embargo_until=in_hours(1))
    with pytest.raises(Embargoed):
        publish_backdated(story, at=in_hours(-1), by=ben)


def test_database_refuses_a_live_edition_under_embargo(ben: User) -> None:
    """The last guard, whatever an action forgets."""
    article = make.live()
    with pytest.raises(DatabaseError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(embargo_until=in_hours(1))
    planned = schedule_draft(make.draft(embargo_until=in_hours(2)), at=in_hours(2), by=ben)
    row, now = Article.objects.filter(pk=planned.article_id), timezone.now()
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update(live=planned.edition, published_at=now, first_published_at=now)


@pytest.fixture
def wired(ben: User) -> Any:
    """A draft that was begun from agency copy."""
    receive_delivery(
        Source.objects.get(slug="yonhap"), raw=agency_copy("강변길 다시 연다"), by=None
    )
    story = start_from_wire(Story.objects.get(), by=ben)
    words = {k: v for k, v in make.draft_data().items() if k != "headline"}
    return edit(story, by=ben, **words)


def test_agency_embargo_holds_a_release_scheduled_before_it(
    wired: Any, ben: User, api: APIClient
) -> None:
    due, ends = in_hours(1), in_hours(2)
    release = schedule_draft(wired, at=due, by=ben)
    set_embargo(Story.objects.get(), until=ends, reason="기관 요청", by=ben)
    with at(due):
        assert process_due().failed == 1
        assert Release.objects.get(pk=release.pk).retry_at == ends, "held up by something else"
        assert status(api, release.article) == 404
        with pytest.raises(Embargoed):
            publish_now(wired, by=ben)
        assert status(api, release.article) == 404
    with at(ends):
        process_due()
        shown = api.get(f"/api/v1/articles/{release.article.slug}/").json()
    assert datetime.fromisoformat(shown["published_at"]) == ends


def test_lifted_agency_embargo_allows_publication(
    ben: User,
) -> None:
    receive_delivery(
        Source.objects.get(slug="yonhap"), raw=agency_copy("강변길 다시 연다"), by=None
    )
    story = Story.objects.get()
    set_embargo(story, until=in_hours(2), reason="기관 요청", by=ben)
    words = {k: v for k, v in make.draft_data().items() if k != "headline"}
    draft = edit(start_from_wire(Story.objects.get(), by=ben), by=ben, **words)
    with pytest.raises(Embargoed):
        publish_now(draft, by=ben)
    lift_embargo(Story.objects.get(), reason="기관이 풀었다", by=ben)
    assert publish_now(draft, by=ben).state == Release.State.DONE


def test_later_of_two_embargoes_holds(wired: Any, ben: User) -> None:
    set_embargo(Story.objects.get(), until=in_hours(2), reason="기관 요청", by=ben)
    edit(wired, by=ben, embargo_until=in_hours(1))
    with pytest.raises(Embargoed):
        schedule_draft(wired, at=in_hours(1.5), by=ben)
    edit(wired, by=ben, embargo_until=in_hours(3))
    with pytest.raises(Embargoed):
        schedule_draft(wired, at=in_hours(2.5), by=ben)
    schedule_draft(wired, at=in_hours(3.5), by=ben)


# -- The end ---------------------------------------------------------------------------------------


def test_expired_article_is_hidden_before_it_is_taken_down(ben: User, api: APIClient) -> None:
    """publishing 16: with a clock that stands, reads alone know the time."""
    ends = in_hours(1)
    article = make.live(expires_at=ends)
    with at(ends - SECOND):
        assert status(api, article) == 200
    with at(ends):
        assert status(api, article) == 404
        assert api.get("/api/v1/articles/").json()["results"] == []
    assert Article.objects.get(pk=article.pk).live_id is not None


def test_two_passes_expire_an_article_once(ben: User) -> None:
    """publishing 16."""
    ends = in_hours(1)
    article = make.live(expires_at=ends, poll=make.poll_data(), lead_photo=make.photo())
    with at(ends + timedelta(minutes=7)):
        assert [process_due().expired for _ in range(2)] == [1, 0]
        assert expire(article.pk) is False
    article.refresh_from_db()
    assert article.live_id is None
    event = Event.objects.get(name="article.expired")
    assert event.data["slug"] == article.slug
    assert Entry.objects.get(verb="expired").details["late_seconds"] == 420
    assert not Poll.objects.get().public


def test_release_at_or_after_the_expiry_is_refused(ben: User) -> None:
    """publishing 16: a go-live after the end is refused."""
    ends = in_hours(2)
    story = make.draft(expires_at=ends)
    acts: list[Callable[[], Any]] = [
        lambda: schedule_draft(story, at=ends, by=ben),
        lambda: reschedule_release(
            schedule_draft(story, at=ends - SECOND, by=ben), at=ends + SECOND, by=ben
        ),
    ]
    for act in acts:
        with pytest.raises(Expired):
            act()
    with at(ends), pytest.raises(Expired):
        publish_now(story, by=ben)


def test_expiry_before_the_scheduled_time_is_refused(ben: User) -> None:
    release = make.planned(at=in_hours(3))
    with pytest.raises(PlannedOutside):
        edit(make.draft_of(release.article), by=ben, expires_at=release.due_at)
    ends = in_hours(3)
    with pytest.raises(NoTimeLeft):
        edit(make.draft(), by=ben, embargo_until=ends, expires_at=ends)


def test_past_expiry_is_refused(ben: User, api: APIClient) -> None:
    article = make.live()
    with pytest.raises(TooLate):
        edit(make.draft_of(article), by=ben, expires_at=in_hours(-1))
    assert status(api, article) == 200


def test_article_with_extended_expiry_can_be_published_again(ben: User, api: APIClient) -> None:
    """publishing 16: its end needs no new edition, its return does."""
    ends = in_hours(1)
    article = make.live(expires_at=ends)
    story = make.draft_of(article)
    with at(ends):
        process_due()
        with pytest.raises(Expired):
            publish_now(story, by=ben)
        edit(story, by=ben, expires_at=ends + HOUR)
        assert status(api, article) == 404
        publish_now(story, by=ben)
        assert status(api, article) == 200
    with at(ends + HOUR):
        assert status(api, article) == 404
        assert process_due().expired == 1
    assert Event.objects.filter(name="article.expired").count() == 2


def test_expiry_extended_before_the_lock_counts(ben: User, api: APIClient) -> None:
    ends = in_hours(1)
    article = make.live(expires_at=ends)
    edit(make.draft_of(article), by=ben, expires_at=None)
    with at(ends):
        assert process_due().expired == 0
        assert status(api, article) == 200


def test_release_due_after_the_expiry_publishes_nothing(ben: User, api: APIClient) -> None:
    """publishing 16: the worker was away over both."""
    release = schedule_draft(make.draft(expires_at=in_hours(2)), at=in_hours(1), by=ben)
    with at(in_hours(3)):
        assert process_due().published == 0
        assert status(api, release.article) == 404
    release.refresh_from_db()
    assert release.state == Release.State.CANCELLED
    assert release.reason
    assert not Event.objects.exists()


def test_withdrawn_article_does_not_expire(ben: User) -> None:
    article = make.live(expires_at=in_hours(1))
    withdraw(article, notice="내렸습니다.", by=ben)
    with at(in_hours(1)):
        assert process_due().expired == 0
    assert not Event.objects.filter(name="article.expired").exists()


def test_expiry_of_a_live_article_needs_the_permission_to_publish(ada: User, ben: User) -> None:
    own = start_draft(ada, **make.draft_data(embargo_until=in_hours(1), expires_at=in_hours(2)))
    edit(own, by=ada, embargo_until=None)
    article = make.live()
    with pytest.raises(NotAllowed):
        edit(make.draft_of(article), by=ada, expires_at=in_hours(1))
    article.refresh_from_db()
    assert article.expires_at is None


def test_terms_are_in_the_audit_log(ben: User) -> None:
    ends = in_hours(1)
    article = make.live()
    edit(make.draft_of(article), by=ben, expires_at=ends)
    entry = Entry.objects.get(verb="set_terms")
    assert (entry.by, entry.details["expires_at"]) == (ben.pk, ends.isoformat())


# -- Through the API ---------------------------------------------------------------------------------


def test_terms_are_written_read_and_cleared(desk_api: Desk) -> None:
    """publishing 18."""
    words = {"embargo_until": "2099-05-01T09:00", "expires_at": "2099-05-31T15:00:00Z"}
    made = desk_api.call("POST", "drafts/", words)
    assert made.status_code == 201, made.content
    assert made.json()["embargo_until"] == "2099-05-01T09:00:00+09:00"
    assert made.json()["expires_at"] == "2099-06-01T00:00:00+09:00"
    path = f"drafts/{made.json()['id']}/"
    cleared = desk_api.call("PATCH", path, {"embargo_until": None}, etag=made["ETag"]).json()
    assert (cleared["embargo_until"], cleared["expires_at"]) == (None, made.json()["expires_at"])


@pytest.mark.parametrize("given", ["soon", "", 7, "1987-05-10T02:30:00", "2099-05-01"])
def test_impossible_terms_name_their_field(desk_api: Desk, given: object) -> None:
    answer = desk_api.call("POST", "drafts/", {"expires_at": given})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/expires_at"


def test_refused_terms_are_problem_details(desk_api: Desk, ada: User) -> None:
    live, waits = make.draft_of(make.live()), make.draft_of(make.planned().article)
    soon, late = in_hours(1).isoformat(), in_hours(2).isoformat()

    def refused(draft: Any, words: dict[str, Any], desk: Desk = desk_api) -> tuple[int, str]:
        answer = desk.call("PATCH", f"drafts/{draft.pk}/", words, etag="*")
        assert answer["Content-Type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    assert refused(live, {"embargo_until": soon}) == (409, "already_out")
    assert refused(live, {"expires_at": in_hours(-1).isoformat()}) == (422, "too_late")
    assert refused(waits, {"embargo_until": soon}) == (409, "planned_outside")
    assert refused(live, {"embargo_until": late, "expires_at": soon}) == (422, "no_time_left")
    assert refused(live, {"expires_at": soon}, Desk(ada)) == (403, "not_allowed")


def test_publication_outside_of_the_terms_is_a_problem_with_its_time(desk_api: Desk) -> None:
    story = make.draft(embargo_until=in_hours(30))
    answer = desk_api.act(story.pk, "publish")
    assert (answer.status_code, answer.json()["code"]) == (409, "embargoed")
    assert f"{timezone.localtime(story.embargo_until):%H:%M}" in answer.json()["detail"]
    over = desk_api.act(make.draft(expires_at=in_hours(1)).pk, "schedule", {"at": in_hours(2)})
    assert (over.status_code, over.json()["code"]) == (409, "expired")


def test_expired_draft_has_its_state_and_filter(desk_api: Desk) -> None:
    story = make.draft_of(make.live(expires_at=in_hours(1)))
    make.live()
    with at(in_hours(1)):
        for _taken_down in (False, True):
            data = desk_api.call("GET", f"drafts/{story.pk}/").json()
            assert data["state"] == "expired"
            assert "게시 종료됨" in data["state_words"]
            found = desk_api.call("GET", "drafts/?state=expired").json()["results"]
            assert [row["id"] for row in found] == [story.pk]
            assert len(desk_api.call("GET", "drafts/?state=live").json()["results"]) == 1
            process_due()


def test_terms_are_shown_as_chips(desk_api: Desk) -> None:
    story = make.draft(embargo_until=in_hours(30), expires_at=in_hours(60))
    words = desk_api.call("GET", f"drafts/{story.pk}/").json()["state_words"]
    assert f"{timezone.localtime(story.embargo_until):%H:%M}까지 엠바고" in words
    assert f"{timezone.localtime(story.expires_at):%H:%M}에 내려감" in words


def test_agency_embargo_is_shown_as_a_chip(wired: Any, ben: User, desk_api: Desk) -> None:
    set_embargo(Story.objects.get(), until=in_hours(2), reason="기관 요청", by=ben)
    data = desk_api.call("GET", f"drafts/{wired.pk}/").json()
    assert "까지 엠바고" in data["state_words"]
    assert data["embargo_until"] is None
