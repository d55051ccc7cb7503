"""When a plan meets trouble: each outcome of docs/decisions/0014 (publishing 6, 16, 19–21)."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db.models import ProtectedError
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.staffing import assign_roles
from articles.actions import delete_site_object, save_site_object
from articles.errors import StillUsed
from articles.models import Article, Author, Section, Tag
from audit.models import Entry
from desk.actions import approve, schedule_bundle, schedule_draft, submit, withdraw
from desk.models import Notice, Release
from desk.tasks import process_due
from media.models import Photo
from polls.models import Poll
from tests.support import make
from tests.support.faults.failing_releases import (
    after_due_time,
    break_release,
    failing_release,
    repair_release,
)

pytestmark = pytest.mark.django_db
State = Release.State


def page(api: APIClient, release: Release) -> Any:
    return api.get(f"/api/v1/articles/{Article.objects.get(pk=release.article_id).slug}/")


def publish_and_get(api: APIClient, release: Release) -> Any:
    """The page readers get after the planned time."""
    with after_due_time():
        process_due()
        answer = page(api, release)
    assert answer.status_code == 200, answer.content
    return answer.json()


def role(name: str) -> Any:
    return Group.objects.get(name=name)


def editor(name: str) -> User:
    return make.staff(name, role="editor")


def approved(ada: User, approver: User, *, by: User) -> Release:
    """A story that ada wrote, one editor approved and another scheduled."""
    draft = make.draft(by=ada)
    submit(draft, by=ada)
    approve(draft, by=approver)
    return schedule_draft(draft, at=timezone.now() + make.DUE_AFTER, by=by)


# -- People -------------------------------------------------------------------------------------------


def demote(person: User, by: User) -> None:
    assign_roles(person, name=person.name, roles=[role("reporter")], is_active=True, by=by)


def close_account(person: User, by: User) -> None:
    assign_roles(person, name=person.name, roles=[], is_active=False, by=by)


@pytest.mark.parametrize("fate", [demote, close_account])
@pytest.mark.parametrize("whose", ["approver", "planner", "writer"])
def test_approval_and_release_of_a_person_who_left_stand(
    chief: User, api: APIClient, settings: Any, fate: Callable[[User, User], None], whose: str
) -> None:
    """publishing 19"""
    settings.FOUR_EYES = True
    ada, approver, ben = make.staff("ada", role="reporter"), editor("dan"), make.ben()
    release = approved(ada, approver, by=ben)
    fate({"approver": approver, "planner": ben, "writer": ada}[whose], chief)
    publish_and_get(api, release)
    entry = Entry.objects.get(verb="published")
    assert entry.details["approved_by"] == approver.pk
    assert entry.details["planned_by"] == ben.pk


@pytest.mark.parametrize("whose", ["approver", "planner"])
def test_account_with_releases_cannot_be_deleted(
    ada: User, ben: User, settings: Any, whose: str
) -> None:
    """publishing 19: who planned and who approved stays known."""
    settings.FOUR_EYES = True
    approver = editor("dan")
    approved(ada, approver, by=ben)
    with pytest.raises(ProtectedError):
        {"approver": approver, "planner": ben}[whose].delete()


def test_planner_who_lost_the_permission_cannot_reschedule(ben: User, chief: User) -> None:
    """publishing 19: what stands is the plan, not the right."""
    release = make.planned()
    demote(ben, chief)
    client = make.DeskClient(User.objects.get(pk=ben.pk))
    for verb, words in (("retry", {}), ("move", {"at": timezone.now() + 2 * make.DUE_AFTER})):
        answer = client.call("POST", f"releases/{release.pk}/{verb}/", words, etag="*")
        assert answer.status_code == 403
    release.refresh_from_db()
    assert release.state == State.PENDING


# -- What a story stands on ---------------------------------------------------------------------------


def test_slug_taken_meanwhile_keeps_the_former_slug_and_publishes(
    ben: User, api: APIClient
) -> None:
    """publishing 21: a live story that was to move stays where it is, with its new words."""
    article = make.live(slug="옛-자리")
    draft = make.changed(make.draft_of(article), slug="새-자리", headline="고친 제목")
    release = schedule_draft(draft, at=timezone.now() + make.DUE_AFTER, by=ben)
    make.live(slug="새-자리", headline="다른 이야기")
    data = publish_and_get(api, release)
    assert (data["slug"], data["headline"]) == ("옛-자리", "고친 제목")
    assert api.get("/api/v1/articles/새-자리/").json()["headline"] == "다른 이야기"


def test_slug_of_a_scheduled_story_cannot_be_taken(desk_api: make.DeskClient) -> None:
    """publishing 21: it has its address from the moment it is planned."""
    make.planned(slug="한-자리")
    other = make.draft()
    etag = desk_api.call("GET", f"drafts/{other.pk}/")["ETag"]
    answer = desk_api.call("PATCH", f"drafts/{other.pk}/", {"slug": "한-자리"}, etag=etag)
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")


def test_section_of_a_scheduled_story_cannot_be_deleted(chief: User, api: APIClient) -> None:
    release = make.planned(section=make.section("기술"))
    with pytest.raises(StillUsed):
        delete_site_object(Section.objects.get(slug="기술"), by=chief)
    assert publish_and_get(api, release)["section"]["slug"] == "기술"


def test_renamed_section_is_shown_with_its_present_name(chief: User, api: APIClient) -> None:
    release = make.planned(section=make.section("기술"))
    section = Section.objects.get(slug="기술")
    section.name, section.slug = "과학·기술", "과학-기술"
    save_site_object(section, by=chief)
    data = publish_and_get(api, release)["section"]
    assert (data["name"], data["slug"]) == ("과학·기술", "과학-기술")


def test_deleted_tag_is_left_out_of_the_published_article(
    chief: User, ben: User, api: APIClient
) -> None:
    release = make.planned(tags=["남는 말", "없어질 말"])
    make.changed(make.draft_of(release.article), tags=["남는 말"])
    delete_site_object(Tag.objects.get(name="없어질 말"), by=chief)
    assert [tag["name"] for tag in publish_and_get(api, release)["tags"]] == ["남는 말"]


def test_inactive_author_stays_in_the_byline(chief: User, api: APIClient) -> None:
    """The author's page is gone; the byline is frozen."""
    release = make.planned(authors=[make.author("가람"), make.author()])
    make.changed(make.draft_of(release.article), authors=[make.author()])
    root = make.person("root", is_staff=True, is_superuser=True)
    delete_site_object(Author.objects.get(slug="가람"), by=root)
    data = publish_and_get(api, release)
    assert [author["slug"] for author in data["authors"]] == ["한빛"]
    release.edition.refresh_from_db()
    assert release.edition.byline == "가람 기자, 한빛 기자"


