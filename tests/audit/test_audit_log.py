"""The audit log: written with the change, append-only, every verb registered."""

import re

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from audit.checks import check_verbs
from audit.models import Entry
from audit.verbs import VERBS, registered_verbs
from desk.actions import publish_now, withdraw
from desk.actions.freezing import Correction
from desk.errors import NotReady
from outbox.models import Event
from scripts.house_rules.source import source_files
from tests.support import make

pytestmark = pytest.mark.django_db


def test_article_actions_are_in_the_audit_log(ben: User) -> None:
    article = make.live()
    withdraw(article, notice="내렸습니다.", by=ben)
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["began", "froze", "published", "withdrew"]
    assert set(Entry.objects.values_list("by_name", flat=True)) == {"ben"}


def test_article_actions_publish_events_in_order(ben: User) -> None:
    article = make.live()
    publish_now(make.draft_of(article), by=ben)
    note: Correction = {"kind": "correction", "note": "바로잡았습니다."}
    publish_now(make.draft_of(article), by=ben, correction=note)
    withdraw(article, notice="내렸습니다.", by=ben)
    assert list(Event.objects.values_list("name", flat=True)) == [
        "article.published",
        "article.updated",
        "article.corrected",
        "article.withdrawn",
    ]


def test_failed_change_leaves_no_audit_entry(ben: User) -> None:
    story = make.draft(headline="")
    before = Entry.objects.count()
    with pytest.raises(NotReady):
        publish_now(story, by=ben)
    assert Entry.objects.count() == before
    assert not Event.objects.exists()


def test_database_refuses_to_change_an_audit_entry() -> None:
    make.draft()
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        Entry.objects.update(verb="something else")


@pytest.mark.postgres
def test_database_refuses_to_delete_an_audit_entry() -> None:
    make.draft()
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        Entry.objects.all().delete()


def test_every_recorded_verb_is_registered_with_its_words() -> None:
    written = {
        verb
        for file in source_files()
        if file.is_product
        for verb in re.findall(r'verb="(\w+)"', file.text)
    }
    assert written - registered_verbs() == set()
    assert check_verbs(None) == []


def test_unregistered_audit_verb_fails_the_system_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "polls", {})
    messages = check_verbs(None)
    assert {message.id for message in messages} == {"audit.E001"}
    assert any("'election_day_set' that polls records" in message.msg for message in messages)


def test_ambiguous_audit_verb_fails_the_system_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "media", {**VERBS["media"], "published": "put on the wall"})
    assert [message.id for message in check_verbs(None)] == ["audit.E002"]
