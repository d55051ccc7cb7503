"""System checks of the assistant's settings: what could never be asked is refused at the start."""

import math
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@checks.register()
def check_assistant(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """desk.E001: ASSISTANT_URL, ASSISTANT_KEY or ASSISTANT_TIMEOUT_SECONDS is unusable."""
    return [checks.Error(str(sentence), id="desk.E001") for sentence in faults_of_assistant()]


def faults_of_assistant() -> Iterator[str | Promise]:
    if settings.ASSISTANT_URL and not is_http_address(settings.ASSISTANT_URL):
        yield _("ASSISTANT_URL is no http or https address, such as http://127.0.0.1:8080/v1.")
    key = settings.ASSISTANT_KEY
    if not (key.isascii() and key.isprintable()):
        yield _(
            "ASSISTANT_KEY has characters that no HTTP header can have. Use the key's ASCII text."
        )
    seconds = settings.ASSISTANT_TIMEOUT_SECONDS
    if not (math.isfinite(seconds) and seconds > 0):
        yield _("ASSISTANT_TIMEOUT_SECONDS must be a number of seconds above 0.")


def is_http_address(address: str) -> bool:
    """Whether it has a scheme, a host, a valid port if any, and neither query nor white space."""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    is_plain = address.isascii() and address.isprintable() and " " not in address
    is_base = not (parts.query or parts.fragment)
    return is_plain and is_base and parts.scheme in {"http", "https"} and bool(parts.hostname)
