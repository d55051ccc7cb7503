"""What every room holds of a reader: handed over, or given up. Rooms that do not meet, meet here."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import close
from accounts.models import User
from comments.actions import forget as forget_comments
from comments.models import Comment, Reaction, Report
from polls.actions import unlink, votes_of
from polls.models import Poll, Vote
from polls.voter_key import Voter
from saves.actions import forget as forget_saves
from saves.models import Save


@transaction.atomic
def leave(reader: User) -> None:
    """Close the account and take back everything that says who it was (개인정보 보호법 §21, §36, §38).

    Comments leave an empty place where others have answered, reactions and saved articles go, votes and
    reports stay and belong to nobody.  Raises StaffStays for a colleague.
    """
    close(reader)
    unlink(reader.pk)
    forget_comments(reader)  # before the saves: comments are held before the counts of articles
    forget_saves(reader)


def belongings(reader: User) -> dict[str, Any]:
    """Everything of one's own, for pages.api.serializers.BelongingsOut."""
    said = Comment.objects.of_author(reader).select_related("article__live").order_by("pk")
    now = timezone.now()
    kept = Save.objects.filter(reader=reader).select_related("article__live")
    cast = votes_of(Voter(account=reader.pk))
    seen = set(Poll.objects.public().values_list("pk", flat=True)) if cast else set[int]()
    return {
        "account": reader,
        "comments": list(said),
        "reactions": list(Reaction.objects.filter(reader=reader).order_by("pk")),
        "reports": list(Report.objects.filter(reader=reader).order_by("pk")),
        "saves": [
            {
                "article": save.article.slug,
                "headline": save.article.live.headline,
                "saved_at": save.saved_at,
            }
            for save in kept.order_by("pk")
            if save.article.live and save.article.is_shown(now)
        ],
        "votes": [as_cast(vote, seen=seen) for vote in cast],
    }


def as_cast(vote: Vote, *, seen: set[int]) -> dict[str, Any]:
    """One's own vote; the question only while readers can see it, which is in the polls `seen`."""
    poll = vote.poll
    return {
        "poll": poll.pk,
        "question": poll.question if poll.pk in seen else None,
        "side": vote.side,
        "cast_at": vote.cast_at,
    }
