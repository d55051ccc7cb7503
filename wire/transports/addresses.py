"""Addresses of channels, parsed and checked, and passwords from the environment. No query, no call."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.conf.environment import env
from newsroom.http.ascii_urls import ascii_url
from outbox.errors import ForbiddenAddress
from outbox.ssrf_guard import Target, normalize_host, parse_target
from wire.channel_errors import FetchFailed
from wire.models.channels import PASSWORD_VARIABLE

IMAPS_PORT = 993


@dataclass(frozen=True)
class MailboxAddress:
    """A mailbox: the server to connect to with TLS, and the name of its folder."""

    target: Target
    folder: str


def folder_path(address: str) -> Path:
    """The folder of this name inside WIRE_FOLDERS_DIR. Raises FetchFailed for one that leads out of it."""
    root = Path(settings.WIRE_FOLDERS_DIR)
    parts = Path(address).parts
    is_inside = parts and not Path(address).is_absolute() and ".." not in parts
    if (
        not is_inside
        or "\x00" in address
        or not (root / address).resolve().is_relative_to(root.resolve())
    ):
        raise FetchFailed(_("Name a folder inside the folder for deliveries, such as “yonhap”."))
    return root / address


def feed_url(address: str) -> str:
    """The URL of a feed in ASCII. Raises FetchFailed for one that may not be called."""
    try:
        url = ascii_url(address)
        parse_target(url)
    except ValueError as error:
        raise FetchFailed(_("This is not a whole address. It begins with https://.")) from error
    except ForbiddenAddress as error:
        raise FetchFailed(str(error)) from error
    return url


def mailbox_address(address: str) -> MailboxAddress:
    """Parse `imaps://host[:port]/folder`; the folder is INBOX by default.

    Raises FetchFailed for any other form, and for a host or port that may not be called.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or IMAPS_PORT
    except ValueError:
        parts, host, port = urlsplit(""), "", 0
    if parts.scheme != "imaps" or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise FetchFailed(_("Write the mailbox as imaps://mail.example.com/INBOX."))
    if port != IMAPS_PORT and port not in settings.OUTBOX_EXTRA_PORTS:
        raise FetchFailed(
            _("Port %(port)s is not allowed; OUTBOX_EXTRA_PORTS names more.") % {"port": port}
        )
    try:
        host = normalize_host(host)
    except ForbiddenAddress as error:
        raise FetchFailed(str(error)) from error
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not folder.isprintable():
        raise FetchFailed(_("Write the mailbox as imaps://mail.example.com/INBOX."))
    # https stands for TLS: the guard and the connection know no other scheme that has it.
    return MailboxAddress(Target("https", host, port, "/"), folder)


def read_password(variable: str) -> str:
    """The password in this environment variable, or in the file that VARIABLE_FILE names; empty without a
    variable. Raises FetchFailed where it is not set."""
    if not variable:
        return ""
    if not re.fullmatch(PASSWORD_VARIABLE, variable):
        raise FetchFailed(_("The variable of a password is called WIRE_PASSWORD_…."))
    password = env.str(variable, default="")
    if not password:
        raise FetchFailed(
            _("%(variable)s is not set. Put the password into the environment of web and worker.")
            % {"variable": variable}
        )
    return str(password)
