"""What each kind of subscriber needs to be reached. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outbox.errors import Incomplete
from outbox.signing import is_secret
from outbox.ssrf_guard import place_of
from outbox.subscribers import Subscriber

PATTERN = re.compile(r"\*|[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?")
PRINTABLE = re.compile(r"[!-~]{1,500}")
INDEXNOW_KEY = re.compile(r"[A-Za-z0-9-]{8,128}")
URL = re.compile(r"https?://[!-~]{1,500}")
ID = re.compile(r"[A-Za-z0-9]{1,64}")
# The form of every setting that some kind knows; `topics` is a list of such.
OPTIONS = {
    "host": re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}"),
    "method": re.compile(r"[A-Z]{3,20}"),
    "service": ID,
    "zone": ID,
    "by": re.compile(r"tags|files|keys|paths"),
    "key_location": URL,
    "topics": URL,
}
LISTS = frozenset({"topics"})


@dataclass(frozen=True)
class Need:
    """The settings a kind must have, those it may have, and whether it has a key from outside."""

    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    has_key: bool = False
    usual_url: str = ""


NEEDS: dict[Subscriber.Kind, Need] = {
    Subscriber.Kind.WEBHOOK: Need(),
    Subscriber.Kind.PURGE_HTTP: Need(may=("host", "method", "by")),
    Subscriber.Kind.PURGE_FASTLY: Need(
        must=("service",), has_key=True, usual_url="https://api.fastly.com"
    ),
    Subscriber.Kind.PURGE_CLOUDFLARE: Need(
        must=("zone",),
        may=("by",),
        has_key=True,
        usual_url="https://api.cloudflare.com/client/v4",
    ),
    Subscriber.Kind.WEBSUB: Need(may=("topics",)),
    Subscriber.Kind.INDEXNOW: Need(
        may=("key_location",), has_key=True, usual_url="https://api.indexnow.org/indexnow"
    ),
}


PURGES = frozenset(
    {Subscriber.Kind.PURGE_HTTP, Subscriber.Kind.PURGE_FASTLY, Subscriber.Kind.PURGE_CLOUDFLARE}
)


def refuse_unfit(subscriber: Subscriber) -> None:
    """Raises Forbidden for an address we do not call, Incomplete where something is missing."""
    place_of(subscriber.url)
    kind = Subscriber.Kind(subscriber.kind)
    if kind in PURGES and "?" in subscriber.url:
        raise Incomplete(_("Leave the query out of the address."))
    refuse_odd_events(subscriber.events)
    refuse_odd_options(subscriber.options, NEEDS[kind])
    refuse_far_key_file(str(subscriber.options.get("key_location") or ""))
    if (kind == Subscriber.Kind.WEBHOOK or NEEDS[kind].has_key) and not subscriber.secrets:
        raise Incomplete(_("A key is missing: the one that the service gave you."))
    if not all(is_key(str(kept["secret"]), kind) for kept in subscriber.secrets):
        raise Incomplete(_("This key has the wrong form for this kind of subscriber."))


def refuse_odd_events(events: Any) -> None:
    if not events or not all(isinstance(e, str) and PATTERN.fullmatch(e) for e in events):
        raise Incomplete(
            _("Name the events: article.published, article.* for all of a kind, or * for all.")
        )


def refuse_odd_options(options: Any, need: Need) -> None:
    known = {*need.must, *need.may}
    if not isinstance(options, dict) or set(options) - known:
        raise Incomplete(said_of(_("These settings are known here: %(names)s."), known))
    if missing := [name for name in need.must if not options.get(name)]:
        raise Incomplete(said_of(_("These settings are missing: %(names)s."), missing))
    for name, value in options.items():
        words = value if name in LISTS and isinstance(value, list) else [value]
        if not all(isinstance(word, str) and OPTIONS[name].fullmatch(word) for word in words):
            raise Incomplete(said_of(_("These settings have the wrong form: %(names)s."), [name]))


def refuse_far_key_file(location: str) -> None:
    """IndexNow: a key file speaks for its host alone, and in a folder for that folder alone."""
    if location and urlsplit(location)[:2] != urlsplit(settings.SITE_URL)[:2]:
        raise Incomplete(_("The key file must stand on our own site."))
    if urlsplit(location).path.count("/") > 1:
        raise Incomplete(_("The key file must stand at the root: it speaks for its folder alone."))


def said_of(sentence: Promise | str, names: Iterable[str]) -> str:
    return str(sentence) % {"names": ", ".join(sorted(names)) or "–"}


def is_key(secret: str, kind: Subscriber.Kind) -> bool:
    """Whether the key can be used: a secret of ours, or something that fits into a header."""
    if kind == Subscriber.Kind.WEBHOOK:
        return is_secret(secret)
    form = INDEXNOW_KEY if kind == Subscriber.Kind.INDEXNOW else PRINTABLE
    return bool(form.fullmatch(secret))
