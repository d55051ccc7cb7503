"""The rich-text editor's view of a body. Pure.

Photos that no reader sees yet have no public address; the editor's browser gets them from a
staff-only one, and the body that is kept never holds that one.
"""

from django.urls import reverse

from desk.html_normalizer import LINK_SCHEMES
from desk.rendering import PHOTO_PATH

EDITOR_EXTENSIONS = {
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
    # Of desk/static/desk/paste.js, which the widget names.
    "StoryMarkup": True,
}


def staff_media_url() -> str:
    """Where staff get the files of every photo, private or not."""
    return reverse("desk-photo-file", args=["key", "name"]).removesuffix("key/name")


def to_editor_html(body: str) -> str:
    """The kept body with its photos where the editor's browser can get them."""
    return body.replace(f'src="{PHOTO_PATH}', f'src="{staff_media_url()}')


def from_editor_html(html: str) -> str:
    """The editor's HTML with its photos at their public addresses."""
    return html.replace(f'src="{staff_media_url()}', f'src="{PHOTO_PATH}')
