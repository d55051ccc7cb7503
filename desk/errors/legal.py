"""Refusals of the actions on claims under the Press Arbitration Act, and of legal erasure."""

from django.utils.translation import gettext_lazy as _

from desk.errors import EditedElsewhere
from newsroom.errors import Refused


class ClaimChanged(EditedElsewhere):
    sentence = _(
        "Somebody else changed this claim meanwhile. Reload it, then bring in your changes."
    )


class ClaimNotPossible(Refused):
    code = "claim_not_possible"
    sentence = _("The claim is not at this stage. Reload it to see where it stands.")


class ClaimInFuture(Refused):
    code = "claim_in_future"
    status = 422
    sentence = _("A claim is received after the report became known, and not in the future.")


class NoPassage(Refused):
    code = "no_passage"
    status = 422
    sentence = _("Quote the passage that is complained of.")


class NoClaimant(Refused):
    code = "no_claimant"
    status = 422
    sentence = _("Give the name of the person who makes the claim.")


class NoRefusalReason(Refused):
    code = "no_refusal_reason"
    status = 422
    sentence = _("A claim is refused on one of the grounds of the law. Choose one.")


class NotItsCorrection(Refused):
    code = "not_its_correction"
    status = 422
    sentence = _("This edition is no published correction of the kind that was claimed.")


class PersonalDataErased(Refused):
    code = "personal_data_erased"
    sentence = _("The personal data of this claim were deleted after their retention.")


class AlreadyErased(Refused):
    code = "already_erased"
    sentence = _("This article was erased by law. Nothing of it can be brought back.")


class SlugNotConfirmed(Refused):
    code = "slug_not_confirmed"
    status = 422
    sentence = _("This is not the address of the article. Type it again to confirm.")


class NoErasureReason(Refused):
    code = "no_erasure_reason"
    status = 422
    sentence = _("Give the reason and the reference number of the order.")
