"""Calendar of the desk: its periods, what it shows whom, filters, and moving what is scheduled."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from desk.actions import (
    assign,
    cancel_bundle,
    cancel_release,
    move_to_trash,
    record_failure,
    reschedule_release,
    withdraw,
)
from desk.admin.calendar.period import Period, View
from desk.models import Draft, Release
from tests.support import make
from tests.support.row_copies import RowTemplate
from wire.actions import receive_delivery
from wire.models import Source, Story

CALENDAR = "/admin/calendar/"
NOON = datetime(2027, 3, 10, 12, 0, tzinfo=timezone.get_default_timezone())  # a Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("view", "around", "expected"),
    [
        ("month", "2027-03-10", ("2027-02-28", "2027-04-03", "2027-02-28", "2027-04-01")),
        ("month", "2026-02-01", ("2026-02-01", "2026-02-28", "2026-01-31", "2026-03-01")),
        ("month", "2026-12-31", ("2026-11-29", "2027-01-02", "2026-11-30", "2027-01-01")),
        ("week", "2027-03-10", ("2027-03-07", "2027-03-13", "2027-03-03", "2027-03-17")),
        ("week", "2027-03-07", ("2027-03-07", "2027-03-13", "2027-02-28", "2027-03-14")),
        ("day", "2027-03-01", ("2027-03-01", "2027-03-01", "2027-02-28", "2027-03-02")),
    ],
)
def test_periods_begin_on_sunday(view: str, around: str, expected: tuple[str, ...]) -> None:
    period = Period(View(view), date.fromisoformat(around))
    days = (period.first, period.last, period.previous, period.following)
    assert tuple(map(str, days)) == expected
    assert (len(period.days()) % 7 == 0) == (view != "day")


def days_of(page: str) -> dict[str, str]:
    """{ISO date: the text of that day, without tags} of a page of the calendar."""
    cells = re.split(r'data-date="([\d-]+)"', page)[1:]
    texts = zip(cells[::2], cells[1::2], strict=True)
    return {day: " ".join(re.sub(r"<[^>]+>", " ", html).split()) for day, html in texts}


def due_local(release: Release) -> str:
    release.refresh_from_db()
    return f"{timezone.localtime(release.due_at):%Y-%m-%dT%H:%M}"


def move(client: Any, release: Release, at: datetime, **data: Any) -> Any:
    """Move a release as the dialog does, with the state that its calendar showed."""
    form = {"at": f"{at:%Y-%m-%dT%H:%M}", "guard": release.due_at.isoformat(), **data}
    return client.post(f"{CALENDAR}release/{release.pk}/move/", form)


@pytest.mark.django_db
def test_everything_with_a_time_is_on_its_day(ben: User, as_user: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        make.live(headline="오늘 나간 글", expires_at=NOON + 3 * DAY)
        make.planned(headline="내일의 글", at=NOON + DAY)
        make.bundled(make.draft(), make.draft(), at=NOON + 2 * DAY, title="모레의 묶음")
        make.draft(headline="엠바고가 걸린 글", embargo_until=NOON + 4 * DAY)
        record_failure([make.planned(headline="못 나간 글").pk], reason="창고가 잠겼습니다.")
        days = days_of(as_user(ben).get(CALENDAR).text)
    assert len(days) == 35
    assert "12:00 발행: 오늘 나간 글" in days["2027-03-10"]
    assert "못 나간 글 실패" in days["2027-03-10"]
    assert "12:00 예약: 내일의 글" in days["2027-03-11"]
    assert "12:00 묶음 예약: 모레의 묶음 2건" in days["2027-03-12"]
    assert "12:00 게시 종료: 오늘 나간 글" in days["2027-03-13"]
    assert "12:00 엠바고 해제: 엠바고가 걸린 글" in days["2027-03-14"]


@pytest.mark.django_db
def test_days_are_those_of_korea(ben: User, as_user: Any) -> None:
    late = NOON.replace(hour=23, minute=59)
    with time_machine.travel(NOON, tick=False):
        make.planned(headline="밤의 글", at=late)
        make.planned(headline="자정의 글", at=late + timedelta(minutes=1))
        days = days_of(as_user(ben).get(f"{CALENDAR}?view=week").text)
    assert "23:59 예약: 밤의 글" in days["2027-03-10"]
    assert "00:00 예약: 자정의 글" in days["2027-03-11"]


@pytest.mark.django_db
def test_calendar_is_filtered_by_section_and_person(ben: User, ada: User, as_user: Any) -> None:
    science = make.section("과학")
    with time_machine.travel(NOON, tick=False):
        make.planned(headline="벤의 산업 글", at=NOON + HOUR)
        make.planned(headline="에이다의 과학 글", at=NOON + HOUR, by=ada, section=science)
        make.live(headline="나간 과학 글", section=science)
        make.bundled(make.draft(section=science), title="과학 묶음", at=NOON + HOUR)
        make.draft(headline="과학 엠바고", section=science, embargo_until=NOON + HOUR)

        def shown(query: str) -> str:
            return days_of(as_user(ben).get(f"{CALENDAR}?{query}").text)["2027-03-10"]

        of_section, of_person = shown(f"section={science.pk}"), shown(f"person={ada.pk}")
        of_both = shown(f"person={ben.pk}&section={science.pk}")
        assert shown("person=x&section=-1&date=2027-99-99&view=year") == shown("")
    names = ("벤의 산업 글", "에이다의 과학 글", "나간 과학 글", "과학 묶음", "과학 엠바고")
    assert [n for n in names if n in of_section] == list(names[1:])
    assert [n for n in names if n in of_person] == ["에이다의 과학 글"]
    assert [n for n in names if n in of_both] == list(names[2:])


@pytest.mark.django_db
def test_due_times_are_shown_of_stories_that_are_still_to_come(ben: User, as_user: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        waited_for, planned = make.draft(headline="쓰는 글"), make.planned(headline="예약한 글")
        live, gone = make.live(headline="나간 글"), make.live(headline="내린 글")
        over = make.live(headline="끝난 글", expires_at=NOON + HOUR)
        thrown = make.draft(headline="버린 글")
        articles = (planned.article, live, gone, over)
        for draft in (waited_for, thrown, *map(make.draft_of, articles)):
            assign(draft, due_at=NOON + DAY, by=ben)
        withdraw(gone, notice="내립니다", by=ben)
        move_to_trash(thrown, by=ben)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        day = days_of(as_user(ben).get(CALENDAR).text)["2027-03-11"]
    names = ("쓰는 글", "예약한 글", "나간 글", "내린 글", "끝난 글", "버린 글")
    assert [name for name in names if name in day] == ["쓰는 글", "예약한 글"]


@pytest.mark.django_db
def test_people_to_filter_by_and_to_assign_to_are_those_who_can_write(
    ben: User, ada: User, as_user: Any
) -> None:
    """Not who wrote once: a story of theirs is found by its section, and under its present writer."""
    former, away = make.staff("former", role="reporter"), make.staff("away", role="reporter")
    left = make.staff("left", role="reporter")
    for person in (ben, ada, former, away, left):
        make.draft(by=person)
    former.groups.set([Group.objects.get(name="moderator")])
    User.objects.filter(pk=away.pk).update(suspended_until=timezone.now() + DAY)
    User.objects.filter(pk=left.pk).update(is_active=False)
    newcomer = make.staff("newcomer", role="reporter")
    client = as_user(ben)
    offered = {person.pk for person in client.get(CALENDAR).context["people"]}
    assert offered == {ben.pk, ada.pk, newcomer.pk}
    rows = make.DeskClient(ben).call("GET", "people/").json()["results"]
    assert {row["id"] for row in rows} == offered
    form = client.get("/admin/desk/draft/add/").context["adminform"].form
    assert {person.pk for person in form.fields["assign_to"].queryset} == offered


@pytest.mark.django_db
def test_agencys_embargo_is_shown_while_a_story_uses_its_copy(ben: User, as_user: Any) -> None:
    raw = "엠바고 걸린 다리\n\n(서울=연합뉴스) 홍길동 기자 = 다리가 열린다.\n\n곧 열린다.\n"
    receive_delivery(Source.objects.get(slug="yonhap"), raw=raw.encode(), by=None)
    story = Story.objects.get()
    as_user(ben).post(f"/admin/desk/draft/from-wire/{story.pk}/")
    Story.objects.update(embargo="until", embargo_until=NOON)
    days = days_of(as_user(ben).get(f"{CALENDAR}?date=2027-03-01").text)
    assert "통신사 엠바고 해제" in days["2027-03-10"]


@pytest.mark.django_db
def test_a_crowded_day_shows_what_can_be_moved_and_links_to_the_rest(
    ben: User, as_user: Any
) -> None:
    with time_machine.travel(NOON, tick=False):
        for n in range(8):
            make.live(headline=f"나간 글 {n}")
        make.planned(headline="나갈 글", at=NOON + HOUR)
        month = as_user(ben).get(CALENDAR).text
        day = as_user(ben).get(f"{CALENDAR}?view=day&date=2027-03-10").text
    assert "나갈 글" in days_of(month)["2027-03-10"]
    assert "4건 더" in days_of(month)["2027-03-10"]
    assert f"{CALENDAR}?view=day&amp;date=2027-03-10" in month
    assert len(re.findall("나간 글 [0-7]", day)) == 8


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_number_of_queries_does_not_grow_and_nothing_is_counted(
    ben: User, as_user: Any, view: str
) -> None:
    address = f"{CALENDAR}?view={view}"

    def add_rows() -> None:
        make.live(expires_at=NOON + HOUR)
        make.planned(at=NOON + HOUR)
        make.bundled(make.draft(), at=NOON + HOUR)
        make.draft(embargo_until=NOON + HOUR)

    with time_machine.travel(NOON, tick=False):
        client, template = as_user(ben), RowTemplate(add_rows)
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            one = client.get(address).text
        # Where days have room for a few rows only, the first ones stay alone in theirs.
        days = timedelta(days=0 if view == "day" else 1)
        template.insert_copies(20, moved={NOON: NOON - days, NOON + HOUR: NOON + HOUR + days})
        with CaptureQueriesContext(connection) as many:
            page = client.get(address).text
    assert len(page) > len(one)
    assert len(many) == len(few) <= 22
    assert [q["sql"] for q in many if "COUNT(*)" in q["sql"].upper()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sees", "moves"),
    [
        ("reporter", True, False),
        ("editor", True, True),
        ("chief", True, True),
        ("moderator", False, False),
    ],
)
def test_who_sees_the_calendar_and_who_moves(
    as_user: Any, role: str, sees: bool, moves: bool
) -> None:
    release = make.planned()
    before, client = due_local(release), as_user(make.staff(f"someone-{role}", role=role))
    page, move_address = client.get(CALENDAR), f"{CALENDAR}release/{release.pk}/move/"
    assert page.status_code == (200 if sees else 403)
    assert (move_address in page.text) == moves
    assert ("move-dialog" in page.text) == moves
    assert (CALENDAR in client.get("/admin/").text) == sees
    assert client.get(move_address).status_code == (200 if moves else 403)
    answer = move(client, release, timezone.localtime() + 2 * DAY)
    assert answer.status_code == (302 if moves else 403)
    assert (due_local(release) != before) == moves


@pytest.mark.django_db
def test_readers_and_strangers_are_sent_to_the_sign_in(
    chi: User, client: Any, as_user: Any
) -> None:
    release = make.planned()
    for asking in (client, as_user(chi)):
        for address in (CALENDAR, f"{CALENDAR}release/{release.pk}/move/"):
            assert asking.get(address)["Location"].startswith("/admin/login/")


@pytest.mark.django_db
def test_a_move_is_the_reschedule_of_the_release_and_returns_to_the_calendar(
    ben: User, as_user: Any
) -> None:
    release = make.planned(headline="옮길 글")
    at = (timezone.localtime() + 3 * DAY).replace(hour=7, minute=30)
    back = f"{CALENDAR}?view=week&section=1"
    answer = move(as_user(ben), release, at, next=back)
    assert answer["Location"] == back
    assert due_local(release) == f"{at:%Y-%m-%dT%H:%M}"
    assert Entry.objects.filter(kind="desk.release", verb="moved", by=ben.pk).count() == 1
    assert (
        move(as_user(ben), release, at + HOUR, next="https://mal.example/")["Location"] == CALENDAR
    )


@pytest.mark.django_db
def test_a_stale_calendar_moves_nothing_and_keeps_what_was_typed(ben: User, as_user: Any) -> None:
    release = make.planned(headline="두 사람이 옮긴 글")
    stale = Release.objects.get(pk=release.pk)
    other = (timezone.localtime() + DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    reschedule_release(release, at=other, by=make.chief())
    wanted = other + 2 * DAY
    answer = move(as_user(ben), stale, wanted)
    assert answer.status_code == 200
    assert "그사이 다른 사람이 옮겨" in answer.text
    assert f'value="{wanted:%Y-%m-%dT%H:%M}"' in answer.text
    assert due_local(release) == f"{other:%Y-%m-%dT%H:%M}"
    guard = re.search(r'name="guard" value="([^"]+)"', answer.text)
    assert guard
    again = move(as_user(ben), stale, wanted, guard=guard[1].replace("&quot;", '"'))
    assert again.status_code == 302
    assert due_local(release) == f"{wanted:%Y-%m-%dT%H:%M}"


@pytest.mark.django_db
@pytest.mark.parametrize("guard", ["", "yesterday", "2027-03-10", "9" * 64])
def test_a_move_without_a_readable_guard_is_refused(ben: User, as_user: Any, guard: str) -> None:
    release = make.planned()
    before = due_local(release)
    assert move(as_user(ben), release, timezone.localtime() + DAY, guard=guard).status_code == 200
    assert due_local(release) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        ("past", "이미 지난 시각입니다"),
        ("cancelled", "이미 나갔거나 취소한 예약입니다"),
        ("withdrawn", "이미 나갔거나 취소한 예약입니다"),
        ("published", "이미 나갔거나 취소한 예약입니다"),
    ],
)
def test_what_cannot_be_moved_is_refused_with_its_reason(
    ben: User, as_user: Any, run_clock: Any, meanwhile: str, sentence: str
) -> None:
    article = make.live(headline="고쳐 낼 글")
    make.changed(make.draft_of(article), deck="고친 부제")
    client = make.DeskClient(ben)
    due = timezone.now() + make.DUE_AFTER
    client.act(make.draft_of(article).pk, "schedule", {"at": due})
    release = Release.objects.get(state="pending")
    at = timezone.localtime() + DAY
    if meanwhile == "past":
        at = timezone.localtime() - DAY
    elif meanwhile == "cancelled":
        cancel_release(release, by=ben)
    elif meanwhile == "withdrawn":
        withdraw(article, notice="내립니다", by=ben)
    else:
        with time_machine.travel(due + timedelta(seconds=1), tick=False):
            run_clock()
    before = due_local(release)
    answer = move(as_user(ben), release, at)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert due_local(release) == before


@pytest.mark.django_db
def test_a_bundle_is_moved_with_all_its_stories_at_the_version_seen(
    ben: User, as_user: Any
) -> None:
    bundle = make.bundled(make.draft(), make.draft())
    client, address = as_user(ben), f"{CALENDAR}bundle/{bundle.pk}/move/"
    at = (timezone.localtime() + 2 * DAY).replace(second=0, microsecond=0)
    form = {"at": f"{at:%Y-%m-%dT%H:%M}", "guard": str(bundle.version)}
    assert client.post(address, form).status_code == 302
    assert {release.due_at for release in Release.objects.all()} == {at}
    assert client.post(address, {**form, "guard": "9" * 5000}).status_code == 200
    stale = client.post(address, {**form, "at": f"{at + DAY:%Y-%m-%dT%H:%M}"})
    assert stale.status_code == 200
    assert "그사이 다른 사람이" in stale.text
    bundle.refresh_from_db()
    assert bundle.due_at == at
    cancel_bundle(bundle, by=ben)
    bundle.refresh_from_db()
    assert client.post(address, {**form, "guard": str(bundle.version)}).status_code == 200


@pytest.mark.django_db
def test_unknown_plans_are_not_found(ben: User, as_user: Any) -> None:
    draft = make.draft()
    for path in ("release/99999/move/", "bundle/99999/move/", f"draft/{draft.pk}/move/"):
        assert as_user(ben).get(CALENDAR + path).status_code == 404
    assert Draft.objects.count() == 1
