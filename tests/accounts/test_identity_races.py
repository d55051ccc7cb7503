"""One nickname or address for several people at the same moment, on PostgreSQL and real threads."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.actions import change_nickname
from accounts.authentication.allauth_adapter import ReaderAdapter
from accounts.errors import NicknameTaken
from accounts.models import NicknameChange, User
from tests.accounts.test_sign_up_alike import OWN_PASSWORD, send, sign_up
from tests.support import make
from tests.support.plain_request import plain_request

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def sign_up_as(nickname: str, number: int) -> int:
    email = f"{uuid4().hex}-{number}@example.com"
    body = {
        "email": email,
        "password": OWN_PASSWORD,
        "nickname": nickname,
        **make.SIGN_UP_STATEMENTS,
    }
    return int(send("POST", "/auth/signup", body).status_code)


def test_two_sign_ups_for_one_nickname_at_once_are_two_accounts_and_one_has_it() -> None:
    for number in range(10):
        statuses = make.race(2, partial(sign_up_as, f"산책{number}"))
        assert set(statuses) <= {200, 400}
        assert User.objects.filter(nickname=f"산책{number}").count() == 1


def test_a_nickname_that_is_given_up_at_the_same_moment_goes_to_nobody_else() -> None:
    for number in range(20):
        chi, mal = (make.person(f"{name}{number}") for name in ("chi", "mal"))
        change_nickname(chi, nickname=f"먼저{number}가")
        NicknameChange.objects.update(changed_at=timezone.now() - timedelta(days=31))
        work = [
            partial(change_nickname, chi, nickname=f"나중{number}가"),
            partial(change_nickname, mal, nickname=f"먼저{number}가"),
        ]
        outcomes = make.race(2, partial(lambda work, n: work[n](), work))
        assert any(isinstance(outcome, NicknameTaken) for outcome in outcomes)
        assert not User.objects.filter(nickname=f"먼저{number}가").exists()


def test_an_address_confirmed_by_two_accounts_at_once_is_confirmed_for_one() -> None:
    """faults I3: no error, one holder."""
    for number in range(15):
        email = f"both{number}@example.com"
        rows = [
            EmailAddress.objects.create(user=make.person(f"{name}{number}"), email=email)
            for name in ("sol", "luna")
        ]
        confirm = partial(
            lambda rows, n: ReaderAdapter().confirm_email(plain_request(), rows[n]), rows
        )
        outcomes = make.race(2, confirm)
        assert sorted(map(str, outcomes)) == ["False", "True"]
        assert EmailAddress.objects.filter(email=email, verified=True).count() == 1


def test_an_address_confirmed_while_somebody_signs_up_with_it_has_one_holder() -> None:
    for number in range(15):
        email = f"sign{number}@example.com"
        row = EmailAddress.objects.create(
            user=make.person(f"sol{number}"), email=email, primary=True
        )
        User.objects.filter(pk=row.user_id).update(email=email)
        row = EmailAddress.objects.select_related("user").get(pk=row.pk)
        work = [
            partial(ReaderAdapter().confirm_email, plain_request(), row),
            partial(sign_up, email),
        ]
        confirmed, _response = sorted(
            make.race(2, partial(lambda work, n: work[n](), work)), key=lambda o: o is not True
        )
        assert confirmed is True
        assert User.objects.holding_email(email).get().pk == row.user_id
