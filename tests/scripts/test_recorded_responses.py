"""Recorded responses: equal recordings are byte-identical, a changed byte is named."""

import sys
from pathlib import Path

import pytest
from django.http import HttpResponse

from bench.recorded_responses.__main__ import main
from bench.recorded_responses.environment import clean_environment
from bench.recorded_responses.fixed_randomness import RandomStreams
from bench.recorded_responses.response_entry import recording_json, response_entry

RESPONSES = {"/": HttpResponse("<p>첫 화면</p>"), "/robots.txt": HttpResponse("User-agent: *")}


def write_recording(file: Path) -> Path:
    entries = [response_entry("anybody", "GET", path, {}, RESPONSES[path]) for path in RESPONSES]
    file.write_text(recording_json(entries), encoding="utf-8")
    return file


def compare(monkeypatch: pytest.MonkeyPatch, before: Path, after: Path) -> int:
    monkeypatch.setattr(sys, "argv", ["bench", "compare", str(before), str(after)])
    return main()


def test_recording_equals_itself_and_a_changed_byte_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = write_recording(tmp_path / "before.json")
    assert compare(monkeypatch, before, before) == 0
    output = capsys.readouterr().out
    assert "2 responses, SHA-256 " in output
    assert "byte-identical" in output

    after = tmp_path / "after.json"
    after.write_text(before.read_text().replace("User-agent", "User-Agent"), encoding="utf-8")
    assert compare(monkeypatch, before, after) == 1
    output = capsys.readouterr().out
    assert "~ GET /robots.txt as anybody" in output
    assert "~ GET / as" not in output
    assert "1 of 2 responses differ" in output


def test_environment_and_random_numbers_depend_on_nothing_outside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/newsroom")
    assert "DATABASE_URL" not in clean_environment("/data")
    first, second = RandomStreams(), RandomStreams()
    assert first.token_hex() == second.token_hex()
    first.token_urlsafe()
    assert first.uuid4() == second.uuid4()
