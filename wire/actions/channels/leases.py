"""Leases of channels: one worker of all processes fetches a channel at a time."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from wire.channel_errors import LeaseLost
from wire.models import Channel
from wire.models.channels import ChannelQuerySet

RUN_SECONDS = 60.0
# Longer than any run, whose deadline is checked between two messages, each with its own time limit.
LEASE_DURATION = timedelta(seconds=180)


@transaction.atomic
def lease_due_channel(now: datetime) -> Channel | None:
    """Lease the channel that is most overdue; None where none is due."""
    for channel in Channel.objects.due(now).values_list("pk", flat=True)[:10]:
        if leased := take_lease(Channel.objects.due(now).order_by().filter(pk=channel), now):
            return leased
    return None


@transaction.atomic
def lease_channel(channel: Channel) -> Channel | None:
    """Lease a channel whether it is due or not; None while another worker fetches it."""
    now = timezone.now()
    return take_lease(Channel.objects.unleased(now).filter(pk=channel.pk), now)


def take_lease(channels: ChannelQuerySet, now: datetime) -> Channel | None:
    """Lease the one channel that the query finds, unless another worker is faster."""
    channel = channels.first()
    if channel is None:
        return None
    token = uuid.uuid4()
    free = Channel.objects.unleased(now).filter(pk=channel.pk)
    if not free.update(lease_token=token, leased_until=now + LEASE_DURATION):
        return None
    return Channel.objects.select_related("source").get(pk=channel.pk, lease_token=token)


def lock_leased(channel: Channel) -> Channel:
    """The channel, locked until the transaction ends. Raises LeaseLost where another worker has it now."""
    locked = (
        Channel.objects.select_for_update()
        .filter(pk=channel.pk, lease_token=channel.lease_token)
        .first()
    )
    if locked is None:
        raise LeaseLost
    return locked
