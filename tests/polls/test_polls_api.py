"""API of polls: voting with and without an account, results, closing, voiding."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import lift_suspension, suspend
from accounts.models import User
from articles.models import Article
from desk.actions import withdraw
from newsroom.db.expressions import database_now
from newsroom.errors import NotAllowed
from polls.actions import VoteClass, close_poll, decide_votes
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


def read_page(client: Any, poll: Poll) -> Any:
    """What a page with the poll asks when it is opened; gives a new browser its cookie."""
    [slug] = Article.objects.filter(poll=poll).values_list("slug", flat=True)
    return client.get("/api/v1/me/state/", {"articles": slug})


def vote(client: Any, poll: Poll, side: Any = "pro", **headers: Any) -> Any:
    """The vote of a reader who has opened a page with the poll."""
    read_page(client, poll)
    return put_vote(client, poll, side, **headers)


def put_vote(client: Any, poll: Poll, side: Any = "pro", **headers: Any) -> Any:
    return client.put(f"/api/v1/polls/{poll.pk}/vote/", {"side": side}, format="json", **headers)


def tally(poll: Poll) -> dict[str, int]:
    return Poll.objects.get(pk=poll.pk).tally()


def update_poll_row(poll: Poll, **columns: Any) -> None:
    Poll.objects.filter(pk=poll.pk).update(**columns)


def test_vote_of_a_new_browser_returns_the_results(api: APIClient, poll: Poll) -> None:
    response = vote(api, poll)
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["my_vote"] == "pro"
    assert body["total_votes"] == 1
    assert [side["share"] for side in body["sides"]] == [100, 0]
    assert response["Cache-Control"] == "no-store"


def test_vote_for_the_same_side_is_idempotent_and_for_the_other_one_moves_it(
    api: APIClient, poll: Poll
) -> None:
    assert vote(api, poll, "pro").json()["total_votes"] == 1
    first = Vote.objects.get()
    vote(api, poll, "pro")
    assert Vote.objects.get().changed_at == first.changed_at
    assert vote(api, poll, "con").json()["my_vote"] == "con"
    assert tally(poll) == {"pro": 0, "con": 1}


def test_votes_of_two_browsers_both_count(poll: Poll) -> None:
    vote(APIClient(), poll, "pro")
    assert vote(APIClient(), poll, "con").json()["total_votes"] == 2


def test_voter_cookie_is_opaque_and_set_once_by_reading_or_voting(
    api: APIClient, poll: Poll
) -> None:
    assert VOTER_COOKIE not in api.get(f"/api/v1/polls/{poll.pk}/").cookies
    for response in (put_vote(APIClient(), poll), read_page(api, poll)):
        cookie = response.cookies[VOTER_COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["max-age"] == 365 * 24 * 3600
    assert VOTER_COOKIE not in vote(api, poll, "con").cookies
    assert VOTER_COOKIE not in read_page(api, poll).cookies


def test_voter_cookie_is_secure_under_https(api: APIClient, poll: Poll, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert read_page(api, poll).cookies[VOTER_COOKIE]["secure"]
    assert put_vote(APIClient(), poll).cookies[VOTER_COOKIE]["secure"]


@pytest.mark.parametrize("forged", ["0" * 32, "0" * 32 + ":1tX:aaaa", "x" * 5000, "::", ""])
def test_voter_cookie_with_a_wrong_signature_is_a_new_voter(
    api: APIClient, poll: Poll, forged: str
) -> None:
    vote(APIClient(), poll, "con")
    api.cookies[VOTER_COOKIE] = forged
    assert vote(api, poll).json()["total_votes"] == 2


def test_votes_of_two_polls_cannot_be_linked(api: APIClient, poll: Poll) -> None:
    other = make.live(poll=make.poll_data()).poll
    assert other is not None
    vote(api, poll)
    vote(api, other)
    assert len(set(Vote.objects.values_list("voter", flat=True))) == 2


def test_cross_site_vote_is_refused(api: APIClient, poll: Poll) -> None:
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
def test_vote_of_an_html_form_is_refused(poll: Poll, kind: str) -> None:
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
def test_vote_allows_only_put_and_delete(api: APIClient, poll: Poll, method: str) -> None:
    """community B82."""
    response = getattr(api, method)(f"/api/v1/polls/{poll.pk}/vote/")
    assert response.status_code == 405
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
def test_invalid_vote_is_a_400_and_not_counted(api: APIClient, poll: Poll, body: Any) -> None:
    """community B73."""
    refused = api.put(f"/api/v1/polls/{poll.pk}/vote/", body, format="json")
    assert refused.status_code == 400, refused.content
    assert refused["Content-Type"] == "application/problem+json"
    assert not Vote.objects.exists()


@pytest.mark.parametrize("raw", [b"{", b'{"side": "\\u0000"}', b'{"side": "\\ud800"}', b"\xff"])
def test_vote_with_broken_json_is_a_400(api: APIClient, poll: Poll, raw: bytes) -> None:
    """community B73."""
    where = f"/api/v1/polls/{poll.pk}/vote/"
    assert api.put(where, raw, content_type="application/json").status_code == 400


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 40, "x", "-1", "1.5"])
def test_unknown_poll_is_a_404(api: APIClient, number: str) -> None:
    assert api.get(f"/api/v1/polls/{number}/").status_code == 404
    put = api.put(f"/api/v1/polls/{number}/vote/", {"side": "pro"}, format="json")
    assert put.status_code == 404
    assert put["Content-Type"] == "application/problem+json"


def test_poll_without_a_live_article_is_a_404(
    api: APIClient, article: Article, poll: Poll, ben: User
) -> None:
    """community B75."""
    waiting = make.planned(poll=make.poll_data()).edition.poll
    draft = make.draft(poll=make.poll_data()).poll
    withdraw(article, notice="내렸습니다.", by=ben)
    for hidden in (waiting, draft, poll):
        assert hidden is not None
        assert api.get(f"/api/v1/polls/{hidden.pk}/").status_code == 404
        assert put_vote(api, hidden).status_code == 404
        assert api.delete(f"/api/v1/polls/{hidden.pk}/vote/").status_code == 404
    assert not Vote.objects.exists()


def test_poll_is_closed_at_closes_at(api: APIClient, poll: Poll) -> None:
    now = database_now()
    update_poll_row(poll, opens_at=now - timedelta(hours=1), closes_at=now)
    assert vote(api, poll).json()["code"] == "poll_not_open"
    update_poll_row(poll, closes_at=now + timedelta(minutes=1))
    assert vote(api, poll).status_code == 200
    update_poll_row(poll, closes_at=now)
    assert vote(api, poll, "con").status_code == 409
    assert api.delete(f"/api/v1/polls/{poll.pk}/vote/").status_code == 409
    assert tally(poll) == {"pro": 1, "con": 0}


def test_poll_is_open_at_opens_at(api: APIClient, poll: Poll) -> None:
    update_poll_row(poll, opens_at=database_now() + timedelta(minutes=1))
    assert vote(api, poll).status_code == 409
    update_poll_row(poll, opens_at=database_now())
    assert vote(api, poll).status_code == 200
    now = timezone.now()
    assert Poll(opens_at=now).state(now) == "open"
    assert Poll(opens_at=now - timedelta(1), closes_at=now).state(now) == "closed"


def test_reopened_poll_keeps_its_votes(api: APIClient, poll: Poll, ben: User) -> None:
    """community B76."""
    vote(api, poll)
    close_poll(poll, by=ben)
    assert vote(APIClient(), poll, "con").status_code == 409
    with pytest.raises(PollNotOpen):
        close_poll(poll, by=ben)
    update_poll_row(poll, closes_at=None)
    assert vote(APIClient(), poll, "con").json()["total_votes"] == 2


def test_reporter_cannot_close_a_poll(poll: Poll, ada: User) -> None:
    with pytest.raises(NotAllowed):
        close_poll(poll, by=ada)
    poll.refresh_from_db()
    assert poll.state(timezone.now()) == "open"


def test_results_after_vote_are_hidden_until_the_voter_has_voted(
    api: APIClient, article: Article, poll: Poll
) -> None:
    update_poll_row(poll, results="after_vote")
    voted = vote(APIClient(), poll, "con").json()
    assert voted["total_votes"] == 1
    poll_body = api.get(f"/api/v1/polls/{poll.pk}/").json()
    assert poll_body["total_votes"] is None
    assert {side["votes"] for side in poll_body["sides"]} == {None}
    assert {side["share"] for side in poll_body["sides"]} == {None}
    article_body = api.get(f"/api/v1/articles/{article.slug}/").json()
    assert article_body["poll"]["total_votes"] is None
    assert article_body["counts"]["votes"] is None


def test_results_after_close_are_hidden_until_the_poll_is_closed(
    api: APIClient, poll: Poll
) -> None:
    update_poll_row(poll, results="after_close")
    voted = vote(api, poll).json()
    assert voted["my_vote"] == "pro"
    assert voted["total_votes"] is None
    update_poll_row(poll, opens_at=timezone.now() - timedelta(2), closes_at=timezone.now())
    assert api.get(f"/api/v1/polls/{poll.pk}/").json()["total_votes"] == 1


def test_results_without_votes_are_zero(api: APIClient, poll: Poll) -> None:
    poll_body = api.get(f"/api/v1/polls/{poll.pk}/").json()
    assert [side["share"] for side in poll_body["sides"]] == [0, 0]
    assert poll_body["total_votes"] == 0


def test_shares_of_a_poll_add_up_to_a_hundred(poll: Poll) -> None:
    for side in ("pro", "pro", "con"):
        response = vote(APIClient(), poll, side).json()
    assert [side["share"] for side in response["sides"]] == [67, 33]


def test_retracted_vote_is_not_counted_and_can_be_cast_again(api: APIClient, poll: Poll) -> None:
    vote(api, poll)
    retracted = api.delete(f"/api/v1/polls/{poll.pk}/vote/")
    assert retracted.status_code == 200
    assert retracted.json()["my_vote"] is None
    assert retracted.json()["total_votes"] == 0
    assert api.delete(f"/api/v1/polls/{poll.pk}/vote/").status_code == 200
    assert vote(api, poll, "con").json()["total_votes"] == 1


def test_suspended_reader_takes_a_vote_back_and_casts_none(
    api: APIClient, poll: Poll, chi: User, mo: User
) -> None:
    """community B24, B25: from the next request on, in a session that was there before."""
    api.force_login(chi)
    assert vote(api, poll, "pro").status_code == 200
    suspend(chi, until=timezone.now() + timedelta(days=1), reason="도배", by=mo)
    refused = vote(api, poll, "con")
    assert (refused.status_code, refused.json()["code"]) == (403, "suspended")
    assert tally(poll) == {"pro": 1, "con": 0}
    assert api.delete(f"/api/v1/polls/{poll.pk}/vote/").status_code == 200
    assert put_vote(api, poll, "con").status_code == 403
    assert tally(poll) == {"pro": 0, "con": 0}
    lift_suspension(chi, by=mo)
    assert vote(api, poll, "con").status_code == 200


def test_vote_before_signing_in_becomes_the_accounts_vote(
    api: APIClient, poll: Poll, chi: User
) -> None:
    """community B80."""
    vote(api, poll, "pro")
    api.force_login(chi)
    response = vote(api, poll, "con").json()
    assert response["my_vote"] == "con"
    assert response["total_votes"] == 1
    api.delete(f"/api/v1/polls/{poll.pk}/vote/")
    assert tally(poll) == {"pro": 0, "con": 0}


def test_vote_after_signing_out_is_refused_in_the_same_browser(
    api: APIClient, poll: Poll, chi: User
) -> None:
    """community B80."""
    api.force_login(chi)
    vote(api, poll, "pro")
    del api.cookies["sessionid"]
    refused = vote(api, poll, "con")
    assert refused.status_code == 409
    assert refused.json()["code"] == "already_voted"
    assert tally(poll) == {"pro": 1, "con": 0}


def test_votes_of_two_accounts_in_one_browser_both_count(
    api: APIClient, poll: Poll, chi: User, mal: User
) -> None:
    """community B80."""
    for person in (chi, mal):
        api.force_login(person)
        response = vote(api, poll)
    assert response.json()["total_votes"] == 2


def test_vote_of_an_account_wins_over_an_anonymous_one_elsewhere(
    api: APIClient, poll: Poll, chi: User, as_user: SignIn
) -> None:
    """community B80."""
    vote(as_user(chi), poll, "pro")
    vote(api, poll, "pro")  # anonymous, another browser
    api.force_login(chi)
    assert vote(api, poll, "con").json()["total_votes"] == 1
    assert tally(poll) == {"pro": 0, "con": 1}


def test_voided_vote_is_not_counted_and_can_be_reinstated(
    api: APIClient, poll: Poll, ben: User, chi: User
) -> None:
    """community B83."""
    vote(api, poll)
    counted, voided = VoteClass(state="counted"), VoteClass(state="void")
    decide_votes(poll, votes=counted, to="void", reason="같은 시각에 몰린 표", by=ben)
    assert tally(poll) == {"pro": 0, "con": 0}
    assert vote(api, poll, "con").json()["code"] == "vote_taken_out"
    decide_votes(poll, votes=voided, to="counted", reason="사람이 확인", by=ben)
    assert tally(poll) == {"pro": 1, "con": 0}


def test_a_reader_cannot_void_votes(api: APIClient, poll: Poll, mal: User) -> None:
    vote(api, poll)
    with pytest.raises(NotAllowed):
        decide_votes(poll, votes=VoteClass(state="counted"), to="void", reason="", by=mal)
    assert tally(poll) == {"pro": 1, "con": 0}


def test_votes_are_rate_limited_by_ip_address(poll: Poll, settings: Any) -> None:
    rest = settings.REST_FRAMEWORK
    settings.REST_FRAMEWORK = rest | {
        "DEFAULT_THROTTLE_RATES": rest["DEFAULT_THROTTLE_RATES"] | {"vote": "2/min"}
    }
    assert [vote(APIClient(), poll).status_code for _ in range(2)] == [200, 200]
    refused = vote(APIClient(), poll, HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"


def test_poll_is_public_and_cacheable_for_everybody(
    api: APIClient, poll: Poll, chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    vote(client, poll)
    signed_in_view = client.get(f"/api/v1/polls/{poll.pk}/")
    assert signed_in_view.content == api.get(f"/api/v1/polls/{poll.pk}/").content
    assert "public" in signed_in_view["Cache-Control"]
    assert "cookie" not in signed_in_view.get("Vary", "").lower()
    assert b"my_vote" not in signed_in_view.content
    assert api.get(f"/api/v1/polls/{poll.pk}/?x=1").status_code == 400
