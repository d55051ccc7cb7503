"""Set-up of channels."""

import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from newsroom.errors import Refused, require
from wire.channel_errors import ChannelRefused
from wire.models import Channel
from wire.models.channels import PASSWORD_VARIABLE
from wire.transports.addresses import feed_url, folder_path, mailbox_address

CONFIGURATION = (
    *("source", "kind", "address", "username", "password_variable"),
    *("interval", "settle_seconds", "enabled"),
)
# Where fetching stands at the other side; means nothing at another address. The lease ends, so that a run
# that is under way at the former address stores nothing more.
FRESH_STATE: dict[str, Any] = {
    "etag": "",
    "last_modified": "",
    "body_sha256": "",
    "uid_validity": None,
    "last_uid": 0,
    "unseen_uids": [],
    "observed": {},
    "lease_token": None,
    "leased_until": None,
}


def may_set_up_channels(user: User) -> bool:
    """Whether the user may set up channels: as for sources."""
    return bool(user.has_perm("wire.change_source"))


@transaction.atomic
def save_channel(channel: Channel, *, by: User) -> Channel:
    """Save a channel, new or changed; it is fetched at once. Its state stays unless the address changed.

    Raises NotAllowed, ChannelRefused with the field at fault.
    """
    require(may_set_up_channels(by))
    check_channel(channel)
    return write_channel(channel, by=by)


def write_channel(channel: Channel, *, by: User) -> Channel:
    now = timezone.now()
    former = Channel.objects.select_for_update().filter(pk=channel.pk).first()
    changed = list(CONFIGURATION)
    if former is None or (former.kind, former.address) != (channel.kind, channel.address):
        for name, value in FRESH_STATE.items():
            setattr(channel, name, value)
        changed += FRESH_STATE
    if former is None or (channel.enabled and not former.enabled):
        channel.watched_since = now
        changed.append("watched_since")
    channel.due_at, channel.failures = now, 0
    if former is None:
        channel.save()
    else:
        channel.save(update_fields=[*changed, "due_at", "failures"])
    record_audit(
        channel, verb="channel_set_up", by=by, address=channel.address, enabled=channel.enabled
    )
    return channel


@transaction.atomic
def switch_on(channel: Channel, *, by: User) -> Channel:
    """Fetch a channel from now on. Raises NotAllowed, ChannelRefused for what can be fetched no more."""
    return switch(channel, enabled=True, by=by)


@transaction.atomic
def switch_off(channel: Channel, *, by: User) -> Channel:
    """Fetch a channel no more. Raises NotAllowed."""
    return switch(channel, enabled=False, by=by)


def switch(channel: Channel, *, enabled: bool, by: User) -> Channel:
    locked = Channel.objects.select_for_update().get(pk=channel.pk)
    require(may_set_up_channels(by))
    if enabled:
        check_channel(locked)
    locked.enabled = enabled
    return write_channel(locked, by=by)


def check_channel(channel: Channel) -> None:
    """Raise ChannelRefused for what could never be fetched."""
    check = {
        Channel.Kind.FOLDER: folder_path,
        Channel.Kind.FEED: feed_url,
        Channel.Kind.IMAP: mailbox_address,
    }[Channel.Kind(channel.kind)]
    try:
        check(channel.address)
    except Refused as refusal:
        raise ChannelRefused("address", str(refusal)) from refusal
    variable = channel.password_variable
    if variable and not re.fullmatch(PASSWORD_VARIABLE, variable):
        raise ChannelRefused(
            "password_variable", _("The variable of a password is called WIRE_PASSWORD_….")
        )
    if channel.kind == Channel.Kind.IMAP and not channel.username:
        raise ChannelRefused("username", _("A mailbox needs a user name."))
    if channel.username and not variable and channel.kind != Channel.Kind.FOLDER:
        raise ChannelRefused(
            "password_variable", _("Name the environment variable of the password.")
        )
    is_in_clear = channel.kind == Channel.Kind.FEED and channel.address.startswith("http://")
    if channel.username and is_in_clear:
        raise ChannelRefused(
            "address", _("A password is sent over https only. Use an address with https://.")
        )
