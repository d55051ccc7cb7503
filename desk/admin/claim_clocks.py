"""Legal clocks of claims in words: the chip of one claim, and the running ones for the desk home."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext

from desk.models import Claim
from desk.section_rights import visible_claims
from desk.status import TONE_GONE, TONE_LIVE, TONE_NEUTRAL, TONE_WAITING, TONE_WARNING, Chip

State = Claim.State
CLAIM_TONES = {
    State.RECEIVED: TONE_WAITING,
    State.ACCEPTED: TONE_WAITING,
    State.REFUSED: TONE_GONE,
    State.PUBLISHED: TONE_LIVE,
    State.WITHDRAWN: TONE_GONE,
    State.ARBITRATION: TONE_NEUTRAL,
}


def clock_chip(claim: Claim) -> Chip | None:
    """Status chip with the days left of the running legal deadline; None without one."""
    days = claim.days_left(timezone.now())
    if days is None or claim.due_day is None:
        return None
    if days < 0:
        late = ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
        return Chip(late, TONE_WARNING)
    if days == 0:
        return Chip(_now("ends today"), TONE_WARNING)
    left = ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return Chip(left, TONE_WAITING if days == 1 else TONE_NEUTRAL)


def claims_with_running_clocks(user: Any, limit: int) -> list[Any]:
    """The most urgent claims that the user may see, each with its `chip`, for the desk home."""
    now = timezone.now()
    rows = Claim.objects.with_running_clocks(now).select_related("article__live")
    claims: list[Any] = list(visible_claims(user, rows)[:limit])
    for claim in claims:
        claim.chip = clock_chip(claim)
    return claims
