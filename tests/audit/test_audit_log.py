"""The audit log: written with the change, never changed."""

import re

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from audit.descriptions import VERB_LABELS
from audit.models import Entry
from desk.actions import publish_now, withdraw
from desk.actions.freezing import Correction
from desk.errors import NotReady
from outbox.models import Event
from scripts.house_rules.source import source_files
from tests.support import make

pytestmark = pytest.mark.django_db


def test_everything_that_happens_to_a_story_is_in_the_audit_log(ben: User) -> None:
    article = make.live()
    withdraw(article, notice="내렸습니다.", by=ben)
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["began", "froze", "published", "withdrew"]
    assert set(Entry.objects.values_list("by_name", flat=True)) == {"ben"}


def test_the_world_hears_of_it_in_order(ben: User) -> None:
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


def test_a_change_that_failed_leaves_no_line(ben: User) -> None:
    story = make.draft(headline="")
    before = Entry.objects.count()
    with pytest.raises(NotReady):
        publish_now(story, by=ben)
    assert Entry.objects.count() == before
    assert not Event.objects.exists()


def test_the_database_refuses_to_change_a_line() -> None:
    make.draft()
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        Entry.objects.update(verb="something else")


@pytest.mark.postgres
def test_the_database_refuses_to_delete_a_line() -> None:
    make.draft()
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        Entry.objects.all().delete()


def test_every_verb_that_is_written_down_has_its_words() -> None:
    written = {
        verb
        for file in source_files()
        if file.is_product
        for verb in re.findall(r'verb="(\w+)"', file.text)
    }
    assert written - set(VERB_LABELS) == set()
