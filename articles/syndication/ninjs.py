"""IPTC ninjs 3.1 representation of an article, the JSON format of news agencies. Pure.

`uri` is the permanent identifier of the article; its URL is among the renditions.  Public data only:
neither embargo nor expiry.
"""

from typing import Any

from django.conf import settings

from articles.body_blocks import syndicated_body
from newsroom.http.canonical_urls import absolute_url

NINJS_SCHEMA_URL = "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"
NINJS_STANDARD = {"name": "ninjs", "version": "3.1", "schema": NINJS_SCHEMA_URL}
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = ("trainedAlgorithmicMedia", "Trained Algorithmic Media")
ASSISTED = ("compositeWithTrainedAlgorithmicMedia", "Composite With Trained Algorithmic Media")


def build_ninjs(page: dict[str, Any], *, uri: str, paper: str, notice: str) -> dict[str, Any]:
    """The ninjs object of a page of the API (`represent_page`), without empty properties.

    `uri` is the permanent URN, `notice` the copyright line.
    """
    item = {
        "uri": uri,
        "type": "text",
        "representationType": "full",
        "standard": NINJS_STANDARD,
        "version": str(page["edition"]),
        "firstCreated": page["published_at"],
        "versionCreated": page["updated_at"],
        "contentCreated": page["published_at"],
        "pubStatus": "usable",
        "language": settings.LANGUAGE_CODE,
        "copyrightHolder": paper,
        "copyrightNotice": notice,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": page["headline"]}],
        "descriptions": ninjs_descriptions(page),
        "bodies": [
            {
                "role": "main",
                "contentType": "text/html",
                "value": syndicated_body(page["body_html"]),
            }
        ],
        "by": " · ".join(
            f"{author['name']} {author['title']}".strip() for author in page["authors"]
        ),
        "infoSources": [*map(ninjs_author, page["authors"]), *ninjs_info_sources(page["source"])],
        "subjects": ninjs_subjects(page),
        "slugline": page["slug"],
        "renditions": [{"name": "web", "href": page["url"], "contentType": "text/html"}],
        "associations": ninjs_associations(page["lead_photo"]),
        "digitalSourceType": page["ai_disclosure"]
        and ninjs_source_type(page["ai_disclosure"]["kind"]),
    }
    return {name: value for name, value in item.items() if value}


def ninjs_descriptions(page: dict[str, Any]) -> list[dict[str, str]]:
    """The deck, then the three summary points."""
    deck = [("deck", page["deck"])] if page["deck"] else []
    lines = [*deck, *(("summary", line) for line in page["summary"])]
    return [{"role": role, "contentType": "text/plain", "value": text} for role, text in lines]


def ninjs_author(author: dict[str, str]) -> dict[str, str]:
    return {
        "name": author["name"],
        "role": "author",
        "uri": absolute_url(f"/authors/{author['slug']}/"),
    }


def ninjs_info_sources(source: dict[str, str] | None) -> list[dict[str, str]]:
    """The source of the text, if it is not our own."""
    if source is None:
        return []
    item = {"name": source["name"], "role": "origfeed", "uri": source["url"]}
    return [{name: value for name, value in item.items() if value}]


def ninjs_subjects(page: dict[str, Any]) -> list[dict[str, str]]:
    """The section and the tags, each with its URL."""
    section = [("section", "sections", page["section"])] if page["section"] else []
    terms = [*section, *(("tag", "tags", tag) for tag in page["tags"])]
    return [
        {"name": term["name"], "rel": rel, "uri": absolute_url(f"/{path}/{term['slug']}/")}
        for rel, path, term in terms
    ]


def ninjs_associations(photo: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The lead photo with all renditions; its `uri` is that of the widest."""
    if not photo or not photo["sources"]:
        return []
    item = {
        "name": "lead photo",
        "rel": "mainPicture",
        "uri": photo["sources"][-1]["url"],
        "type": "picture",
        "title": photo["alt"],
        "descriptions": [{"role": "caption", "value": photo["caption"]}]
        if photo["caption"]
        else [],
        "by": photo["credit"],
        "renditions": [ninjs_rendition(source) for source in photo["sources"]],
    }
    return [{name: value for name, value in item.items() if value}]


def ninjs_rendition(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": f"{source['width']}w",
        "href": source["url"],
        "contentType": source["type"],
        "width": source["width"],
        "height": source["height"],
    }


def ninjs_source_type(kind: str) -> dict[str, str]:
    """IPTC digital source type of AI use: all generated, or a part."""
    code, name = GENERATED if kind == "generated" else ASSISTED
    return {"name": name, "uri": f"{SOURCE_TYPES}{code}"}
