"""Screening of votes: ceilings by address and network, bursts, votes from nowhere, challenges."""

import hashlib
import time
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from polls.models import Poll, Vote
from polls.screening import ceilings
from polls.screening.origins import Origin
from tests.polls.voters import count_votes, put_vote, reader, slug_of
from tests.support import make

pytestmark = pytest.mark.django_db
SCHOOL = Origin("203.0.113.7", "203.0.113.0/24")
NOON = 1_800_014_400.0  # a multiple of an hour and of a minute


@pytest.fixture
def poll() -> Poll:
    poll = make.live(poll=make.poll_data()).poll
    assert poll is not None
    return poll


def rules_of(
    votes: int, *, origin: Origin = SCHOOL, every: float = 0, at: float = NOON
) -> list[str]:
    """The rules that hold so many votes of known browsers, one every so many seconds."""
    return [
        ceilings.count_new_vote(7, origin, is_known=True, now=at + n * every) for n in range(votes)
    ]


def solve(challenge: dict[str, Any]) -> str:
    """The proof of work for a challenge, as a browser finds it."""
    for number in range(2**24):
        proof = f"{challenge['token']}~{number}"
        digest = int.from_bytes(hashlib.sha256(proof.encode()).digest())
        if digest >> (256 - challenge["bits"]) == 0:
            return proof
    raise AssertionError(challenge)


def test_two_hundred_people_behind_one_address_vote_in_ten_minutes() -> None:
    """community B79."""
    assert rules_of(200, every=3) == [""] * 200


def test_votes_of_one_address_are_held_beyond_each_ceiling() -> None:
    """community B79, B84, faults V1."""
    rules = [rule for rule in rules_of(620) if rule]
    assert rules == ["address"] * 520
    cache.clear()
    # slower, for hours on end: four hundred an hour, and of the first thousand of a day, held ones included
    for hour, counted in enumerate((400, 400, 100, 0)):
        minutes = [NOON + 3600 * hour + 60 * minute for minute in range(5)]
        assert sum(rules_of(90, at=minute).count("") for minute in minutes) == counted


def test_votes_of_one_network_are_held_beyond_its_ceiling() -> None:
    """community B84."""
    rules = [
        rules_of(50, origin=Origin(f"203.0.113.{host}", "203.0.113.0/24")) for host in range(10)
    ]
    flat = [rule for votes in rules for rule in votes]
    assert flat.count("") == 400
    assert set(flat[400:]) == {"network"}
    assert rules_of(1, origin=Origin("198.51.100.1", "198.51.100.0/24")) == [""]


def test_a_burst_against_the_polls_own_pace_is_held(settings: Any) -> None:
    """community B84."""
    settings.VOTE_BURST_MINIMUM, settings.VOTE_BURST_FACTOR = 20, 3

    def votes(number: int, minute: int) -> list[str]:
        return [
            ceilings.count_new_vote(
                7, Origin(f"{minute}.{n}", f"{minute}.{n}"), is_known=True, now=NOON + 60 * minute
            )
            for n in range(number)
        ]

    assert set(votes(20, minute=0)) == {""}  # a small poll may begin with a rush
    for minute in range(1, 10):
        assert set(votes(20, minute)) == {""}
    rush = votes(90, minute=10)
    assert rush[:60] == [""] * 60  # three times the pace of the ten minutes before
    assert rush[60:] == ["burst"] * 30


def test_ipv6_is_counted_by_its_64_and_its_48() -> None:
    origins = [
        Origin.of_request({"REMOTE_ADDR": address})
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:3::4", "2001:db8:1:9::1")
    ]
    assert [origin.address for origin in origins] == [
        *["2001:db8:1:2::/64"] * 2,
        "2001:db8:1:9::/64",
    ]
    assert {origin.network for origin in origins} == {"2001:db8:1::/48"}


def test_no_address_is_stored_and_its_digests_link_neither_polls_nor_days(poll: Poll) -> None:
    """community B86."""
    put_vote(reader(poll), poll, address="203.0.113.7")
    columns = [str(value) for value in Vote.objects.values_list()[0]]
    assert not any("203.0.113" in column for column in columns)
    digests = [
        {c.counter.split(":")[1] for c in ceilings.ceilings_for(poll_id, SCHOOL, now=now)}
        for poll_id, now in ((7, NOON), (8, NOON), (7, NOON + 86_400))
    ]
    assert not set.intersection(*digests)  # of other polls and days: others