def test_photo_of_a_scheduled_edition_cannot_be_deleted(ben: User) -> None:
    photo = make.photo()
    make.planned(lead_photo=photo)
    with pytest.raises(ProtectedError):
        Photo.objects.get(pk=photo.pk).delete()


def test_release_is_published_without_a_missing_photo_file(
    ben: User, api: APIClient, settings: Any
) -> None:
    """The text is due now; the file can be restored under its name at any time."""
    release = make.planned(lead_photo=make.photo())
    shutil.rmtree(settings.MEDIA_ROOT)
    data = publish_and_get(api, release)["lead_photo"]
    source = data["sources"][0]["url"] if "sources" in data else data["url"]
    assert api.get(source.removeprefix("http://testserver")).status_code == 404


def test_poll_closed_before_publication_is_published_closed(ben: User, api: APIClient) -> None:
    """publishing 67: readers see the question and its end, and nobody votes."""
    closes = timezone.now() - timedelta(minutes=1)  # by the database's clock, which no test moves
    release = make.planned(poll=make.poll_data())
    Poll.objects.update(opens_at=closes - timedelta(hours=1), closes_at=closes)
    poll = publish_and_get(api, release)["poll"]
    assert datetime.fromisoformat(poll["closes_at"]) == closes
    with after_due_time():
        voted = api.put(f"/api/v1/polls/{poll['id']}/vote/", {"side": "pro"}, format="json")
    assert (voted.status_code, voted.json()["code"]) == (409, "poll_not_open")


