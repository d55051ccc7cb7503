"""Edit lock and presence: one person changes a story, the others see who, and every door is closed."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from desk.actions import (
    approve,
    cancel_bundle,
    cancel_release,
    create_preview,
    delete_ended_presences,
    edit,
    end_presence,
    freeze,
    move_to_trash,
    publish_now,
    put_on_legal_hold,
    record_presence,
    release_lock,
    replace_scheduled,
    reschedule,
    reschedule_bundle,
    reschedule_release,
    schedule_bundle,
    schedule_draft,
    send_back,
    submit,
    take_lock,
    take_over_lock,
    unschedule,
    withdraw,
)
from desk.errors.collaboration import Locked
from desk.models import Draft, DraftPresence, Notice, Release
from desk.models.drafts import LOCK_IDLE_TIMEOUT
from desk.models.presence import PRESENCE_TIMEOUT
from desk.tasks import process_due
from tests.desk.admin.test_admin_stories import StoryPage
from tests.support import make

pytestmark = pytest.mark.django_db


def soon() -> Any:
    return timezone.now() + 2 * make.DUE_AFTER


OF_DRAFTS: dict[str, Callable[[Draft, User], Any]] = {
    "edit": lambda draft, by: edit(draft, by=by, deck="남의 부제"),
    "submit": lambda draft, by: submit(draft, by=by),
    "approve": lambda draft, by: approve(draft, by=by),
    "send back": lambda draft, by: send_back(draft, by=by),
    "freeze": lambda draft, by: freeze(draft, by=by),
    "publish": lambda draft, by: publish_now(draft, by=by),
    "schedule": lambda draft, by: schedule_draft(draft, at=soon(), by=by),
    "bundle": lambda draft, by: schedule_bundle([draft], title="묶음", at=soon(), by=by),
    "trash": lambda draft, by: move_to_trash(draft, by=by),
}
OF_RELEASES: dict[str, Callable[[Release, User], Any]] = {
    "swap": lambda release, by: replace_scheduled(make.draft_of(release.article), by=by),
    "move": lambda release, by: reschedule(make.draft_of(release.article), at=soon(), by=by),
    "move the release": lambda release, by: reschedule_release(release, at=soon(), by=by),
    "unschedule": lambda release, by: unschedule(make.draft_of(release.article), by=by),
    "cancel the release": lambda release, by: cancel_release(release, by=by),
}


@pytest.mark.parametrize("verb", OF_DRAFTS)
def test_lock_binds_every_verb_of_others_on_a_draft(verb: str, ada: User, ben: User) -> None:
    """publishing 34"""
    draft = make.draft(by=ada)
    take_lock(draft, by=ada)
    with pytest.raises(Locked) as refused:
        OF_DRAFTS[verb](draft, ben)
    assert refused.value.more["holder"] == "ada"
    assert Draft.objects.get().version == 1


@pytest.mark.parametrize("verb", OF_RELEASES)
def test_lock_binds_every_verb_of_others_on_a_release(verb: str, ada: User, ben: User) -> None:
    """publishing 34"""
    release = make.planned()
    take_lock(make.draft_of(release.article), by=ada)
    with pytest.raises(Locked):
        OF_RELEASES[verb](release, ben)


def test_lock_binds_bundles_and_articles(ada: User, ben: User) -> None:
    draft = make.draft()
    bundle, article = make.bundled(draft), make.live()
    for locked in (draft, make.draft_of(article)):
        take_lock(locked, by=ada)
    for act in (
        lambda: reschedule_bundle(bundle, at=soon(), by=ben),
        lambda: cancel_bundle(bundle, by=ben),
        lambda: withdraw(article, notice="사실과 달라 내립니다.", by=ben),
        lambda: put_on_legal_hold(article, reason="요청", by=ben),
    ):
        with pytest.raises(Locked):
            act()


def test_holder_goes_on_and_what_is_planned_goes_out(ada: User, ben: User) -> None:
    release = make.planned()
    draft = make.draft_of(release.article)
    take_lock(draft, by=ada)
    edit(draft, by=ada, deck="내 부제")
    create_preview(draft, by=ben, valid_for=timedelta(days=1))  # changes nothing
    with time_machine.travel(release.due_at + timedelta(seconds=1), tick=False):
        assert process_due().published == 1


def test_lock_ends_when_its_holder_is_idle(ada: User, ben: User) -> None:
    draft, now = make.draft(), timezone.now()
    with time_machine.travel(now, tick=False):
        take_lock(draft, by=ada)
    with time_machine.travel(now + LOCK_IDLE_TIMEOUT - timedelta(seconds=1), tick=False):
        with pytest.raises(Locked):
            take_lock(draft, by=ben)
        record_presence(draft, by=ada, is_active=False)  # the page is open and nobody types
    with time_machine.travel(now + LOCK_IDLE_TIMEOUT, tick=False):
        assert take_lock(draft, by=ben).locked_by == ben


def test_heartbeat_of_who_types_and_every_change_renew_the_lock(ada: User, ben: User) -> None:
    draft, now = make.draft(), timezone.now()
    with time_machine.travel(now, tick=False):
        take_lock(draft, by=ada)
    with time_machine.travel(now + timedelta(minutes=9), tick=False):
        record_presence(draft, by=ada, is_active=True)
    with time_machine.travel(now + timedelta(minutes=18), tick=False):
        edit(draft, by=ada, deck="새 부제")
    with time_machine.travel(now + timedelta(minutes=27), tick=False), pytest.raises(Locked):
        edit(draft, by=ben, deck="다른 부제")


def test_lock_is_taken_over_with_a_notice_and_an_audit_entry(ada: User, ben: User) -> None:
    draft = make.draft()
    take_lock(draft, by=ada)
    take_over_lock(draft, by=ben)
    with pytest.raises(Locked):
        edit(draft, by=ada, deck="늦은 부제")
    edit(draft, by=ben, deck="넘겨받은 부제")
    notice = Notice.objects.get(person=ada)
    assert notice.what == Notice.What.TAKEN_OVER
    assert "ben" in notice.reason
    assert Entry.objects.get(verb="took_over_lock").details["holder"] == "ada"


def test_lock_is_given_back_by_its_holder_alone(ada: User, ben: User) -> None:
    draft = make.draft()
    take_lock(draft, by=ada)
    with pytest.raises(Locked):
        release_lock(draft, by=ben)
    release_lock(draft, by=ada)
    release_lock(draft, by=ada)
    assert edit(draft, by=ben, deck="이제 되는 부제").version == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_lock_at_once_one_gets_it() -> None:
    people = [make.staff("ada", role="reporter"), make.ben()]
    for _round in range(5):
        draft = make.draft()
        outcomes = make.race(2, partial(take_lock_of, draft, people))
        assert len([each for each in outcomes if isinstance(each, Locked)]) == 1
        assert len([each for each in outcomes if isinstance(each, Draft)]) == 1


def take_lock_of(draft: Draft, people: list[User], number: int) -> Draft:
    return take_lock(draft, by=people[number])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_heartbeats_of_two_windows_make_one_presence() -> None:
    draft, ada = make.draft(), make.staff("ada", role="reporter")
    outcomes = make.race(4, lambda _n: record_presence(draft, by=ada, is_active=False))
    assert outcomes == [None] * 4
    assert DraftPresence.objects.count() == 1


# -- presence ------------------------------------------------------------------------------------------


def test_presence_ends_with_the_page_or_without_heartbeats(ada: User, ben: User) -> None:
    draft, now = make.draft(), timezone.now()
    with time_machine.travel(now, tick=False):
        record_presence(draft, by=ada, is_active=False)
        record_presence(draft, by=ben, is_active=False)
        take_lock(draft, by=ben)
        end_presence(draft, by=ben)
        assert [p.person for p in DraftPresence.objects.current(now)] == [ada]
    assert Draft.objects.get().locked_by is None
    assert not DraftPresence.objects.current(now + PRESENCE_TIMEOUT).exists()
    with time_machine.travel(now + 11 * PRESENCE_TIMEOUT, tick=False):
        assert delete_ended_presences() == 1


def test_presence_locks_the_draft_before_its_own_row(ada: User) -> None:
    """In the order in which a draft is deleted with its rows, so that neither waits for the other."""
    draft = make.draft(by=ada)
    record_presence(draft, by=ada, is_active=True)
    for change in (partial(record_presence, is_active=True), end_presence):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            change(draft, by=ada)
        writes = [q["sql"].split('"')[1] for q in queries if q["sql"].startswith(("UPD", "DEL"))]
        assert writes == ["desk_draft", "desk_draftpresence"]


def test_presence_and_lock_through_the_api(ada: User, desk_api: make.DeskClient) -> None:
    draft, hers = make.draft(), make.DeskClient(ada)
    path = f"drafts/{draft.pk}/"
    assert hers.call("PUT", f"{path}lock/", {}).status_code == 428
    lock = hers.call("PUT", f"{path}lock/", {}, etag="*").json()
    assert (lock["holder"]["name"], lock["is_own"]) == ("ada", True)
    hers.call("PUT", f"{path}presence/", {"is_active": True})
    body = desk_api.call("PUT", f"{path}presence/", {}).json()
    assert [person["name"] for person in body["people"]] == ["ada", "ben"]
    assert (body["lock"]["holder"]["name"], body["lock"]["is_own"]) == ("ada", False)
    assert desk_api.call("GET", f"{path}presence/").json() == body
    refused = desk_api.call("PATCH", path, {"deck": "남의 부제"}, etag="*")
    assert refused.status_code == 423
    assert refused["Content-Type"] == "application/problem+json"
    assert (refused.json()["holder"], refused.json()["since"]) == ("ada", lock["since"])
    assert desk_api.call("DELETE", f"{path}lock/", etag="*").status_code == 423
    assert desk_api.call("PUT", f"{path}lock/", {}, etag="*").status_code == 423
    own = desk_api.call("PUT", f"{path}lock/", {"take_over": True}, etag="*")
    assert own.json()["is_own"] is True
    assert hers.call("GET", f"{path}presence/").json()["lock"]["holder"]["name"] == "ben"
    assert desk_api.call("DELETE", f"{path}lock/", etag="*").status_code == 204
    assert desk_api.call("DELETE", f"{path}presence/").status_code == 204
    left = hers.call("GET", f"{path}presence/").json()
    assert ([person["name"] for person in left["people"]], left["lock"]) == (["ada"], None)


def test_lock_of_a_stale_version_is_refused(ada: User, desk_api: make.DeskClient) -> None:
    """Who locks a story wants to change what they have read."""
    draft = make.draft()
    etag = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    edit(draft, by=ada, deck="그사이의 부제")
    answer = desk_api.call("PUT", f"drafts/{draft.pk}/lock/", {}, etag=etag)
    assert answer.status_code == 412


def test_form_of_another_is_refused_by_the_lock_and_keeps_what_was_typed(
    ada: User, ben: User
) -> None:
    draft = make.draft()
    take_lock(draft, by=ada)
    answer = StoryPage(ben).send(draft, headline="편집자의 제목")
    assert "ada 님이" in answer.text
    assert "편집자의 제목" in answer.text
    draft.refresh_from_db()
    assert draft.headline != "편집자의 제목"


def test_lists_of_stories_tell_who_has_each_open_in_the_same_queries(
    client: Client, ada: User, ben: User, chief: User, desk_api: make.DeskClient
) -> None:
    """The list of the admin and that of the API."""
    client.force_login(ben)

    def queries_of_lists() -> list[int]:
        counts = []
        for read in (
            lambda: client.get("/admin/desk/draft/"),
            lambda: desk_api.call("GET", "drafts/"),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert read().status_code == 200
            counts.append(len(queries))
        return counts

    def add_story() -> None:
        draft = make.draft(by=ada)
        take_lock(draft, by=ada)
        for person in (ada, chief, make.staff(f"r{draft.pk}", role="reporter")):
            record_presence(draft, by=person, is_active=False)

    add_story()
    queries_of_lists()
    few = queries_of_lists()
    for _ in range(19):
        add_story()
    assert queries_of_lists() == few
    make.draft()
    free, *rows = desk_api.call("GET", "drafts/").json()["results"]
    assert (free["people"], free["lock"]) == ([], None)
    assert {(row["lock"]["holder"]["name"], row["lock"]["is_own"]) for row in rows} == {
        ("ada", False)
    }
    assert {tuple(person["name"] for person in row["people"][:2]) for row in rows} == {
        ("ada", "chief")
    }
    later = timezone.now() + max(PRESENCE_TIMEOUT, LOCK_IDLE_TIMEOUT)
    with time_machine.travel(later, tick=False):
        rows = desk_api.call("GET", "drafts/").json()["results"]
    assert {(len(row["people"]), row["lock"]) for row in rows} == {(0, None)}


def test_story_list_shows_who_changes_and_who_reads_a_story(
    client: Client, ada: User, ben: User, chief: User
) -> None:
    draft = make.draft()
    take_lock(draft, by=ada)
    record_presence(draft, by=chief, is_active=False)
    client.force_login(ben)
    page = client.get("/admin/desk/draft/").text
    assert "ada 님이 고치는 중" in page
    assert "chief 님이 보는 중" in page
