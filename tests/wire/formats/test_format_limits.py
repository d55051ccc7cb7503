"""Limits of structured formats: broken, hostile and very large documents are refused with a sentence."""

import json
from collections.abc import Callable

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.errors import Refused
from tests.support.formats.wire_documents import (
    ANPA_1312,
    IPTC_7901,
    mail,
    only_story,
    parse_as,
    parsed,
    sample,
)
from wire.errors import Malformed, NoStory, TooComplex, TooLarge, TooManyStories
from wire.labels import STRUCTURED_WARNINGS, WARNINGS, warning_sentences
from wire.parsers.ninjs import documents
from wire.parsers.xml_documents import MAX_DEPTH, MAX_DOCUMENT_BYTES, MAX_TAGS

HTML = "<p>가상시는 <b>강변길</b>을 연다.</p>"
DELIVERIES: dict[str, tuple[str, bytes]] = {
    "NewsML-G2": ("newsml_g2", sample("newsml_g2_text.xml")),
    "message": ("newsml_g2", sample("newsml_g2_message.xml")),
    "NITF": ("nitf", sample("nitf.xml")),
    "ninjs 1": ("ninjs", sample("ninjs_1.json")),
    "ninjs 3": ("ninjs", sample("ninjs_3.json")),
    "RSS": ("feed", sample("rss.xml")),
    "RSS 1.0": ("feed", sample("rss_1.xml")),
    "Atom": ("feed", sample("atom.xml")),
    "IPTC 7901": ("iptc7901", IPTC_7901.encode()),
    "ANPA 1312": ("iptc7901", ANPA_1312.encode()),
    "mail": ("email", mail(html=HTML, files=[("a.json", "application/json", sample("ninjs_3.json"))])),
}  # fmt: skip
ENTITIES = '<!DOCTYPE nitf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def is_read_or_refused(slug: str, raw: bytes) -> bool:
    """Whether the delivery is parsed to stories with headlines or refused in a sentence."""
    try:
        stories = parse_as(slug, raw).stories
    except Refused as refusal:
        return bool(str(refusal))
    return bool(stories)


@pytest.mark.parametrize("name", DELIVERIES)
def test_delivery_cut_off_at_any_byte_is_read_or_refused(name: str) -> None:
    slug, raw = DELIVERIES[name]

    assert all(is_read_or_refused(slug, raw[:end]) for end in range(len(raw)))


@pytest.mark.parametrize("name", [n for n, (slug, _raw) in DELIVERIES.items() if slug != "email"])
def test_document_that_is_cut_off_gives_no_story(name: str) -> None:
    slug, raw = DELIVERIES[name]
    for end in range(1, len(raw.rstrip(b" \t\r\n\x16\x04")) - 30, 97):
        with pytest.raises(Refused):
            parse_as(slug, raw[:end])


@pytest.mark.parametrize("name", DELIVERIES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_delivery_is_read_or_refused(name: str, data: st.DataObject) -> None:
    slug, raw = DELIVERIES[name]
    start = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 200))
    other = data.draw(
        st.binary(max_size=40) | st.sampled_from([b"<", b'"', b"{}", b"\x00", b"&x;"])
    )

    assert is_read_or_refused(slug, raw[:start] + other + raw[start + length :])


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(
    changes=st.dictionaries(
        st.sampled_from(sorted(json.loads(sample("ninjs_1.json")))), JSON_VALUES
    )
)
def test_ninjs_of_any_types_is_read_or_refused(changes: dict[str, object]) -> None:
    item = {**json.loads(sample("ninjs_1.json")), **changes}

    assert is_read_or_refused("ninjs", json.dumps(item).encode())


@pytest.mark.parametrize("name", ["NewsML-G2", "NITF", "RSS", "Atom"])
def test_declared_entities_are_refused(name: str) -> None:
    slug, raw = DELIVERIES[name]
    text = raw.decode()
    start = text.index("?>") + 2
    for encoding in ("utf-8", "utf-16"):
        hostile = (text[:start] + ENTITIES + text[start:]).encode(encoding)
        with pytest.raises(TooComplex):
            parse_as(slug, hostile)
        with pytest.raises(TooComplex):
            parsed(hostile)  # recognised all the same


