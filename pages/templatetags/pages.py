"""Template filters of the pages: times, URLs, bylines, labels, JSON-LD."""

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.syndication import structured_data
from newsroom.text import dates
from pages import fragments, labels

register = template.Library()
register.filter("author_byline", labels.author_byline)
register.filter("role_label", labels.role_label)
register.filter("correction_label", labels.correction_label)
register.filter("ai_sentence", labels.ai_sentence)
register.filter("rfc3339", dates.rfc3339_seconds)
register.filter("share_photo", structured_data.share_photo)


@register.filter
def local_time(at: str | datetime | None) -> str:
    """A time as `2026.11.21 18:00` in Seoul; takes a datetime or the API's ISO 8601 text."""
    if not at:
        return ""
    time = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{timezone.localtime(time):%Y.%m.%d %H:%M}"


@register.filter
def site_path(url: str) -> str:
    """A URL of this site without scheme and host, so that pages work under any host name."""
    return url.removeprefix(settings.SITE_URL)


@register.filter
def srcset(photo: dict[str, Any]) -> str:
    """The value of `srcset`: the renditions of a photo with their widths."""
    return ", ".join(f"{site_path(file['url'])} {file['width']}w" for file in photo["sources"])


@register.filter
def side_labels(sides: list[dict[str, Any]]) -> str:
    """The labels of a poll's sides, joined: 찬/반."""
    return "/".join(side["label"] for side in sides)


@register.filter
def complement(share: int | None) -> int:
    """100 minus a percentage."""
    return 100 - (share or 0)


@register.filter
def menu_place(path: str, sections: list[dict[str, str]]) -> str:
    """The path where the layout depends on it: in the menu, and in the search form."""
    places = {"/articles/", "/search/", *(section["url"] for section in sections or ())}
    return path if path in places else ""


@register.filter
def only(values: dict[str, Any], names: str) -> dict[str, Any]:
    """These of the values, by their names with spaces between."""
    return {name: values[name] for name in names.split()}


@register.simple_tag
def asset(path: str) -> str:
    """The URL of a static file, as `static` gives it; found once, since a page names ten of them."""
    return static(path) if settings.DEBUG else cached_static(path)


cached_static = cache(static)


@register.simple_tag
def fragment(template_name: str, **values: Any) -> SafeString:
    """A template with these values, and no others (pages/fragments.py)."""
    return fragments.render_fragment(template_name, values)


@register.simple_tag
def news_article(page: dict[str, Any]) -> SafeString:
    """The script element with the page's JSON-LD (NewsArticle)."""
    return structured_data.json_ld_script(page["seo"]["json_ld"])
