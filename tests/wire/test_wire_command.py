"""`manage.py wire SOURCE FILE...`: intake of files."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.support.formats.wire_copy import PLAIN_STORY, agency_copy
from wire.models import Delivery, Source, Story

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("wire", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def written(folder: Path, name: str, raw: bytes) -> str:
    path = folder / name
    path.write_bytes(raw)
    return str(path)


def test_files_are_delivered_and_counted(tmp_path: Path) -> None:
    first = written(tmp_path, "a.txt", PLAIN_STORY.encode())
    second = written(tmp_path, "b.txt", agency_copy())
    assert run("yonhap", first, second, first).strip() == "parsed 2, duplicate 1, failed 0"
    assert set(Delivery.objects.values_list("name", flat=True)) == {"a.txt", "b.txt"}
    assert Story.objects.count() == 2


def test_wire_command_refuses_an_unknown_source(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="yonhap"):
        run("nobody", written(tmp_path, "a.txt", agency_copy()))
    assert Source.objects.count() == 1
    assert Delivery.objects.count() == 0


def test_wire_command_delivers_the_other_files_after_a_bad_one(tmp_path: Path) -> None:
    good = written(tmp_path, "good.txt", agency_copy())
    bad = [
        written(tmp_path, "bad.gz", b"\x1f\x8b\x08"),
        written(tmp_path, "empty.txt", b""),
        str(tmp_path / "missing.txt"),
        str(tmp_path),
        written(tmp_path, "large.txt", b"a" * 3_000_000),
    ]
    with pytest.raises(CommandError, match="5"):
        run("yonhap", *bad, good)
    assert Story.objects.count() == 1


def test_wire_command_takes_a_charset(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", PLAIN_STORY.encode("utf-16-le"))
    assert "parsed 1" in run("yonhap", path, "--charset", "utf-16le")
