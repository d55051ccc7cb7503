"""Attributes of the HTML normalizer: what is kept of those of links, images, quotes, figures and boxes."""

from newsroom.text.embeds import find_embed
from newsroom.text.html_normalizer.nodes import Block, Link
from newsroom.text.html_normalizer.related_boxes import canonical_boxed_ids
from newsroom.text.normalization import normalize_line, strip_invisible_characters

LINK_SCHEMES = ("http", "https", "mailto", "tel")
FACT_BOX, PULL_QUOTE, RELATED_BOX = "fact-box", "pull-quote", "related-box"  # classes


def chosen(attributes: dict[str, str], *names: str) -> dict[str, str]:
    return {name: attributes[name] for name in names if attributes.get(name)}


def has_class(attributes: dict[str, str], name: str) -> bool:
    return name in attributes.get("class", "").split()


def container_attributes(
    tag: str, attributes: dict[str, str], *, dropped: set[str]
) -> dict[str, str]:
    """Attributes of a quote, a figure, a table or a fact box: those of any, and what makes a quote a pull
    quote and a figure an embed.

    The address of an embed is canonical; one that may not be embedded is recorded as dropped.
    """
    if tag == "aside":
        return {"class": FACT_BOX}
    own = chosen(attributes, "lang", "cite", "role")
    if tag == "blockquote" and has_class(attributes, PULL_QUOTE):
        own["class"] = PULL_QUOTE
    if tag == "figure" and "data-embed" in attributes:
        if embed := find_embed(attributes["data-embed"]):
            own["data-embed"] = embed.url
        else:
            dropped.add("figure[data-embed]")
    return own


def parse_related_box(
    attributes: dict[str, str], *, max_ids: int, dropped: set[str]
) -> Block | None:
    """A box of related articles, by their identifiers; None without any. More of them are recorded as
    dropped."""
    ids = canonical_boxed_ids(attributes["data-related"]).split()
    if len(ids) > max_ids:
        dropped.add("aside[data-related]")
    if not (ids := ids[:max_ids]):
        return None
    return Block("aside", {"class": RELATED_BOX, "data-related": " ".join(ids)})


def image_attributes(attributes: dict[str, str], *, source: str) -> dict[str, str]:
    """Attributes of an image that is shown from this address."""
    allowed = {"src": source}
    if "alt" in attributes:
        allowed["alt"] = normalize_line(strip_invisible_characters(attributes["alt"]))
    for name in ("width", "height"):
        value = attributes.get(name, "").strip()
        if value.isascii() and value.isdecimal() and len(value) < 6:
            allowed[name] = value
    return allowed


def link_of(attributes: dict[str, str], *, dropped: set[str]) -> Link | None:
    """The link of an <a>; None, recorded as dropped, where its scheme is not in LINK_SCHEMES."""
    href = (
        "".join(attributes.get("href", "").split("\n")).replace("\t", "").replace("\r", "").strip()
    )
    if not href:
        return None
    scheme, colon, _rest = href.partition(":")
    is_relative = not colon or any(sign in scheme for sign in "/?#")
    if not is_relative and scheme.lower() not in LINK_SCHEMES:
        dropped.add("a[href]")
        return None
    return Link(href, normalize_line(strip_invisible_characters(attributes.get("title", ""))))
