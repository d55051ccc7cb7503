"""A mailbox over IMAP (RFC 3501) with TLS, pinned address and one deadline, by imap-tools. No database.

Imported when a mailbox is fetched. Messages are read with BODY.PEEK, which marks nothing; their bytes are
those of the server, so imap-tools, which would parse them, only logs in, selects, searches and flags.
"""

import imaplib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.utils.translation import gettext as _
from imap_tools import BaseMailBox
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
)

from outbox.errors import ForbiddenAddress
from outbox.http_client import PinnedConnection
from outbox.ssrf_guard import resolve_target
from wire.channel_errors import FetchFailed
from wire.transports.addresses import MailboxAddress
from wire.transports.failures import connection_failure

MAX_HEADER_BYTES = 64 * 1024
PROTOCOL_ERRORS = (imaplib.IMAP4.error, ImapToolsError)


class LiteralTooLarge(imaplib.IMAP4.abort):
    """The server sends more than it may; what follows on the connection cannot be read."""


class PinnedIMAP(imaplib.IMAP4):
    """IMAP client over a connection to addresses that have been checked; no literal above `max_bytes`."""

    def __init__(self, connection: PinnedConnection, *, max_bytes: int) -> None:
        self.connection, self.max_bytes = connection, max_bytes
        self.is_overrun = False  # a literal was refused: imaplib raises its own error for it
        super().__init__(connection.host, connection.port)

    def open(self, *_address: Any, **_options: Any) -> None:
        self.connection.connect()
        self.sock = self.connection.sock
        self.file = self.sock.makefile("rb")

    def read(self, size: int) -> bytes:
        if size > self.max_bytes:
            self.is_overrun = True
            raise self.abort(f"literal of {size} bytes")
        raw: Any = self.file.read(size)
        return bytes(raw)

    def shutdown(self) -> None:
        self.file.close()
        self.sock.close()


class Mailbox(BaseMailBox):
    """A selected folder of a mailbox: the UIDs of its messages, their bytes, the flag `\\Seen`."""

    client: PinnedIMAP

    def __init__(self, connection: PinnedConnection, *, max_bytes: int) -> None:
        self.connection, self.max_bytes = connection, max_bytes
        super().__init__()

    def _get_mailbox_client(self) -> PinnedIMAP:
        return PinnedIMAP(self.connection, max_bytes=self.max_bytes + MAX_HEADER_BYTES)

    def select(self, folder: str) -> int:
        """Select a folder; its UIDVALIDITY."""
        self.folder.set(folder)
        _name, values = self.client.response("UIDVALIDITY")
        if not values or not isinstance(values[0], bytes) or not values[0].isdigit():
            raise self.client.error("no UIDVALIDITY")
        return int(values[0])

    def uids_after(self, last: int) -> list[int]:
        """The UIDs above `last`, ascending. `n:*` names the last message, however low its UID."""
        found = map(int, self.uids(f"UID {last + 1}:*", charset=None))
        return sorted({uid for uid in found if uid > last})

    def size_of(self, uid: int) -> int:
        """RFC822.SIZE of a message; 0 where the server does not say."""
        _status, rows = self.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
        text = b" ".join(row for row in rows or () if isinstance(row, bytes))
        _before, _key, after = text.partition(b"RFC822.SIZE ")
        digits = after.split(b")")[0].split(b" ")[0]
        return int(digits) if digits.isdigit() else 0

    def message(self, uid: int) -> bytes:
        """The bytes of a message; empty where the server does not hand it out."""
        return self.part(uid, "(BODY.PEEK[])")

    def header(self, uid: int) -> bytes:
        """The header of a message, for one that is too large."""
        return self.part(uid, f"(BODY.PEEK[HEADER]<0.{MAX_HEADER_BYTES}>)")

    def part(self, uid: int, what: str) -> bytes:
        """Part of a message; empty where it is not handed out. Raises LiteralTooLarge."""
        try:
            status, rows = self.client.uid("FETCH", str(uid), what)
        except imaplib.IMAP4.abort as error:
            if self.client.is_overrun:
                raise LiteralTooLarge(str(error)) from error
            raise
        parts = [row[1] for row in rows or () if isinstance(row, tuple) and len(row) > 1]
        return bytes(parts[0]) if status == "OK" and parts else b""

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Set `\\Seen`; a message that is gone is none to mark."""
        if uids:
            numbers = ",".join(map(str, uids))
            status, _rows = self.client.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Seen)")
            if status != "OK":
                raise self.client.error("STORE refused")

    def close(self) -> None:
        """Log out, and close the connection whatever the server says."""
        with suppress(OSError, *PROTOCOL_ERRORS):
            if not self.client.is_overrun:
                self.client.logout()
        with suppress(OSError):
            self.client.shutdown()


@contextmanager
def open_mailbox(
    address: MailboxAddress,
    *,
    username: str,
    password: str,
    max_bytes: int,
    timeout_seconds: float,
) -> Iterator[Mailbox]:
    """A mailbox after log-in, all within `timeout_seconds`. Raises FetchFailed, also for what fails in the
    block."""
    deadline = time.monotonic() + timeout_seconds
    mailbox: Mailbox | None = None
    try:
        addresses = resolve_target(address.target, timeout_seconds=timeout_seconds)
        connection = PinnedConnection(address.target, addresses=addresses)
        connection.set_deadline(deadline)
        mailbox = Mailbox(connection, max_bytes=max_bytes)
        is_ascii = username.isascii() and password.isascii()
        log_in = mailbox.login if is_ascii else mailbox.login_utf8
        log_in(username, password, initial_folder=None)
        yield mailbox
    except (OSError, ForbiddenAddress, *PROTOCOL_ERRORS) as error:
        raise FetchFailed(sentence_of(error, address)) from error
    finally:
        if mailbox:
            mailbox.close()


def sentence_of(error: Exception, address: MailboxAddress) -> str:
    """Why a mailbox could not be fetched, in words."""
    if isinstance(error, (ForbiddenAddress, OSError)):
        return connection_failure(error)
    if isinstance(error, MailboxLoginError):
        return _("The mail server refuses this user name or password.")
    if isinstance(error, MailboxFolderSelectError):
        return _("There is no folder %(folder)s in this mailbox.") % {"folder": address.folder}
    return _("The mail server broke off, or does not speak IMAP.")
