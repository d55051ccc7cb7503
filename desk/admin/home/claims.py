"""Block of the desk home about claims under the Press Arbitration Act: the legal clocks that run."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from desk.admin.claim_clocks import claims_with_running_clocks
from desk.admin.home.blocks import MAX_ROWS, Block
from desk.permissions import may_view_claims


def legal_clocks(user: Any, now: datetime) -> Block | None:
    """Claims whose clock runs or has run out, the most urgent first, of those that
    the user may see; None where there are none."""
    if not may_view_claims(user):
        return None
    claims = claims_with_running_clocks(user, MAX_ROWS + 1)
    if not claims:
        return None
    return Block(
        name="legal_clocks",
        title=gettext_lazy("Legal clocks running"),
        rows=claims[:MAX_ROWS],
        url=reverse("admin:desk_claim_changelist") + "?state=running",
        empty="",
        column="top",
        tone="warns",
        has_more=len(claims) > MAX_ROWS,
    )
