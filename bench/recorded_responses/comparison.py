"""Comparison of two recordings: which responses differ, and in which lines."""

import contextlib
import difflib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.recorded_responses.response_entry import ResponseEntry

MAX_DIFF_LINES, MAX_LINE_LENGTH = 60, 300


def describe(file: Path) -> str:
    """The file's name, its number of responses and its SHA-256."""
    raw = file.read_bytes()
    count = len(json.loads(raw)["responses"])
    return f"{file}: {count} responses, SHA-256 {hashlib.sha256(raw).hexdigest()}"


def compare_recordings(before: Path, after: Path) -> int:
    """Print both files' digests and every response that differs; 1 where one does, else 0."""
    print(f"{describe(before)}\n{describe(after)}")
    if before.read_bytes() == after.read_bytes():
        print("The recordings are byte-identical.")
        return 0
    old, new = entries_by_request(before), entries_by_request(after)
    for mark, only, other in (("-", old, new), ("+", new, old)):
        for name in sorted(only.keys() - other.keys()):
            print(f"{mark} {name}: {only[name]['status']}")
    changed = [name for name in old if name in new and old[name] != new[name]]
    for name in changed:
        print(f"\n~ {name}")
        print("\n".join(diff_lines(old[name], new[name])))
    in_one_file = len(old.keys() ^ new.keys())
    print(f"\n{len(changed)} of {len(old)} responses differ, {in_one_file} are in one file only.")
    return 1


def entries_by_request(file: Path) -> dict[str, ResponseEntry]:
    """{request: its response}; repeated requests get the suffix `again`."""
    entries: dict[str, ResponseEntry] = {}
    for entry in json.loads(file.read_text(encoding="utf-8"))["responses"]:
        headers = json.dumps(entry.get("sent", {}), sort_keys=True)
        name = f"{entry['method']} {entry['path']} as {entry['as']} {headers}"
        while name in entries:
            name += " again"
        entries[name] = entry
    return entries


def diff_lines(old: ResponseEntry, new: ResponseEntry) -> Iterator[str]:
    """The first lines of a unified diff of two responses, JSON bodies line by line."""
    diff = difflib.unified_diff(readable_lines(old), readable_lines(new), lineterm="", n=1)
    lines = [line[:MAX_LINE_LENGTH] for line in diff][2:]
    yield from lines[:MAX_DIFF_LINES]
    if len(lines) > MAX_DIFF_LINES:
        yield f"… {len(lines) - MAX_DIFF_LINES} lines more"


def readable_lines(entry: ResponseEntry) -> list[str]:
    body: Any = entry["body"]
    if isinstance(body, str) and body[:1] in {"{", "["}:
        with contextlib.suppress(ValueError):
            body = json.loads(body)
    text = json.dumps(entry | {"body": body}, ensure_ascii=False, indent=1, sort_keys=True)
    return [line for part in text.splitlines() for line in part.split("\\n")]
