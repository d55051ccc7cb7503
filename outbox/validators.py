"""Validation of subscribers: which settings each kind must and may have. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outbox.errors import IncompleteSubscriber
from outbox.signing import is_valid_secret
from outbox.ssrf_guard import parse_target
from outbox.subscribers import Subscriber

EVENT_PATTERN = re.compile(r"\*|[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?")
PRINTABLE_KEY = re.compile(r"[!-~]{1,500}")
INDEXNOW_KEY = re.compile(r"[A-Za-z0-9-]{8,128}")
URL_PATTERN = re.compile(r"https?://[!-~]{1,500}")
SERVICE_ID = re.compile(r"[A-Za-z0-9]{1,64}")
# The form of every option; `topics` is a list of them.
OPTION_PATTERNS = {
    "host": re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}"),
    "method": re.compile(r"[A-Z]{3,20}"),
    "service": SERVICE_ID,
    "zone": SERVICE_ID,
    "by": re.compile(r"tags|files|keys|paths"),
    "key_location": URL_PATTERN,
    "topics": URL_PATTERN,
}
LIST_OPTIONS = frozenset({"topics"})


@dataclass(frozen=True)
class KindRequirements:
    """The options that a kind must and may have, whether its service issues a key, and its usual URL."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    has_service_key: bool = False
    default_url: str = ""


REQUIREMENTS_BY_KIND: dict[Subscriber.Kind, KindRequirements] = {
    Subscriber.Kind.WEBHOOK: KindRequirements(),
    Subscriber.Kind.PURGE_HTTP: KindRequirements(optional=("host", "method", "by")),
    Subscriber.Kind.PURGE_FASTLY: KindRequirements(
        required=("service",), has_service_key=True, default_url="https://api.fastly.com"
    ),
    Subscriber.Kind.PURGE_CLOUDFLARE: KindRequirements(
        required=("zone",),
        optional=("by",),
        has_service_key=True,
        default_url="https://api.cloudflare.com/client/v4",
    ),
    Subscriber.Kind.WEBSUB: KindRequirements(optional=("topics",)),
    Subscriber.Kind.INDEXNOW: KindRequirements(
        optional=("key_location",),
        has_service_key=True,
        default_url="https://api.indexnow.org/indexnow",
    ),
}


PURGE_KINDS = frozenset(
    {Subscriber.Kind.PURGE_HTTP, Subscriber.Kind.PURGE_FASTLY, Subscriber.Kind.PURGE_CLOUDFLARE}
)


def validate_subscriber(subscriber: Subscriber) -> None:
    """Raise ForbiddenAddress for a URL that may not be called, IncompleteSubscriber for other settings."""
    parse_target(subscriber.url)
    kind = Subscriber.Kind(subscriber.kind)
    if kind in PURGE_KINDS and "?" in subscriber.url:
        raise IncompleteSubscriber(_("Leave the query out of the address."))
    validate_event_patterns(subscriber.events)
    validate_options(subscriber.options, REQUIREMENTS_BY_KIND[kind])
    validate_key_location(str(subscriber.options.get("key_location") or ""))
    needs_key = kind == Subscriber.Kind.WEBHOOK or REQUIREMENTS_BY_KIND[kind].has_service_key
    if needs_key and not subscriber.secrets:
        raise IncompleteSubscriber(_("A key is missing: the one that the service gave you."))
    if not all(is_valid_key(str(entry["secret"]), kind) for entry in subscriber.secrets):
        raise IncompleteSubscriber(_("This key has the wrong form for this kind of subscriber."))


def validate_event_patterns(events: Any) -> None:
    """Raise IncompleteSubscriber unless there are patterns: `article.published`, `article.*`, `*`."""
    if not events or not all(isinstance(e, str) and EVENT_PATTERN.fullmatch(e) for e in events):
        raise IncompleteSubscriber(
            _("Name the events: article.published, article.* for all of a kind, or * for all.")
        )


def validate_options(options: Any, requirements: KindRequirements) -> None:
    """Raise IncompleteSubscriber for options that are unknown, missing, or of the wrong form."""
    known = {*requirements.required, *requirements.optional}
    if not isinstance(options, dict) or set(options) - known:
        raise IncompleteSubscriber(
            format_with_names(_("These settings are known here: %(names)s."), known)
        )
    if missing := [name for name in requirements.required if not options.get(name)]:
        raise IncompleteSubscriber(
            format_with_names(_("These settings are missing: %(names)s."), missing)
        )
    for name, value in options.items():
        texts = value if name in LIST_OPTIONS and isinstance(value, list) else [value]
        pattern = OPTION_PATTERNS[name]
        if not all(isinstance(text, str) and pattern.fullmatch(text) for text in texts):
            raise IncompleteSubscriber(
                format_with_names(_("These settings have the wrong form: %(names)s."), [name])
            )


def validate_key_location(location: str) -> None:
    """Raise IncompleteSubscriber unless an IndexNow key file is at the root of this site.

    A key file is valid for its own host and folder alone.
    """
    if location and urlsplit(location)[:2] != urlsplit(settings.SITE_URL)[:2]:
        raise IncompleteSubscriber(_("The key file must stand on our own site."))
    if urlsplit(location).path.count("/") > 1:
        raise IncompleteSubscriber(
            _("The key file must stand at the root: it speaks for its folder alone.")
        )


def format_with_names(sentence: Promise | str, names: Iterable[str]) -> str:
    """The sentence with a list of names as %(names)s."""
    return str(sentence) % {"names": ", ".join(sorted(names)) or "–"}


def is_valid_key(secret: str, kind: Subscriber.Kind) -> bool:
    """Whether a key is a signing secret, an IndexNow key, or printable so that a header can hold it."""
    if kind == Subscriber.Kind.WEBHOOK:
        return is_valid_secret(secret)
    pattern = INDEXNOW_KEY if kind == Subscriber.Kind.INDEXNOW else PRINTABLE_KEY
    return bool(pattern.fullmatch(secret))