def test_vote_from_nowhere_is_held_first_and_its_voter_sees_it(poll: Poll) -> None:
    """community B79, B84."""
    client = APIClient()
    body = put_vote(client, poll).json()
    assert (body["my_vote"], body["my_vote_state"], body["total_votes"]) == ("pro", "held", 0)
    assert count_votes(poll) == 0
    state = client.get("/api/v1/me/state/", {"articles": slug_of(poll)}).json()
    assert state["articles"][slug_of(poll)]["my_vote"] == "pro"
    again = put_vote(client, poll).json()  # with the cookie of the answer
    assert (again["my_vote_state"], again["total_votes"]) == ("counted", 1)
    assert (
        Vote.objects.get().rule == "no_page"
    )  # the record of it: an entry would keep its time for ever
    assert not Entry.objects.filter(kind="polls.vote").exists()


def test_votes_beyond_a_ceiling_are_kept_shown_to_their_voters_and_not_counted(
    poll: Poll, settings: Any
) -> None:
    """community B79, B84, faults V1."""
    settings.VOTE_ADDRESS_CEILINGS = ((3, 3600),)
    bodies = [put_vote(reader(poll), poll, address="203.0.113.7").json() for _ in range(5)]
    assert [body["my_vote_state"] for body in bodies] == ["counted"] * 3 + ["held"] * 2
    assert {body["my_vote"] for body in bodies} == {"pro"}
    assert bodies[2]["challenge"] is None
    assert count_votes(poll) == 3
    assert put_vote(reader(poll), poll, address="198.51.100.9").json()["total_votes"] == 4
    assert Vote.objects.on_hold().values_list("rule", flat=True).distinct().get() == "address"


