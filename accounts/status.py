"""How a sanction stands, in words and colours for moderators. Pure."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Sanction, SanctionKind

TONES_BY_KIND = {
    SanctionKind.WARN: "calm",
    SanctionKind.HOLD: "warns",
    SanctionKind.MUTE: "warns",
    SanctionKind.BAN: "gone",
}


def sanction_tone(row: Sanction, now: datetime) -> str:
    """The colour of a sanction: of its kind while it is in force, else neutral."""
    return TONES_BY_KIND[SanctionKind(row.kind)] if row.is_in_force(now) else "calm"


def how_it_ended(row: Sanction, now: datetime) -> str:
    """Whether a sanction is in force, and if not, how it ended."""
    if row.is_in_force(now):
        return gettext("in force")
    if row.replaced_by_id:
        return gettext("replaced by a newer one")
    if row.lifted_at:
        return gettext("lifted by %(who)s at %(time)s") % {
            "who": row.lifted_by or "–",
            "time": format_local_time(row.lifted_at),
        }
    return gettext("ended") if row.until else gettext("recorded")


def format_local_time(time: datetime | None) -> str:
    """A time to the minute in the site's time zone; empty for None."""
    return f"{timezone.localtime(time):%Y-%m-%d %H:%M}" if time else ""
