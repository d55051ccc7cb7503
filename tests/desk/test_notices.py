"""Notices: recipients, one notice for each failure, and when it is resolved (publishing 6)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.actions import suspend
from accounts.models import User
from accounts.staffing import assign_roles
from articles.models import Article
from desk.actions import (
    cancel_release,
    record_failure,
    replace_scheduled,
    reschedule_release,
    retry_release,
    schedule_bundle,
    schedule_draft,
)
from desk.actions.collaboration.section_roles import set_section_role
from desk.models import Notice, Release
from desk.notifications import reassign_undelivered, refresh_notices, resolve_notices
from desk.tasks import process_due
from outbox.actions import enable_subscriber
from outbox.models import Subscriber
from tests.support import make
from tests.support.faults.failing_releases import (
    after_due_time,
    break_release,
    count_queries,
    failing_release,
    repair_release,
    writes_rejected,
)
from tests.support.outbox import subscriber

pytestmark = pytest.mark.django_db
What = Notice.What


def recipients(what: str = What.FAILED) -> list[str]:
    """Names of the recipients."""
    rows = Notice.objects.filter(what=what).select_related("person").order_by("pk")
    return [notice.person.name if notice.person else "nobody" for notice in rows]


def unseen(client: Any) -> Any:
    answer = client.call("GET", "notices/?unseen=true")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


# -- Recipients ---------------------------------------------------------------------------------------


def test_failed_bundle_is_not_told_to_who_may_not_publish_all_of_its_stories(
    ben: User, chief: User
) -> None:
    """The planner had both sections when the bundle was scheduled, and one of them when it failed."""
    elsewhere = make.staff("dan", role="editor")
    bundle = make.bundled(make.draft(), make.draft(section=make.section("문화")))
    for person, section in ((ben, "산업"), (elsewhere, "문화")):
        set_section_role(person, section=make.section(section), role="editor", by=chief)
    for release in bundle.releases.all():
        break_release(release)
    with after_due_time():
        process_due()
    assert recipients() == ["chief"]


def test_planner_is_notified_of_a_failure_once(chief: User, desk_api: make.DeskClient) -> None:
    """publishing 6: someone is told, and not again with every attempt."""
    release = failing_release(headline="문이 열리지 않는 아침")
    moment = release.due_at
    for _ in range(3):
        with time_machine.travel(moment + timedelta(seconds=1), tick=False):
            assert process_due().failed == 1
        release.refresh_from_db()
        assert release.retry_at
        moment = release.retry_at
    assert recipients() == ["ben"]
    (notice,) = unseen(desk_api)
    assert notice["what"] == "release_failed"
    assert notice["label"] == "문이 열리지 않는 아침"
    assert notice["reason"] == release.reason
    assert notice["link"] == f"/admin/desk/release/{release.pk}/change/"


def test_failed_manual_retry_creates_no_notice(ben: User) -> None:
    release = failing_release()
    with after_due_time():
        process_due()
        retry_release(release, by=ben)
        assert process_due().failed == 1
    assert recipients() == ["ben"]


def test_new_failure_after_a_repair_creates_a_notice(ben: User) -> None:
    release = failing_release()
    with after_due_time():
        process_due()
        replace_scheduled(make.draft_of(release.article), by=ben)
        assert process_due().failed == 1
    assert recipients() == ["ben", "ben"]


def leaves(person: User) -> None:
    assign_roles(person, name=person.name, roles=[], is_active=False, by=person)


def becomes_a_reporter(person: User) -> None:
    roles = [Group.objects.get(name="reporter")]
    assign_roles(person, name=person.name, roles=roles, is_active=True, by=person)


def is_suspended(person: User) -> None:
    suspend(person, until=timezone.now() + timedelta(days=30), reason="시험", by=make.chief())


@pytest.mark.parametrize("fate", [leaves, becomes_a_reporter, is_suspended])
def test_everybody_who_can_act_is_notified_when_the_planner_cannot(
    ben: User, chief: User, ada: User, mo: User, fate: Any
) -> None:
    """publishing 19: the plan stands, it was the newsroom's; so others have to see to it."""
    make.staff("dan", role="editor")
    administrator = make.person("root", is_staff=True, is_superuser=True)
    failing_release()
    fate(ben)
    with after_due_time():
        process_due()
    assert recipients() == ["chief", "dan"]
    assert not Notice.objects.of(administrator.pk).exists()