def test_withdrawn_related_article_is_left_out(ben: User, api: APIClient) -> None:
    """publishing 40"""
    stays, goes = make.live(), make.live()
    release = make.planned(related=[goes, stays])
    withdraw(goes, notice="내렸습니다", by=ben)
    publish_and_get(api, release)
    slug = Article.objects.get(pk=release.article_id).slug
    related = api.get(f"/api/v1/articles/{slug}/related/")
    found = related.json()["results"] if related.status_code == 200 else page(api, release).json()
    assert goes.slug not in str(found)


# -- The story itself ---------------------------------------------------------------------------------


def test_withdrawal_cancels_the_scheduled_release(ben: User, api: APIClient) -> None:
    article = make.live()
    release = schedule_draft(make.draft_of(article), at=timezone.now() + make.DUE_AFTER, by=ben)
    withdraw(article, notice="내렸습니다", by=ben)
    with after_due_time():
        assert process_due().failed == 0
    release.refresh_from_db()
    assert release.state == State.CANCELLED
    assert page(api, release).status_code == 410
    assert not Notice.objects.exists()


def test_release_expired_before_any_pass_is_cancelled_and_notified(
    ben: User, api: APIClient, desk_api: make.DeskClient
) -> None:
    """publishing 16"""
    ends = timezone.now() + 2 * make.DUE_AFTER
    release = make.planned(expires_at=ends)
    with after_due_time(3 * make.DUE_AFTER):
        assert process_due().settled == 1
        assert page(api, release).status_code == 404
    data = desk_api.call("GET", f"releases/{release.pk}/").json()
    assert data["state"] == "cancelled"
    assert data["reason"]
    assert Notice.objects.get().what == Notice.What.MISSED


def test_agency_embargo_defers_a_scheduled_release_until_it_ends(ben: User, api: APIClient) -> None:
    release = make.planned()
    until = timezone.now() + timedelta(hours=3)
    Article.objects.filter(pk=release.article_id).update(embargo_until=until)
    with after_due_time():
        process_due()
        assert page(api, release).status_code == 404
        release.refresh_from_db()
        assert (release.state, release.retry_at) == (State.FAILED, until)
    with time_machine.travel(until + timedelta(seconds=1), tick=False):
        assert process_due().published == 1
        data = page(api, release).json()
    assert datetime.fromisoformat(data["published_at"]) >= until


def test_scheduled_draft_is_not_trashed_and_a_trashed_one_stops_no_pass(
    ben: User, desk_api: make.DeskClient
) -> None:
    """publishing 20"""
    release = make.planned()
    draft = make.draft_of(release.article)
    etag = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    refused = desk_api.call("DELETE", f"drafts/{draft.pk}/", etag=etag)
    assert (refused.status_code, refused.json()["code"]) == (409, "still_out")
    desk_api.act(draft.pk, "unschedule")
    etag = desk_api.call("GET", f"drafts/{draft.pk}/")["ETag"]
    assert desk_api.call("DELETE", f"drafts/{draft.pk}/", etag=etag).status_code in {200, 204}
    with after_due_time():
        done = process_due()
    assert (done.published, done.failed) == (0, 0)
    with pytest.raises(ProtectedError):
        Article.objects.get(pk=release.article_id).delete()


# -- Trying again -------------------------------------------------------------------------------------


