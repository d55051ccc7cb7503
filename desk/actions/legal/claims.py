"""Claims under the Press Arbitration Act: record and edit them, erase their personal data.

Every action of a person locks the draft, the article and then the claim, as publishing and the legal
erasure do, and asks under the lock of the draft whether the person is an editor in its section. Personal
data never enter the audit log: its entries name the changed fields, not their values.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.actions import record_audit
from desk.actions.locking import lock_article, lock_draft_row_of_article
from desk.errors import NeverPublished
from desk.errors.legal import (
    ClaimChanged,
    ClaimInFuture,
    NoClaimant,
    NoPassage,
    PersonalDataErased,
)
from desk.legal_deadlines import (
    admissibility_deadline,
    answer_deadline,
    publication_deadline,
    seoul_date,
)
from desk.models import Claim, Claimant
from desk.notifications.claims import notify_of_claim
from desk.permissions import may_handle_claims, may_record_claims, may_view_claimants
from desk.section_rights import may_handle_claim_on, may_record_claim_on
from newsroom.errors import require
from newsroom.text.normalization import is_blank, normalize_line, normalize_text

CLAIMANT_FIELDS = ("name", "address", "phone", "email")
TEXT_FIELDS = ("passage", "reason", "wanted_text", "answer_note")
PLAIN_FIELDS = ("kind", "received_at", "reported_on", "known_on", "wants_story_corrected")


@transaction.atomic
def record_claim(
    article: Article, *, by: User, claimant: Mapping[str, str], received_at: datetime, **fields: Any
) -> Claim:
    """Record a claim that was received, and start its clocks.

    `fields`: kind, passage, known_on, and optionally reported_on (the day of the article's first
    publication where it is left out), reason, wanted_text, wants_story_corrected. Everybody who may answer
    it is notified.

    Raises OtherSection, NeverPublished, ClaimInFuture for a time to come, NoPassage, NoClaimant.
    """
    require(may_record_claims(by))
    lock_draft_row_of_article(article.pk, by=by, may=may_record_claim_on)
    article = lock_article(article.pk)
    if article.first_published_at is None:
        raise NeverPublished
    reported_on = fields.pop("reported_on", None) or seoul_date(article.first_published_at)
    claim = Claim(article=article, recorded_by=by, reported_on=reported_on)
    write_claim_fields(claim, {"received_at": received_at, **fields})
    claim.save(force_insert=True)
    write_claimant(claim, claimant)
    record_audit(claim, verb="recorded_claim", by=by, kind=claim.kind, article=article.slug)
    notify_of_claim(claim)
    return claim


@transaction.atomic
def edit_claim(
    claim: Claim,
    *,
    by: User,
    version: int | None = None,
    claimant: Mapping[str, str] | None = None,
    **fields: Any,
) -> Claim:
    """Change what was recorded; the clocks are counted anew. Fields as in `record_claim`.

    Raises OtherSection, ClaimChanged, PersonalDataErased, and as `record_claim`.
    """
    require(may_handle_claims(by))
    claim = lock_claim(claim, by=by, version=version)
    write_claim_fields(claim, fields)
    changed = sorted(fields)
    if claimant is not None:
        require(may_view_claimants(by))
        if claim.personal_data_erased_at:
            raise PersonalDataErased
        write_claimant(claim, claimant)
        changed.append("claimant")
    if changed:
        save_claim(claim, fields=[*fields, "admissible_until", "answer_by", "publish_by"])
        record_audit(claim, verb="edited_claim", by=by, fields=changed, version=claim.version)
    return claim


@transaction.atomic
def erase_personal_data(claim: Claim) -> None:
    """Delete the claimant and empty what the claimant wrote; kind, days, outcome and passage stay.

    For the retention task: no person decides on it. Does nothing where it has been done.
    """
    claim = lock_claim_row(claim)
    if claim.personal_data_erased_at:
        return
    Claimant.objects.filter(claim=claim).delete()
    claim.reason = claim.wanted_text = claim.answer_note = ""
    claim.personal_data_erased_at = timezone.now()
    save_claim(claim, fields=["reason", "wanted_text", "answer_note", "personal_data_erased_at"])
    record_audit(claim, verb="erased_claimant", by=None)


# -- steps with a locked claim -------------------------------------------------------------------


def lock_claim(claim: Claim, *, by: User, version: int | None = None) -> Claim:
    """Lock the draft, the article and the claim until the transaction ends, and read the claim again.

    The edit lock of the draft does not matter: the text stays as it is, and the periods of the law run.
    Raises OtherSection, ClaimChanged.
    """
    lock_draft_row_of_article(claim.article_id, by=by, may=may_handle_claim_on)
    lock_article(claim.article_id)
    locked = lock_claim_row(claim)
    if version is not None and locked.version != version:
        raise ClaimChanged
    return locked


def lock_claim_row(claim: Claim) -> Claim:
    """Lock the claim alone, and read it again: for what takes no other lock afterwards."""
    return Claim.objects.select_for_update().get(pk=claim.pk)


def save_claim(claim: Claim, *, fields: list[str]) -> None:
    """Save these fields of a locked claim as its next version."""
    claim.version += 1
    claim.save(update_fields=[*dict.fromkeys(fields), "version"])


def write_claim_fields(claim: Claim, fields: Mapping[str, Any]) -> None:
    """Set these fields, normalised; changed days count the clocks anew. Raises ClaimInFuture, NoPassage."""
    for name, value in fields.items():
        if name in TEXT_FIELDS:
            setattr(claim, name, normalize_text(value))
        elif name in PLAIN_FIELDS:
            setattr(claim, name, value)
        else:
            raise TypeError(f"A claim has no {name}.")
    if claim.received_at > timezone.now() or claim.known_on > seoul_date(claim.received_at):
        raise ClaimInFuture
    if is_blank(claim.passage) and ("passage" in fields or claim.pk is None):
        raise NoPassage
    if set(fields) & set(PLAIN_FIELDS):
        set_deadlines(claim)


def set_deadlines(claim: Claim) -> None:
    """Count the clocks from the days that were recorded."""
    claim.admissible_until = admissibility_deadline(
        known_on=claim.known_on,
        reported_on=claim.reported_on,
        is_follow_up=claim.kind == Claim.Kind.FOLLOW_UP,
    )
    claim.answer_by = answer_deadline(claim.received_at)
    claim.publish_by = publication_deadline(claim.received_at)


def write_claimant(claim: Claim, data: Mapping[str, str]) -> None:
    """Create or change the personal data. Raises NoClaimant without a name."""
    claimant = Claimant.objects.filter(claim=claim).first() or Claimant(claim=claim)
    for name in CLAIMANT_FIELDS:
        if name in data:
            setattr(claimant, name, normalize_line(data[name]))
    if is_blank(claimant.name):
        raise NoClaimant
    claimant.save()
