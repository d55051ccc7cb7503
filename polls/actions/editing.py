"""Create and update polls."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from newsroom.text.normalization import is_blank, normalize_line
from polls.errors import InvalidPoll
from polls.models import Choice, Poll, Side

# Default label, persona and avatar of each side.
MASCOTS = {"pro": ("찬", "부키", "booki"), "con": ("반", "모키", "moki")}
BLACKOUT_DAYS = 6  # before the day of an election (공직선거법 §108 ①)


def create_poll(data: dict[str, Any]) -> Poll:
    """Create a poll, private until an article that shows it is published.

    `data`: question, sides [{key, label, persona, argument}], and optionally title, opens_at,
    closes_at, results, election_day.  Raises InvalidPoll.
    """
    return update_poll(Poll(), data=data)


@transaction.atomic
def update_poll(poll: Poll, *, data: dict[str, Any]) -> Poll:
    """Replace a poll's text, times and sides; `data` and errors as for `create_poll`.

    Only for a poll without votes that is not public; the caller checks that.
    """
    sides = {side["key"]: side for side in data.get("sides", [])}
    if is_blank(data.get("question", "")) or set(sides) != set(Choice.values):
        raise InvalidPoll
    poll.title = normalize_line(data.get("title", ""))
    poll.question = normalize_line(data["question"])
    poll.opens_at = data.get("opens_at") or timezone.now()
    poll.closes_at = data.get("closes_at")
    poll.results = data.get("results") or Poll.Results.ALWAYS
    if poll.closes_at and poll.closes_at <= poll.opens_at:
        raise InvalidPoll
    poll.election_day = data.get("election_day")
    poll.blackout_from, poll.blackout_until = blackout_of(poll.election_day)
    poll.save()
    for key, side in sides.items():
        label, persona, avatar = MASCOTS[key]
        Side.objects.update_or_create(
            poll=poll,
            key=key,
            defaults={
                "label": normalize_line(side.get("label") or label),
                "persona": normalize_line(side.get("persona") or persona),
                "avatar": avatar,
                "argument": normalize_line(side.get("argument") or ""),
            },
        )
    return poll


def blackout_of(election_day: date | None) -> tuple[datetime | None, datetime | None]:
    """When the blackout before this election begins and ends: from midnight (Korean time) six days before
    it until voting in it ends (공직선거법 §108 ①, §155).
    """
    if election_day is None:
        return None, None
    korea = timezone.get_default_timezone()
    first = election_day - timedelta(days=BLACKOUT_DAYS)
    ends = time(settings.ELECTION_VOTING_ENDS_HOUR)
    return (
        datetime.combine(first, time(), tzinfo=korea),
        datetime.combine(election_day, ends, tzinfo=korea),
    )
