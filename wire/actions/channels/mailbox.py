"""One run of a mailbox: each message is stored with its UID in one transaction, then marked \\Seen.

Killed in between, `unseen_uids` has what is still to be marked; the next run marks it first. A new
UIDVALIDITY makes all UIDs void (RFC 3501, 2.3.1.1): the folder is read from the beginning, and messages
whose bytes are stored are known.
"""

import time

from django.db import transaction
from django.utils.translation import gettext as _

from wire.actions.channels.leases import lock_leased
from wire.actions.channels.storing import FetchResult, Item, save_state, store_item
from wire.actions.intake import MAX_DELIVERY_BYTES
from wire.models import Channel
from wire.transports.addresses import mailbox_address, read_password
from wire.transports.imap import LiteralTooLarge, Mailbox, open_mailbox

MAIL_TYPE = "message/rfc822"


def fetch_mailbox(channel: Channel, result: FetchResult, *, deadline: float) -> None:
    """Store the messages above the last UID, until `deadline` (time.monotonic()).

    One that cannot be read is a failed delivery, stays unread in the mailbox, and does not stop the next.
    Raises FetchFailed, LeaseLost.
    """
    address = mailbox_address(channel.address)
    with open_mailbox(
        address,
        username=channel.username,
        password=read_password(channel.password_variable),
        max_bytes=MAX_DELIVERY_BYTES,
        timeout_seconds=deadline - time.monotonic(),
    ) as mailbox:
        enter_folder(channel, mailbox.select(address.folder))
        mark_stored(channel, mailbox)
        for uid in mailbox.uids_after(channel.last_uid):
            if time.monotonic() > deadline:
                result.is_complete = False
                break
            store_message(
                uid, mailbox=mailbox, channel=channel, folder=address.folder, result=result
            )
    result.state = {"unseen_uids": channel.unseen_uids}


@transaction.atomic
def enter_folder(channel: Channel, validity: int) -> None:
    """Begin anew where the UIDs are not those of the last run."""
    if channel.uid_validity != validity:
        lock_leased(channel)
        save_state(channel, uid_validity=validity, last_uid=0, unseen_uids=[])


def mark_stored(channel: Channel, mailbox: Mailbox) -> None:
    """Mark \\Seen what is committed. The list is emptied with the next state that is saved."""
    mailbox.mark_seen(channel.unseen_uids)
    channel.unseen_uids = []


def store_message(
    uid: int, *, mailbox: Mailbox, channel: Channel, folder: str, result: FetchResult
) -> None:
    """Store a message, then mark it \\Seen."""
    name = f"{folder};UIDVALIDITY={channel.uid_validity}/;UID={uid}"  # as in RFC 5092
    try:
        item = read_message(mailbox, uid, name=name)
    except LiteralTooLarge:  # the connection cannot be used any more; the next run goes on after it
        item = Item(b"", name, MAIL_TYPE, failure=too_large_sentence())
        result.add(item, store_item(channel, item, last_uid=uid, unseen_uids=[]))
        raise
    unseen = [] if item.failure else [uid]
    result.add(item, store_item(channel, item, last_uid=uid, unseen_uids=unseen))
    mark_stored(channel, mailbox)


def read_message(mailbox: Mailbox, uid: int, *, name: str) -> Item:
    """A message as an item; one that is too large or not handed out with its reason."""
    if mailbox.size_of(uid) > MAX_DELIVERY_BYTES:
        return Item(mailbox.header(uid), name, MAIL_TYPE, failure=too_large_sentence())
    raw = mailbox.message(uid)
    if len(raw) > MAX_DELIVERY_BYTES:  # the size was a lie
        return Item(mailbox.header(uid), name, MAIL_TYPE, failure=too_large_sentence())
    if not raw.strip():
        reason = _("The mail server did not hand this message out. It is still in the mailbox.")
        return Item(b"", name, MAIL_TYPE, failure=reason)
    return Item(raw, name, MAIL_TYPE)


def too_large_sentence() -> str:
    sentence = _("The message is larger than %(limit)s bytes. It is still in the mailbox, unread.")
    return sentence % {"limit": MAX_DELIVERY_BYTES}
