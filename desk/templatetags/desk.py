"""Template filters of the desk: machine-readable times, names of formatting."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from newsroom.text import dates

register = template.Library()
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