def test_superuser_is_notified_without_any_editor(ben: User) -> None:
    make.person("root", is_staff=True, is_superuser=True)
    failing_release()
    leaves(ben)
    with after_due_time():
        process_due()
    assert recipients() == ["root"]


def test_notice_without_a_recipient_is_red_and_reassigned(ben: User, client: Any) -> None:
    failing_release()
    leaves(ben)
    with after_due_time():
        process_due()
        assert recipients() == ["nobody"]
        response = client.get("/health/ready", headers={"host": "localhost"})
        check = response.json()["checks"]["notices"]
        assert (check["well"], check["told"]) == (False, 1)
        reassign_undelivered()
        assert recipients() == ["nobody"]
        make.staff("dan", role="editor")
        assert reassign_undelivered() == 1
        assert reassign_undelivered() == 0
        assert client.get("/health/ready").json()["checks"]["notices"]["well"]
    assert [n.person.name for n in Notice.objects.unresolved() if n.person] == ["dan"]


def test_unread_notice_of_a_person_who_left_is_reassigned(ben: User, chief: User) -> None:
    failing_release()
    with after_due_time():
        process_due()
        leaves(ben)
        refresh_notices()
        refresh_notices()
        assert [n.person.name for n in Notice.objects.unresolved() if n.person] == ["chief"]


def test_notice_of_a_refusal_quotes_its_sentence(ben: User) -> None:
    release = make.planned(headline="엠바고 걸린 이야기")
    Article.objects.filter(pk=release.article_id).update(
        embargo_until=timezone.now() + timedelta(days=2)
    )
    with after_due_time():
        process_due()
        process_due()
    (notice,) = Notice.objects.all()
    assert "엠바고" in notice.reason


def test_failure_and_notice_are_written_in_one_transaction(ben: User) -> None:
    release = failing_release()
    with after_due_time():
        with writes_rejected("desk_notice", verb="INSERT"):
            assert process_due().failed == 1
            release.refresh_from_db()
            assert (release.state, release.attempts) == (Release.State.PENDING, 0)
        assert process_due().failed == 1
    release.refresh_from_db()
    assert (release.state, release.attempts) == (Release.State.FAILED, 1)
    assert recipients() == ["ben"]


# -- Bundles ------------------------------------------------------------------------------------------


def test_failing_bundle_notifies_its_planner_once(ben: User, chief: User) -> None:
    stories = [make.draft() for _ in range(3)]
    bundle = schedule_bundle(
        stories, title="개막 묶음", at=timezone.now() + make.DUE_AFTER, by=chief
    )
    break_release(Release.objects.filter(bundle=bundle)[1])
    with after_due_time():
        process_due()
    assert recipients() == ["chief"]
    notice = Notice.objects.get()
    assert (notice.kind, notice.subject, notice.label) == ("desk.bundle", bundle.pk, "개막 묶음")
    assert not Article.objects.live().exists()


def test_bundle_failing_for_different_reasons_notifies_its_planner_once(
    ben: User,
) -> None:
    bundle = schedule_bundle(
        [make.draft(), make.draft()], title="개막", at=timezone.now() + make.DUE_AFTER, by=ben
    )
    culprit, other = Release.objects.filter(bundle=bundle).order_by("pk")
    record_failure([culprit.pk], reason="사진이 없습니다")
    record_failure([other.pk], reason="함께 나갈 기사가 나가지 못했습니다")
    assert [notice.reason for notice in Notice.objects.all()] == ["사진이 없습니다"]


