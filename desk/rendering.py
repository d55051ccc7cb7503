"""HTML sanitizer and renderer of bodies. Pure: text in, text out.

The forms of the blocks, stored and rendered, are in docs/body.md.
"""

import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from hashlib import sha256
from html import unescape
from typing import NamedTuple

import nh3
from django.conf import settings
from django.utils.html import escape
from django.utils.translation import override, pgettext

from articles.models import PHOTO_URL_PREFIX
from media.models import Photo
from media.representation import photo_file_path
from newsroom.text.embeds import find_embed
from newsroom.text.html_normalizer import LINK_SCHEMES, normalize_html
from newsroom.text.html_normalizer.related_boxes import BOXED_IDS

PHOTO_PATH = PHOTO_URL_PREFIX
ALLOWED_TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "br",
    "hr",
    "strong",
    "em",
    "u",
    "s",
    "sub",
    "sup",
    "small",
    "code",
    "pre",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "aside",
    "figure",
    "img",
    "figcaption",
    "table",
    "tbody",
    "tr",
    "th",
    "td",
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "p": {"lang"},
    "blockquote": {"lang", "cite", "class"},
    "aside": {"class", "data-related"},
    "figure": {"data-embed"},
}
ALLOWED_CLASSES = {"blockquote": {"pull-quote"}, "aside": {"fact-box", "related-box"}}
PHOTO_KEY = re.compile(re.escape(PHOTO_PATH) + r"([A-Za-z0-9_-]{8,24})/")
PHOTO_FILE = re.compile(PHOTO_KEY.pattern + r"[0-9]+\.[a-z]+")
# Of sanitized HTML, whose attributes are all in double quotes.
IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")+)>')
ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
FIGURE = re.compile(
    r'<figure>(<img(?: [a-z]+="[^"]*")+>)(?:<figcaption>(.*?)</figcaption>)?</figure>', re.DOTALL
)
EMBED_FIGURE = re.compile(r'<figure data-embed="([^"]*)">(.*?)</figure>', re.DOTALL)
CREDIT = re.compile(r"(?<!\s)(?<!<figcaption>)<small>")  # without a space before it
IMAGE_SIZES = "(min-width: 48rem) 45rem, 100vw"  # of the column of text on our pages


class CleanBody(NamedTuple):
    """A sanitized body, and what was removed from the given one: `iframe`, `a[href]`."""

    html: str
    dropped: tuple[str, ...]


