"""Bulk loader of the desk: `python -m bench.load.desk`, over what `bench.load.articles` has inserted.

Every article gets a draft, a release that is done and three audit entries. Besides: stories being written,
submitted, approved and scheduled, embargoes and comes-down times, bundles, comments, agency copy with
corrections, and page views by class of referrer.
"""

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.db import transaction  # the settings stand now
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Author, ReferrerClass, ReferrerViews, Section
from audit.models import Entry
from bench.load.bulk_rows import (
    constraints_disabled,
    database_datetime,
    execute_sql,
    insert_rows,
)
from comments.models import Comment
from desk.actions import schedule_bundle, schedule_draft, start_draft, submit
from desk.models import Draft, Release
from newsroom.search.inverted_index import is_postgres
from tests.support import make
from wire.models import Delivery, Source, Story, Version

STAFF, ROWS_PER_TRANSACTION = 40, 2000
# Unfinished stories, begun by these people in turns.
WRITING, SUBMITTED, SCHEDULED, BUNDLES = 400, 60, 120, 5
COMMENTS, HELD_COMMENTS = 20_000, 300
WIRE_STORIES, CORRECTED_EVERY = 20_000, 20
DRAFT_COLUMNS = (
    "id", "article_id", "headline", "deck", "summary_1", "summary_2", "summary_3", "body", "section_id",
    "slug", "stage", "version", "created_by_id", "changed_by_id", "created_at", "changed_at",
    "wire_version_id",
)  # fmt: skip
DELIVERY_COLUMNS = ("id", "source_id", "sha256", "size", "received_at", "status", "version_id")
RELEASE_COLUMNS = (
    "article_id", "edition_id", "due_at", "state", "planned_by_id", "planned_at", "settled_at",
)  # fmt: skip


def load_desk() -> None:
    """Insert everything that the desk has of the articles that are there."""
    people = [make.staff(f"staff{n}", role="editor" if n % 4 else "reporter") for n in range(STAFF)]
    make.staff("chief", role="chief")
    with constraints_disabled():
        load_wire()
        load_drafts([person.pk for person in people])
        load_audit_entries()
        load_referrers()
    reset_sequences()
    load_unfinished_stories(people)
    load_comments(people)
    execute_sql("VACUUM ANALYZE" if is_postgres() else "ANALYZE")