def test_bundle_published_late_creates_a_late_notice(ben: User) -> None:
    bundle = schedule_bundle(
        [make.draft(), make.draft()], title="개막", at=timezone.now() + make.DUE_AFTER, by=ben
    )
    broken = Release.objects.filter(bundle=bundle)[1]
    break_release(broken)
    with after_due_time():
        process_due()
    repair_release(broken)
    with after_due_time(make.DUE_AFTER + timedelta(minutes=2)):
        process_due()
        resolve_notices()
    assert recipients(What.PUBLISHED_LATE) == ["ben"]


# -- Until when ---------------------------------------------------------------------------------------


def test_notice_is_resolved_with_the_delay_when_the_release_is_published(
    desk_api: make.DeskClient,
) -> None:
    release = failing_release()
    with after_due_time():
        process_due()
    repair_release(release)
    with after_due_time(make.DUE_AFTER + timedelta(minutes=7)):
        assert process_due().published == 1
        assert resolve_notices() == 1
        assert resolve_notices() == 0
        (late,) = unseen(desk_api)
    assert late["what"] == "release_late"
    assert "7분" in late["reason"]


@pytest.mark.parametrize("repair", ["move", "cancel"])
def test_notice_is_resolved_when_the_release_was_changed(ben: User, repair: str) -> None:
    release = failing_release()
    with after_due_time():
        process_due()
        resolve_notices()
        assert Notice.objects.unresolved().exists()
        if repair == "move":
            reschedule_release(release, at=timezone.now() + make.DUE_AFTER, by=ben)
        else:
            cancel_release(release, by=ben)
        resolve_notices()
    assert not Notice.objects.unresolved().exists()
    assert recipients(What.PUBLISHED_LATE) == []


def test_planner_is_notified_of_a_missed_release(ben: User) -> None:
    """It expired while nothing ran: readers never saw it, and its planner is notified."""
    draft = make.draft(headline="하루만 열리는 문")
    make.changed(draft, expires_at=timezone.now() + 2 * make.DUE_AFTER)
    release = schedule_draft(draft, at=timezone.now() + make.DUE_AFTER, by=ben)
    with after_due_time(3 * make.DUE_AFTER):
        process_due()
    release.refresh_from_db()
    assert release.state == Release.State.CANCELLED
    assert "종료" in release.reason
    assert recipients(What.MISSED) == ["ben"]


# -- At the desk --------------------------------------------------------------------------------------


def test_dashboard_shows_a_notice_until_it_is_seen(ben: User, ada: User, as_user: Any) -> None:
    release = failing_release(headline="아침에 볼 알림")
    with after_due_time():
        process_due()
        mine, others = as_user(ben), as_user(ada)
        assert 'id="notices"' in mine.get("/admin/").content.decode()
        assert 'id="notices"' not in others.get("/admin/").content.decode()
        notice = Notice.objects.get()
        press = f"/admin/desk/notice/{notice.pk}/press/seen/"
        assert others.post(press).status_code in {302, 403, 404}
        notice.refresh_from_db()
        assert notice.seen_at is None
        mine.post(press, {"next": "/admin/"})
        assert 'id="notices"' not in mine.get("/admin/").content.decode()
        assert release.edition.headline in mine.get("/admin/desk/notice/").content.decode()
        assert release.edition.headline not in others.get("/admin/desk/notice/").content.decode()
        assert mine.get(f"/admin/desk/notice/{notice.pk}/change/").status_code == 200
        assert others.get(f"/admin/desk/notice/{notice.pk}/change/").status_code in {302, 403, 404}


def test_mark_all_seen_covers_the_notices_that_the_page_showed(ben: User, as_user: Any) -> None:
    releases = [failing_release() for _ in range(3)]
    with after_due_time():
        process_due()
    browser = as_user(ben)
    first, second, third = Notice.objects.order_by("pk")
    assert first.subject == releases[0].pk
    browser.post("/admin/desk/notice/seen/", {"until": str(second.pk)})
    assert list(Notice.objects.unseen()) == [third]
    for nonsense in ("", "-1", "a", "9" * 40):
        assert browser.post("/admin/desk/notice/seen/", {"until": nonsense}).status_code == 302
    assert browser.get("/admin/desk/notice/seen/").status_code == 405
    assert list(Notice.objects.unseen()) == [third]


