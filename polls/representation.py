"""Public representation of polls for the API and the pages, and their next planned change."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from newsroom.db.compiled_queries import CompiledQuery, Param
from newsroom.db.read_models import ReadModel, read_as
from newsroom.http.cache_control import OVERDUE_TOLERANCE
from newsroom.http.canonical_urls import absolute_url
from newsroom.text.dates import local_isoformat
from polls.models import CLOSING_UNPUBLISHED, Poll, PollQuestion, PollTimes, Side

SIDE_FIELDS = ("key", "label", "persona", "avatar", "argument", "votes")


TalliedSide = dict[str, Any]


class SideRow(ReadModel):
    """A side with its votes."""

    key: str
    label: str
    persona: str
    avatar: str
    argument: str
    votes: int


@cache
def sides_of_public_poll() -> CompiledQuery[SideRow]:
    polls = Poll.objects.public().filter(pk=Param("poll", BigIntegerField()))
    sides = Side.objects.filter(poll__in=polls).tallied().order_by("-key")
    return CompiledQuery(read_as(sides, SideRow))


def tallied_sides_of_public(poll_id: int) -> list[TalliedSide]:
    """The sides of a poll with their votes; none unless the poll is public. One query, one snapshot."""
    return [dict(vars(side)) for side in sides_of_public_poll().fetch(poll=poll_id)]


def tallied_sides(polls: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The sides with vote counts by poll id, as `represent_poll` takes them. One query, one snapshot."""
    sides: dict[int, list[dict[str, Any]]] = defaultdict(list)
    tallied = Side.objects.filter(poll__in=list(polls)).tallied().order_by("poll", "-key")
    for side in tallied.values("poll", *SIDE_FIELDS):
        sides[side.pop("poll")].append(side)
    return sides


def are_results_public(poll: Poll | PollTimes, now: datetime) -> bool:
    """Whether the results are public at `now`. Results shown after voting are shown to that voter only.

    In the blackout before an election they are shown to nobody (공직선거법 §108 ①).
    """
    if poll.is_blacked_out(now):
        return False
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
    shown = are_results_public(poll, now) or (has_voted and are_results_for_voters(poll, now))
    votes = {side["key"]: side["votes"] for side in sides}
    shares = vote_shares(votes)
    return {
        "id": poll.pk,
        "title": poll.title,
        "question": poll.question,
        "sides": [
            represent_side(side)
            | {
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
        "suspended_until": poll.blackout_until if poll.is_blacked_out(now) else None,
    }


def with_local_times(represented: dict[str, Any]) -> dict[str, Any]:
    """A represented poll with its times as the API shows them."""
    times = ("opens_at", "closes_at", "suspended_until")
    return represented | {name: local_isoformat(represented[name]) for name in times}


def are_results_for_voters(poll: Poll | PollTimes, now: datetime) -> bool:
    """Whether those who have voted are shown the results at `now`."""
    return poll.results != Poll.Results.AFTER_CLOSE and not poll.is_blacked_out(now)


def represent_side(side: TalliedSide) -> dict[str, Any]:
    """A side without its votes."""
    return {
        "key": side["key"],
        "label": side["label"],
        "persona": {
            "name": side["persona"],
            "avatar": absolute_url(f"/static/pages/{side['avatar']}.svg"),
        },
        "argument": side["argument"],
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
    """When the next public poll opens or closes, or a blackout begins or ends
    (newsroom/http/cache_control.py)."""
    polls = Poll.objects.public()
    since = now - OVERDUE_TOLERANCE
    times = [
        first_time(polls.filter(opens_at__gt=now), "opens_at"),
        first_time(polls.filter(CLOSING_UNPUBLISHED, closes_at__gt=since), "closes_at"),
    ]
    of_elections = polls.filter(blackout_until__gt=now)
    if until := first_time(of_elections, "blackout_until"):
        times += [until, first_time(of_elections.filter(blackout_from__gt=now), "blackout_from")]
    return min(filter(None, times), default=None)


def first_time(polls: QuerySet[Poll], field: str) -> datetime | None:
    return polls.order_by(field).values_list(field, flat=True).first()
