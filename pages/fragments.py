"""Fragments of pages, rendered once for each set of values they show.

Cards, the layout and the forms of a thread are the same on many pages, and take most of the time of
rendering one (docs/performance.md).

A fragment is a template that reads nothing but its values, which are its key together with the language:
whatever changes, a title or a count of comments, has another key. So nothing is ever invalidated.
"""

import threading
from hashlib import blake2b
from typing import Any

import orjson
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Of about 3 kB each. The oldest go first.
MAX_FRAGMENTS = 3_000
FRAGMENTS: dict[bytes, SafeString] = {}
guard = threading.Lock()


def render_fragment(template: str, values: dict[str, Any]) -> SafeString:
    """The HTML of a template with these values: plain texts, numbers, dates, lists and dicts."""
    if settings.DEBUG:  # the template may have been changed
        return render_anew(template, values)
    described = orjson.dumps((template, get_language(), settings.SITE_URL, values))
    key = blake2b(described, digest_size=16).digest()
    html = FRAGMENTS.get(key)
    if html is None:
        html = render_anew(template, values)
        with guard:
            if len(FRAGMENTS) >= MAX_FRAGMENTS:
                del FRAGMENTS[next(iter(FRAGMENTS))]
            FRAGMENTS[key] = html
    return html


def render_anew(template: str, values: dict[str, Any]) -> SafeString:
    loaded: Any = get_template(template)
    compiled: Template = loaded.template
    return compiled.render(Context(values))
