"""Desk API: rescheduling releases, and bundles (If-Match, refusals, constant number of queries)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from desk.models import Bundle, Draft, Release
from desk.tasks import process_due
from tests.support import make

Desk = make.DeskClient
SOON = make.DUE_AFTER
pytestmark = pytest.mark.django_db


def iso_time_in(more: float = 1) -> str:
    return (timezone.now() + more * SOON).isoformat()


def bundled(desk: Desk, *drafts: Draft, **over: Any) -> Any:
    chosen = [{"id": draft.pk, "version": draft.version} for draft in drafts]
    data = {"title": "선거 특집", "at": iso_time_in(), "drafts": chosen} | over
    return desk.call("POST", "bundles/", data)


# -- Another time for one plan -----------------------------------------------------------------------


def test_rescheduled_release_is_published_at_the_new_time_only(desk_api: Desk) -> None:
    """publishing 11."""
    early, late = timezone.now() + SOON, timezone.now() + 2 * SOON
    release = make.planned(at=early)
    path = f"releases/{release.pk}/"
    etag = desk_api.call("GET", path)["ETag"]
    response = desk_api.call("POST", f"{path}move/", {"at": late.isoformat()}, etag=etag)
    assert response.status_code == 200, response.content
    assert datetime.fromisoformat(response.json()["due_at"]) == late
    assert response["ETag"] == desk_api.call("GET", path)["ETag"] != etag
    with time_machine.travel(early, tick=False):
        process_due()
        assert not Article.objects.live().exists()
    with time_machine.travel(late, tick=False):
        process_due()
    assert Article.objects.get().published_at == late


def test_rescheduling_requires_the_current_etag(desk_api: Desk) -> None:
    """publishing 28."""
    release = make.planned()
    draft, path = make.draft_of(release.article), f"releases/{release.pk}/"
    etag = desk_api.call("GET", path)["ETag"]
    assert desk_api.call("POST", f"{path}move/", {"at": iso_time_in(2)}).status_code == 428
    assert (
        desk_api.call("POST", f"{path}move/", {"at": iso_time_in(2)}, etag='"x"').status_code == 412
    )
    assert (
        desk_api.call("POST", f"{path}move/", {"at": iso_time_in(2)}, etag=etag).status_code == 200
    )
    stale = desk_api.call("POST", f"{path}move/", {"at": iso_time_in(3)}, etag=etag)
    assert (stale.status_code, stale.json()["code"]) == (412, "edited_elsewhere")
    tag = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    assert (
        desk_api.call("POST", f"{path}move/", {"at": iso_time_in(4)}, etag=tag).status_code == 200
    )
    assert (
        desk_api.call("POST", f"{path}move/", {"at": iso_time_in(5)}, etag="*").status_code == 200
    )


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"at": "later"}, 400),
        ({"at": iso_time_in(), "by": 1}, 400),
        ({"at": iso_time_in(-1)}, 422),
    ],
)
def test_rescheduling_to_an_invalid_time_is_refused(
    desk_api: Desk, data: dict[str, Any], status: int
) -> None:
    release = make.planned()
    response = desk_api.call("POST", f"releases/{release.pk}/move/", data, etag="*")
    assert response.status_code == status
    release.refresh_from_db()
    assert release.state == "pending"


def test_published_release_cannot_be_rescheduled(desk_api: Desk, ada: User) -> None:
    article = make.live()
    release = Release.objects.get(article=article)
    path = f"releases/{release.pk}/move/"
    assert desk_api.call("POST", path, {"at": iso_time_in()}, etag="*").json()["code"] == "settled"
    assert Desk(ada).call("POST", path, {"at": iso_time_in()}, etag="*").status_code == 403
    assert (
        desk_api.call("POST", "releases/999/move/", {"at": iso_time_in()}, etag="*").status_code
        == 404
    )


# -- Bundles -----------------------------------------------------------------------------------------


def test_bundle_is_created_read_and_published(desk_api: Desk) -> None:
    drafts = [make.draft(), make.draft()]
    created = bundled(desk_api, *drafts)
    assert created.status_code == 201, created.content
    bundle = created.json()
    assert (bundle["title"], bundle["state"], bundle["planned_by"]) == (
        "선거 특집",
        "pending",
        "ben",
    )
    assert [plan["draft"] for plan in bundle["releases"]] == [draft.pk for draft in drafts]
    assert {plan["bundle"] for plan in bundle["releases"]} == {bundle["id"]}
    assert {plan["due_at"] for plan in bundle["releases"]} == {bundle["due_at"]}
    read = desk_api.call("GET", f"bundles/{bundle['id']}/")
    assert (read.json(), read["ETag"]) == (bundle, created["ETag"])
    draft = desk_api.call("GET", f"drafts/{drafts[0].pk}/").json()
    assert draft["release"]["bundle"] == bundle["id"]
    assert "묶음 ‘선거 특집’" in draft["state_words"]
    with time_machine.travel(datetime.fromisoformat(bundle["due_at"]), tick=False):
        process_due()
    assert desk_api.call("GET", f"bundles/{bundle['id']}/").json()["state"] == "done"


def test_refused_bundle_names_the_story_and_writes_nothing(desk_api: Desk) -> None:
    good, bad = make.draft(), make.draft(headline="본문 없는 원고", body="")
    response = bundled(desk_api, good, bad)
    assert (response.status_code, response.json()["code"]) == (422, "not_ready")
    assert response.json()["draft"] == bad.pk
    assert "본문 없는 원고" in response.json()["detail"]
    assert not Bundle.objects.exists()
    assert not Article.objects.exists()


def test_bundle_of_stale_draft_versions_is_refused(desk_api: Desk) -> None:
    story = make.draft()
    make.changed(story, deck="그사이 고침")
    response = bundled(desk_api, make.draft(), story)
    assert (response.status_code, response.json()["draft"]) == (412, story.pk)
    without = bundled(desk_api, drafts=[{"id": story.pk}])
    assert without.status_code == 201


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"drafts": []}, "/drafts"),
        ({"drafts": [{"id": 999}]}, "/drafts"),
        ({"drafts": [{"version": 1}]}, "/drafts/0/id"),
        ({"drafts": [{"id": 1}] * 101}, "/drafts"),
        ({"title": " "}, "/title"),
        ({"at": "soon"}, "/at"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_invalid_bundle_names_the_field(desk_api: Desk, over: dict[str, Any], pointer: str) -> None:
    response = bundled(desk_api, make.draft(), **over)
    assert response.status_code == 400, response.content
    assert any(e["pointer"].startswith(pointer) for e in response.json()["errors"])


def test_bundle_actions_require_if_match(desk_api: Desk) -> None:
    """publishing 28."""
    created = bundled(desk_api, make.draft(), make.draft())
    path, other = f"bundles/{created.json()['id']}/", make.draft()
    plan = created.json()["releases"][0]["id"]
    actions: dict[str, Any] = {
        "move": {"at": iso_time_in(2)},
        "add": {"drafts": [{"id": other.pk}]},
        "take-out": {"release": plan},
        "cancel": {},
    }
    tag = created["ETag"]
    for verb, data in actions.items():
        assert desk_api.call("POST", f"{path}{verb}/", data).status_code == 428
        assert desk_api.call("POST", f"{path}{verb}/", data, etag='"no"').status_code == 412
        done = desk_api.call("POST", f"{path}{verb}/", data, etag=tag)
        assert done.status_code == 200, done.content
        assert desk_api.call("POST", f"{path}{verb}/", data, etag=tag).status_code == 412
        tag = done["ETag"]
    assert done.json()["state"] == "cancelled"
    assert len(done.json()["releases"]) == 2
    assert Release.objects.get(pk=plan).bundle is None
    over = desk_api.call("POST", f"{path}cancel/", {}, etag="*")
    assert (over.status_code, over.json()["code"]) == (409, "bundle_over")


def test_release_of_another_bundle_is_not_removed(desk_api: Desk) -> None:
    one, two = (bundled(desk_api, make.draft()).json() for _ in range(2))
    data = {"release": two["releases"][0]["id"]}
    response = desk_api.call("POST", f"bundles/{one['id']}/take-out/", data, etag="*")
    assert response.status_code == 400
    assert Release.objects.filter(bundle=two["id"]).exists()


def test_bundled_release_is_not_rescheduled_alone(desk_api: Desk) -> None:
    plan = bundled(desk_api, make.draft()).json()["releases"][0]["id"]
    response = desk_api.call("POST", f"releases/{plan}/move/", {"at": iso_time_in(2)}, etag="*")
    assert (response.status_code, response.json()["code"]) == (409, "in_bundle")


def test_reporter_may_read_but_not_change_bundles(ada: User, desk_api: Desk, mo: User) -> None:
    """publishing 30."""
    path = f"bundles/{bundled(desk_api, make.draft()).json()['id']}/"
    reporter_client, counted = Desk(ada), Bundle.objects.count()
    assert reporter_client.call("GET", path).status_code == 200
    assert bundled(reporter_client, make.draft(by=ada)).status_code == 403
    for verb, data in (("move", {"at": iso_time_in()}), ("cancel", {})):
        assert reporter_client.call("POST", f"{path}{verb}/", data, etag="*").status_code == 403
    assert Desk(mo).call("GET", "bundles/").status_code == 403
    assert Bundle.objects.count() == counted


def test_bundles_are_filtered_by_state(desk_api: Desk) -> None:
    late, early = (bundled(desk_api, make.draft(), at=iso_time_in(n)).json()["id"] for n in (3, 2))
    gone = bundled(desk_api, make.draft()).json()["id"]
    desk_api.call("POST", f"bundles/{gone}/cancel/", {}, etag="*")

    def listed(query: str) -> list[int]:
        return [row["id"] for row in desk_api.call("GET", f"bundles/?{query}").json()["results"]]

    assert listed("state=waiting") == [early, late]
    assert listed("state=cancelled") == [gone]
    assert listed("") == [late, early, gone]
    assert desk_api.call("GET", "bundles/?state=overtaken").status_code == 400


def test_list_of_bundles_has_constant_number_of_queries(
    desk_api: Desk, django_assert_num_queries: Any
) -> None:
    bundled(desk_api, make.draft())
    with django_assert_num_queries(6):
        desk_api.call("GET", "bundles/?page_size=100")
    for _ in range(9):
        bundled(desk_api, make.draft(), make.draft())
    with django_assert_num_queries(6):
        listed = desk_api.call("GET", "bundles/?page_size=100").json()["results"]
    assert len(listed) == 10


def test_blocked_bundle_has_state_failed(desk_api: Desk) -> None:
    bundle = bundled(desk_api, make.draft(), make.draft()).json()
    broken = Release.objects.get(pk=bundle["releases"][0]["id"])
    Article.objects.filter(pk=broken.article_id).update(
        corrections="broken", first_published_at=broken.planned_at
    )
    with time_machine.travel(
        datetime.fromisoformat(bundle["due_at"]) + timedelta(seconds=1), tick=False
    ):
        process_due()
        failed = desk_api.call("GET", "bundles/?state=failed").json()["results"]
        assert [row["id"] for row in failed] == [bundle["id"]]
        guilty = broken.edition.headline
        assert all(guilty in plan["reason"] for plan in failed[0]["releases"])
        retried = desk_api.call("POST", f"releases/{broken.pk}/retry/", {}, etag="*")
        assert retried.status_code == 200
    assert set(Release.objects.values_list("state", flat=True)) == {"pending"}
