"""Desk API: freeze, schedule, publish, correct, review and withdraw, with the effect on the reader API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from desk.models import Release
from desk.tasks import publish_due
from outbox.models import Event
from tests.support import make

Desk = make.DeskClient
SOON = make.DUE_AFTER
NOTE = {"kind": "correction", "note": "숫자를 바로잡았습니다."}


def at(moment: datetime) -> dict[str, str]:
    return {"at": moment.isoformat()}


def page(api: APIClient, slug: str) -> Any:
    return api.get(f"/api/v1/articles/{slug}/")


def test_published_story_is_public(desk_api: Desk, api: APIClient) -> None:
    draft = make.draft()
    response = desk_api.act(draft.pk, "publish")
    assert response.status_code == 200, response.content
    release = response.json()
    assert (release["state"], release["edition"], release["reason"]) == ("done", 1, "")
    assert release["published_at"] == release["due_at"]
    assert release["draft"] == draft.pk
    assert page(api, release["article"]).json()["headline"] == draft.headline
    state = desk_api.call("GET", f"drafts/{draft.pk}/").json()
    assert (state["state"], state["article"]) == ("live", release["article"])
    assert state["release"] is None
    assert state["changed_since_freeze"] is False


def test_scheduled_story_is_published_at_its_time_and_not_before(
    desk_api: Desk, api: APIClient
) -> None:
    """publishing 1, 2."""
    due, draft = timezone.now() + SOON, make.draft()
    release = desk_api.act(draft.pk, "schedule", at(due)).json()
    assert release["state"] == "pending"
    assert release["published_at"] is None
    publish_due()
    assert page(api, release["article"]).status_code == 404
    with time_machine.travel(due + timedelta(seconds=2), tick=False):
        publish_due()
        shown = page(api, release["article"]).json()
    assert datetime.fromisoformat(shown["published_at"]) == due
    assert desk_api.call("GET", f"releases/{release['id']}/").json()["state"] == "done"


def test_scheduled_release_and_changed_since_freeze_are_reported(desk_api: Desk) -> None:
    draft = make.draft()
    release = desk_api.act(draft.pk, "schedule", at(timezone.now() + SOON)).json()
    waiting = desk_api.call("GET", f"drafts/{draft.pk}/").json()
    assert waiting["state"] == "scheduled"
    brief = (
        "id",
        "edition",
        "due_at",
        "state",
        "reason",
        "published_at",
        "article",
        "bundle",
        "held_at",
    )
    assert waiting["release"] == {name: release[name] for name in brief}
    assert waiting["changed_since_freeze"] is False
    make.changed(draft, deck="예약한 뒤에 고침")
    assert desk_api.call("GET", f"drafts/{draft.pk}/").json()["changed_since_freeze"] is True


def test_replaced_release_keeps_its_time_and_has_the_new_text(
    desk_api: Desk, api: APIClient
) -> None:
    """publishing 4."""
    due, draft = timezone.now() + SOON, make.draft(headline="오탈자 있는 재목")
    first = desk_api.act(draft.pk, "schedule", at(due)).json()
    make.changed(draft, headline="오탈자 없는 제목")
    second = desk_api.act(draft.pk, "swap").json()
    assert (second["id"], second["due_at"]) == (first["id"], first["due_at"])
    assert second["edition"] == 2
    with time_machine.travel(due + timedelta(seconds=1), tick=False):
        publish_due()
        assert page(api, first["article"]).json()["headline"] == "오탈자 없는 제목"


def test_unscheduled_story_is_not_published(desk_api: Desk, api: APIClient) -> None:
    due, draft = timezone.now() + SOON, make.draft()
    release = desk_api.act(draft.pk, "schedule", at(due)).json()
    cancelled = desk_api.act(draft.pk, "unschedule")
    assert cancelled.json()["state"] == "cancelled"
    with time_machine.travel(due + timedelta(seconds=1), tick=False):
        publish_due()
        assert page(api, release["article"]).status_code == 404
    assert desk_api.act(draft.pk, "unschedule").json()["code"] == "nothing_waiting"
    assert desk_api.act(draft.pk, "swap").json()["code"] == "nothing_waiting"


def test_correction_is_public_and_dated(desk_api: Desk, api: APIClient) -> None:
    draft = make.draft()
    slug = desk_api.act(draft.pk, "publish").json()["article"]
    response = desk_api.act(draft.pk, "publish", {"correction": NOTE})
    assert response.status_code == 200, response.content
    noted = page(api, slug).json()["corrections"]
    assert [(n["kind"], n["note"]) for n in noted] == [("correction", NOTE["note"])]
    editions = desk_api.call("GET", f"drafts/{draft.pk}/").json()["editions"]
    assert [(e["number"], e["correction"]) for e in editions] == [(1, None), (2, NOTE)]


def test_correction_can_be_scheduled(desk_api: Desk, api: APIClient) -> None:
    """publishing 15."""
    due, draft = timezone.now() + SOON, make.draft_of(make.live())
    data = at(due) | {"correction": NOTE}
    release = desk_api.act(draft.pk, "schedule", data).json()
    assert page(api, release["article"]).json()["corrections"] == []
    with time_machine.travel(due, tick=False):
        publish_due()
        assert len(page(api, release["article"]).json()["corrections"]) == 1


def test_correction_before_first_publication_is_refused(desk_api: Desk) -> None:
    response = desk_api.act(make.draft().pk, "publish", {"correction": NOTE})
    assert (response.status_code, response.json()["code"]) == (422, "nothing_to_correct")
    assert not Release.objects.exists()


def test_incomplete_draft_is_refused_with_its_problems(desk_api: Desk) -> None:
    draft = make.draft(headline="", authors=[])
    for verb in ("submit", "freeze", "publish"):
        response = desk_api.act(draft.pk, verb)
        assert (response.status_code, response.json()["code"]) == (422, "not_ready")
        assert len(response.json()["problems"]) == 2


def test_frozen_edition_is_not_public(desk_api: Desk, api: APIClient) -> None:
    draft = make.draft()
    response = desk_api.act(draft.pk, "freeze")
    assert response.status_code == 201
    assert response.json()["number"] == 1
    assert page(api, response.json()["article"]).status_code == 404


# -- Times -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("2020-01-01T00:00:00+09:00", 422),
        ("2101-01-01T00:00:00+09:00", 400),
        ("9999-12-31T23:59:59-12:00", 400),
        ("0001-01-01T00:00:00+23:59", 400),
        ("2099-06-01", 400),
        ("soon", 400),
        ("", 400),
        (None, 400),
        (4_000_000_000, 400),
        (["2099-06-01T09:00:00+09:00"], 400),
        ("1987-05-10T02:30:00", 400),
    ],
)
def test_invalid_schedule_time_is_refused(desk_api: Desk, value: object, status: int) -> None:
    draft = make.draft()
    response = desk_api.act(draft.pk, "schedule", {"at": value})
    assert response.status_code == status, response.content
    assert not Release.objects.exists()


def test_time_without_offset_is_korean_time(desk_api: Desk) -> None:
    """publishing 18."""
    draft = make.draft()
    release = desk_api.act(draft.pk, "schedule", {"at": "2099-06-01T00:00:00"}).json()
    assert release["due_at"] == "2099-06-01T00:00:00+09:00"
    release = Release.objects.get()
    assert release.due_at.isoformat() == "2099-05-31T15:00:00+00:00"


def test_ambiguous_local_time_is_the_first(desk_api: Desk) -> None:
    """publishing 18."""
    poll = make.poll_data(opens_at="1988-10-09T02:30:00")
    created = desk_api.call("POST", "drafts/", {"poll": poll}).json()
    assert created["poll"]["opens_at"] == "1988-10-09T02:30:00+10:00"


# -- Withdrawn and back ------------------------------------------------------------------------


def test_withdrawn_article_is_410_with_notice(desk_api: Desk, api: APIClient) -> None:
    draft = make.draft()
    slug = desk_api.act(draft.pk, "publish").json()["article"]
    desk_api.act(draft.pk, "schedule", at(timezone.now() + SOON))
    etag = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    path = f"articles/{slug}/withdraw/"
    data = {"notice": "사실 확인을 위해 내렸습니다."}
    assert desk_api.call("POST", path, data).status_code == 428
    assert desk_api.call("POST", path, data, etag='"stale"').status_code == 412
    response = desk_api.call("POST", path, data, etag=etag)
    assert response.status_code == 200, response.content
    gone = page(api, slug)
    assert (gone.status_code, gone.json()["detail"]) == (410, data["notice"])
    assert not Release.objects.waiting().exists()
    assert desk_api.call("GET", f"drafts/{draft.pk}/").json()["state"] == "withdrawn"
    assert desk_api.act(draft.pk, "publish").json()["code"] == "withdrawn_article"


def test_restored_article_is_public_after_publishing_again(chief: User, api: APIClient) -> None:
    desk, article = Desk(chief), make.live()
    draft = make.draft_of(article)
    desk.call("POST", f"articles/{article.slug}/withdraw/", {"notice": "확인 중"}, etag="*")
    response = desk.call("POST", f"articles/{article.slug}/restore/", {}, etag="*")
    assert response.json() == {"article": article.slug, "withdrawn_at": None, "notice": ""}
    assert page(api, article.slug).status_code == 404
    desk.act(draft.pk, "publish")
    assert page(api, article.slug).status_code == 200


def test_editor_may_not_restore_an_article(desk_api: Desk) -> None:
    article = make.live()
    desk_api.call("POST", f"articles/{article.slug}/withdraw/", {"notice": "확인 중"}, etag="*")
    response = desk_api.call("POST", f"articles/{article.slug}/restore/", {}, etag="*")
    assert response.status_code == 403


def test_withdrawal_requires_notice_and_published_article(desk_api: Desk) -> None:
    article = make.live()
    path = f"articles/{article.slug}/withdraw/"
    for data in ({}, {"notice": ""}, {"notice": " \u3164 "}, {"notice": 5}):
        assert desk_api.call("POST", path, data, etag="*").status_code == 400
    never = make.planned().article
    unseen = desk_api.call(
        "POST", f"articles/{never.slug}/withdraw/", {"notice": "없던 일"}, etag="*"
    )
    assert unseen.json()["code"] == "never_published"
    nowhere = desk_api.call("POST", "articles/none/withdraw/", {"notice": "없음"}, etag="*")
    assert nowhere.status_code == 404


# -- Review ------------------------------------------------------------------------------------


def test_story_is_submitted_sent_back_and_approved(ada: User, desk_api: Desk) -> None:
    """publishing 37."""
    hers = Desk(ada)
    draft = make.draft(by=ada)
    assert hers.act(draft.pk, "submit").json()["state"] == "submitted"
    assert desk_api.act(draft.pk, "send-back", {"note": "둘째 문단?"}).json()["state"] == "writing"
    hers.act(draft.pk, "submit")
    assert desk_api.act(draft.pk, "approve").json()["state"] == "approved"
    assert desk_api.act(draft.pk, "approve").json()["code"] == "wrong_stage"
    assert hers.act(draft.pk, "approve").status_code == 403


def test_four_eyes_require_another_user(ada: User, desk_api: Desk, settings: Any) -> None:
    """publishing 35."""
    settings.FOUR_EYES = True
    own = make.draft()
    assert desk_api.act(own.pk, "publish").json()["code"] == "not_approved"
    desk_api.act(own.pk, "submit")
    assert desk_api.act(own.pk, "approve").json()["code"] == "not_approved"
    hers = make.draft(by=ada)
    desk_api.act(hers.pk, "submit")
    desk_api.act(hers.pk, "approve")
    published = desk_api.act(hers.pk, "publish")
    assert published.status_code == 200
    assert published.json()["approved_by"] == "ben"


def test_approval_covers_the_approved_text_only(ada: User, desk_api: Desk, settings: Any) -> None:
    """publishing 36."""
    settings.FOUR_EYES = True
    draft = make.draft(by=ada)
    desk_api.act(draft.pk, "submit")
    desk_api.act(draft.pk, "approve")
    Desk(ada).call("PATCH", f"drafts/{draft.pk}/", {"deck": "몰래 고침"}, etag="*")
    assert desk_api.act(draft.pk, "publish").json()["code"] == "not_approved"


# -- What goes out next ------------------------------------------------------------------------


def test_waiting_releases_are_listed_by_due_time(desk_api: Desk) -> None:
    """publishing 24."""
    now = timezone.now()
    late, early = (make.planned(at=now + timedelta(hours=h)) for h in (5, 1))
    make.live()
    listed = desk_api.call("GET", "releases/?state=pending").json()["results"]
    assert [row["id"] for row in listed] == [early.pk, late.pk]
    assert listed[0]["planned_by"] == "ben"
    done = desk_api.call("GET", "releases/?state=done").json()["results"]
    assert [row["state"] for row in done] == ["done"]
    assert len(desk_api.call("GET", "releases/").json()["results"]) == 3
    assert len(desk_api.call("GET", "releases/?state=waiting").json()["results"]) == 2
    assert desk_api.call("GET", "releases/?state=lost").status_code == 400


def failed_release() -> Release:
    """A release whose publication failed."""
    release = make.planned(at=timezone.now() + timedelta(seconds=1))
    Release.objects.filter(pk=release.pk).update(
        state="failed", reason="고장", attempts=3, retry_at=timezone.now() + timedelta(minutes=9)
    )
    release.refresh_from_db()
    return release


def test_failed_release_has_a_reason_and_is_retried(desk_api: Desk, api: APIClient) -> None:
    release = failed_release()
    (listed,) = desk_api.call("GET", "releases/?state=failed").json()["results"]
    assert (listed["reason"], listed["attempts"]) == ("고장", 3)
    path = f"releases/{release.pk}/"
    etag = desk_api.call("GET", path)["ETag"]
    assert desk_api.call("POST", f"{path}retry/", {}).status_code == 428
    assert desk_api.call("POST", f"{path}retry/", {}, etag='"x"').status_code == 412
    assert desk_api.call("POST", f"{path}retry/", {}, etag=etag).json()["state"] == "pending"
    with time_machine.travel(timezone.now() + timedelta(seconds=5), tick=False):
        publish_due()
        assert page(api, release.article.slug).status_code == 200
        again = desk_api.call("POST", f"{path}retry/", {}, etag="*")
    assert again.json()["code"] == "settled"


def test_retry_accepts_the_etag_of_the_draft(desk_api: Desk) -> None:
    release = failed_release()
    etag = desk_api.call("GET", f"drafts/{make.draft_of(release.article).pk}/")["ETag"]
    response = desk_api.call("POST", f"releases/{release.pk}/retry/", {}, etag=etag)
    assert response.status_code == 200


def test_list_of_releases_has_constant_number_of_queries(
    desk_api: Desk, django_assert_num_queries: Any
) -> None:
    make.planned()
    with django_assert_num_queries(5):
        desk_api.call("GET", "releases/")
    for _ in range(19):
        make.planned()
    with django_assert_num_queries(5):
        assert len(desk_api.call("GET", "releases/").json()["results"]) == 20


def test_scheduling_is_audited_and_publishes_no_event(desk_api: Desk) -> None:
    draft = make.draft()
    desk_api.act(draft.pk, "schedule", at(timezone.now() + SOON))
    assert Entry.objects.filter(verb="scheduled", by_name="ben").count() == 1
    assert not Event.objects.exists()
    desk_api.act(draft.pk, "publish")
    assert [event.name for event in Event.objects.all()] == ["article.published"]
