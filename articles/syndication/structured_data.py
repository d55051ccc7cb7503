"""Structured data of an article page: JSON-LD (schema.org NewsArticle) and Open Graph. Pure."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from newsroom.http.canonical_urls import absolute_url
from newsroom.text.dates import rfc3339_seconds

LOGO_PATH = "/static/pages/booki.svg"
AI_GENERATED_SOURCE_TYPE = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
AI_ASSISTED_SOURCE_TYPE = "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"
# Escapes as in Django's json_script, and U+2028 and U+2029, which end lines in JavaScript.
JSON_LD_ESCAPES = {ord(c): f"\\u{ord(c):04X}" for c in "<>&\u2028\u2029"}


def build_news_article(
    page: dict[str, Any], *, identifier: str, paper: str, notice: str
) -> dict[str, Any]:
    """NewsArticle of a page of the API (`represent_page`), without empty properties.

    `identifier` is the permanent URN, `notice` the copyright line. Times are whole seconds with offset,
    URLs are absolute.
    """
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": page["url"],
        "url": page["url"],
        "identifier": identifier,
        "headline": page["headline"],
        "description": seo_description(page),
        "inLanguage": settings.LANGUAGE_CODE,
        "isAccessibleForFree": True,
        "datePublished": rfc3339_seconds(page["published_at"]),
        "dateModified": rfc3339_seconds(page["updated_at"]),
        "articleSection": section_name(page),
        "keywords": [tag["name"] for tag in page["tags"]],
        "image": image_objects(page["lead_photo"] or page["social_photo"]),
        "author": [person_object(author) for author in page["authors"]],
        "publisher": publisher_object(paper),
        "copyrightNotice": notice,
        "correction": [correction_comment(note) for note in page["corrections"]],
        "isBasedOn": page["source"] and page["source"]["url"],
        "digitalSourceType": page["ai_disclosure"]
        and digital_source_type(page["ai_disclosure"]["kind"]),
    }
    return {name: value for name, value in data.items() if value}


def build_seo(page: dict[str, Any], *, identifier: str, paper: str, notice: str) -> dict[str, Any]:
    """The `seo` object of the API for a page's <head>: canonical URL, Open Graph and JSON-LD.

    JSON-LD keeps the headline and the photo that the page shows, as search engines compare them.
    """
    photo: Any = share_photo(page)
    widest = photo["sources"][-1] if photo and photo["sources"] else None
    open_graph = {
        "og:type": "article",
        "og:site_name": paper,
        "og:title": seo_title(page),
        "og:description": seo_description(page),
        "og:url": page["url"],
        "og:locale": "ko_KR",
        "og:image": widest["url"] if widest else "",
        "og:image:width": str(widest["width"]) if widest else "",
        "og:image:height": str(widest["height"]) if widest else "",
        "og:image:alt": photo["alt"] if widest else "",
        "article:published_time": rfc3339_seconds(page["published_at"]),
        "article:modified_time": rfc3339_seconds(page["updated_at"]),
        "article:section": section_name(page),
    }
    return {
        "canonical": page["url"],
        "title": seo_title(page),
        "description": seo_description(page),
        "robots": "max-image-preview:large",
        "open_graph": {name: value for name, value in open_graph.items() if value},
        "json_ld": build_news_article(page, identifier=identifier, paper=paper, notice=notice),
    }


def seo_title(page: dict[str, Any]) -> str:
    """Title for search results and share cards: its own, or the headline without one."""
    return str(page["seo_title"] or page["headline"])


def seo_description(page: dict[str, Any]) -> str:
    """Description for search results and share cards: its own, or that of the page without one."""
    return str(page["seo_description"] or page_description(page))


def share_photo(page: dict[str, Any]) -> dict[str, Any] | None:
    """Photo of share cards: the social photo, or the lead photo without one."""
    photo: dict[str, Any] | None = page["social_photo"] or page["lead_photo"]
    return photo


def section_name(page: dict[str, Any]) -> str:
    """Name of the section; "" for the preview of a draft without one."""
    return str((page["section"] or {}).get("name", ""))


def page_description(page: dict[str, Any]) -> str:
    """Description: the deck, or the three summary points without one."""
    return page["deck"] or " · ".join(page["summary"])


def image_objects(photo: dict[str, Any] | None) -> list[dict[str, Any]]:
    if photo is None:
        return []
    widest = photo["sources"][-1]
    image = {
        "@type": "ImageObject",
        "url": widest["url"],
        "width": widest["width"],
        "height": widest["height"],
        "caption": photo["caption"],
        "creditText": photo["credit"],
    }
    return [{name: value for name, value in image.items() if value}]


def person_object(author: dict[str, str]) -> dict[str, str]:
    return {
        "@type": "Person",
        "name": author["name"],
        "url": absolute_url(f"/authors/{author['slug']}/"),
    }


def publisher_object(paper: str) -> dict[str, Any]:
    return {
        "@type": "NewsMediaOrganization",
        "name": paper,
        "url": absolute_url("/"),
        "logo": {"@type": "ImageObject", "url": absolute_url(LOGO_PATH)},
    }


def correction_comment(note: dict[str, str]) -> dict[str, str]:
    return {
        "@type": "CorrectionComment",
        "text": note["note"],
        "datePublished": rfc3339_seconds(note["at"]),
    }


def digital_source_type(kind: str) -> str:
    """IPTC digital source type of AI use: all generated, or a part."""
    return AI_GENERATED_SOURCE_TYPE if kind == "generated" else AI_ASSISTED_SOURCE_TYPE


def json_ld_script(data: dict[str, Any]) -> SafeString:
    """The data as an escaped <script type="application/ld+json"> element."""
    text = json.dumps(data, ensure_ascii=False).translate(JSON_LD_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # escaped above