def test_external_files_are_not_opened() -> None:
    raw = sample("nitf.xml").replace(
        b'SYSTEM "http://www.nitf.org/IPTC/NITF/3.6/specification/dtd/nitf-3-6.dtd"',
        b'SYSTEM "file:///etc/passwd"',
    )

    assert only_story(raw).headline == "River path reopens in Gasang"


TOO_MUCH: list[tuple[str, Callable[[], bytes], type[Refused]]] = [
    ("nitf", lambda: b"<nitf>" + b"<block>" * MAX_DEPTH + b"</block>" * MAX_DEPTH + b"</nitf>", TooComplex),
    ("nitf", lambda: b"<nitf>" + b"<p/>" * (MAX_TAGS + 1) + b"</nitf>", TooComplex),
    ("nitf", lambda: b"<nitf>" + b" " * MAX_DOCUMENT_BYTES + b"</nitf>", TooLarge),
    ("nitf", lambda: b"<nitf>" + b"<p>" * 100_000, Malformed),
    ("feed", lambda: b"<rss><channel>" + b"<item/>" * 10_001 + b"</channel></rss>", TooManyStories),
    ("feed", lambda: b"<rss><channel></channel></rss>", NoStory),
    ("newsml_g2", lambda: b"<newsMessage/>", NoStory),
    ("ninjs", lambda: b'{"uri":' + b"[" * 65 + b"]" * 65 + b"}", TooComplex),
    ("ninjs", lambda: b'{"uri":' + b"[" * 1_000_000, TooComplex),
    ("ninjs", lambda: b'{"uri":"a","version":' + b"9" * 5000 + b"}", Malformed),
    ("ninjs", lambda: b"[]", NoStory),
    ("ninjs", lambda: b'{"uri":"' + b"x" * MAX_DOCUMENT_BYTES + b'"}', TooLarge),
    ("email", lambda: b"Subject: x\r\n\r\n" + b"x" * MAX_DOCUMENT_BYTES, TooLarge),
    ("iptc7901", lambda: b"\x01GAS1 2 i 1\r\n\x02" + b"x" * MAX_DOCUMENT_BYTES, TooLarge),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "build", "refusal"), TOO_MUCH)
def test_documents_above_a_limit_are_refused(
    slug: str, build: Callable[[], bytes], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        parse_as(slug, build())


REFUSALS: list[Callable[[], Refused]] = [
    lambda: Malformed("NITF"),
    lambda: NoStory("RSS/Atom"),
    lambda: TooComplex.nested(100),
    lambda: TooComplex.tags(5),
    lambda: TooManyStories(7),
    TooComplex.entities,
]


@pytest.mark.parametrize("refuse", REFUSALS)
def test_refusals_are_sentences_in_both_languages(refuse: Callable[[], Refused]) -> None:
    with translation.override("en"):
        english = str(refuse())
    with translation.override("ko"):
        korean = str(refuse())

    assert english.endswith(".")
    assert korean.endswith(".")
    assert english != korean


def test_brackets_inside_strings_are_not_depth() -> None:
    text = json.dumps({"a": "[" * 500 + '"' + "{" * 500})
    documents.require_shallow(text)
    with pytest.raises(TooComplex):
        documents.require_shallow(text.replace('"', ""))


def test_formats_are_recognised_from_the_bytes() -> None:
    for name, (slug, raw) in DELIVERIES.items():
        assert parsed(raw).format == slug, name
        if raw.startswith(b"<"):
            assert (
                parsed(raw.decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16")).format == slug
            )
            assert parsed(b"\xef\xbb\xbf\n" + raw).format == slug


def test_every_warning_of_structured_formats_has_a_sentence() -> None:
    headless = json.dumps({"uri": "a", "body_html": "<p>글이다.</p><script>x</script>"}).encode()
    broken = sample("rss.xml").replace("시간 없는 소식".encode(), "시간 & 소식".encode())
    picture = b'<itemClass qcode="ninat:picture"/>'
    withheld = sample("newsml_g2_message.xml").replace(
        picture, picture + b'<pubStatus qcode="stat:withheld"/>'
    )
    deliveries = {"ninjs": headless, "feed": broken, "newsml_g2": withheld}
    stories = [story for name, raw in deliveries.items() for story in parse_as(name, raw).stories]
    codes = {code for story in stories for code in story.warnings}

    assert codes - WARNINGS.keys() == STRUCTURED_WARNINGS.keys()
    assert not set(warning_sentences(STRUCTURED_WARNINGS)) & STRUCTURED_WARNINGS.keys()
