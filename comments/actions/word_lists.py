"""Word lists of the content filter: the list that counts, changes as new versions, restoring one."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from audit.actions import record_audit
from comments.content_filter import (
    CompiledWords,
    MatchMode,
    Severity,
    Word,
    compile_words,
    default_compiled,
)
from comments.errors import InvalidWord, NoSuchWordList, WordListChanged, WordListUnchanged
from comments.models import WordList
from comments.models.word_list import MAX_WORD_CHARS, MAX_WORDS
from comments.permissions import may_moderate_comments
from newsroom.db.compiled_queries import CompiledQuery
from newsroom.db.read_models import ReadModel, read_as
from newsroom.errors import NotAllowed
from newsroom.text.normalization import normalize_line

Entry = Mapping[str, Any]
MAX_AUDITED_WORDS = 50


def current_words() -> CompiledWords:
    """The compiled word list that counts now, with the words of the settings.

    One query of the highest version, by its unique index, each time; the list is read and compiled again
    only when that is another one.  COMMENT_MODERATED_WORDS replace all words that are not innocent ones,
    COMMENT_ALLOWED_WORDS the innocent ones.
    """
    latest = next(((row.pk, row.digest) for row in latest_list_query().fetch()), None)
    moderated, allowed = settings.COMMENT_MODERATED_WORDS, settings.COMMENT_ALLOWED_WORDS
    if latest is None and not moderated and not allowed:
        return default_compiled()
    return compile_list(*(latest or (0, "")), tuple(moderated), tuple(allowed))


class LatestList(ReadModel):
    """The word list with the highest version."""

    pk: int
    digest: str


@cache
def latest_list_query() -> CompiledQuery[LatestList]:
    return CompiledQuery(read_as(WordList.objects.order_by("-number"), LatestList)[:1])


@lru_cache(maxsize=4)
def compile_list(
    pk: int, _digest: str, moderated: tuple[str, ...], allowed: tuple[str, ...]
) -> CompiledWords:
    """A stored list, compiled, with the words of the settings in place of its own."""
    row = WordList.objects.filter(pk=pk).first()
    words = words_of(row.entries) if row else []
    if moderated:
        words = [word for word in words if word.mode == MatchMode.ALLOWED]
        words += [Word(text) for text in moderated]
    if allowed:
        words = [word for word in words if word.mode != MatchMode.ALLOWED]
        words += [Word(text, mode=MatchMode.ALLOWED) for text in allowed]
    return compile_words(words)


def current_number() -> int:
    """The version of the list that counts now; 0 without one."""
    return WordList.objects.order_by("-number").values_list("number", flat=True).first() or 0


def words_of(entries: Iterable[Entry]) -> list[Word]:
    """The words of stored entries."""
    return [Word(e["text"], Severity(e["severity"]), MatchMode(e["mode"])) for e in entries]


def digest_of(entries: Sequence[Entry]) -> str:
    text = json.dumps(list(entries), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def changed_entries(
    entries: Iterable[Entry], *, added: Iterable[Entry], removed: Iterable[tuple[str, str]]
) -> list[Entry]:
    """The entries without those removed (text and mode), and with those added or changed.

    Raises InvalidWord.
    """
    gone = set(removed)
    wanted = {(e["text"], e["mode"]): e for e in entries if (e["text"], e["mode"]) not in gone}
    for entry in map(check_entry, added):
        wanted[entry["text"], entry["mode"]] = entry
    if len(wanted) > MAX_WORDS:
        raise InvalidWord
    return sorted(wanted.values(), key=lambda e: (e["mode"] == "allowed", e["text"], e["mode"]))


def check_entry(entry: Entry) -> Entry:
    """An entry as it is stored. Raises InvalidWord."""
    text = normalize_line(str(entry["text"]))
    if not text or len(text) > MAX_WORD_CHARS or not any(c.isalnum() for c in text):
        raise InvalidWord
    return {
        "text": text,
        "severity": Severity(entry["severity"]).value,
        "mode": MatchMode(entry["mode"]).value,
        "note": normalize_line(str(entry.get("note", "")))[:200],
    }


def require_current(number: int) -> WordList | None:
    """The version that counts now (None: the default). Raises WordListChanged if it has another number."""
    current = WordList.objects.order_by("-number").first()
    if (current.number if current else 0) != number:
        raise WordListChanged
    return current


@transaction.atomic
def save_word_list(
    entries: Sequence[Entry],
    *,
    by: User,
    base_number: int,
    note: str = "",
    restored_number: int | None = None,
) -> WordList:
    """Save entries as the next version after `base_number`, the one that the user has seen.

    Raises NotAllowed, WordListChanged when another one was saved meanwhile (the unique number decides),
    WordListUnchanged for the same entries.
    """
    if not may_moderate_comments(by):
        raise NotAllowed
    base = require_current(base_number)
    added, removed = compare_entries(base.entries if base else [], entries)
    if not (added or removed):
        raise WordListUnchanged
    saved = insert_version(
        WordList(
            number=base_number + 1,
            entries=list(entries),
            digest=digest_of(entries),
            note=normalize_line(note)[:200],
            restored_number=restored_number,
            created_by=by,
        )
    )
    record_audit(
        saved,
        verb="list_restored" if restored_number else "list_changed",
        by=by,
        added=[e["text"] for e in added][:MAX_AUDITED_WORDS],
        removed=[e["text"] for e in removed][:MAX_AUDITED_WORDS],
        count=len(entries),
        note=saved.note,
    )
    return saved


def insert_version(version: WordList) -> WordList:
    """Insert a version of the list. Raises WordListChanged if its number is there already."""
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise WordListChanged from error
    return version


def restore_word_list(version: WordList, *, by: User, base_number: int) -> WordList:
    """Save the entries of an older version as a new one. Raises what save_word_list raises."""
    row = WordList.objects.filter(pk=version.pk).first()
    if row is None:
        raise NoSuchWordList
    return save_word_list(
        row.entries, by=by, base_number=base_number, note=row.note, restored_number=row.number
    )


def compare_entries(
    before: Iterable[Entry], after: Iterable[Entry]
) -> tuple[list[Entry], list[Entry]]:
    """The entries added or changed, and those removed or changed."""
    old = {(e["text"], e["mode"]): e for e in before}
    new = {(e["text"], e["mode"]): e for e in after}
    added = [e for key, e in new.items() if old.get(key) != e]
    removed = [e for key, e in old.items() if new.get(key) != e]
    return added, removed
