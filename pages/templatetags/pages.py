"""Words of the templates: moments, addresses, bylines, the article for machines."""

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.syndication import structured_data
from newsroom.text import dates
from pages import labels

register = template.Library()
register.filter("signature", labels.author_byline)
register.filter("doer", labels.role_label)
register.filter("correction_word", labels.correction_label)
register.filter("ai_sentence", labels.ai_sentence)
register.filter("rfc3339", dates.rfc3339_seconds)
register.filter("description_of", structured_data.page_description)


@register.filter
def moment(at: str | datetime | None) -> str:
    """A moment as readers see it, `2026.11.21 18:00` in Seoul; takes what the API says (ISO 8601)."""
    if not at:
        return ""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{timezone.localtime(when):%Y.%m.%d %H:%M}"


@register.filter
def here(address: str) -> str:
    """An address of this site without its host, so that a page works under any name of the site."""
    return address.removeprefix(settings.SITE_URL)


@register.filter
def srcset(photo: dict[str, Any]) -> str:
    """The files of a photo with their widths, for the browser to choose from."""
    return ", ".join(f"{here(file['url'])} {file['width']}w" for file in photo["sources"])


@register.filter
def names(sides: list[dict[str, Any]]) -> str:
    """The labels of a poll's sides: 찬/반."""
    return "/".join(side["label"] for side in sides)


@register.filter
def rest(share: int | None) -> int:
    """What is left of 100 percent."""
    return 100 - (share or 0)


@register.simple_tag
def news_article(page: dict[str, Any]) -> SafeString:
    """The page's NewsArticle as a JSON-LD script element."""
    return structured_data.json_ld_script(page["seo"]["json_ld"])
