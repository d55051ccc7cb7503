"""Rich-text editor of the story form: its extensions, its content security policy, and its HTML.

Photos that are not public yet have no public address; the browser gets them from a staff-only one, and the
stored body always has the public address.
"""

import base64
import hashlib
import json
import re
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape
from django_prose_editor.config import DEFAULT_MENU_GROUPS
from django_prose_editor.widgets import importmap

from articles.body_blocks import RELATED_BOX, boxed_ids
from desk.admin.story.boxed_stories import headlines_of
from desk.rendering import PHOTO_PATH
from newsroom.text.embeds import EMBED_PROVIDERS
from newsroom.text.html_normalizer import LINK_SCHEMES

# Style sheet that the editor engine (ProseMirror) adds to the page. Another version of it may change it;
# the browser test of the story page then fails with the hash to put here.
ENGINE_STYLE_HASH = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
EDITOR_MODULES = ("desk/paste.js", "desk/find.js", "desk/text_count.js", "desk/blocks.js")
EDITOR_EXTENSIONS = {
    "Menu": {"groups": [*DEFAULT_MENU_GROUPS, {"group": "blocks"}]},
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Underline": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "Heading": {"levels": [2, 3, 4]},
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Link": {"enableTarget": False, "protocols": list(LINK_SCHEMES)},
    "Image": True,
    "Caption": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HTML": True,
    "NoSpellCheck": False,  # the editor's default would turn the browser's spell checker off
    # Defined in EDITOR_MODULES, which StoryEditor loads.
    "StoryMarkup": True,
    "Credit": True,
    "Embed": {
        "providers": [
            {
                "name": provider.name,
                "patterns": [pattern.replace("(?P<", "(?<") for pattern in provider.patterns],
                "address": provider.address,
            }
            for provider in EMBED_PROVIDERS
        ]
    },
    "PullQuote": True,
    "FactBox": True,
    "FindReplace": True,
    "TextCount": True,
}


def staff_media_url() -> str:
    """The path under which staff get the renditions of all photos, private or public."""
    return reverse("desk-photo-file", args=["key", "name"]).removesuffix("key/name")


def to_editor_html(body: str, *, reader: Any) -> str:
    """The stored body, its photos at the staff-only address, and related boxes with the headlines of those
    of their stories that the reader may see."""
    html = body.replace(f'src="{PHOTO_PATH}', f'src="{staff_media_url()}')
    uids = boxed_ids(html)
    headlines = headlines_of(uids, reader=reader) if uids and reader else {}

    def with_titles(box: re.Match[str]) -> str:
        titles = [headlines.get(UUID(uid), uid) for uid in box[1].split()]
        return box[0].replace(">", f' data-titles="{escape(json.dumps(titles))}">', 1)

    return RELATED_BOX.sub(with_titles, html) if uids else html


def from_editor_html(html: str) -> str:
    """The editor's HTML, its photos at the public address."""
    return html.replace(f'src="{staff_media_url()}', f'src="{PHOTO_PATH}')


@cache
def importmap_hash() -> str:
    """The CSP source of the one inline script that the editor needs, its import map (CSP3, 2.3.1)."""
    inner = str(importmap).partition(">")[2].removesuffix("</script>")
    digest = hashlib.sha256(inner.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def allow_editor_csp(response: Any) -> Any:
    """Extend the page's content security policy to the editor's script and style; read by django-csp."""
    response._csp_update = {
        "script-src": [importmap_hash()],
        "style-src": [ENGINE_STYLE_HASH],
    }
    return response
