"""Redaction of the audit log by a legal erasure: the database permits exactly that."""

from contextlib import nullcontext
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from audit.actions import record_audit, redact_entries
from audit.descriptions import details_summary
from audit.models import REDACTED, Entry, RedactionPermit
from audit.triggers import permit_redaction
from desk.models import Draft
from tests.support import make

pytestmark = pytest.mark.django_db
DETAILS = {
    "note": "다시 써 주세요.",
    "version": 3,
    "fields": ["headline"],
    "at": "2026-11-09T10:00:00+09:00",
}


@pytest.fixture
def draft(ada: User) -> Draft:
    draft = make.draft(by=ada)
    record_audit(draft, verb="sent_back", by=ada, **DETAILS)
    return draft


def details_of(draft: Draft) -> Any:
    return Entry.objects.get(kind="desk.draft", subject=str(draft.pk), verb="sent_back").details


def test_free_text_is_redacted_and_references_stay(draft: Draft, ada: User) -> None:
    other = make.draft(by=ada)
    record_audit(other, verb="sent_back", by=ada, **DETAILS)
    redact_entries("desk.draft", [draft.pk], label="(삭제됨)")
    assert details_of(draft) == DETAILS | {"note": REDACTED}
    assert details_of(other) == DETAILS
    entry = Entry.objects.get(subject=str(draft.pk), verb="sent_back")
    assert details_summary(entry).startswith("2026")
    assert details_summary(Entry(details={"note": REDACTED})) == "(삭제됨)"
    assert set(Entry.objects.filter(subject=str(draft.pk)).values_list("label", flat=True)) == {
        "(삭제됨)"
    }
    assert not RedactionPermit.objects.exists()


def test_detail_that_nobody_has_named_a_reference_is_redacted(draft: Draft, ada: User) -> None:
    record_audit(draft, verb="edited", by=ada, something_new={"text": "새 글"}, flag=True)
    redact_entries("desk.draft", [draft.pk], label=None)
    entry = Entry.objects.get(verb="edited")
    assert entry.details == {"something_new": REDACTED, "flag": True}


@pytest.mark.parametrize(
    "details",
    [
        DETAILS | {"note": "아무 말도 없었습니다."},
        DETAILS | {"version": 4},
        DETAILS | {"new": REDACTED},
        {"note": REDACTED},
        {**{name: value for name, value in DETAILS.items() if name != "note"}, "new": REDACTED},
        {},
    ],
)
def test_database_refuses_everything_but_redaction(draft: Draft, details: Any) -> None:
    entries = Entry.objects.filter(subject=str(draft.pk), verb="sent_back")
    with (
        pytest.raises(DatabaseError, match="kept as it was written"),
        transaction.atomic(),
        permit_redaction("desk.draft", [str(draft.pk)]),
    ):
        entries.update(details=details)
    with permit_redaction("desk.draft", [str(draft.pk)]):
        entries.update(details=DETAILS | {"note": REDACTED})


@pytest.mark.parametrize("permitted", [None, ("desk.draft", "0"), ("desk.release", "{pk}")])
def test_database_refuses_redaction_of_anything_else(
    draft: Draft, permitted: tuple[str, str] | None
) -> None:
    kind, subject = permitted or ("", "")
    with (
        pytest.raises(DatabaseError, match="kept as it was written"),
        transaction.atomic(),
        permit_redaction(kind, [subject.format(pk=draft.pk)]),
    ):
        Entry.objects.filter(verb="sent_back").update(details=DETAILS | {"note": REDACTED})
    assert details_of(draft) == DETAILS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("caller", [nullcontext, transaction.atomic])
def test_no_permit_stays_however_the_block_ends(caller: Any) -> None:
    """Nor is one committed before its end, where the caller is in no transaction."""

    def redact_in_vain() -> None:
        with permit_redaction("desk.draft", ["1", "2"]):
            assert connection.in_atomic_block
            message = "in vain"
            raise ValueError(message)

    with caller(), pytest.raises(ValueError, match="in vain"):
        redact_in_vain()
    assert not RedactionPermit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_redaction_outside_of_a_transaction_is_whole_or_not_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.reference_rows()
    ben = make.ben()
    draft = make.draft(by=ben)
    record_audit(draft, verb="sent_back", by=ben, **DETAILS)

    def fail(*args: object, **options: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("django.db.models.query.QuerySet.update", fail)
    with pytest.raises(DatabaseError):
        redact_entries("desk.draft", [draft.pk], label="(삭제됨)")
    assert details_of(draft) == DETAILS
    assert not RedactionPermit.objects.exists()
