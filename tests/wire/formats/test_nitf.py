"""NITF: document data, head and body of a document."""

from datetime import datetime

from tests.support.formats.wire_documents import only_story, sample
from wire.embargo import Embargo
from wire.parsers.result import SEOUL, Byline, Subject

TEXT = sample("nitf.xml")


def test_document_data() -> None:
    story = only_story(TEXT)

    assert (story.identifier, story.agency_version) == ("agency.example:river-path-1", "4")
    assert story.sent_at == datetime(2026, 10, 1, 9, 0, tzinfo=SEOUL)
    assert story.expires_at == datetime(2026, 11, 1, 9, 0, tzinfo=SEOUL)
    assert (story.urgency, story.signal, story.language) == (3, "correction", "en")
    assert story.rights == "© 2026 Gasang News"
    assert story.ai_use_prohibited
    assert story.subjects == [
        Subject("keyword", "paths"),
        Subject("KR-41", "Gasang"),
        Subject("subj:04015000", "Transport"),
    ]


def test_embargoed_document_is_under_an_embargo_until_its_release() -> None:
    story = only_story(TEXT)

    assert (story.embargo, story.embargo_until) == (
        Embargo.UNTIL,
        datetime(2026, 10, 1, 18, 0, tzinfo=SEOUL),
    )
    assert story.pub_status == "usable"
    for status in ("canceled", "withheld"):
        changed = TEXT.replace(b'status="embargoed"', f'status="{status}"'.encode())
        assert only_story(changed).pub_status == status


def test_head_of_the_body() -> None:
    story = only_story(TEXT)

    assert story.headline == "River path reopens in Gasang"  # &nbsp; of a DTD that nobody loads
    assert story.deck == ["Works took three months", "The path along the river is open again."]
    assert story.bylines == [Byline("Haneul Jung", "Staff Writer")]
    assert (story.dateline.places, story.agency) == (("GASANG",), "Gasang News")


def test_blocks_media_and_private_notes_of_the_body() -> None:
    story = only_story(TEXT)

    assert [(block.kind, block.text) for block in story.blocks] == [
        (
            "paragraph",
            "The city of Gasang has reopened its river path, Ada Moon said.",
        ),
        ("subhead", "What it cost"),
        ("paragraph", "The works cost 22 million won."),
        ("list", "A cycle way\nA foot path"),
        ("table", "Part | Length\nUpper | 3 km"),
        ("quote", '"We waited long."'),
    ]
    (media,), (caption,) = story.media, story.captions
    assert (media.href, media.media_type) == ("https://img.example/path.jpg", "image/jpeg")
    assert (caption.text, caption.credit, caption.place) == ("The reopened path", "Dasom Lee", 3)
    assert "Not for publication: call the desk." in story.notes
    assert "Eds: photos to follow" in story.notes


def test_key_without_a_document_id_counts_for_the_day_of_issue() -> None:
    story = only_story(
        TEXT.replace(b'<doc-id regsrc="agency.example" id-string="river-path-1"/>', b"")
    )

    assert story.identifier == "du-key:river-path:20261001"
