"""What every room holds of a reader: handed over, or given up. Rooms that do not meet, meet here."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import close_account
from accounts.models import User
from comments.actions import erase_comments as forget_comments
from comments.models import Comment, Reaction, Report
from polls.actions import unlink_votes, votes_by
from polls.models import Poll, Vote
from polls.voter_key import Voter
from saves.actions import erase_saves as forget_saves
from saves.models import Save


@transaction.atomic
def delete_account(reader: User) -> None:
    """Close the account and take back everything that says who it was (개인정보 보호법 §21, §36, §38).

    Comments leave an empty place where others have answered, reactions and saved articles go, votes and
    reports stay and belong to nobody.  Raises StaffStays for a colleague.
    """
    close_account(reader)
    unlink_votes(reader.pk)
    forget_comments(reader)  # before the saves: comments are held before the counts of articles
    forget_saves(reader)


def account_export(reader: User) -> dict[str, Any]:
    """Everything of one's own, for pages.api.serializers.BelongingsOut."""
    said = Comment.objects.of_author(reader).select_related("article__live").order_by("pk")
    now = timezone.now()
    kept = Save.objects.filter(reader=reader).select_related("article__live")
    cast = votes_by(Voter(account=reader.pk))
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
        "votes": [vote_record(vote, public_poll_ids=seen) for vote in cast],
    }


def vote_record(vote: Vote, *, public_poll_ids: set[int]) -> dict[str, Any]:
    """One's own vote; the question only while readers can see it, which is in the polls `seen`."""
    poll = vote.poll
    return {
        "poll": poll.pk,
        "question": poll.question if poll.pk in public_poll_ids else None,
        "side": vote.side,
        "cast_at": vote.cast_at,
    }
