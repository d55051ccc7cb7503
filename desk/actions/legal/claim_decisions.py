"""Decisions on claims under the Press Arbitration Act: answer, publish the correction, close.

Each locks the draft, the article and the claim (`lock_claim`), and raises OtherSection where the person is
no editor in the section of the story, and ClaimChanged.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Appearance, Edition
from audit.actions import record_audit
from desk.actions.legal.claims import lock_claim, save_claim
from desk.actions.publishing import publish_now
from desk.errors.legal import AlreadyErased, ClaimNotPossible, NoRefusalReason, NotItsCorrection
from desk.models import Claim, Draft, Erasure
from desk.notifications.claims import close_notices_of_claim
from desk.permissions import may_handle_claims
from newsroom.errors import require
from newsroom.text.normalization import normalize_text

State = Claim.State
# {state: states that may follow}. `published` and `withdrawn` are final.
TRANSITIONS = {
    State.RECEIVED: {State.ACCEPTED, State.REFUSED, State.WITHDRAWN, State.ARBITRATION},
    State.ACCEPTED: {State.PUBLISHED, State.WITHDRAWN, State.ARBITRATION},
    State.REFUSED: {State.ACCEPTED, State.WITHDRAWN, State.ARBITRATION},
    State.ARBITRATION: {State.ACCEPTED, State.REFUSED, State.PUBLISHED, State.WITHDRAWN},
}
SETTLED = (State.REFUSED, State.PUBLISHED, State.WITHDRAWN)


@transaction.atomic
def accept_claim(
    claim: Claim,
    *,
    by: User,
    version: int | None = None,
    note: str = "",
    publish_by: date | None = None,
) -> Claim:
    """Accept the claim; `note` holds the agreed content, size, number of times and place (§15 ③).

    `publish_by` is the day that an arbitration has set. Raises ClaimChanged, ClaimNotPossible.
    """
    require(may_handle_claims(by))
    claim = lock_claim(claim, by=by, version=version)
    was_in_arbitration = claim.state == State.ARBITRATION
    move_claim(claim, State.ACCEPTED)
    claim.refusal_reason, claim.answer_note = "", normalize_text(note)
    if publish_by and was_in_arbitration:
        claim.publish_by = publish_by
    record_answer(claim, by=by, fields=["publish_by"])
    record_audit(claim, verb="accepted_claim", by=by, publish_by=claim.publish_by.isoformat())
    return claim


@transaction.atomic
def refuse_claim(
    claim: Claim, *, by: User, refusal_reason: str, version: int | None = None, note: str = ""
) -> Claim:
    """Refuse the claim on a ground of the law (§15 ④).

    Raises ClaimChanged, ClaimNotPossible, NoRefusalReason where it is none of `Claim.RefusalReason`.
    """
    require(may_handle_claims(by))
    if refusal_reason not in Claim.RefusalReason.values:
        raise NoRefusalReason
    claim = lock_claim(claim, by=by, version=version)
    move_claim(claim, State.REFUSED)
    claim.refusal_reason, claim.answer_note = refusal_reason, normalize_text(note)
    record_answer(claim, by=by)
    record_audit(claim, verb="refused_claim", by=by, refusal_reason=refusal_reason)
    return claim


@transaction.atomic
def publish_for_claim(
    claim: Claim,
    *,
    by: User,
    note: str,
    version: int | None = None,
    draft_version: int | None = None,
) -> Claim:
    """Publish the story as it stands with a correction note of the claim's kind, which fulfils the claim.

    1. Lock the draft, the article and the claim, and refuse one that is not accepted.
    2. Publish the draft, at the `draft_version` that was read (`publish_now`).
    3. Link the edition and stop the clock.

    Raises ClaimChanged, ClaimNotPossible, AlreadyErased, NoCorrectionNote, and as `publish_now`.
    """
    require(may_handle_claims(by))
    claim = lock_claim(claim, by=by, version=version)
    require_transition(claim, State.PUBLISHED)
    if Erasure.objects.filter(article=claim.article_id).exists():
        raise AlreadyErased
    draft = Draft.objects.get(article=claim.article_id)
    release = publish_now(
        draft, by=by, version=draft_version, correction={"kind": claim.kind, "note": note}
    )
    return fulfil_locked(claim, release.edition, by=by)


@transaction.atomic
def link_edition_to_claim(
    claim: Claim, *, by: User, edition: int, version: int | None = None
) -> Claim:
    """Fulfil a claim with a correction that is published already, given by its edition number.

    Raises ClaimChanged, ClaimNotPossible, NotItsCorrection for an edition of another kind or one that
    readers have not seen.
    """
    require(may_handle_claims(by))
    claim = lock_claim(claim, by=by, version=version)
    require_transition(claim, State.PUBLISHED)
    match = possible_editions(claim).filter(number=edition).first()
    if match is None:
        raise NotItsCorrection
    return fulfil_locked(claim, match, by=by)


@transaction.atomic
def take_claim_to_arbitration(claim: Claim, *, by: User, version: int | None = None) -> Claim:
    """Note that the Press Arbitration Commission decides now. Raises ClaimChanged, ClaimNotPossible."""
    require(may_handle_claims(by))
    claim = lock_claim(claim, by=by, version=version)
    move_claim(claim, State.ARBITRATION)
    save_claim(claim, fields=["state", "settled_at"])
    record_audit(claim, verb="took_claim_to_arbitration", by=by)
    return claim


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: User, version: int | None = None) -> Claim:
    """Note that the claimant withdrew the claim. Raises ClaimChanged, ClaimNotPossible."""
    require(may_handle_claims(by))
    claim = lock_claim(claim, by=by, version=version)
    move_claim(claim, State.WITHDRAWN)
    save_claim(claim, fields=["state", "settled_at"])
    record_audit(claim, verb="closed_withdrawn_claim", by=by)
    return claim


def possible_editions(claim: Claim) -> Any:
    """Editions that can fulfil the claim: corrections of its kind that readers have seen, newest first."""
    published = Appearance.objects.filter(
        article=claim.article_id, published_at__gte=claim.received_at
    )
    return Edition.objects.filter(
        article=claim.article_id,
        correction_kind=claim.kind,
        pk__in=published.values("edition"),
    ).order_by("-number")


# -- steps with a locked claim -------------------------------------------------------------------


def require_transition(claim: Claim, state: Claim.State) -> None:
    if state not in TRANSITIONS.get(State(claim.state), set()):
        raise ClaimNotPossible


def move_claim(claim: Claim, state: Claim.State) -> None:
    """Set the state of a locked claim, and close the notices of its last clock. Raises ClaimNotPossible."""
    require_transition(claim, state)
    claim.state = state
    claim.settled_at = timezone.now() if state in SETTLED else None
    close_notices_of_claim(claim)


def record_answer(claim: Claim, *, by: User, fields: list[str] | None = None) -> None:
    """Save the answer to a locked claim: when and by whom it was given."""
    claim.answered_at, claim.answered_by = timezone.now(), by
    answer = ["state", "refusal_reason", "answer_note", "answered_at", "answered_by", "settled_at"]
    save_claim(claim, fields=[*answer, *(fields or ())])


def fulfil_locked(claim: Claim, edition: Edition, *, by: User) -> Claim:
    """Link the correction edition to a locked claim, which is published with it."""
    move_claim(claim, State.PUBLISHED)
    claim.edition, claim.refusal_reason = edition, ""
    save_claim(claim, fields=["state", "edition", "settled_at", "refusal_reason"])
    record_audit(claim, verb="published_claim", by=by, edition=edition.number)
    return claim
