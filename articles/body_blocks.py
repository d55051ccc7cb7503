"""Blocks of a frozen body that are resolved when it is read or syndicated: related boxes, embeds. Pure.

A related box names articles by their permanent identifiers. Readers get links to those that are live; a box
without any is left out, so that nothing is told of the others (docs/body.md).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import override, pgettext

from articles.models import RELATED_BOX_MARK
from articles.models.identifiers import article_path

RELATED_BOX = re.compile(r'<aside class="related-box" data-related="([0-9a-f -]*)"></aside>')
FILLED_RELATED_BOX = re.compile(r'<aside class="related-box">.*?</aside>', re.DOTALL)
EMBED_MARK = '<figure class="embed"'
EMBED = re.compile(r'<figure class="embed"[^<>]*>(<p class="embed-link">)(.*?)</figure>', re.DOTALL)
EMBED_LINK = re.compile(r'<p class="embed-link">.*?</p>', re.DOTALL)


class BoxedLink(NamedTuple):
    """A live article as a related box shows it."""

    slug: str
    headline: str


def boxed_ids(html: str) -> list[UUID]:
    """The identifiers of the articles in the related boxes of a body, each once."""
    if RELATED_BOX_MARK not in html:
        return []
    return list(
        dict.fromkeys(UUID(uid) for box in RELATED_BOX.findall(html) for uid in box.split())
    )


def fill_related_boxes(html: str, links: Mapping[UUID, BoxedLink]) -> str:
    """The body with links in place of the identifiers that are in `links`; the others are left out."""
    if RELATED_BOX_MARK not in html:
        return html
    return RELATED_BOX.sub(
        lambda box: render_related_box(
            [links[uid] for uid in map(UUID, box[1].split()) if uid in links]
        ),
        html,
    )


def render_related_box(links: Iterable[BoxedLink]) -> str:
    items = "".join(
        f'<li><a href="{escape(article_path(link.slug))}">{escape(link.headline)}</a></li>'
        for link in links
    )
    if not items:
        return ""
    title = escape(related_box_title())
    return (
        f'<aside class="related-box"><p class="related-title">{title}</p><ul>{items}</ul></aside>'
    )


@cache
def related_box_title() -> str:
    """In the language of the site, as the body is."""
    with override(settings.LANGUAGE_CODE):
        return pgettext("body", "Related articles")


def syndicated_body(html: str) -> str:
    """The body for feeds and agencies: without related boxes, and with embeds as plain links."""
    html = FILLED_RELATED_BOX.sub("", fill_related_boxes(html, {}))
    return EMBED.sub(r"<figure><p>\2</figure>", html) if has_embed(html) else html


def has_embed(html: str) -> bool:
    """Whether a rendered body has an embed."""
    return EMBED_MARK in html


def without_embed_links(html: str) -> str:
    """The body without the links of its embeds, which are no text of the story."""
    return EMBED_LINK.sub("", html) if has_embed(html) else html