def test_notices_api_shows_own_notices_only(
    ben: User, chief: User, mo: User, desk_api: make.DeskClient
) -> None:
    failing_release()
    with after_due_time():
        process_due()
    notice = Notice.objects.get()
    other = make.DeskClient(chief)
    assert other.call("GET", "notices/").json()["results"] == []
    assert other.call("POST", f"notices/{notice.pk}/seen/", {}).status_code == 404
    assert make.DeskClient(ben, scopes=("wire",)).call("GET", "notices/").status_code == 403
    reads = make.DeskClient(ben, scopes=("read",))
    assert len(reads.call("GET", "notices/").json()["results"]) == 1
    assert reads.call("POST", f"notices/{notice.pk}/seen/", {}).status_code == 403
    assert make.DeskClient(mo).call("GET", "notices/").status_code == 200
    for _ in range(2):
        answer = desk_api.call("POST", f"notices/{notice.pk}/seen/", {})
        assert answer.status_code == 200, answer.content
    assert answer.json()["seen_at"]
    assert unseen(desk_api) == []
    assert len(desk_api.call("GET", "notices/").json()["results"]) == 1
    assert desk_api.call("GET", "notices/?unseen=perhaps").status_code == 400


def test_notices_api_refuses_anonymous_requests(api: Any, chi: User, as_user: Any) -> None:
    assert api.get("/api/v1/desk/notices/").status_code == 401
    assert as_user(chi).get("/api/v1/desk/notices/").status_code == 403
    assert as_user(chi).get("/admin/desk/notice/").status_code == 302


def test_many_notices_cost_no_more_queries(
    ben: User, as_user: Any, desk_api: make.DeskClient
) -> None:
    failing_release()
    with after_due_time():
        process_due()
        page, address = as_user(ben), "/admin/"
        page.get(address)
        few = (count_queries(lambda: page.get(address)), count_queries(lambda: unseen(desk_api)))
    for _ in range(7):
        failing_release()
    with after_due_time():
        process_due()
        many = (count_queries(lambda: page.get(address)), count_queries(lambda: unseen(desk_api)))
    assert many == few


# -- Subscribers --------------------------------------------------------------------------------------


def test_disabled_subscriber_notifies_its_managers_once(ben: User, chief: User) -> None:
    one = subscriber("https://hooks.example.com/in", name="이웃 신문")
    refresh_notices()
    assert not Notice.objects.exists()
    Subscriber.objects.filter(pk=one.pk).update(
        disabled_at=timezone.now(), disabled_reason="410으로 답했습니다."
    )
    for _ in range(2):
        refresh_notices()
    assert recipients(What.OFF) == ["chief"]
    notice = Notice.objects.get()
    assert (notice.label, notice.reason) == ("이웃 신문", "410으로 답했습니다.")
    assert notice.get_absolute_url() == f"/admin/outbox/subscriber/{one.pk}/change/"
    one.refresh_from_db()
    enable_subscriber(one, by=chief)
    refresh_notices()
    assert not Notice.objects.unresolved().exists()
    assert Notice.objects.count() == 1


def test_failing_subscriber_creates_one_notice_an_episode(chief: User) -> None:
    one = subscriber("https://hooks.example.com/in", name="이웃 신문")
    for day in range(2):
        with time_machine.travel(timezone.now() + timedelta(days=2 * day), tick=False):
            Subscriber.objects.filter(pk=one.pk).update(failing_since=timezone.now())
            refresh_notices()
            refresh_notices()
            Subscriber.objects.filter(pk=one.pk).update(failing_since=None)
            refresh_notices()
    assert recipients(What.FAILING) == ["chief", "chief"]
    assert not Notice.objects.unresolved().exists()
