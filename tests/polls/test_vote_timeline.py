"""Timeline of a poll's votes in the newsroom: by hour and rule, from one snapshot; as a page and as CSV."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from newsroom.text.csv_export import csv_document
from polls.actions import VoteClass, cast_vote, decide_votes, retract_vote, undo_last_decision
from polls.api.voter_cookie import new_voter_id
from polls.errors import DecidedMeanwhile, NotWholeHours
from polls.models import NO_RULE, Poll, Tally, Vote
from polls.timeline import VoteCount, read_minutes, read_timeline
from polls.voter_key import Voter
from tests.support import make
from tests.support.plan_work import counting_plan_work
from tests.support.query_plans import plan_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def poll() -> Poll:
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    return poll


def cast(
    poll: Poll, at: datetime, *, side: str = "pro", hold: str = "", number: int = 1
) -> list[Voter]:
    voters = [Voter(browser=new_voter_id()) for _ in range(number)]
    for voter in voters:
        cast_vote(poll.pk, side=side, voter=voter, hold=hold)
        Vote.objects.filter(pk=Vote.objects.latest("pk").pk).update(cast_at=at)
    return voters


def page_url(poll: Poll, name: str = "timeline") -> str:
    return reverse(f"admin:polls_poll_{name}", args=[poll.pk])


def test_votes_are_counted_by_hour_rule_state_and_side(poll: Poll, ben: User) -> None:
    """community B78, B83."""
    cast(poll, NOON + timedelta(minutes=59, seconds=59), number=2)
    cast(poll, NOON + timedelta(minutes=1), side="con")
    cast(poll, NOON + timedelta(hours=1), side="con", hold="burst", number=2)
    [late] = cast(poll, NOON + timedelta(hours=1), hold="address")
    [changed] = cast(poll, NOON + timedelta(hours=2))
    reason = "한 시간 뒤에 들어온 표"
    later = VoteClass(state="counted", since=NOON + timedelta(hours=2))
    decide_votes(poll, votes=later, to="held", reason=reason, by=ben)
    retract_vote(poll.pk, voter=changed)  # left out from now on
    retract_vote(poll.pk, voter=late)
    timeline = read_timeline(poll.pk)
    assert timeline.rows == [
        VoteCount(NOON, NO_RULE, "counted", 2, 1),
        VoteCount(NOON + timedelta(hours=1), "burst", "held", 0, 2),
    ]
    assert timeline.tally == timeline.totals()["counted"] == {"pro": 2, "con": 1}
    assert timeline.totals()["held"] == {"pro": 0, "con": 2}
    minutes = read_minutes(poll.pk, hour=NOON)
    assert [(row.at, row.total) for row in minutes] == [
        (NOON + timedelta(minutes=1), 1),
        (NOON + timedelta(minutes=59), 2),
    ]


def test_a_poll_without_votes_has_an_empty_timeline(poll: Poll) -> None:
    timeline = read_timeline(poll.pk)
    assert (timeline.rows, timeline.tally) == ([], {"pro": 0, "con": 0})


def test_both_tallies_come_from_one_statement_that_reads_an_index_alone(poll: Poll) -> None:
    """community B78, B87: however many votes there are, it sorts and fetches none."""
    cast(poll, NOON, number=2)
    add_votes_of_another_poll(2000)
    Tally.objects.filter(poll=poll).update(pro=7)
    with CaptureQueriesContext(connection) as captured:
        timeline = read_timeline(poll.pk)
    assert (timeline.tally["pro"], timeline.totals()["counted"]["pro"]) == (7, 2)
    [query] = captured.captured_queries
    plan = plan_of(query["sql"], analyzed=[Vote], bitmaps=False)
    if connection.vendor == "postgresql":
        assert "Index Only Scan using votes_by_hour" in plan, plan
        assert "Seq Scan on polls_vote" not in plan, plan
    else:
        # Not called covering: SQLite takes a generated column for a use of every column.
        assert "INDEX votes_by_hour (poll_id=?)" in plan, plan
        assert "TEMP B-TREE" not in plan, plan


def add_votes_of_another_poll(number: int) -> None:
    """Insert rows of votes, each of an hour of its own."""
    poll = Poll.objects.create(question="다른 물음")
    Vote.objects.bulk_create(
        Vote(
            poll=poll, side="pro", voter=str(n), cast_at=NOON - timedelta(hours=n), changed_at=NOON
        )
        for n in range(number)
    )


@pytest.mark.postgres
def test_timeline_visits_each_vote_of_its_poll_once(poll: Poll) -> None:
    """community B78: and none of the thirty of another poll."""
    cast(poll, NOON, number=4)
    other = make.live(poll=make.poll_data()).poll
    assert other is not None
    cast(other, NOON, number=30)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with counting_plan_work() as work:
        read_timeline(poll.pk)
    [rows] = work.rows_by_statement.values()
    assert rows < 30, work.above(0)


def test_a_time_within_hours_is_decided_on_to_the_second(poll: Poll, ben: User) -> None:
    """community B83: votes without a rule alone, if so chosen."""
    for minute in (0, 10, 20, 30):
        cast(poll, NOON + timedelta(minutes=minute))
        cast(poll, NOON + timedelta(minutes=minute), hold="burst")
    tight: dict[str, Any] = {
        "since": NOON + timedelta(minutes=10),
        "until": NOON + timedelta(minutes=20),
    }
    assert VoteClass(state="counted", rule=NO_RULE, **tight).of(poll).count() == 1
    assert VoteClass(state="counted", rule="burst", **tight).of(poll).count() == 0
    assert VoteClass(state="held", **tight).of(poll).count() == 1
    assert VoteClass(state="held", until=NOON).of(poll).count() == 0
    half = timezone.get_fixed_timezone(330)
    since = (NOON + timedelta(minutes=20)).astimezone(half)
    assert VoteClass(state="counted", since=since).of(poll).count() == 2


def test_a_decision_on_what_a_colleague_has_changed_is_refused(poll: Poll, ben: User) -> None:
    """community B83: the same for undoing it."""
    cast(poll, NOON, number=3)
    poll.refresh_from_db()
    counted, before = VoteClass(state="counted"), poll.version
    decide_votes(poll, votes=counted, to="void", reason="시험 표", by=ben, version=before)
    with pytest.raises(DecidedMeanwhile):
        undo_last_decision(poll, by=ben, version=before)
    voided = VoteClass(state="void")
    with pytest.raises(DecidedMeanwhile):
        decide_votes(poll, votes=voided, to="held", reason="늦은 결정", by=ben, version=before)
    assert poll.kept_tally() == {"pro": 0, "con": 0}
    poll.refresh_from_db()
    assert undo_last_decision(poll, by=ben, version=poll.version) == 3


def test_votes_of_an_hour_with_few_are_shown_without_sides_and_not_by_subtraction_either(
    poll: Poll, ben: User, client: Client
) -> None:
    for hour, number in enumerate((1, 6, 7, 9)):
        cast(poll, NOON + timedelta(hours=hour), side="con", number=number)
    shown = read_timeline(poll.pk).shown_rows()
    assert [(row.con, row.unsided) for row in shown] == [(0, 1), (0, 6), (7, 0), (9, 0)]
    client.force_login(ben)
    page = client.get(f"{page_url(poll)}?day=2026-03-02").text
    assert "찬반 숨김" in page
    hours = client.get(f"/api/v1/desk/polls/{poll.pk}/timeline/").json()["hours"]
    assert [(row["con"], row["total"]) for row in hours] == [(None, 1), (None, 6), (7, 7), (9, 9)]


def test_a_decision_on_part_of_an_hour_is_refused(poll: Poll, ben: User, client: Client) -> None:
    cast(poll, NOON + timedelta(minutes=7))
    part = VoteClass(state="counted", since=NOON, until=NOON + timedelta(minutes=8))
    with pytest.raises(NotWholeHours):
        decide_votes(poll, votes=part, to="void", reason="한 표", by=ben)
    client.force_login(ben)
    press = reverse("admin:polls_poll_press", args=[poll.pk, "decide"])
    body = {"decision": "void", "reason": "한 표", "since": "2026-03-02T21:07"}
    assert "시각은 21:00처럼" in client.post(press, body, follow=True).text
    assert poll.kept_tally() == {"pro": 1, "con": 0}


def test_page_leads_from_days_to_minutes_with_decisions_for_those_who_may(
    poll: Poll, client: Client, ben: User, ada: User
) -> None:
    """community B83, B84."""
    cast(poll, NOON - timedelta(days=9))
    cast(poll, NOON + timedelta(minutes=7), hold="burst", number=3)
    client.force_login(ada)
    url = page_url(poll)
    assert url in client.get(reverse("admin:polls_poll_changelist")).text
    shown = client.get(url)
    assert (shown.status_code, "press/decide" in shown.text) == (200, False)
    assert 'href="?day=2026-03-02"' in shown.text
    client.force_login(ben)
    assert url in client.get(reverse("admin:index")).text
    assert 'href="?hour=2026-03-02T21"' in client.get(f"{url}?day=2026-03-02").text
    minutes = client.get(f"{url}?hour=2026-03-02T21").text
    assert "since=2026-03-02T21%3A00&amp;until=2026-03-02T22%3A00" in minutes
    assert "since=2026-03-02T21%3A07" not in minutes
    for query in ("?day=2026-13-01", "?hour=x", "?hour=0001-01-01T00", "?hour=2026-03-02T21:30"):
        assert client.get(url + query).status_code == 200
    assert client.get(page_url(Poll(pk=10**6))).status_code == 404


def test_readers_have_no_road_to_the_timeline(poll: Poll, client: Client, chi: User) -> None:
    """community B77."""
    for user in (None, chi):
        if user:
            client.force_login(user)
        for name in ("timeline", "timeline_csv"):
            assert client.get(page_url(poll, name)).status_code == 302


def test_page_asks_as_many_queries_for_twenty_hours_as_for_one(
    poll: Poll, client: Client, ben: User
) -> None:
    client.force_login(ben)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_url(poll)).status_code == 200
        return len(captured)

    cast(poll, NOON)
    client.get(page_url(poll))
    first = queries()
    for hour in range(20):
        cast(poll, NOON + timedelta(hours=hour), hold="burst")
    assert queries() == first


def test_the_button_refuses_what_was_decided_since_the_page_was_read(
    poll: Poll, client: Client, ben: User
) -> None:
    """community B83."""
    cast(poll, NOON, number=2)
    client.force_login(ben)
    press = reverse("admin:polls_poll_press", args=[poll.pk, "decide"])
    body = {"decision": "void", "reason": "한꺼번에 들어온 표"}
    poll.refresh_from_db()
    url = f"{press}?version={poll.version}&next={page_url(poll)}"
    assert client.post(url, body).headers["Location"] == page_url(poll)
    stale = client.post(url, body | {"decision": "reinstate"})
    assert "그사이 다른 사람이" in stale.text
    assert Entry.objects.filter(kind="polls.poll").count() == 1
    far = client.post(press, body | {"since": "0001-01-01T00:00"})
    assert "1900년에서 2100년" in far.text


def test_csv_has_the_hours_and_no_voter_and_runs_no_formula(
    poll: Poll, client: Client, ada: User
) -> None:
    """community B38, B86."""
    Poll.objects.filter(pk=poll.pk).update(question='=HYPERLINK("https://evil.example")')
    cast(poll, NOON, number=6)
    cast(poll, NOON, side="con", hold="network")
    client.force_login(ada)
    response = client.get(page_url(poll, "timeline_csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    head, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert head == ["시각", "보류한 까닭", "상태", "찬성", "반대", "질문", "표"]
    safe = '\'=HYPERLINK("https://evil.example")'
    assert rows == [
        ["2026-03-02 21:00", "규칙에 걸리지 않은 표", "집계됨", "6", "0", safe, "6"],
        ["2026-03-02 21:00", "한 망에서 몰린 표", "보류", "", "", safe, "1"],
    ]
    for vote in Vote.objects.all():
        assert vote.voter not in response.content.decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "　@"])
def test_no_cell_begins_a_formula(start: str) -> None:
    cells: Any = next(csv.reader(io.StringIO(csv_document([[f"{start}1+1", 3, -2]])[1:])))
    assert cells == [f"'{start}1+1", "3", "-2"]