def in_batches(rows: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_PER_TRANSACTION:
            yield batch
            batch = []
    if batch:
        yield batch


def load_drafts(people: list[int]) -> None:
    """A draft and a release that is done for each article."""
    versions = list(Version.objects.filter(number=1).order_by("pk").values_list("pk", flat=True))
    articles = Article.objects.filter(live__isnull=False).order_by("pk").values_list(
        "pk", "slug", "section", "first_published_at", "live", "live__headline", "live__deck",
        "live__summary", "live__body",
    )  # fmt: skip
    for batch in in_batches(articles.iterator()):
        drafts, releases = [], []
        for pk, slug, section, at, edition, headline, deck, summary, body in batch:
            person, moment = people[pk % len(people)], database_datetime(at)
            wire = versions[pk // 10 % len(versions)] if pk % 10 == 0 else None
            texts = (headline, deck, *summary, body)
            row = (
                pk,
                pk,
                *texts,
                section,
                slug,
                "writing",
                2,
                person,
                person,
                moment,
                moment,
                wire,
            )
            drafts.append(row)
            releases.append((pk, edition, moment, "done", person, moment, moment))
        insert_drafts(drafts, releases)


@transaction.atomic
def insert_drafts(drafts: list[Any], releases: list[Any]) -> None:
    insert_rows(Draft, DRAFT_COLUMNS, drafts)
    insert_rows(Release, RELEASE_COLUMNS, releases)


def load_audit_entries() -> None:
    """That each draft was begun, submitted and approved."""
    table, drafts = Entry._meta.db_table, Draft._meta.db_table
    for verb in ("began", "submitted", "approved"):
        execute_sql(
            f"INSERT INTO {table} (at, by, by_name, verb, kind, subject, label, details)"
            f" SELECT changed_at, created_by_id, 'staff', '{verb}', 'desk.draft',"
            f" CAST(id AS varchar(60)), headline, '{{}}' FROM {drafts}"
        )


def load_wire() -> None:
    """Agency copy of the last hundred days, some of it corrected."""
    source, now, chance = Source.objects.get(), timezone.now(), random.Random(1)
    deliveries, stories, versions = [], [], []
    version = 0
    for number in range(1, WIRE_STORIES + 1):
        at = now - timedelta(days=100) * (1 - number / WIRE_STORIES)
        corrected = number % CORRECTED_EVERY == 0
        for n, signal in enumerate(("text", "correction")[: 1 + corrected], start=1):
            version += 1
            moment = database_datetime(at + timedelta(minutes=n))
            deliveries.append((version, source.pk, f"{version:064x}", 0, moment, "parsed", version))
            versions.append(
                (
                    version,
                    number,
                    version,
                    n,
                    signal,
                    n - 1,
                    f"통신 기사 {number}",
                    "통신사",
                    moment,
                    moment,
                    f"{version:064x}",
                )
            )
        stories.append((number, source.pk, f"{chance.random()}", version, database_datetime(at)))
    columns = ("id", "story_id", "delivery_id", "number", "signal", "mark_order", "headline")
    with transaction.atomic():
        insert_rows(Delivery, DELIVERY_COLUMNS, deliveries)
        insert_rows(Story, ("id", "source_id", "key", "current_id", "news_at"), stories)
        insert_rows(
            Version, (*columns, "agency", "sent_at", "arrived_at", "content_hash"), versions
        )


def load_referrers() -> None:
    """Views by class of referrer of what was published today."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = Article.objects.live().published_from(midnight).values_list("pk", flat=True)
    day = timezone.localdate()
    insert_rows(
        ReferrerViews,
        ("article_id", "day", "referrer", "views"),
        [
            (pk, day, kind, pk % 90 + n)
            for pk in today
            for n, kind in enumerate(ReferrerClass.values)
        ],
    )


def reset_sequences() -> None:
    for model in (Draft, Release, Entry, Delivery, Story, Version) if is_postgres() else ():
        table = model._meta.db_table
        execute_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def load_unfinished_stories(people: list[User]) -> None:
    """Stories of all stages, by the actions."""
    editor, now = people[1], timezone.now()
    section, author = Section.objects.first(), Author.objects.first()

    def start(n: int, **over: Any) -> Draft:
        data = make.draft_data(section=section, authors=[author], tags=[], **over)
        return start_draft(people[n % len(people)], **data)

    for n in range(WRITING):
        start(n, **({"summary_3": ""} if n % 2 else {}), **terms(n, now))
    for n in range(SUBMITTED):
        draft = start(n)
        submit(draft, by=draft.created_by)
    for n in range(SCHEDULED):
        schedule_draft(start(n), at=now + timedelta(hours=3 * n + 1), by=editor)
    for n in range(BUNDLES):
        pair = [start(n), start(n + 1)]
        schedule_bundle(pair, title=f"묶음 {n}", at=now + timedelta(days=n, hours=2), by=editor)


def terms(n: int, now: datetime) -> dict[str, Any]:
    """Comes-down and embargo times of one story in four each."""
    if n % 4 == 2:
        return {"expires_at": now + timedelta(days=n % 60 + 1)}
    return {"embargo_until": now + timedelta(days=n % 60 + 1)} if n % 4 == 3 else {}


def load_comments(people: list[User]) -> None:
    articles = list(Article.objects.live().newest_first().values_list("pk", flat=True)[:2000])
    Comment.objects.bulk_create(
        (
            Comment(
                article_id=articles[n % len(articles)],
                author=people[n % len(people)],
                text=f"댓글 {n}",
                state="held" if n >= COMMENTS - HELD_COMMENTS else "visible",
            )
            for n in range(COMMENTS)
        ),
        batch_size=2000,
    )


if __name__ == "__main__":
    began = time.monotonic()
    load_desk()
    print(f"The desk of {Draft.objects.count():,} stories in {time.monotonic() - began:,.0f} s")
