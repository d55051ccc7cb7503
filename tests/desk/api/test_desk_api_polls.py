"""Desk API of polls: votes by hour, and decisions on them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from polls.actions import cast_vote
from polls.api.voter_cookie import new_voter_id
from polls.models import Poll, Vote
from polls.voter_key import Voter
from tests.support import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll() -> Poll:
    """Two counted votes, and three that rules hold."""
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    for side, hold in (("pro", ""), ("con", ""), *[("con", "burst")] * 2, ("pro", "address")):
        cast_vote(poll.pk, side=side, voter=Voter(browser=new_voter_id()), hold=hold)
    return poll


def path(poll: Poll, name: str = "timeline") -> str:
    return f"/api/v1/desk/polls/{poll.pk}/{name}/"


def post(api: APIClient, poll: Poll, name: str, if_match: str = "*", **body: Any) -> Any:
    headers = {"If-Match": if_match} if if_match else {}
    return api.post(path(poll, name), body, format="json", headers=headers)


def test_held_votes_are_released_and_others_voided_with_if_match(
    api: APIClient, poll: Poll, ben: User
) -> None:
    """community B83, B84."""
    api.force_login(ben)
    read = api.get(path(poll))
    assert read.json()["totals"] == {
        "counted": {"pro": 1, "con": 1},
        "held": {"pro": 1, "con": 2},
        "void": {"pro": 0, "con": 0},
    }
    assert read.json()["shown"] == {"pro": 1, "con": 1}
    assert {row["rule"] for row in read.json()["hours"]} == {"none", "burst", "address"}
    again = api.get(path(poll), headers={"If-None-Match": read["ETag"]})
    assert again.status_code == 304
    cast_vote(poll.pk, side="pro", voter=Voter(browser=new_voter_id()))  # makes no tag stale

    released = post(api, poll, "release", read["ETag"], rule="address", reason="학교 전산실 확인")
    assert released.status_code == 200
    assert released.json()["totals"]["counted"] == released.json()["shown"] == {"pro": 3, "con": 1}
    stale = post(api, poll, "void", read["ETag"], state="held", reason="늦은 결정")
    assert (stale.status_code, stale.json()["code"]) == (412, "decided_meanwhile")
    voided = post(
        api, poll, "void", released["ETag"], state="held", rule="burst", reason="기계 투표"
    )
    assert voided.json()["totals"]["void"] == {"pro": 0, "con": 2}
    assert voided.json()["version"] == read.json()["version"] + 2
    undone = post(api, poll, "undo", voided["ETag"])
    assert undone.json()["totals"]["held"] == {"pro": 0, "con": 2}
    entries = Entry.objects.filter(kind="polls.poll").order_by("pk")
    assert [(entry.verb, entry.by) for entry in entries] == [
        ("votes_released", ben.pk),
        ("votes_voided", ben.pk),
        ("votes_undone", ben.pk),
    ]


def test_a_time_is_voided_and_nothing_else(api: APIClient, poll: Poll, ben: User) -> None:
    """community B83."""
    api.force_login(ben)
    Vote.objects.filter(pk=Vote.objects.counted().earliest("pk").pk).update(
        cast_at="2026-03-02T12:30:00Z"
    )
    part = {"since": "2026-03-02T21:30", "until": "2026-03-02T21:31+09:00"}
    refused = post(api, poll, "void", reason="한꺼번에 들어온 표", **part)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_whole_hours")
    times = {"since": "2026-03-02T21:00", "until": "2026-03-02T22:00+09:00"}
    voided = post(api, poll, "void", reason="한꺼번에 들어온 표", **times)
    assert voided.json()["shown"] == {"pro": 0, "con": 1}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"reason": " "}, 400),
        ({"reason": "시험", "rule": "spam"}, 400),
        ({"reason": "시험", "state": "void"}, 400),
        ({"reason": "시험", "since": "0001-01-01T00:00"}, 400),
        ({"reason": "시험", "voter": "a"}, 400),
        ({"reason": "시험", "until": "1990-01-01T00:00"}, 409),
        ({"reason": "시험", "rule": "double"}, 409),
    ],
)
def test_what_describes_no_votes_is_refused(
    api: APIClient, poll: Poll, ben: User, body: dict[str, Any], status: int
) -> None:
    """community B83."""
    api.force_login(ben)
    assert post(api, poll, "void", **body).status_code == status
    assert poll.kept_tally() == {"pro": 1, "con": 1}


def test_rights_and_if_match_are_those_of_the_admin(
    api: APIClient, poll: Poll, ada: User, ben: User, mo: User
) -> None:
    """community B83: a reporter reads, an editor decides, others have nothing of it."""
    chi = make.reader("chi")
    assert api.get(path(poll)).status_code == 401
    for user, may_read in ((chi, False), (mo, False), (ada, True), (ben, True)):
        api.force_login(user)
        assert api.get(path(poll)).status_code == (200 if may_read else 403)
    assert post(api, poll, "void", "", reason="시험").status_code == 428
    api.force_login(ada)
    for name in ("void", "release"):
        assert post(api, poll, name, reason="시험").status_code == 403
    assert post(api, poll, "undo").status_code == 403
    api.force_login(ben)
    assert post(api, poll, "undo").json()["code"] == "nothing_to_decide"
    assert api.get(path(Poll(pk=10**6))).status_code == 404
