"""Suspensions: they last although the account is closed, and apply from the next request on."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.utils import timezone

from accounts.actions import change_nickname, lift_suspension, sanction, suspend
from accounts.actions.retention import delete_outdated_identities
from accounts.authentication.allauth_adapter import ProviderAdapter, ReaderAdapter
from accounts.errors import NoSuchAccount
from accounts.models import RetainedSanction, User
from audit.models import Entry
from comments.actions import post_comment
from pages.account_data import delete_account
from tests.accounts.test_accounts_api import app, signed_up
from tests.support import make
from tests.support.plain_request import plain_request

pytestmark = pytest.mark.django_db


def week_from_now() -> Any:
    return timezone.now() + timedelta(days=7)


def reader_of(token: str) -> User:
    return User.objects.get(
        pk=app(token).get("/_allauth/app/v1/auth/session").json()["data"]["user"]["id"]
    )


def confirm_address(user: User) -> User:
    address, _is_new = EmailAddress.objects.get_or_create(user=user, email=user.email)
    ReaderAdapter().confirm_email(plain_request(), address)
    return User.objects.get(pk=user.pk)


def sign_up_by_provider(uid: str, *, email: str = "") -> User:
    login = SocialLogin(user=User(email=email), account=SocialAccount(provider="kakao", uid=uid))
    user: User = ProviderAdapter().save_user(plain_request(), login)
    return User.objects.get(pk=user.pk)


def connect_provider(user: User, uid: str) -> None:
    login = SocialLogin(user=User(), account=SocialAccount(provider="kakao", uid=uid))
    request = plain_request()
    request.user = user
    with context.request_context(request):
        login.connect(request, user)


def leave_suspended(user: User, mo: User) -> None:
    suspend(user, until=week_from_now(), reason="도배", by=mo)
    delete_account(User.objects.get(pk=user.pk))


def test_a_suspension_survives_leaving_and_signing_up_with_the_same_address(mo: User) -> None:
    """faults I5."""
    leave_suspended(confirm_address(reader_of(signed_up())), mo)
    token = signed_up()
    article = make.live()
    url = f"/api/v1/articles/{article.slug}/comments/"
    assert (
        app(token).post(url, {"text": "다시"}, format="json").json()["code"] == "email_unconfirmed"
    )
    confirm_address(reader_of(token))
    refused = app(token).post(url, {"text": "다시"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "suspended")
    assert refused.json()["reason"] == "도배"
    assert Entry.objects.filter(verb="suspension_taken_over").count() == 1


def test_without_confirmation_of_addresses_it_is_taken_over_at_sign_up(
    mo: User, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    leave_suspended(reader_of(signed_up()), mo)
    assert app(signed_up()).get("/api/v1/me/").json()["suspension_reason"] == "도배"


def test_somebody_elses_sign_up_with_the_address_learns_nothing_of_the_suspension(mo: User) -> None:
    leave_suspended(confirm_address(reader_of(signed_up())), mo)
    assert app(signed_up()).get("/api/v1/me/").json()["suspended_until"] is None


def test_a_suspension_survives_leaving_by_the_same_social_account(mo: User) -> None:
    leave_suspended(sign_up_by_provider("1001"), mo)
    assert sign_up_by_provider("1001").is_suspended(timezone.now())
    assert not sign_up_by_provider("1002").is_suspended(timezone.now())


def test_an_address_left_while_suspended_is_kept_too(mo: User) -> None:
    user = confirm_address(reader_of(signed_up()))
    suspend(user, until=week_from_now(), reason="도배", by=mo)
    later = EmailAddress.objects.create(user=user, email="later@example.com")
    ReaderAdapter().confirm_email(plain_request(), later)
    EmailAddress.objects.filter(user=user, email="later@example.com").delete()
    delete_account(User.objects.get(pk=user.pk))
    again = reader_of(signed_up(email="later@example.com"))
    assert confirm_address(again).is_suspended(timezone.now())


def test_a_suspension_that_has_ended_or_is_lifted_is_not_taken_over(mo: User) -> None:
    user = confirm_address(reader_of(signed_up()))
    suspend(user, until=week_from_now(), reason="도배", by=mo)
    lift_suspension(user, by=mo)
    assert not RetainedSanction.objects.exists()
    leave_suspended(user, mo)
    delete_outdated_identities(timezone.now())
    assert RetainedSanction.objects.exists()
    delete_outdated_identities(timezone.now() + timedelta(days=8))
    assert not RetainedSanction.objects.exists()
    assert not confirm_address(reader_of(signed_up())).is_suspended(timezone.now())


def test_lifting_a_suspension_that_was_taken_over_ends_it_for_good(mo: User) -> None:
    leave_suspended(confirm_address(reader_of(signed_up())), mo)
    second = confirm_address(reader_of(signed_up()))
    lift_suspension(second, by=mo)
    delete_account(User.objects.get(pk=second.pk))
    assert not confirm_address(reader_of(signed_up())).is_suspended(timezone.now())


def test_another_spelling_of_a_suspended_mailbox_is_recorded_for_moderators_and_not_suspended(
    mo: User,
) -> None:
    """community B65."""
    leave_suspended(confirm_address(reader_of(signed_up(email="s.ol@gmail.com"))), mo)
    other = confirm_address(reader_of(signed_up(email="sol+new@gmail.com")))
    assert not other.is_suspended(timezone.now())
    assert Entry.objects.get(verb="resembles_suspended").subject == str(other.pk)


def test_what_is_kept_names_nobody(mo: User) -> None:
    leave_suspended(confirm_address(reader_of(signed_up())), mo)
    rows = RetainedSanction.objects.all()
    assert rows.exists()
    assert all(row.user is None and len(row.digest) == 64 for row in rows)


def test_a_closed_account_cannot_be_suspended(chi: User, mo: User) -> None:
    delete_account(chi)
    with pytest.raises(NoSuchAccount):
        suspend(chi, until=week_from_now(), reason="도배", by=mo)


def test_a_suspension_applies_to_the_next_request_through_every_door(
    mo: User, as_user: Any, settings: Any
) -> None:
    """community B24, B25: open sessions of browser and app; reading stays possible."""
    token = signed_up()
    user, article, mal = confirm_address(reader_of(token)), make.live(), make.reader("mal")
    others = post_comment(article, by=mal, text="남의 글")
    own = post_comment(article, by=user, text="내 글")
    clients = [app(token), as_user(user)]
    suspend(user, until=week_from_now(), reason="도배", by=mo)
    for client in clients:
        responses = [
            client.post(
                f"/api/v1/articles/{article.slug}/comments/", {"text": "또"}, format="json"
            ),
            client.patch(f"/api/v1/comments/{own.pk}/", {"text": "고침"}, format="json"),
            client.put(f"/api/v1/comments/{others.pk}/reaction/", {"value": "like"}, format="json"),
            client.post(
                f"/api/v1/comments/{others.pk}/reports/", {"reason": "spam"}, format="json"
            ),
            client.patch("/api/v1/me/", {"nickname": "다른이름"}, format="json"),
        ]
        assert {(r.status_code, r.json()["code"]) for r in responses} == {(403, "suspended")}
        assert client.put(f"/api/v1/articles/{article.slug}/save/").status_code == 204
        assert client.get("/api/v1/me/export/").status_code == 200
    suspend(user, until=timezone.now(), reason="도배", by=mo)
    renamed = clients[0].patch("/api/v1/me/", {"nickname": "다른이름"}, format="json")
    assert renamed.status_code == 200
    assert clients[1].delete(f"/api/v1/comments/{own.pk}/").status_code == 204


def test_the_export_has_past_suspensions_addresses_and_former_nicknames(mo: User) -> None:
    """community B68."""
    token = signed_up(nickname="새벽산책")
    user = confirm_address(reader_of(token))
    change_nickname(user, nickname="저녁산책")
    suspend(user, until=week_from_now(), reason="도배", by=mo)
    lift_suspension(user, by=mo)
    export = app(token).get("/api/v1/me/export/").json()
    (record,) = export["sanctions"]
    assert (record["kind"], record["reason"]) == ("ban", "도배")
    assert record["starts_at"] < record["lifted_at"] < record["until"]
    assert export["addresses"] == [{"email": user.email, "confirmed": True, "primary": True}]
    (change,) = export["nickname_changes"]
    assert (change["former"], change["nickname"]) == ("새벽산책", "저녁산책")
    assert export["social_accounts"] == []
    assert mo.email not in str(export)


def test_an_address_that_the_suspended_account_has_not_proven_suspends_nobody(mo: User) -> None:
    mal = confirm_address(reader_of(signed_up(email="mal@example.com")))
    EmailAddress.objects.create(user=mal, email="victim@example.com")
    unproven = reader_of(signed_up(email="s.victim@gmail.com"))
    for user in (mal, unproven):
        suspend(user, until=week_from_now(), reason="도배", by=mo)
    for email in ("victim@example.com", "s.victim@gmail.com", "svictim@gmail.com"):
        victim = confirm_address(reader_of(signed_up(email=email)))
        assert not victim.is_suspended(timezone.now())
    assert not Entry.objects.filter(verb="resembles_suspended").exists()


def test_a_suspension_that_outlived_its_account_is_not_shortened_by_another_account(
    mo: User,
) -> None:
    first = confirm_address(reader_of(signed_up()))
    suspend(first, until=timezone.now() + timedelta(days=900), reason="사칭", by=mo)
    delete_account(User.objects.get(pk=first.pk))
    other = reader_of(signed_up())
    suspend(other, until=timezone.now() + timedelta(days=1), reason="도배", by=mo)
    lift_suspension(other, by=mo)
    suspend(other, until=timezone.now() + timedelta(days=1), reason="도배", by=mo)
    back = confirm_address(other)
    assert back.is_suspended(timezone.now() + timedelta(days=800))
    lift_suspension(back, by=mo)
    assert not RetainedSanction.objects.exists()


def test_lifting_ends_it_for_every_identity_of_the_account_that_left(mo: User) -> None:
    first = sign_up_by_provider("1001", email="sol@example.com")
    EmailAddress.objects.update_or_create(user=first, email="sol@example.com")
    confirm_address(first)
    leave_suspended(User.objects.get(pk=first.pk), mo)
    second = confirm_address(reader_of(signed_up(email="sol@example.com")))
    assert second.is_suspended(timezone.now())
    lift_suspension(second, by=mo)
    assert not sign_up_by_provider("1001").is_suspended(timezone.now())


def test_a_shorter_own_suspension_does_not_end_a_longer_one_of_the_same_address(mo: User) -> None:
    """An account suspended after its address has come back with a longer suspension bears that one."""
    first = confirm_address(reader_of(signed_up()))
    leave_suspended(first, mo)
    second = reader_of(signed_up())
    suspend(second, until=timezone.now() + timedelta(days=30), reason="욕설", by=mo)
    second = confirm_address(second)
    assert second.suspension_reason == "욕설"
    delete_account(second)
    third = confirm_address(reader_of(signed_up()))
    assert third.is_suspended(timezone.now() + timedelta(days=29))
    lift_suspension(third, by=mo)
    delete_account(User.objects.get(pk=third.pk))
    assert not confirm_address(reader_of(signed_up())).is_suspended(timezone.now())


def test_a_suspended_social_account_suspends_the_account_to_which_it_is_connected(
    mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of the provider only the mail after connecting needs more than its name.
    monkeypatch.setattr(SocialAccount, "get_provider", lambda account: account.provider)
    leave_suspended(sign_up_by_provider("1001"), mo)
    other = confirm_address(reader_of(signed_up()))
    connect_provider(other, "1001")
    assert User.objects.get(pk=other.pk).suspension_reason == "도배"
    connect_provider(other, "1002")
    delete_account(User.objects.get(pk=other.pk))
    assert sign_up_by_provider("1002").is_suspended(timezone.now())


def test_a_suspension_that_is_taken_over_keeps_its_rule(mo: User) -> None:
    reader = confirm_address(reader_of(signed_up()))
    week = week_from_now()
    sanction(reader, kind="ban", until=week, reason="도배", reason_code="spam", by=mo)
    assert set(RetainedSanction.objects.values_list("reason_code", flat=True)) == {"spam"}
    sanction(reader, kind="ban", until=week, reason="욕설", reason_code="abuse", by=mo)
    delete_account(User.objects.get(pk=reader.pk))
    returned = confirm_address(reader_of(signed_up()))
    [taken_over] = returned.sanctions.all()
    assert (taken_over.reason_code, taken_over.reason) == ("abuse", "욕설")
    assert set(RetainedSanction.objects.values_list("reason_code", flat=True)) == {"abuse"}
    sanction(returned, kind="hold", until=week, reason="거짓", reason_code="falsehood", by=mo)
    assert set(RetainedSanction.objects.values_list("reason_code", flat=True)) == {"falsehood"}
