"""Search result and share card of a story, and how much of its words each service shows. Pure.

The services cut by width, not by characters: a Hangul syllable is about as wide as two Latin letters. The
limits are what their results and cards show of Korean text on a computer or a phone; they change without
notice, so that they are hints and never rules.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.syndication.structured_data import share_photo
from newsroom.text.normalization import normalize_line

ELLIPSIS = "…"


@dataclass(frozen=True)
class Service:
    """A service and the width that it shows of a title and of a description, in Hangul syllables."""

    name: Any
    title_width: int
    description_width: int


SERVICES = (
    Service(_("Google"), 30, 78),
    Service(_("Naver"), 40, 80),
    Service(_("KakaoTalk"), 34, 40),
)
SEARCH_RESULT = SERVICES[0]


@dataclass(frozen=True)
class Fit:
    """How a text fits into one service."""

    service: Any
    limit: int
    is_cut: bool


def display_width(text: str) -> float:
    """The width of a text in Hangul syllables; narrow characters count half."""
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return wide + (len(text) - wide) / 2


def cut_to_width(text: str, width: float) -> str:
    """The beginning of a text that is at most this wide, with an ellipsis where something is cut off."""
    if display_width(text) <= width:
        return text
    shown = text
    while display_width(shown) > width - display_width(ELLIPSIS):
        shown = shown[:-1]
    return shown.rstrip() + ELLIPSIS


def fits_of(text: str, part: str) -> list[Fit]:
    """How a text fits into each service; `part` is `title` or `description`."""
    width, limits = display_width(text), [(s.name, getattr(s, f"{part}_width")) for s in SERVICES]
    return [Fit(name, limit, is_cut=width > limit) for name, limit in limits]


def snippets_of(page: dict[str, Any], slug: str) -> dict[str, Any]:
    """What the template shows of the page data of a story: texts, their lengths, and the photo."""
    title, description = page["seo"]["title"], normalize_line(page["seo"]["description"])
    photo = share_photo(page)
    return {
        "site": page["seo"]["open_graph"]["og:site_name"],
        "host": settings.SITE_URL.partition("://")[2],
        "title": title,
        "description": description,
        "title_in_result": cut_to_width(title, SEARCH_RESULT.title_width),
        "description_in_result": cut_to_width(description, SEARCH_RESULT.description_width),
        "crumbs": f"articles › {slug}",
        "photo": photo["sources"][-1]["url"].removeprefix(settings.SITE_URL) if photo else "",
        "counts": [
            (pgettext_lazy("search", "Title"), len(title), fits_of(title, "title")),
            (_("Description"), len(description), fits_of(description, "description")),
        ],
        "is_description_missing": not description,
    }