def test_failed_releases_are_listed_with_reason_and_next_attempt(
    ben: User, desk_api: make.DeskClient, client: Any
) -> None:
    """publishing 6"""
    release = failing_release()
    make.planned()
    with after_due_time() as moment:
        process_due()
        rows = desk_api.call("GET", "releases/?state=failed").json()["results"]
        ready = client.get("/health/ready", headers={"host": "localhost"})
    (data,) = [row for row in rows if row["id"] == release.pk]
    assert len(rows) == 1
    assert data["reason"]
    assert data["attempts"] == 1
    assert datetime.fromisoformat(data["retry_at"]) == moment + timedelta(seconds=5)
    assert datetime.fromisoformat(data["due_at"]) == release.due_at
    assert ready.status_code == 503
    assert ready.json()["checks"]["failed"] == {"well": False, "told": 1}


@pytest.mark.parametrize("role", ["reporter", "moderator", ""])
def test_retry_needs_the_permission_to_publish(ben: User, role: str, as_user: Any) -> None:
    release = failing_release()
    person = make.staff("mal", role=role) if role else make.reader("mal")
    with after_due_time():
        process_due()
        response = make.DeskClient(person).call(
            "POST", f"releases/{release.pk}/retry/", {}, etag="*"
        )
        pressed = as_user(person).post(f"/admin/desk/release/{release.pk}/press/retry/")
    assert response.status_code == 403
    assert pressed.status_code in {302, 403}
    release.refresh_from_db()
    assert release.state == State.FAILED
    assert not Entry.objects.filter(verb="asked_again").exists()


@pytest.mark.parametrize("door", ["api", "button"])
def test_retried_release_is_published_in_the_next_pass_and_audited(
    ben: User, api: APIClient, desk_api: make.DeskClient, as_user: Any, door: str
) -> None:
    """publishing 6, 38"""
    release = failing_release()
    with after_due_time():
        process_due()
        repair_release(release)
        assert process_due().published == 0
        if door == "api":
            desk_api.call("POST", f"releases/{release.pk}/retry/", {}, etag="*")
        else:
            as_user(ben).post(f"/admin/desk/release/{release.pk}/press/retry/")
        assert process_due().published == 1
        assert page(api, release).status_code == 200
    assert Entry.objects.get(verb="asked_again").by == ben.pk


@pytest.mark.parametrize("door", ["api", "button"])
def test_retry_of_one_release_retries_its_bundle(
    ben: User, desk_api: make.DeskClient, as_user: Any, door: str
) -> None:
    stories = [make.draft() for _ in range(3)]
    made = schedule_bundle(stories, title="개막", at=timezone.now() + make.DUE_AFTER, by=ben)
    one, bad, _third = Release.objects.filter(bundle=made).order_by("pk")
    break_release(bad)
    with after_due_time():
        process_due()
        repair_release(bad)
        if door == "api":
            answer = desk_api.call("POST", f"releases/{one.pk}/retry/", {}, etag="*")
            assert answer.status_code == 200, answer.content
        else:
            as_user(ben).post(f"/admin/desk/release/{one.pk}/press/retry/")
        assert process_due().published == 3
    assert Entry.objects.filter(verb="asked_again").count() == 3


def test_admin_page_of_a_failed_release_shows_the_next_step(ben: User, as_user: Any) -> None:
    """publishing 24"""
    release = failing_release()
    address = f"/admin/desk/release/{release.pk}/change/"
    browser = as_user(ben)

    def next_step() -> str:
        return str(browser.get(address).content.decode())

    assert "에 나갑니다." in next_step()
    with after_due_time():
        assert "몇 초 안에 나갑니다." in next_step()
        process_due()
        assert "5초 뒤 다시 시도합니다." in next_step()
        assert "5초 뒤 다시 시도합니다." in browser.get("/admin/").content.decode()
        draft = make.draft_of(release.article)
        assert (
            "5초 뒤 다시 시도합니다."
            in browser.get(f"/admin/desk/draft/{draft.pk}/change/").content.decode()
        )
    with after_due_time(make.DUE_AFTER + timedelta(seconds=30)):
        assert "지금 다시 시도하고 있습니다." in next_step()
    repair_release(release)
    with after_due_time(make.DUE_AFTER + timedelta(minutes=7)):
        process_due()
        assert "7분 늦게 나갔습니다." in next_step()
