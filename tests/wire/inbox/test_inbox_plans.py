"""Plans of the inbox: what is loaded in bulk is as the intake writes it, and no page reads all of it."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from bench.drivers.inbox_pages import pages
from bench.load import wire_inbox
from bench.load.wire_inbox import SOURCES, load_inbox
from tests.support.plan_work import counting_plan_work
from wire.inbox_search.terms import index_terms, version_sort_key
from wire.metrics import with_last_delivery
from wire.models import Delivery, IndexedVersion, Source, Version

pytestmark = pytest.mark.django_db
VERSIONS = 3_000
# Of all steps of a plan together, for a page of 50 stories and one day of the index.
MAX_VISITED_ROWS = 5_000


def stored_terms(row: IndexedVersion) -> set[str]:
    sql = (
        "SELECT array_to_string(tsvector_to_array(words), ' ') FROM wire_indexedversion"
        if connection.vendor == "postgresql"
        else "SELECT grams FROM wire_indexedwords"
    )
    column = "sort_key" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE {column} = %s", [row.sort_key])
        return set(cursor.fetchone()[0].split())


def test_rows_loaded_in_bulk_are_those_of_the_intake() -> None:
    load_inbox(60)
    rows = list(IndexedVersion.objects.select_related("version__story"))
    assert len(rows) >= 60
    for row in rows:
        version: Version = row.version
        assert row.sort_key == version_sort_key(version)
        assert stored_terms(row) == index_terms(version, source_id=version.story.source_id)


def sending_sources() -> Any:
    return Source.objects.filter(pk__in=Delivery.objects.values("source"))


@pytest.mark.postgres
def test_no_page_of_the_inbox_reads_all_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_inbox, "VERSIONS_A_DAY", 100)
    load_inbox(VERSIONS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # The planner reads and joins the few pages of a test in full, where an index will do at a million.
        for way in ("seqscan", "hashjoin", "mergejoin", "material"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    with counting_plan_work() as work:
        assert all(source.last_delivery_at for source in with_last_delivery(sending_sources()))
    # A source that sent nothing of late is found without reading what the others sent since.
    assert not work.above(10 * SOURCES), json.dumps(work.above(10 * SOURCES), indent=1)
    client = Client()
    client.force_login(User.objects.get(email="inbox@example.com"))
    wrong = {}
    for what, _who, url in pages():
        with counting_plan_work() as work:
            assert client.get(url).status_code == 200, what
        if above := work.above(MAX_VISITED_ROWS):
            wrong[what] = above
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1).replace("\\n", "\n")
