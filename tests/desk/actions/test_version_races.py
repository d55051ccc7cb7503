"""Versions under concurrent saves on PostgreSQL: each save is one version, and none overwrites another."""

import pytest
from django.utils import timezone

from desk.actions import autosave, delete_old_autosaves, edit, restore_version
from desk.errors import EditedElsewhere
from desk.models import Draft, DraftVersion
from tests.support import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_concurrent_saves_of_one_version_one_wins() -> None:
    ben, draft = make.ben(), make.draft()
    results = make.race(4, lambda n: edit(draft, by=ben, version=1, headline=f"머리 {n}"))
    won = [result for result in results if isinstance(result, Draft)]
    assert len(won) == 1
    assert sum(isinstance(result, EditedElsewhere) for result in results) == 3
    newest = DraftVersion.objects.filter(draft=draft).newest_first()[0]
    assert (newest.number, newest.content["headline"]) == (2, won[0].headline)


def test_concurrent_changes_of_all_kinds_are_one_version_each() -> None:
    ben, draft = make.ben(), make.draft(headline="처음")
    edit(draft, by=ben, headline="둘째")

    def change(n: int) -> object:
        if n == 0:
            return restore_version(draft, number=1, by=ben)
        if n == 1:
            return delete_old_autosaves(before=timezone.now())
        if n == 2:
            return autosave(draft, by=ben, version=2, deck="저절로")
        return edit(draft, by=ben, notes=f"쪽지 {n}")

    make.race(6, change)
    draft.refresh_from_db()
    rows = DraftVersion.objects.filter(draft=draft).order_by("number")
    numbers = list(rows.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
    assert numbers[-1] == draft.version
    newest = rows.last()
    assert newest is not None
    assert newest.content["headline"] == draft.headline == "처음"
    assert newest.content["notes"] == draft.notes


def test_autosaves_of_a_minute_leave_one_version() -> None:
    ben, draft = make.ben(), make.draft()

    def save(n: int) -> object:
        version = Draft.objects.values_list("version", flat=True).get(pk=draft.pk)
        return autosave(draft, by=ben, version=version, headline=f"머리 {n}")

    for _ in range(3):
        make.race(3, save)
    autosaves = DraftVersion.objects.filter(draft=draft, kind="autosave")
    assert autosaves.count() <= 2  # the minute may have changed meanwhile
    draft.refresh_from_db()
    assert autosaves.newest_first()[0].content["headline"] == draft.headline
