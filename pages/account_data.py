"""Account data of a reader in all apps: export, and deletion of the account."""

import logging
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from accounts.actions import close_account, lock_reader
from accounts.active_sessions import active_sessions
from accounts.models import Consent, IgnoredReader, NicknameChange, User
from comments.actions import erase_comments as forget_comments
from comments.models import (
    Appeal,
    BlockRequest,
    Comment,
    CommentRevision,
    Decision,
    Notification,
    Reaction,
    Report,
)
from comments.notifications.preferences import read_preferences
from comments.notifications.retention import erase_notifications
from pages.sanction_records import sanction_records
from polls.actions import unlink_votes, votes_by
from polls.models import Poll, Vote
from polls.voter_key import Voter
from saves.actions import erase_saves as forget_saves
from saves.models import Save

logger = logging.getLogger(__name__)

MAX_CLOSED = 100  # accounts that one pass closes


@transaction.atomic
def delete_account(reader: User) -> None:
    """Close the account and delete all personal data (개인정보 보호법 §21, §36, §38).

    Comments with replies leave an empty placeholder, other comments, reactions and saves are deleted, votes
    and reports stay without an owner. Raises StaffAccountCannotClose for a colleague.

    The account is locked first and closed last: its new address is a key of the row, for which whoever
    notifies the reader waits at the end of a transaction, and comments are locked by then.
    """
    lock_reader(reader)
    unlink_votes(reader.pk)
    forget_comments(reader)  # before the saves: comments are locked before ArticleCounts
    forget_saves(reader)
    close_account(reader)
    erase_notifications(reader)  # of whoever has notified the reader meanwhile


def close_due_accounts(now: datetime) -> int:
    """Close the accounts whose term to take it back is over; returns how many. Each by itself.

    One that fails is logged and tried again the next time.
    """
    due, closed = User.objects.filter(closing_at__lte=now, is_active=True, is_staff=False), 0
    for pk in list(due.order_by("closing_at").values_list("pk", flat=True)[:MAX_CLOSED]):
        try:
            closed += close_account_if_due(pk, now)
        except Exception:
            logger.exception("Account %s was not closed", pk)
    return closed


@transaction.atomic
def close_account_if_due(account_id: int, now: datetime) -> bool:
    """Close an account unless its reader has decided to keep it meanwhile; whether it was closed."""
    reader = User.objects.select_for_update(no_key=True).get(pk=account_id)
    if not reader.is_active or reader.is_staff or not reader.closing_at or reader.closing_at > now:
        return False
    delete_account(reader)
    return True


def account_export(reader: User) -> dict[str, Any]:
    """All data of a reader, for pages.api.serializers.AccountExportOut."""
    comments = Comment.objects.of_author(reader).select_related("article__live").order_by("pk")
    former_texts = Prefetch("revisions", CommentRevision.objects.order_by("version"))
    comments = comments.prefetch_related(Decision.objects.hiding(), former_texts)
    now = timezone.now()
    saves = Save.objects.filter(reader=reader).select_related("article__live")
    votes = votes_by(Voter(account=reader.pk))
    public_poll_ids = (
        set(Poll.objects.public().values_list("pk", flat=True)) if votes else set[int]()
    )
    return {
        "account": reader,
        "addresses": list(EmailAddress.objects.filter(user=reader).order_by("pk")),
        "social_accounts": list(SocialAccount.objects.filter(user=reader).order_by("pk")),
        "nickname_changes": list(NicknameChange.objects.filter(user=reader).order_by("pk")),
        "sanctions": sanction_records(reader),
        "appeals": list(Appeal.objects.filter(reader=reader).order_by("pk")),
        "block_objections": block_objections(reader),
        "consents": list(Consent.objects.filter(user=reader).order_by("pk")),
        "sessions": active_sessions(reader),
        "ignored": list(
            IgnoredReader.objects.listed_for(reader).select_related("author").order_by("pk")
        ),
        "comments": list(comments),
        "notifications": list(Notification.objects.of(reader.pk).order_by("pk")),
        "notification_preferences": read_preferences(reader),
        "reactions": list(Reaction.objects.filter(reader=reader).order_by("pk")),
        "reports": list(Report.objects.filter(reader=reader).order_by("pk")),
        "saves": [
            {
                "article": save.article.slug,
                "headline": save.article.live.headline,
                "saved_at": save.saved_at,
            }
            for save in saves.order_by("pk")
            if save.article.live and save.article.is_shown(now)
        ],
        "votes": [vote_record(vote, public_poll_ids=public_poll_ids) for vote in votes],
    }


def block_objections(reader: User) -> list[BlockRequest]:
    """The reader's objections to blocks of comments; who requested the block is nothing of the reader's."""
    objected = BlockRequest.objects.filter(comment__author=reader, objected_at__isnull=False)
    return list(objected.defer("requester_name", "requester_email", "statement").order_by("pk"))


def vote_record(vote: Vote, *, public_poll_ids: set[int]) -> dict[str, Any]:
    """A vote of the reader; its question only while the poll is public (in `public_poll_ids`)."""
    poll = vote.poll
    return {
        "poll": poll.pk,
        "question": poll.question if poll.pk in public_poll_ids else None,
        "side": vote.side,
        "cast_at": vote.cast_at,
    }