class RecentTexts:
    """The SHA-256 of the texts that were added last, for each process."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.lock = threading.Lock()
        self.digests = OrderedDict[bytes, None]()  # the oldest first

    def has(self, text: str) -> bool:
        return digest_of(text) in self.digests

    def add(self, text: str) -> None:
        digest = digest_of(text)
        with self.lock:
            self.digests[digest] = None
            self.digests.move_to_end(digest)
            if len(self.digests) > self.size:
                self.digests.popitem(last=False)


def digest_of(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()


sanitized_bodies = RecentTexts(size=1000)


def clean_body(html: str) -> str:
    """The sanitized body; see `sanitize_body`."""
    return sanitize_body(html).html


def sanitize_body(html: str) -> CleanBody:
    """`sanitize_html`, but a body that it has returned before in this process is returned as it is: the
    form, the action and the preview of one save ask for the same one, which takes up to a second at the
    limit of markup."""
    if sanitized_bodies.has(html):
        return CleanBody(html, ())
    clean = sanitize_html(html)
    sanitized_bodies.add(clean.html)
    return clean


def sanitize_html(html: str) -> CleanBody:
    """Reduce a body to the elements that a story needs, its meaning kept and nothing unsafe. Idempotent.

    The HTML normalizer gives it the form that the editor shows; nh3, the sanitizer, runs last.
    """
    normalized = normalize_html(html, image_source=photo_source)
    safe = nh3.clean(
        normalized.html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=allowed_value,
        url_schemes=set(LINK_SCHEMES),
        link_rel="noopener",
        strip_comments=True,
    )
    return CleanBody(safe, normalized.dropped)


def photo_source(address: str) -> str | None:
    """The path of a photo of this site, given as a path or as an absolute URL; None for any other image."""
    path = address.removeprefix(settings.SITE_URL)
    return path if PHOTO_FILE.fullmatch(path) else None


def allowed_value(element: str, attribute: str, value: str) -> str | None:
    """The value of an attribute; None for one that is removed."""
    if (element, attribute) == ("img", "src"):
        return photo_source(value)
    if attribute == "class":
        return value if value in ALLOWED_CLASSES[element] else None
    if attribute == "data-related":
        return value if BOXED_IDS.fullmatch(value) else None
    if attribute == "data-embed":
        return embed.url if (embed := find_embed(value)) else None
    if attribute == "cite" and not value.lower().startswith(("http://", "https://")):
        return None  # browsers do not follow it, other programs might
    return value


def render_body(body: str, photos: Mapping[str, Photo]) -> str:
    """The HTML that readers get of a body, with its photos by their keys (docs/body.md).

    Photos come with the sizes of their files and a credit, load when they come into view, and vanish where
    they are not in `photos`. Embeds become a link that a script may replace by a frame. Related boxes stay
    as they are: what they show is decided when the body is read (`articles.body_blocks`).
    """
    html = clean_body(body)
    if PHOTO_PATH in html:
        html = FIGURE.sub(lambda figure: photo_figure(figure, photos), html)
        html = IMAGE.sub(lambda image: sized_image(image, photos), html)
    if "data-embed=" in html:
        html = EMBED_FIGURE.sub(embed_figure, html)
    return CREDIT.sub(" <small>", html).replace("<small>", '<small class="credit">')


def library_texts_in(body: str, photos: Mapping[str, Photo]) -> dict[str, dict[str, str]]:
    """{photo key: texts} that `render_body` takes of these photos because the body has none of its own."""
    texts = defaultdict[str, dict[str, str]](dict)
    html = clean_body(body) if PHOTO_PATH in body else ""
    for figure in FIGURE.finditer(html):
        key = PHOTO_KEY.search(figure[1])
        if key and key[1] in photos and not has_credit(figure[2] or ""):
            texts[key[1]]["credit"] = photos[key[1]].credit
    for image in IMAGE.finditer(html):
        attributes = dict(ATTRIBUTE.findall(image[1]))
        key = PHOTO_KEY.match(attributes.get("src", ""))
        if key and key[1] in photos and "alt" not in attributes:
            texts[key[1]]["alt"] = photos[key[1]].alt
    return dict(texts)


def has_credit(caption: str) -> bool:
    return "<small>" in caption


def photo_figure(figure: re.Match[str], photos: Mapping[str, Photo]) -> str:
    """A figure whose caption ends with the credit of the library where it has none of its own."""
    key, caption = PHOTO_KEY.search(figure[1]), figure[2] or ""
    photo = photos.get(key[1]) if key else None
    if photo is None:
        return ""
    if photo.credit and not has_credit(caption):
        caption += f"<small>{escape(photo.credit)}</small>"
    return f"<figure>{figure[1]}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def sized_image(image: re.Match[str], photos: Mapping[str, Photo]) -> str:
    """An image with the sizes of its file, and the other files of the photo to choose from."""
    attributes = dict(ATTRIBUTE.findall(image[1]))
    key = PHOTO_KEY.match(attributes.get("src", ""))
    photo = photos.get(key[1]) if key else None
    if photo is None:
        return ""
    attributes.setdefault("alt", escape(photo.alt))
    files = {source["name"]: source for source in photo.sources}
    if files:
        name = attributes["src"].rpartition("/")[2]
        file = files.get(name) or photo.sources[-1]
        attributes["src"] = photo_file_path(photo, file["name"])
        if "width" not in attributes and "height" not in attributes:
            attributes |= {"width": file["width"], "height": file["height"]}
    if len(files) > 1:
        choices = (f"{photo_file_path(photo, name)} {files[name]['width']}w" for name in files)
        attributes |= {"srcset": ", ".join(choices), "sizes": IMAGE_SIZES}
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<img loading="lazy" decoding="async"{written}>'


def embed_figure(figure: re.Match[str]) -> str:
    """An embed as a link to it, with the address of its frame for a script."""
    embed = find_embed(unescape(figure[1]))
    if embed is None:
        return ""
    facts = {
        "provider": embed.provider.key,
        "name": embed.provider.name,
        "url": embed.url,
        "frame": embed.frame,
    }
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in facts.items())
    link = (
        f'<a href="{escape(embed.url)}" rel="noopener">{embed_link_text(embed.provider.name)}</a>'
    )
    return f'<figure class="embed"{data}><p class="embed-link">{link}</p>{figure[2]}</figure>'


@cache
def embed_link_text(name: str) -> str:
    """In the language of the site, as the body is."""
    with override(settings.LANGUAGE_CODE):
        return escape(pgettext("body", "Open on %(site)s") % {"site": name})


def without_other_photos(body: str, keys: Collection[str]) -> str:
    """The sanitized body without figures and images of photos whose keys are not these."""

    def image_or_nothing(image: re.Match[str]) -> str:
        key = PHOTO_KEY.search(image[1])
        return image[0] if key and key[1] in keys else ""

    if PHOTO_PATH not in body:
        return body
    return IMAGE.sub(image_or_nothing, FIGURE.sub(image_or_nothing, body))


def photo_keys_in(html: str) -> set[str]:
    """The keys of the photos of this site in a body."""
    return set(PHOTO_KEY.findall(html))
