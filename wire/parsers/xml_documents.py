"""XML documents of agencies, by lxml: no entities, no DTD, no network, limits of size, depth and tags.

Limits: 10 MiB, 100 elements nested, 500,000 tags; declared entities are refused, named entities of HTML
are replaced. lxml is imported on first use.
"""

import re
from collections.abc import Iterator
from functools import cache
from html.entities import name2codepoint
from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsroom.text.normalization import normalize_line
from wire.decoding import DecodedText, declared_charset, decode
from wire.errors import Malformed, TooComplex, TooLarge
from wire.parsers.payload import Payload

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

MAX_DOCUMENT_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 100
MAX_TAGS = 500_000
DECLARATION = re.compile(r"<\?xml[^<>]{0,300}\?>\s*")
DECLARED_ENCODING = re.compile(
    rb"""^\s*<\?xml[^<>]{0,200}\bencoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})"""
)
NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
MISC = (
    r"\s*(?:<\?[^<>]{0,500}\?>|<!--.{0,2000}?-->|<!DOCTYPE[^<>\[]{0,500}(?:\[[^\]]{0,2000}\]\s*)?>)"
)
ROOT = re.compile(
    rf"(?:{MISC}){{0,20}}\s*<(?:[\w.\-]{{1,40}}:)?([A-Za-z][\w.\-]{{0,60}})", re.DOTALL
)


def root_name(payload: Payload) -> str:
    """The local name of the root element, from the first bytes; empty for what is no XML."""
    head = payload.head()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    match = ROOT.match(head.decode("utf-8", "replace"))
    return match[1] if match else ""


def decode_xml(payload: Payload) -> DecodedText:
    """The text of a document without its XML declaration, within the limits of size and tags.

    The charset of `Content-Type` counts before the declared one, that before the source's (RFC 7303).
    Raises TooLarge, TooComplex, Unreadable.
    """
    if len(payload.raw) > MAX_DOCUMENT_BYTES:
        raise TooLarge(MAX_DOCUMENT_BYTES)
    encoding = DECLARED_ENCODING.match(payload.raw.removeprefix(b"\xef\xbb\xbf"))
    charset = declared_charset(payload.content_type) or (
        encoding[1].decode("ascii") if encoding else payload.charset
    )
    decoded = decode(payload.raw, charset=charset)
    if decoded.text.count("<") > MAX_TAGS:
        raise TooComplex.tags(MAX_TAGS)
    if "<!ENTITY" in decoded.text:
        raise TooComplex.entities()
    decoded.text = NAMED_ENTITY.sub(
        character_of, DECLARATION.sub("", decoded.text.lstrip(), count=1)
    )
    return decoded


def character_of(entity: re.Match[str]) -> str:
    """The character that a named entity of HTML stands for, as a number; any other entity as it is."""
    name = entity[1]
    if name in XML_ENTITIES or name not in name2codepoint:
        return entity[0]
    return f"&#{name2codepoint[name]};"


def parse_xml(text: str, *, form: str) -> Element:
    """The root element. Raises Malformed with the name of the format, TooComplex."""
    etree = import_module("lxml.etree")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )
    try:
        root: Element = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed(form) from error
    if too_deep()(root):
        raise TooComplex.nested(MAX_DEPTH)
    return root


@cache
def too_deep() -> Any:
    """XPath: whether more than MAX_DEPTH elements are nested."""
    return import_module("lxml.etree").XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")


# -- Reading elements by their local names ----------------------------------------------------------------


def local_name(element: Element) -> str:
    """The name without its namespace; empty for an entity that is not resolved."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element | None, name: str) -> list[Element]:
    """The children of this name in any namespace."""
    return [] if element is None else element.findall(f"{{*}}{name}")


def first(element: Element | None, *path: str) -> Element | None:
    """The first element at the path of local names."""
    for name in path:
        element = None if element is None else element.find(f"{{*}}{name}")
    return element


def every(element: Element | None, name: str) -> Iterator[Element]:
    """The elements of this name below the element, in order."""
    return iter(()) if element is None else element.iterfind(f".//{{*}}{name}")


def text_of(element: Element | None) -> str:
    """All text in an element, with that of its inline elements, on one line."""
    return "" if element is None else normalize_line("".join(all_text(element)))


def all_text(element: Element) -> Iterator[str]:
    for text in element.itertext():
        yield str(text)


def attribute(element: Element | None, *names: str) -> str:
    """The first of the attributes that is there; empty for none."""
    if element is None:
        return ""
    return next((value.strip() for name in names if (value := element.get(name, ""))), "")
