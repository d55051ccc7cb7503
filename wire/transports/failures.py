"""Failures of connections in words, for channels and pictures."""

import ssl

from django.utils.translation import gettext as _

from outbox.errors import ForbiddenAddress


def connection_failure(error: ForbiddenAddress | OSError) -> str:
    """Why a server was not reached, or did not answer in time."""
    if isinstance(error, ForbiddenAddress):
        return str(error)
    if isinstance(error, ssl.SSLError):
        return _("The certificate of the server is not trusted: %(why)s") % {"why": error.reason}
    if isinstance(error, TimeoutError):
        return _("The server did not answer in time.")
    return _("The server cannot be reached: %(why)s") % {"why": error.strerror or error}