def test_votes_without_a_cookie_count_up_to_the_ceilings_also_when_repeated_later(
    poll: Poll, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B84, faults V1: the cookie alone counts no more votes than the ceilings allow."""
    now = NOON
    monkeypatch.setattr("polls.api.views.time", SimpleNamespace(time=lambda: now))
    settings.VOTE_ADDRESS_CEILINGS = ((3, 60), (5, 86_400))
    clients = [APIClient() for _ in range(30)]
    first = [put_vote(client, poll, address="203.0.113.7").json() for client in clients]
    assert {body["my_vote_state"] for body in first} == {"held"}
    rules = list(Vote.objects.order_by("pk").values_list("rule", flat=True))
    assert rules == ["no_page"] * 3 + ["address"] * 27
    for _day in range(3):
        now += 86_400
        for client in clients:
            put_vote(client, poll, address="203.0.113.7")
        assert count_votes(poll) == 3
    now += 86_400
    settings.VOTE_ADDRESS_CEILINGS = ((2, 60), (5, 86_400))
    late = [APIClient() for _ in range(9)]
    for client in late[:2]:
        put_vote(client, poll, address="203.0.113.7")
    for client in late:  # in the same window: a release counts towards the ceilings
        put_vote(client, poll, address="203.0.113.7")
    assert count_votes(poll) == 3
    now += 86_400
    for client in late:
        put_vote(client, poll, address="203.0.113.7")
    assert count_votes(poll) == 5


def test_votes_of_unknown_polls_leave_no_counters(poll: Poll) -> None:
    """faults V1."""
    unknown = poll.pk + 1
    body = {"side": "pro"}
    address = f"/api/v1/polls/{unknown}/vote/"
    assert reader(poll).put(address, body, format="json").status_code == 404
    origin = Origin.of_request({"REMOTE_ADDR": "127.0.0.1"})
    names = [c.counter for c in ceilings.ceilings_for(unknown, origin, now=time.time())]
    assert cache.get_many(names) == {}


def test_uncounting_a_lost_counter_leaves_none_below_zero() -> None:
    names = [c.counter for c in ceilings.ceilings_for(7, SCHOOL, now=NOON)]
    cache.set_many(dict.fromkeys(names, 0))
    ceilings.uncount_vote(7, SCHOOL, now=NOON)
    assert cache.get_many(names) == {}


def test_a_replayed_proof_of_a_counted_vote_uses_no_release(poll: Poll, settings: Any) -> None:
    """community B84: others behind the same address still pass their challenge."""
    settings.VOTE_ADDRESS_CEILINGS, settings.VOTE_PROOF_BITS = ((2, 3600),), 4
    for _ in range(2):
        put_vote(reader(poll), poll)
    first, second = reader(poll), reader(poll)
    proof = solve(put_vote(first, poll).json()["challenge"])
    for side in ("pro", "con", "pro"):
        assert put_vote(first, poll, side, proof=proof).json()["my_vote_state"] == "counted"
    proof = solve(put_vote(second, poll).json()["challenge"])
    assert put_vote(second, poll, proof=proof).json()["my_vote_state"] == "counted"


def test_changing_or_repeating_a_vote_does_not_count_towards_a_ceiling(
    poll: Poll, settings: Any
) -> None:
    settings.VOTE_ADDRESS_CEILINGS = ((2, 3600),)
    client = reader(poll)
    for side in ("pro", "con", "pro", "con", "con"):
        assert put_vote(client, poll, side).json()["my_vote_state"] == "counted"
    assert put_vote(reader(poll), poll).json()["my_vote_state"] == "counted"
    assert put_vote(reader(poll), poll).json()["my_vote_state"] == "held"
    assert put_vote(client, poll, "pro").json()["my_vote_state"] == "counted"


def test_proof_of_work_counts_a_held_vote_of_its_voter_alone(poll: Poll, settings: Any) -> None:
    """community B84, B81."""
    settings.VOTE_ADDRESS_CEILINGS = ((1, 3600),)
    settings.VOTE_PROOF_BITS = 8
    put_vote(reader(poll), poll)
    client, other, third = reader(poll), reader(poll), reader(poll)
    answer = put_vote(client, poll).json()
    proof = solve(answer["challenge"])
    put_vote(other, poll)
    for wrong in (f"{answer['challenge']['token']}~x", "", "~", "1.2:3:4~5", proof + "\u0001"):
        body = put_vote(client, poll, **({"proof": wrong} if wrong else {})).json()
        assert body.get("my_vote_state", "held") == "held"
    assert put_vote(other, poll, proof=proof).json()["my_vote_state"] == "held"
    assert put_vote(client, poll, proof=proof).json()["my_vote_state"] == "counted"
    assert count_votes(poll) == 2
    # Challenges count as many again, not more.
    proof = solve(put_vote(third, poll).json()["challenge"])
    assert put_vote(third, poll, proof=proof).json()["my_vote_state"] == "held"


def test_an_outside_challenge_that_fails_or_is_away_leaves_the_vote_held(
    poll: Poll, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B84."""
    settings.VOTE_CHALLENGE, settings.VOTE_CHALLENGE_SITE_KEY = "turnstile", "site"
    settings.VOTE_CHALLENGE_SECRET, settings.VOTE_ADDRESS_CEILINGS = "secret", ((1, 3600),)
    put_vote(reader(poll), poll)
    client = reader(poll)
    challenge = put_vote(client, poll).json()["challenge"]
    assert (challenge["kind"], challenge["site_key"]) == ("turnstile", "site")
    asked: list[dict[str, Any]] = []
    answers: list[Any] = [
        httpx.ConnectTimeout("slow"),
        httpx.Response(200, json={"success": False}),
        httpx.Response(502, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"success": True}),
    ]

    def post(url: str, **options: Any) -> httpx.Response:
        asked.append({"url": url} | options)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, httpx.Response)
        return answer

    monkeypatch.setattr(httpx, "post", post)
    states = [put_vote(client, poll, proof="p").json()["my_vote_state"] for _ in range(5)]
    assert states == ["held"] * 4 + ["counted"]
    assert asked[0]["data"] == {"secret": "secret", "response": "p"}
    assert asked[0]["timeout"] == settings.VOTE_CHALLENGE_TIMEOUT_SECONDS


def test_a_signed_in_reader_votes_without_a_page(poll: Poll, chi: User) -> None:
    api = APIClient()
    api.force_login(chi)
    assert put_vote(api, poll).json()["my_vote_state"] == "counted"


def test_a_held_vote_can_be_changed_and_taken_back(poll: Poll) -> None:
    client = APIClient()
    put_vote(client, poll)
    vote = Vote.objects.get()
    client.cookies.clear()
    assert client.delete(f"/api/v1/polls/{poll.pk}/vote/").json()["my_vote"] is None
    assert Vote.objects.get() == vote
    other = APIClient()
    put_vote(other, poll)
    assert other.delete(f"/api/v1/polls/{poll.pk}/vote/").json()["my_vote"] is None
    assert Vote.objects.count() == 1
    assert count_votes(poll) == 0
