"""Runs of channels: fetch one that is due, or one that a person chose, and record the outcome."""

import logging
import random
import time
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from newsroom.errors import require
from wire.actions.channels.feed import fetch_feed_channel
from wire.actions.channels.folder import fetch_folder
from wire.actions.channels.leases import (
    RUN_SECONDS,
    lease_channel,
    lease_due_channel,
    lock_leased,
)
from wire.actions.channels.storing import FetchResult
from wire.actions.intake import parse_delivery
from wire.channel_errors import ChannelBusy, ChannelDisabled, FetchFailed, LeaseLost
from wire.models import Channel, Delivery, Version

logger = logging.getLogger(__name__)
FETCH_NOW_SECONDS = 15.0
MAX_BACKOFF = timedelta(hours=1)
JITTER_RATIO = 0.2


def may_fetch(user: User) -> bool:
    """Whether the user may have a channel fetched now: as for parsing deliveries again."""
    return bool(user.has_perm("wire.change_delivery"))


def fetch_due_channel(now: datetime) -> FetchResult | None:
    """Fetch the channel that is most overdue; None where none is due."""
    channel = lease_due_channel(now)
    return run(channel, seconds=RUN_SECONDS, by=None) if channel else None


def fetch_now(channel: Channel, *, by: User) -> FetchResult:
    """Fetch a channel at once, whether it is due or not, and parse what is new.

    Raises NotAllowed, ChannelDisabled, ChannelBusy, and FetchFailed with the reason.
    """
    require(may_fetch(by))
    if not channel.is_fetchable():
        raise ChannelDisabled
    leased = lease_channel(channel)
    if leased is None:
        raise ChannelBusy
    deadline = time.monotonic() + FETCH_NOW_SECONDS
    result = run(leased, seconds=FETCH_NOW_SECONDS, by=by)
    for delivery in Delivery.objects.filter(pk__in=result.new).select_related("source"):
        if time.monotonic() > deadline:
            break  # the task parses the rest
        parse_delivery(delivery, by=None)
    result.versions = Version.objects.filter(delivery__in=result.new).count()
    if result.error:
        raise result.error
    return result


def run(channel: Channel, *, seconds: float, by: User | None) -> FetchResult:
    """Fetch a leased channel for at most `seconds`, and record the outcome. Raises no failure."""
    result = FetchResult()
    # Reasons are stored, so they are in the site's language, not in the client's.
    with translation.override(settings.LANGUAGE_CODE):
        try:
            fetch(channel, result, deadline=time.monotonic() + seconds)
        except FetchFailed as failure:
            result.error = failure
        except LeaseLost:
            logger.warning("Channel %s was taken over by another worker", channel.pk)
            return result
        except Exception:
            # One channel that breaks must not keep the worker from the others.
            logger.exception("Channel %s could not be fetched", channel.pk)
            result.error = FetchFailed(_("Fetching broke. See the log."))
        record_outcome(channel, result, by=by)
    return result


def fetch(channel: Channel, result: FetchResult, *, deadline: float) -> None:
    if channel.kind == Channel.Kind.FOLDER:
        fetch_folder(channel, result, deadline=deadline)
    elif channel.kind == Channel.Kind.FEED:
        fetch_feed_channel(channel, result, deadline=deadline)
    else:  # imap-tools is imported only by who has a mailbox
        mailbox = import_module("wire.actions.channels.mailbox")
        mailbox.fetch_mailbox(channel, result, deadline=deadline)


@transaction.atomic
def record_outcome(channel: Channel, result: FetchResult, *, by: User | None) -> None:
    """Write the outcome of a run on the channel, set the next one, and end the lease.

    The audit log says when it begins to fail and when it works again, and who had it fetched.
    """
    try:
        locked = lock_leased(channel)
    except LeaseLost:
        return
    now = timezone.now()
    if by is not None:
        record_audit(channel, verb="fetched_now", by=by, new=len(result.new), known=result.known)
    if result.error:
        channel.failures = locked.failures + 1
        channel.last_error_at, channel.last_error = now, str(result.error)[:300]
        if channel.failures == 1:
            record_audit(channel, verb="channel_failed", by=None, reason=channel.last_error)
    else:
        if locked.failures:
            record_audit(channel, verb="channel_recovered", by=None, failures=locked.failures)
        channel.failures, channel.last_success_at = 0, now
    for name, value in result.state.items():
        setattr(channel, name, value)
    channel.due_at = now + pause_before_next_run(channel, result)
    channel.lease_token = channel.leased_until = None
    columns = ("failures", "last_error_at", "last_error", "last_success_at", "due_at")
    channel.save(update_fields=[*columns, *result.state, "lease_token", "leased_until"])


def pause_before_next_run(channel: Channel, result: FetchResult) -> timedelta:
    """The interval, doubled with each failure in a row up to an hour, as long as the other side asks for;
    with jitter of up to a fifth, so that channels are not fetched all at once."""
    if result.error is None and not result.is_complete:
        return timedelta()
    interval = timedelta(seconds=channel.interval)
    factor: int = 2 ** min(max(channel.failures - 1, 0), 12)
    pause = max(interval, min(interval * factor, MAX_BACKOFF))
    pause *= 1 + random.uniform(0, JITTER_RATIO)  # noqa: S311 -- chance, no secret
    asked = result.error.requested_delay if result.error else None
    return max(pause, asked or timedelta())


def result_sentence(result: FetchResult) -> str:
    """The outcome of a run in words."""
    if not (result.new or result.failed):
        sentence = _("Fetched: nothing new.")
    else:
        sentence = _(
            "Fetched: %(new)s new, %(known)s known already, %(failed)s unreadable."
            " New versions of stories: %(versions)s."
        ) % {
            "new": len(result.new),
            "known": result.known,
            "failed": result.failed,
            "versions": result.versions,
        }
    return sentence if result.is_complete else f"{sentence} {_('More is fetched in a moment.')}"
