"""Rows of word lists for the templates of the admin, and the form's values from a dry run."""

from typing import Any

from comments.actions.word_lists import compare_entries
from comments.content_filter import MatchMode, Severity
from comments.models import WordList, WordListTrial
from comments.models.word_list import MODE_LABELS, SEVERITY_LABELS, SHORT_LABELS

SEVERITY_TONES = {"block": "warns", "hold": "waits", "flag": "calm"}
MAX_NUMBER_DIGITS = 9


def entry_rows(entries: list[Any]) -> list[dict[str, Any]]:
    """Entries for a template, with the labels of severity and mode."""
    return [
        {
            **entry,
            "key": f"{entry['mode']}:{entry['text']}",
            "is_allowed": entry["mode"] == MatchMode.ALLOWED,
            "tone": SEVERITY_TONES[entry["severity"]],
            "short_label": SHORT_LABELS[Severity(entry["severity"])],
            "severity_label": SEVERITY_LABELS[Severity(entry["severity"])],
            "mode_label": MODE_LABELS[MatchMode(entry["mode"])],
        }
        for entry in entries
    ]


def is_used_as(row: dict[str, Any], use: str) -> bool:
    """Whether an entry has a severity, or is an innocent word; every one for an empty use."""
    if row["is_allowed"]:
        return use in {"", MatchMode.ALLOWED}
    return use in {"", row["severity"]}


def values_of_trial(number: str) -> dict[str, Any]:
    """What was typed for a dry run, as initial values of the form; `removed` are the keys of words."""
    if not number.isdecimal() or len(number) > MAX_NUMBER_DIGITS:
        return {}
    if (trial := WordListTrial.objects.filter(pk=number).first()) is None:
        return {}
    base = WordList.objects.filter(number=trial.base_number).first()
    added, removed = compare_entries(base.entries if base else [], trial.entries)
    values = {"note": trial.note, "days": trial.days, "removed": changed_keys(removed, but=added)}
    if added:
        values |= {name: added[0][name] for name in ("severity", "mode")}
        values["words"] = "\n".join(entry["text"] for entry in added)
    return values


def changed_keys(removed: list[Any], *, but: list[Any]) -> set[str]:
    """The keys of removed entries; one that is added again has only changed."""
    return {row["key"] for row in entry_rows(removed)} - {row["key"] for row in entry_rows(but)}
