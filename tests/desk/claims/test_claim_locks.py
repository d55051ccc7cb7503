"""Locks of claims: every action takes the draft first, then the article, then the claim."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from accounts.models import User
from desk.actions.legal.claim_decisions import (
    accept_claim,
)
from desk.actions.legal.claims import edit_claim
from desk.actions.legal.erasing import erase_article
from desk.models import Claim, Draft
from newsroom.errors import Refused
from tests.support import make
from tests.support.claim_verbs import CLAIM_VERBS
from tests.support.locks import waiting_for_locks

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ORDER: Any = {"reason": "법원 결정", "reference": "2026카합0000"}
VERBS: dict[str, Callable[[Claim, User], Any]] = CLAIM_VERBS | {
    "erase": lambda claim, by: erase_article(
        claim.article, by=by, slug=claim.article.slug, **ORDER
    ),
}


def in_thread(work: Callable[[], Any], outcomes: list[Any]) -> threading.Thread:
    """A started thread with its own connection; what came of it is appended to `outcomes`."""

    def run() -> None:
        try:
            outcomes.append(work())
        except Exception as error:  # noqa: BLE001  # whatever came of it is what the test asks
            outcomes.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until_blocked(thread: threading.Thread) -> None:
    while thread.is_alive() and not waiting_for_locks():
        time.sleep(0.01)
    assert thread.is_alive(), "it took no lock of the draft"


def test_no_action_holds_the_claim_while_it_waits_for_the_draft() -> None:
    """Two actions that took draft and claim in different orders would wait for each other for ever."""
    make.reference_rows()
    chief = make.chief()
    for name, verb in VERBS.items():
        claim, outcomes = make.claim(), list[Any]()
        with transaction.atomic():
            Draft.objects.select_for_update().get(article=claim.article_id)
            thread = in_thread(lambda verb=verb, claim=claim: verb(claim, chief), outcomes)  # type: ignore[misc]
            wait_until_blocked(thread)
            Claim.objects.select_for_update(nowait=True).get(pk=claim.pk)
        thread.join()
        [outcome] = outcomes
        assert isinstance(outcome, Refused) or not isinstance(outcome, Exception), (name, outcome)


def test_erasure_and_answers_at_once_leave_no_text() -> None:
    make.reference_rows()
    chief = make.chief()
    claim = accept_claim(make.claim(), by=chief)

    def act(number: int) -> Any:
        verb = ("erase", "publish", "edit", "withdraw")[number]
        claims = Claim.objects.get(pk=claim.pk)
        if verb == "edit":
            return edit_claim(claims, by=chief, version=claim.version, reason="덧붙입니다.")
        return VERBS[verb](claims, chief)

    outcomes = make.race(4, act)
    broken = [o for o in outcomes if isinstance(o, Exception) and not isinstance(o, Refused)]
    assert broken == []
    claim.refresh_from_db()
    texts = (claim.passage, claim.reason, claim.wanted_text, claim.answer_note)
    assert texts == ("", "", "", "")
