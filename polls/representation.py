"""Public representation of polls for the API and the pages, and their next planned change."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from newsroom.http.cache_control import OVERDUE_TOLERANCE
from newsroom.http.canonical_urls import absolute_url
from polls.models import CLOSING_UNPUBLISHED, Poll, PollQuestion, PollTimes, Side

SIDE_FIELDS = ("key", "label", "persona", "avatar", "argument", "votes")


def tallied_sides(polls: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The sides with vote counts by poll id, as `represent_poll` takes them. One query, one snapshot."""
    sides: dict[int, list[dict[str, Any]]] = defaultdict(list)
    tallied = Side.objects.filter(poll__in=list(polls)).tallied().order_by("poll", "-key")
    for side in tallied.values("poll", *SIDE_FIELDS):
        sides[side.pop("poll")].append(side)
    return sides


def are_results_public(poll: Poll | PollTimes, now: datetime) -> bool:
    """Whether the results are public at `now`. Results shown after voting are shown to that voter only."""
    return poll.results == Poll.Results.ALWAYS or poll.state(now) == Poll.State.CLOSED


def represent_poll(
    poll: Poll | PollQuestion,
    sides: list[dict[str, Any]],
    *,
    now: datetime,
    has_voted: bool = False,
) -> dict[str, Any]:
    """The `poll` object of the API. `sides` are those of `tallied_sides`.

    `has_voted`: whether the voter it is for has voted.  Hidden results are null: votes, shares, total.
    """
    is_shown_to_voter = has_voted and poll.results != Poll.Results.AFTER_CLOSE
    shown = is_shown_to_voter or are_results_public(poll, now)
    votes = {side["key"]: side["votes"] for side in sides}
    shares = vote_shares(votes)
    return {
        "id": poll.pk,
        "title": poll.title,
        "question": poll.question,
        "sides": [
            {
                "key": side["key"],
                "label": side["label"],
                "persona": {
                    "name": side["persona"],
                    "avatar": absolute_url(f"/static/pages/{side['avatar']}.svg"),
                },
                "argument": side["argument"],
                "votes": side["votes"] if shown else None,
                "share": shares[side["key"]] if shown else None,
            }
            for side in sides
        ],
        "total_votes": sum(votes.values()) if shown else None,
        "results": poll.results,
        "opens_at": poll.opens_at,
        "closes_at": poll.closes_at,
        "state": poll.state(now).value,
    }


def vote_shares(votes: dict[str, int]) -> dict[str, int]:
    """The shares of both sides in whole percents that add up to 100; without votes both are 0.

    Pro is rounded half up, con is the rest.
    """
    total = sum(votes.values())
    if not total:
        return dict.fromkeys(votes, 0)
    pro = (200 * votes.get("pro", 0) + total) // (2 * total)
    return {"pro": pro, "con": 100 - pro}


def next_change(now: datetime) -> datetime | None:
    """When the next public poll opens or closes (newsroom/http/cache_control.py)."""
    polls = Poll.objects.public()
    opening = polls.filter(opens_at__gt=now).order_by("opens_at")
    since = now - OVERDUE_TOLERANCE
    closing = polls.filter(CLOSING_UNPUBLISHED, closes_at__gt=since).order_by("closes_at")
    times = [
        opening.values_list("opens_at", flat=True).first(),
        closing.values_list("closes_at", flat=True).first(),
    ]
    return min(filter(None, times), default=None)
