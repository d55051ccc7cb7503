"""Fragments of pages, rendered once for each set of values they show.

Cards, the layout and the forms of a thread are the same on many pages, and take most of the time of
rendering one (docs/performance.md).

A fragment is a template that reads nothing but its values, which are its key together with the language:
whatever changes, a title or a count of comments, has another key. So nothing is ever invalidated.
"""

import sys
import threading
from hashlib import blake2b
from typing import Any

import orjson
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Of about 3,000 characters each, of two bytes where one of them is Korean. The oldest go first.
MAX_FRAGMENTS, MAX_BYTES = 3_000, 32 * 1024**2


class Fragments:
    """HTML by the digest of its values: at most MAX_FRAGMENTS, and at most MAX_BYTES of memory."""

    def __init__(self) -> None:
        self.html: dict[bytes, SafeString] = {}
        self.size = 0
        self.guard = threading.Lock()

    def store(self, key: bytes, html: SafeString) -> None:
        size = sys.getsizeof(html)
        with self.guard:
            if key in self.html or size > MAX_BYTES:
                return
            while len(self.html) >= MAX_FRAGMENTS or self.size + size > MAX_BYTES:
                self.size -= sys.getsizeof(self.html.pop(next(iter(self.html))))
            self.html[key] = html
            self.size += size

    def clear(self) -> None:
        with self.guard:
            self.html.clear()
            self.size = 0


FRAGMENTS = Fragments()


def render_fragment(template: str, values: dict[str, Any]) -> SafeString:
    """The HTML of a template with these values: plain texts, numbers, dates, lists and dicts.

    That of a preview (`is_preview`) is not stored: hardly anybody sees it twice.
    """
    if settings.DEBUG or values.get("is_preview"):  # the template may have been changed
        return render_anew(template, values)
    described = orjson.dumps(
        (template, get_language(), settings.SITE_URL, values),
        default=describe,
        option=orjson.OPT_PASSTHROUGH_SUBCLASS,
    )
    key = blake2b(described, digest_size=16).digest()
    html = FRAGMENTS.html.get(key)
    if html is None:
        html = render_anew(template, values)
        FRAGMENTS.store(key, html)
    return html


def describe(value: Any) -> Any:
    """What a value of another type is in a key. HTML is another value than the same text, which is escaped.

    Raises TypeError for a model instance and the like, whose values may change.
    """
    if isinstance(value, SafeString):
        return {"html": "".join(value)}
    plain: Any
    for plain in (str, int, dict, list):
        if isinstance(value, plain):
            return plain(value)
    raise TypeError(f"{type(value).__name__} is no value of a fragment")


def render_anew(template: str, values: dict[str, Any]) -> SafeString:
    loaded: Any = get_template(template)
    compiled: Template = loaded.template
    return compiled.render(Context(values))
