"""Deliveries that no parser reads: kept as `unsupported` with the name of what they look like."""

import io
import zipfile
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import User
from audit.models import Entry
from tests.support.formats.wire_copy import PLAIN_STORY, agency_copy
from wire.actions import receive_delivery, reparse_delivery
from wire.models import Delivery, Source, Story
from wire.parsers import registry
from wire.parsers.payload import Payload
from wire.parsers.registry import WireFormat, find_format
from wire.parsers.result import ParsedDelivery, ParsedStory

pytestmark = pytest.mark.django_db


@pytest.fixture
def yonhap(db: None) -> Source:
    agency = {"name": "연합뉴스", "agency": "연합뉴스"}
    return Source.objects.get_or_create(slug="yonhap", defaults=agency)[0]


def packed(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "가나다")
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
KINDS: dict[str, tuple[bytes, str]] = {
    "html": (b"<!DOCTYPE html>\n<html><body><p>502 Bad Gateway</p></body></html>", "HTML"),
    "html with a comment": (b"<!-- gateway -->\n<html lang=ko><title>x</title></html>", "HTML"),
    "piece of html": ("<div><p>강변길</p>\n</div>\n".encode(), "HTML"),
    "xhtml": (b'<?xml version="1.0"?>\n<html xmlns="x"><head/></html>', "HTML"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "zip": (packed("a.txt"), "zip"),
    "word": (packed("word/document.xml"), "워드"),
    "old word": (OLE + "WordDocument".encode("utf-16-le"), "워드"),
    "hwp": (OLE + b"HWP Document File", "HWP"),
    "hwp 3": (b"HWP Document File V3.00 \x1a\x01", "HWP"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
    "json": ('{"소식": "강변길"}'.encode(), "JSON"),
    "half json": (b'[{"headline": ', "JSON"),
    "xml": ('<?xml version="1.0"?>\n<소식함><a/></소식함>'.encode(), "XML"),
    "xml without declaration": (b"<riverside><road/></riverside>\n", "XML"),
    "rtf": (b"{\\rtf1\\ansi gang}", "RTF"),
    "csv": ("날짜,지역,보행자\n10/1,가상시,204\n10/2,가상시,351\n".encode(), "CSV"),
    "noise": (bytes(range(256)) * 20, "이진"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_format_without_a_parser_is_kept_by_name(yonhap: Source, kind: str) -> None:
    """wire W5"""
    raw, name = KINDS[kind]
    with translation.override("en"):
        delivery = receive_delivery(yonhap, raw=raw, by=None)
    assert delivery.status == Delivery.Status.UNSUPPORTED
    assert name in delivery.reason
    assert delivery.format
    assert bytes(Delivery.objects.get().raw) == raw
    assert Story.objects.count() == 0
    assert Entry.objects.filter(verb="unsupported").count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "<고침> 강변길 다시 연다",
        "[속보] 강변길 다시 연다",
        "[1보] 강변길",
        "<KILL> 강변길",
        "<script>alert(1)</script> 소식",
        "{강변길} 다시 연다",
        "가상시, 강변길, 다시 연다\n세 군데, 네 군데, 다섯 군데\n하나, 둘, 셋",
    ],
)
def test_headlines_in_brackets_are_text(text: str) -> None:
    raw = f"{text}\n\n(가상시=연합뉴스) 정하늘 기자 = 길을 연다.\n\n(끝)".encode()
    assert find_format(Payload(raw), chosen="auto").slug == Source.Format.YONHAP


def test_a_source_may_choose_text_for_what_looks_like_a_list(yonhap: Source) -> None:
    raw = "강변길,다리,공원\n(가상시=연합뉴스)가,나,다\n라,마,바\n".encode()
    assert receive_delivery(yonhap, raw=raw, by=None).status == Delivery.Status.UNSUPPORTED
    Source.objects.update(format=Source.Format.YONHAP)
    yonhap.refresh_from_db()
    assert receive_delivery(yonhap, raw=raw, by=None).status == Delivery.Status.PARSED


@pytest.mark.parametrize("kind", ["html", "xml", "json", "pdf", "noise"])
def test_a_chosen_text_format_never_takes_markup_or_files(yonhap: Source, kind: str) -> None:
    yonhap.format = Source.Format.YONHAP
    yonhap.save(update_fields=["format"])
    delivery = receive_delivery(yonhap, raw=KINDS[kind][0], by=None)
    assert (delivery.status, Story.objects.count()) == (Delivery.Status.UNSUPPORTED, 0)


def test_a_new_parser_reads_what_was_kept(
    yonhap: Source, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = receive_delivery(yonhap, raw=b"%PDF-1.7 new", by=None)
    again = reparse_delivery(delivery, by=ben)
    assert Entry.objects.filter(verb="unsupported").count() == 1
    story = ParsedStory(headline="PDF로 온 소식", paragraphs=["길을 연다."])
    pdf = WireFormat(
        "pdf", lambda payload: payload.raw.startswith(b"%PDF"), lambda _payload: parsed(story)
    )
    monkeypatch.setattr(registry, "FORMATS", (pdf, *registry.FORMATS))
    again = reparse_delivery(delivery, by=ben)
    assert (again.status, again.format, again.reason) == ("parsed", "pdf", "")
    assert Story.objects.get().current == again.version


def parsed(story: ParsedStory) -> ParsedDelivery:
    return ParsedDelivery([story], "pdf", "")


def run(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_wire_command_names_what_it_could_not_read(yonhap: Source, tmp_path: Any) -> None:
    for name, raw in {
        "a.pdf": KINDS["pdf"][0],
        "b.txt": agency_copy(),
        "c.html": KINDS["html"][0],
    }.items():
        (tmp_path / name).write_bytes(raw)
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"2 of the files.*a\.pdf.*c\.html"):
        call_command("wire", "yonhap", *files, str(tmp_path / "b.txt"), stdout=out, stderr=out)
    assert "parsed 1, duplicate 1, failed 0, unsupported 2" in out.getvalue()
    assert "PDF" in out.getvalue()


def test_wire_source_command_makes_and_changes_a_source(yonhap: Source) -> None:
    assert "made newsis: format auto, policy alert" in run("wire_source", "newsis")
    changed = run(
        "wire_source", "newsis", "--format", "korean", "--policy", "hold", "--agency", "뉴시스"
    )
    assert changed.strip() == "changed newsis: format korean, policy hold, agency 뉴시스"
    run("wire_source", "newsis", "--title", "뉴시스 속보")
    source = Source.objects.get(slug="newsis")
    assert (source.name, source.agency, source.format, source.cancellation_policy) == (
        *("뉴시스 속보", "뉴시스"),
        *("korean", "hold"),
    )
    assert Entry.objects.filter(verb="source_set_up", by=None).count() == 3
    assert receive_delivery(source, raw=PLAIN_STORY.encode(), by=None).status == "parsed"


@pytest.mark.parametrize(
    "arguments", [["뉴시스 속보"], ["newsis", "--format", "word"], ["newsis", "--policy", "never"]]
)
def test_wire_source_command_refuses_what_is_no_source(
    yonhap: Source, arguments: list[str]
) -> None:
    with pytest.raises(CommandError):
        run("wire_source", *arguments)
    assert Source.objects.count() == 1
