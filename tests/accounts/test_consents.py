"""Age and consents: asked for at sign-up in both doors, kept with version and time, asked for again."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import delete_outdated_identities, give_consent, withdraw_consent
from accounts.authentication.allauth_adapter import ProviderAdapter
from accounts.models import Consent, User
from comments.actions import post_comment
from tests.accounts.test_accounts_api import APP, BROWSER, SOL, app, send, signed_up
from tests.support import make
from tests.support.plain_request import plain_request

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/consents/"
REQUIRED = ["is_14_or_older", "agrees_to_terms", "agrees_to_privacy"]


def changed_terms(settings: Any, version: str = "2027-03-01") -> None:
    settings.CONSENT_VERSIONS = {**settings.CONSENT_VERSIONS, "terms": version}


def sol() -> User:
    user = User.objects.get(email="sol@example.com")
    EmailAddress.objects.filter(user=user).update(verified=True)
    return user


@pytest.mark.parametrize("door", [APP, BROWSER])
@pytest.mark.parametrize("missing", REQUIRED)
@pytest.mark.parametrize("value", [None, False, 1, "yes", "true", [True]])
def test_nobody_signs_up_without_saying_so_explicitly(door: str, missing: str, value: Any) -> None:
    body = {**SOL, missing: value}
    response = send(f"{door}/signup", body, APIClient(HTTP_ACCEPT_LANGUAGE="ko"))
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["param"] == missing
    assert "14세" in error["message"] if missing == "is_14_or_older" else "동의" in error["message"]
    assert not User.objects.exists()


def test_sign_up_keeps_each_consent_with_version_and_time_and_no_date_of_birth() -> None:
    before = timezone.now()
    token = signed_up()
    rows = {row.kind: row for row in Consent.objects.filter(user__email="sol@example.com")}
    assert sorted(rows) == ["age", "privacy", "terms"]
    assert all(row.given_at >= before and row.version for row in rows.values())
    assert app(token).get("/api/v1/me/").json()["needs_consent"] is False
    states = {row["kind"]: row for row in app(token).get(ADDRESS).json()["consents"]}
    assert states["marketing"]["version"] is None
    assert not any(row["is_due"] for row in states.values())


def test_advertising_is_a_consent_of_its_own_given_and_withdrawn_without_consequences() -> None:
    token = signed_up(agrees_to_marketing=True)
    assert Consent.objects.filter(kind="marketing", ended_at=None).exists()
    client = app(token)
    for _twice in range(2):
        assert client.delete(f"{ADDRESS}marketing/").status_code == 204
    row = Consent.objects.get(kind="marketing")
    assert (row.ended_by, row.ended_at is not None) == ("withdrawn", True)
    assert client.get("/api/v1/me/").json()["needs_consent"] is False
    post_comment(make.live(), by=sol(), text="광고 없이 씁니다")


def test_changed_terms_are_asked_for_again_before_writing_and_for_nothing_else(
    settings: Any,
) -> None:
    client, article = app(signed_up()), make.live()
    comment = post_comment(article, by=sol(), text="처음 쓴 글")
    changed_terms(settings)
    assert client.get("/api/v1/me/").json()["needs_consent"] is True
    address = f"/api/v1/articles/{article.slug}/comments/"
    refused = client.post(address, {"text": "새 글"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_needed")
    assert client.get(address).status_code == 200
    assert client.get("/api/v1/me/export/").status_code == 200
    assert client.put(f"/api/v1/articles/{article.slug}/save/").status_code == 204
    assert client.delete(f"/api/v1/comments/{comment.pk}/").status_code == 204

    old = client.put(f"{ADDRESS}terms/", {"version": "2026-12-01"}, format="json")
    assert (old.status_code, old.json()["current_version"]) == (409, "2027-03-01")
    new = client.put(f"{ADDRESS}terms/", {"version": "2027-03-01"}, format="json")
    assert (new.status_code, new.json()["is_due"]) == (200, False)
    assert client.post(address, {"text": "새 글"}, format="json").status_code == 201
    history = Consent.objects.filter(kind="terms").order_by("pk")
    assert list(history.values_list("version", "ended_by")) == [
        ("2026-12-01", "replaced"),
        ("2027-03-01", ""),
    ]
    changed_terms(settings, "2028-01-01")
    assert client.put("/api/v1/me/closing/").status_code == 200
    assert client.delete("/api/v1/me/").status_code == 204


def test_withdrawn_required_consent_ends_writing_until_it_is_given_again() -> None:
    client = app(signed_up())
    assert client.delete(f"{ADDRESS}privacy/").status_code == 204
    assert client.get("/api/v1/me/").json()["needs_consent"] is True
    assert (
        client.put(f"{ADDRESS}privacy/", {"version": "2026-12-01"}, format="json").status_code
        == 200
    )
    assert client.get("/api/v1/me/").json()["needs_consent"] is False
    assert client.put(f"{ADDRESS}unknown/", {"version": "1"}, format="json").status_code == 404


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_without_a_required_consent_nobody_votes_renames_reacts_or_reports(
    settings: Any, chi: User, is_withdrawn: bool
) -> None:
    client, article = app(signed_up()), make.live(poll=make.poll_data())
    poll = article.poll
    assert poll is not None
    sol()
    comment = post_comment(article, by=chi, text="다른 독자의 댓글")
    vote, of_comment = f"/api/v1/polls/{poll.pk}/vote/", f"/api/v1/comments/{comment.pk}"
    assert client.put(vote, {"side": "pro"}, format="json").status_code in {200, 201}
    if is_withdrawn:
        assert client.delete(f"{ADDRESS}age/").status_code == 204
    else:
        changed_terms(settings)
    for refused in (
        client.put(vote, {"side": "con"}, format="json"),
        client.patch("/api/v1/me/", {"nickname": "새로운별명"}, format="json"),
        client.put(f"{of_comment}/reaction/", {"value": "like"}, format="json"),
        client.post(f"{of_comment}/reports/", {"reason": "spam"}, format="json"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "consent_needed")
    assert client.get(f"/api/v1/articles/{article.slug}/").status_code == 200
    assert client.put(f"/api/v1/articles/{article.slug}/save/").status_code == 204
    assert client.delete(vote).status_code in {200, 204}


def test_account_of_a_provider_is_asked_before_it_writes() -> None:
    login = SocialLogin(
        user=User(email="provider@example.com"), account=SocialAccount(provider="kakao", uid="7")
    )
    user = ProviderAdapter().save_user(plain_request(), login)
    client = APIClient()
    client.force_login(user)
    assert client.get("/api/v1/me/").json()["needs_consent"] is True
    for row in client.get(ADDRESS).json()["consents"]:
        if row["is_due"]:
            body = {"version": row["current_version"]}
            assert client.put(f"{ADDRESS}{row['kind']}/", body, format="json").status_code == 200
    assert client.get("/api/v1/me/").json()["needs_consent"] is False


def test_account_of_the_newsroom_that_was_never_asked_may_write(chi: User) -> None:
    give_consent(chi, kind="marketing", version="2026-12-01")
    withdraw_consent(chi, kind="marketing")
    comment = post_comment(make.live(), by=chi, text="전부터 있던 계정입니다")
    assert comment.author == chi


def test_ended_consents_are_deleted_after_their_term_also_those_of_closed_accounts(
    settings: Any,
) -> None:
    client = app(signed_up())
    assert client.delete("/api/v1/me/").status_code == 204
    assert set(Consent.objects.values_list("ended_by", flat=True)) == {"closed"}
    now, term = timezone.now(), timedelta(days=settings.CONSENT_RETENTION_DAYS)
    delete_outdated_identities(now + term - timedelta(hours=1))
    assert Consent.objects.count() == 3
    delete_outdated_identities(now + term + timedelta(hours=1))
    assert not Consent.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_consent_is_in_force_after_giving_and_withdrawing_at_once() -> None:
    for number in range(10):
        user = make.person(f"sol{number}")
        give = partial(give_consent, user, kind="terms", version="2026-12-01")
        withdraw = partial(withdraw_consent, user, kind="terms")
        work = [give, give, withdraw, give]
        outcomes = make.race(4, partial(lambda work, n: work[n](), work))
        assert not [one for one in outcomes if isinstance(one, Exception)]
        in_force = Consent.objects.filter(user=user, ended_at=None)
        user.refresh_from_db()
        assert in_force.count() <= 1
        assert user.consented_versions == ("terms:2026-12-01" if in_force else "")
