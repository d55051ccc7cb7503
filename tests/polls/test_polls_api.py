"""Readers vote: through the door, without and with an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from desk.actions import withdraw
from newsroom.errors import NotAllowed
from polls.actions import close_poll, database_now, reinstate_vote, void_vote
from polls.api.voter_cookie import VOTER_COOKIE
from polls.errors import PollNotOpen
from polls.models import Poll, Vote
from tests.support import make

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], APIClient]


@pytest.fixture
def article() -> Article:
    return make.live(poll=make.poll_data())


@pytest.fixture
def poll(article: Article) -> Poll:
    assert article.poll is not None
    return article.poll


def vote(client: Any, poll: Poll, side: Any = "pro", **headers: Any) -> Any:
    return client.put(f"/api/v1/polls/{poll.pk}/vote/", {"side": side}, format="json", **headers)


def tally(poll: Poll) -> dict[str, int]:
    return Poll.objects.get(pk=poll.pk).tally()


def change(poll: Poll, **columns: Any) -> None:
    Poll.objects.filter(pk=poll.pk).update(**columns)


def test_a_program_without_cookies_votes_and_reads_how_it_stands(
    api: APIClient, poll: Poll
) -> None:
    answer = vote(api, poll)
    assert answer.status_code == 200, answer.content
    words = answer.json()
    assert words["my_vote"] == "pro"
    assert words["total_votes"] == 1
    assert [side["share"] for side in words["sides"]] == [100, 0]
    assert answer["Cache-Control"] == "no-store"


def test_the_same_side_again_changes_nothing_and_the_other_one_moves_the_vote(
    api: APIClient, poll: Poll
) -> None:
    assert vote(api, poll, "pro").json()["total_votes"] == 1
    first = Vote.objects.get()
    vote(api, poll, "pro")
    assert Vote.objects.get().changed_at == first.changed_at
    assert vote(api, poll, "con").json()["my_vote"] == "con"
    assert tally(poll) == {"pro": 0, "con": 1}


def test_two_browsers_are_two_voters(poll: Poll) -> None:
    vote(APIClient(), poll, "pro")
    assert vote(APIClient(), poll, "con").json()["total_votes"] == 2


def test_the_cookie_says_nothing_and_is_set_by_a_vote_alone(api: APIClient, poll: Poll) -> None:
    assert VOTER_COOKIE not in api.get(f"/api/v1/polls/{poll.pk}/").cookies
    cookie = vote(api, poll).cookies[VOTER_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert VOTER_COOKIE not in vote(api, poll, "con").cookies


def test_under_https_the_cookie_is_secure(api: APIClient, poll: Poll, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert vote(api, poll).cookies[VOTER_COOKIE]["secure"]


@pytest.mark.parametrize("forged", ["0" * 32, "0" * 32 + ":1tX:aaaa", "x" * 5000, "::", ""])
def test_a_cookie_we_did_not_sign_is_a_new_voter(api: APIClient, poll: Poll, forged: str) -> None:
    vote(APIClient(), poll, "con")
    api.cookies[VOTER_COOKIE] = forged
    assert vote(api, poll).json()["total_votes"] == 2


def test_votes_of_two_polls_cannot_be_linked(api: APIClient, poll: Poll) -> None:
    other = make.live(poll=make.poll_data()).poll
    assert other is not None
    vote(api, poll)
    vote(api, other)
    assert len(set(Vote.objects.values_list("voter", flat=True))) == 2


def test_a_page_of_another_site_cannot_vote_in_somebodys_browser(
    api: APIClient, poll: Poll
) -> None:
    vote(api, poll, "pro")
    for headers in (
        {"HTTP_ORIGIN": "https://mal.example.invalid"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
    ):
        refused = vote(api, poll, "con", **headers)
        assert refused.status_code == 403
        assert refused.json()["code"] == "foreign_origin"
    assert vote(api, poll, "con", HTTP_ORIGIN="http://testserver").status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_cannot_vote(poll: Poll, kind: str) -> None:
    refused = Client().put(f"/api/v1/polls/{poll.pk}/vote/", b'{"side": "pro"}', content_type=kind)
    assert refused.status_code == 415
    assert refused["Content-Type"] == "application/problem+json"
    assert not Vote.objects.exists()


def test_a_session_without_its_csrf_token_cannot_vote(poll: Poll, chi: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(chi)
    refused = vote(client, poll)
    assert refused.status_code == 403
    assert refused.json()["code"] == "csrf"
    assert not Vote.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "post", "patch"])
def test_only_put_and_delete_touch_a_vote(api: APIClient, poll: Poll, method: str) -> None:
    answer = getattr(api, method)(f"/api/v1/polls/{poll.pk}/vote/")
    assert answer.status_code == 405
    assert not Vote.objects.exists()


BAD: list[Any] = [
    {"side": "both"},
    {"side": ["pro"]},
    {"side": {"pro": 1}},
    {"side": None},
    {"side": ""},
    {"side": 1},
    {"side": True},
    {},
    [],
    "pro",
    None,
    {"side": "pro", "poll": 1},
    {"side": "pro", "sides": ["pro", "con"]},
]


@pytest.mark.parametrize("body", BAD)
def test_what_is_no_vote_is_a_400_and_counts_nothing(api: APIClient, poll: Poll, body: Any) -> None:
    refused = api.put(f"/api/v1/polls/{poll.pk}/vote/", body, format="json")
    assert refused.status_code == 400, refused.content
    assert refused["Content-Type"] == "application/problem+json"
    assert not Vote.objects.exists()


@pytest.mark.parametrize("raw", [b"{", b'{"side": "\\u0000"}', b'{"side": "\\ud800"}', b"\xff"])
def test_broken_json_is_a_400(api: APIClient, poll: Poll, raw: bytes) -> None:
    where = f"/api/v1/polls/{poll.pk}/vote/"
    assert api.put(where, raw, content_type="application/json").status_code == 400


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 40, "x", "-1", "1.5"])
def test_a_poll_that_is_not_there_is_a_404(api: APIClient, number: str) -> None:
    assert api.get(f"/api/v1/polls/{number}/").status_code == 404
    put = api.put(f"/api/v1/polls/{number}/vote/", {"side": "pro"}, format="json")
    assert put.status_code == 404
    assert put["Content-Type"] == "application/problem+json"


def test_the_poll_of_a_draft_a_plan_or_a_withdrawn_article_is_a_404(
    api: APIClient, article: Article, poll: Poll, ben: User
) -> None:
    waiting = make.planned(poll=make.poll_data()).edition.poll
    draft = make.draft(poll=make.poll_data()).poll
    withdraw(article, notice="내렸습니다.", by=ben)
    for hidden in (waiting, draft, poll):
        assert hidden is not None
        assert api.get(f"/api/v1/polls/{hidden.pk}/").status_code == 404
        assert vote(api, hidden).status_code == 404
        assert api.delete(f"/api/v1/polls/{hidden.pk}/vote/").status_code == 404
    assert not Vote.objects.exists()


def test_at_the_moment_it_closes_a_poll_is_closed(api: APIClient, poll: Poll) -> None:
    now = database_now()
    change(poll, opens_at=now - timedelta(hours=1), closes_at=now)
    assert vote(api, poll).json()["code"] == "poll_not_open"
    change(poll, closes_at=now + timedelta(minutes=1))
    assert vote(api, poll).status_code == 200
    change(poll, closes_at=now)
    assert vote(api, poll, "con").status_code == 409
    assert api.delete(f"/api/v1/polls/{poll.pk}/vote/").status_code == 409
    assert tally(poll) == {"pro": 1, "con": 0}


def test_at_the_moment_it_opens_a_poll_is_open(api: APIClient, poll: Poll) -> None:
    change(poll, opens_at=database_now() + timedelta(minutes=1))
    assert vote(api, poll).status_code == 409
    change(poll, opens_at=database_now())
    assert vote(api, poll).status_code == 200
    now = timezone.now()
    assert Poll(opens_at=now).state(now) == "open"
    assert Poll(opens_at=now - timedelta(1), closes_at=now).state(now) == "closed"


def test_reopening_keeps_the_votes(api: APIClient, poll: Poll, ben: User) -> None:
    vote(api, poll)
    close_poll(poll, by=ben)
    assert vote(APIClient(), poll, "con").status_code == 409
    with pytest.raises(PollNotOpen):
        close_poll(poll, by=ben)
    change(poll, closes_at=None)
    assert vote(APIClient(), poll, "con").json()["total_votes"] == 2


def test_a_reporter_cannot_end_a_poll(poll: Poll, ada: User) -> None:
    with pytest.raises(NotAllowed):
        close_poll(poll, by=ada)
    poll.refresh_from_db()
    assert poll.state(timezone.now()) == "open"


def test_hidden_results_are_in_no_payload_before_ones_own_vote(
    api: APIClient, article: Article, poll: Poll
) -> None:
    change(poll, results="after_vote")
    told = vote(APIClient(), poll, "con").json()
    assert told["total_votes"] == 1
    seen = api.get(f"/api/v1/polls/{poll.pk}/").json()
    assert seen["total_votes"] is None
    assert {side["votes"] for side in seen["sides"]} == {None}
    assert {side["share"] for side in seen["sides"]} == {None}
    page = api.get(f"/api/v1/articles/{article.slug}/").json()
    assert page["poll"]["total_votes"] is None
    assert page["counts"]["votes"] is None


def test_results_after_the_end_are_told_to_nobody_before(api: APIClient, poll: Poll) -> None:
    change(poll, results="after_close")
    told = vote(api, poll).json()
    assert told["my_vote"] == "pro"
    assert told["total_votes"] is None
    change(poll, opens_at=timezone.now() - timedelta(2), closes_at=timezone.now())
    assert api.get(f"/api/v1/polls/{poll.pk}/").json()["total_votes"] == 1


def test_nobody_has_voted_is_no_division(api: APIClient, poll: Poll) -> None:
    seen = api.get(f"/api/v1/polls/{poll.pk}/").json()
    assert [side["share"] for side in seen["sides"]] == [0, 0]
    assert seen["total_votes"] == 0


def test_shares_make_a_hundred(poll: Poll) -> None:
    for side in ("pro", "pro", "con"):
        answer = vote(APIClient(), poll, side).json()
    assert [side["share"] for side in answer["sides"]] == [67, 33]


def test_a_vote_taken_back_is_gone_and_may_be_cast_again(api: APIClient, poll: Poll) -> None:
    vote(api, poll)
    gone = api.delete(f"/api/v1/polls/{poll.pk}/vote/")
    assert gone.status_code == 200
    assert gone.json()["my_vote"] is None
    assert gone.json()["total_votes"] == 0
    assert api.delete(f"/api/v1/polls/{poll.pk}/vote/").status_code == 200
    assert vote(api, poll, "con").json()["total_votes"] == 1


def test_who_signs_in_after_voting_has_one_vote(api: APIClient, poll: Poll, chi: User) -> None:
    vote(api, poll, "pro")
    api.force_login(chi)
    answer = vote(api, poll, "con").json()
    assert answer["my_vote"] == "con"
    assert answer["total_votes"] == 1
    api.delete(f"/api/v1/polls/{poll.pk}/vote/")
    assert tally(poll) == {"pro": 0, "con": 0}


def test_who_signs_out_after_voting_does_not_vote_again(
    api: APIClient, poll: Poll, chi: User
) -> None:
    api.force_login(chi)
    vote(api, poll, "pro")
    del api.cookies["sessionid"]
    refused = vote(api, poll, "con")
    assert refused.status_code == 409
    assert refused.json()["code"] == "already_voted"
    assert tally(poll) == {"pro": 1, "con": 0}


def test_two_people_at_one_browser_are_two_voters(
    api: APIClient, poll: Poll, chi: User, mal: User
) -> None:
    for person in (chi, mal):
        api.force_login(person)
        answer = vote(api, poll)
    assert answer.json()["total_votes"] == 2


def test_an_account_that_voted_elsewhere_keeps_that_vote(
    api: APIClient, poll: Poll, chi: User, as_user: SignIn
) -> None:
    vote(as_user(chi), poll, "pro")
    vote(api, poll, "pro")  # anonymous, another browser
    api.force_login(chi)
    assert vote(api, poll, "con").json()["total_votes"] == 1
    assert tally(poll) == {"pro": 0, "con": 1}


def test_a_voided_vote_leaves_the_tally_and_can_come_back(
    api: APIClient, poll: Poll, ben: User, chi: User
) -> None:
    vote(api, poll)
    cast = Vote.objects.get()
    void_vote(cast, reason="같은 시각에 몰린 표", by=ben)
    assert tally(poll) == {"pro": 0, "con": 0}
    assert vote(api, poll, "con").json()["code"] == "vote_taken_out"
    reinstate_vote(cast, reason="사람이 확인", by=ben)
    assert tally(poll) == {"pro": 1, "con": 0}


def test_a_reader_cannot_void_votes(api: APIClient, poll: Poll, mal: User) -> None:
    vote(api, poll)
    with pytest.raises(NotAllowed):
        void_vote(Vote.objects.get(), reason="", by=mal)
    assert tally(poll) == {"pro": 1, "con": 0}


def test_too_many_votes_from_one_address_wait(poll: Poll, settings: Any) -> None:
    rest = settings.REST_FRAMEWORK
    settings.REST_FRAMEWORK = rest | {
        "DEFAULT_THROTTLE_RATES": rest["DEFAULT_THROTTLE_RATES"] | {"vote": "2/min"}
    }
    assert [vote(APIClient(), poll).status_code for _ in range(2)] == [200, 200]
    refused = vote(APIClient(), poll, HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"


def test_reading_a_poll_is_public_and_the_same_for_everybody(
    api: APIClient, poll: Poll, chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    vote(client, poll)
    mine = client.get(f"/api/v1/polls/{poll.pk}/")
    assert mine.content == api.get(f"/api/v1/polls/{poll.pk}/").content
    assert "public" in mine["Cache-Control"]
    assert "cookie" not in mine.get("Vary", "").lower()
    assert b"my_vote" not in mine.content
    assert api.get(f"/api/v1/polls/{poll.pk}/?x=1").status_code == 400
