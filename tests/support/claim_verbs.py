"""Actions of a person on a claim, by name, each with arguments that it accepts."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from desk.actions.legal.claim_decisions import (
    accept_claim,
    link_edition_to_claim,
    publish_for_claim,
    refuse_claim,
    take_claim_to_arbitration,
    withdraw_claim,
)
from desk.actions.legal.claims import edit_claim
from desk.models import Claim

CLAIM_VERBS: dict[str, Callable[[Claim, User], Any]] = {
    "edit": lambda claim, by: edit_claim(claim, by=by, passage="다른 구절"),
    "accept": lambda claim, by: accept_claim(claim, by=by),
    "refuse": lambda claim, by: refuse_claim(
        claim, by=by, refusal_reason=Claim.RefusalReason.UNTRUE
    ),
    "publish": lambda claim, by: publish_for_claim(claim, by=by, note="바로잡습니다."),
    "link": lambda claim, by: link_edition_to_claim(claim, by=by, edition=1),
    "arbitrate": lambda claim, by: take_claim_to_arbitration(claim, by=by),
    "withdraw": lambda claim, by: withdraw_claim(claim, by=by),
}
