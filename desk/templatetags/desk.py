"""Template filters of the desk: machine-readable times, names of formatting, invisible characters."""

import re

from django import template
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy

from audit.verbs import verb_label
from newsroom.text import dates

register = template.Library()
register.filter("verb_label", verb_label)
register.filter("rfc3339", dates.rfc3339_seconds)
MARK_LABELS: dict[str, str | Promise] = {
    "strong": pgettext_lazy("formatting", "bold"),
    "em": pgettext_lazy("formatting", "italic"),
    "s": pgettext_lazy("formatting", "struck through"),
    "u": pgettext_lazy("formatting", "underlined"),
    "sub": pgettext_lazy("formatting", "subscript"),
    "sup": pgettext_lazy("formatting", "superscript"),
    "code": pgettext_lazy("formatting", "code"),
    "small": pgettext_lazy("formatting", "credit"),
}


@register.filter
def mark_label(mark: str) -> str:
    """The name of a formatting (`strong`) for people; anything else, such as a link, as it is."""
    return str(MARK_LABELS.get(mark, mark))


# Zero-width characters, bidirectional controls, fillers, tags: readers see nothing of them.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)


@register.filter
def reveal(text: str) -> SafeString:
    """The text with its invisible characters as their code points, so that a moderator sees them."""
    pieces, end = [], 0
    for match in INVISIBLE.finditer(text):
        pieces.append(conditional_escape(text[end : match.start()]))
        shown = format_html('<span class="invisible">U+{}</span>', f"{ord(match[0]):04X}")
        pieces.append(shown)
        end = match.end()
    pieces.append(conditional_escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308  # every piece is escaped above
