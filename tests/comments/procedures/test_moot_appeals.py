"""Appeals whose sanction is lifted, replaced or over are closed without an answer."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.actions import lift_sanction, sanction
from accounts.models import Sanction, User
from audit.models import Entry
from comments.actions.appeals import (
    appeal_against_sanction,
    close_if_moot,
    close_moot_appeals,
    grant_appeal,
    reject_appeal,
)
from comments.errors.procedures import AppealDecided, NothingToAppeal
from comments.models import Appeal, Notification
from comments.tasks import send_notifications
from tests.support.clients.comment_client import SignIn

pytestmark = pytest.mark.django_db


def impose(user: User, mo: User, kind: str = "mute", *, days: int = 7) -> Sanction:
    until = timezone.now() + timedelta(days=days)
    return sanction(user, kind=kind, until=until, reason="도배", by=mo)


def states() -> list[str]:
    return list(Appeal.objects.order_by("pk").values_list("state", flat=True))


def test_lifting_closes_the_appeal_and_notifies_the_reader(
    chi: User, mo: User, ben: User, as_user: SignIn
) -> None:
    imposed = impose(chi, mo)
    send_notifications()
    appeal = appeal_against_sanction(imposed.pk, text="억울합니다.", by=chi)
    send_notifications()
    assert states() == ["open"]
    lift_sanction(imposed, by=mo)
    send_notifications()
    send_notifications()
    [mine] = as_user(chi).get("/api/v1/me/appeals/").json()["results"]
    assert (mine["state"], mine["answer"], bool(mine["answered_at"])) == ("moot", "", True)
    kinds = Notification.objects.filter(reader=chi, sanction=imposed).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["sanction_begun", "sanction_ended"]
    assert Entry.objects.filter(verb="appeal_moot", by=None).count() == 1
    with pytest.raises(AppealDecided):
        reject_appeal(appeal, answer="아니요", by=ben)


def test_a_sanction_that_is_over_or_replaced_leaves_nothing_to_decide(
    chi: User, mo: User, mal: User
) -> None:
    for reader, kind in ((chi, "mute"), (mal, "hold")):
        appeal_against_sanction(impose(reader, mo, kind).pk, text="억울합니다.", by=reader)
    ban = impose(mal, mo, "ban")
    assert close_moot_appeals(timezone.now()) == 1
    assert states() == ["open", "moot"]
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert close_moot_appeals(timezone.now()) == 1
        assert states() == ["moot", "moot"]
        with pytest.raises(NothingToAppeal):
            appeal_against_sanction(ban.pk, text="억울합니다.", by=mal)


def test_warnings_and_decided_appeals_stay(chi: User, mo: User, ben: User) -> None:
    granted = appeal_against_sanction(impose(chi, mo).pk, text="억울합니다.", by=chi)
    grant_appeal(granted, answer="해제합니다.", by=ben)
    appeal_against_sanction(impose(chi, mo, "warn").pk, text="억울합니다.", by=chi)
    assert close_moot_appeals(timezone.now() + timedelta(days=400)) == 0
    assert not close_if_moot(granted.pk, reader_id=chi.pk, now=timezone.now())
    assert states() == ["granted", "open"]
