"""Texts of the demo, read from the TOML files in this folder."""

import tomllib
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Story:
    """One story of the demo and its state.

    `hours_ago`: when it was published; `schedule` (soon, tomorrow): when it will be; `stage` (writing,
    submitted): of a story with neither.  `embargo` (tomorrow): its end; `days_shown`: days from now until
    it expires.  `wrong`: the right text and the wrong one of the first edition, of the story that is
    corrected.
    """

    key: str
    headline: str
    deck: str
    summary: list[str]
    section: str
    authors: list[str]
    tags: list[str]
    body: str
    hours_ago: float = 0
    schedule: str = ""
    embargo: str = ""
    days_shown: float = 0
    stage: str = ""
    scene: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    related: list[str] = field(default_factory=list)
    poll: dict[str, Any] = field(default_factory=dict)
    ai_kind: str = ""
    ai_note: str = ""
    source_name: str = ""
    source_url: str = ""
    source_credit: str = ""
    comments: str = "open"
    notes: str = ""
    withdrawn: str = ""
    correction: str = ""
    wrong: list[str] = field(default_factory=list)
    changed_deck: str = ""


def load_stories() -> list[Story]:
    """All stories, the oldest first, unpublished ones last."""
    tables = [
        table
        for path in sorted((HERE / "stories").glob("*.toml"))
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["story"]
    ]
    return sorted(
        (Story(**table) for table in tables), key=lambda s: (not s.hours_ago, -s.hours_ago)
    )


def load_reader_activity() -> dict[str, Any]:
    """{"comment": [{story, by, text, state?, reply?: [{by, text}]}], "saves": {person: [stories]}}"""
    return tomllib.loads((HERE / "readers.toml").read_text(encoding="utf-8"))


def load_wire_copy() -> dict[str, str]:
    """{file name: text of the agency}; `{stamp}` in it is replaced by the sending time."""
    return {
        path.name: path.read_text(encoding="utf-8") for path in sorted((HERE / "wire").glob("*"))
    }


def as_html(body: str) -> str:
    """HTML of a plain text: paragraphs and subheads (`## `), separated by empty lines."""
    return "".join(
        f"<h2>{escape(part[3:])}</h2>" if part.startswith("## ") else f"<p>{escape(part)}</p>"
        for part in body.strip().split("\n\n")
    )
