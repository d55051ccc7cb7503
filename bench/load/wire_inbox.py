"""Bulk loader of the wire inbox: `python -m bench.load.wire_inbox VERSIONS`, into an empty wire.

20,000 versions a day, the last one now: three stories of four have one version, the others two or three.
Six agencies, one of them rare; flashes, cancelled and withheld stories, embargoes, subjects, places, open
questions, and a draft from every thirtieth story. The rows are those that the intake would have written.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection, transaction  # the settings stand now
from django.utils import timezone

from bench.load.bulk_rows import (
    constraints_disabled,
    database_datetime,
    execute_sql,
    insert_into_table,
    insert_rows,
)
from bench.load.grammar import StoryGrammar
from bench.load.search_rows import tsvector_literal
from desk.models import Draft
from newsroom.search.inverted_index import is_postgres
from newsroom.search.sort_keys import date_terms, make_sort_key
from newsroom.search.tokenizer import extract_ngrams
from tests.support import make
from wire.inbox_search.terms import (
    SUBJECT_PREFIX,
    URGENT_TERM,
    place_term,
    source_term,
    subject_ngrams,
)
from wire.matching.events import event_terms
from wire.models import Delivery, IndexedVersion, MatchQuestion, MatchTerm, Source, Story, Version
from wire.parsers.marks import mark_order

VERSIONS_A_DAY, BATCH = 20_000, 5_000
SOURCES, RARE_EVERY, TAKEN_EVERY, QUESTIONS = 5, 20_000, 30, 400
RARE_SOURCE = SOURCES
RARE_PLACE, RARE_SUBJECT, RARE_NAME = "먼섬", "드문학문", "하늬바람꽃"
PLACES = ("서울", "서울", "서울", "부산", "대전", "광주", "세종", "워싱턴", "도쿄", "런던")
SUBJECT_NAMES = [
    "경제와 금융",
    "정치",
    "사건과 사고",
    "교육",
    "환경",
    "보건",
    "노동",
    "과학",
    "체육",
    "날씨",
]
SUBJECTS = [{"code": f"medtop:{n:02}000000", "name": name} for n, name in enumerate(SUBJECT_NAMES)]
MARKS = ("속보", "1보", "2보", "종합", "종합2보")
EVENTS_STORED_FOR = timedelta(days=4)
DELIVERY_COLUMNS = ("id", "source_id", "sha256", "size", "received_at", "status", "version_id")
STORY_COLUMNS = (
    "id", "source_id", "key", "status", "current_id", "news_at", "embargo", "embargo_until",
)  # fmt: skip
VERSION_COLUMNS = (
    "id", "story_id", "delivery_id", "number", "signal", "mark_order", "headline", "marks", "agency",
    "sent_at", "arrived_at", "places", "paragraphs", "subjects", "urgency", "content_hash",
)  # fmt: skip
DRAFT_COLUMNS = (
    "id", "headline", "created_by_id", "changed_by_id", "created_at", "changed_at", "wire_version_id",
)  # fmt: skip
TERM_COLUMNS = ("version_id", "source_id", "kind", "term", "sent_at")
INDEX_NAME = "wire_indexedversion_words"
POOLED_SQL = "".join(
    f" || coalesce((SELECT words FROM bench_pool WHERE n = pooled[{n}]), '')" for n in (1, 2, 3)
)


@dataclass
class Batch:
    """Rows of some stories."""

    deliveries: list[Any] = field(default_factory=list)
    stories: list[Any] = field(default_factory=list)
    versions: list[Any] = field(default_factory=list)
    words: list[tuple[int, int, set[str], list[int]]] = field(default_factory=list)
    terms: list[Any] = field(default_factory=list)
    drafts: list[Any] = field(default_factory=list)


class InboxRows:
    """Generator of the rows; deterministic but for the time."""

    def __init__(self, count: int) -> None:
        self.count, self.chance, self.now = count, random.Random(7), timezone.now()
        self.grammar = StoryGrammar(7, pool=2000)
        self.grams = [extract_ngrams(paragraph) for paragraph in self.grammar.pool]
        self.subjects = [subject_ngrams(subject) for subject in SUBJECTS]
        self.sources = [
            Source.objects.get_or_create(
                slug=f"agency{n}", defaults={"name": f"통신{n}", "agency": f"통신{n}"}
            )[0]
            for n in range(RARE_SOURCE + 1)
        ]
        self.person = make.staff("inbox", role="editor").pk

    def batches(self) -> Iterator[Batch]:
        version, story, batch = 0, 0, Batch()
        while version < self.count:
            story += 1
            version = self.add_story(batch, story, version)
            if len(batch.versions) >= BATCH:
                yield batch
                batch = Batch()
        if batch.versions:
            yield batch

    def add_story(self, batch: Batch, story: int, version: int) -> int:
        chance = self.chance
        is_rare = story % RARE_EVERY == 1
        source = self.sources[RARE_SOURCE if is_rare else story % SOURCES]
        made = self.grammar.story(story)
        headline = f"{RARE_NAME} {made.headline}" if is_rare else made.headline
        place = RARE_PLACE if is_rare else chance.choice(PLACES)
        subject = chance.randrange(len(SUBJECTS)) if story % 3 == 0 else None
        pooled = made.pooled[: chance.randint(1, 3)]
        steps = chance.choices((1, 2, 3), (75, 15, 10))[0]
        for number in range(1, steps + 1):
            version += 1
            marks = [MARKS[(number - 1) * 2]] if steps > 1 else []
            at = self.now - timedelta(days=(self.count - version) / VERSIONS_A_DAY)
            self.add_version(
                batch,
                (version, story, number, source, headline, marks, place, subject, at),
                made.paragraphs[0],
                pooled,
                is_rare=is_rare,
            )
        status = "cancelled" if story % 100 == 0 else "withheld" if story % 250 == 1 else "usable"
        moment = database_datetime(at)
        embargo = ("open", None) if story % 5000 == 3 else ("none", None)
        if story % 400 == 2:
            embargo = ("until", database_datetime(at + timedelta(hours=2)))
        batch.stories.append((story, source.pk, f"{story}", status, version, moment, *embargo))
        if story % TAKEN_EVERY == 0:
            person = self.person
            batch.drafts.append((story, headline, person, person, moment, moment, version))
        return version

    def add_version(
        self, batch: Batch, known: Any, opening: str, pooled: Sequence[int], *, is_rare: bool
    ) -> None:
        version, story, number, source, headline, marks, place, subject, at = known
        moment, digest = database_datetime(at), f"{version:064x}"
        cancels = story % 100 == 0 and story % 300 and number == 1 and not marks
        subjects = [SUBJECTS[subject]] if subject is not None else []
        if is_rare:
            subjects = [{"code": "", "name": RARE_SUBJECT}]
        urgency = 2 if version % 60 == 0 else None
        paragraphs = [opening, *(self.grammar.pool[n] for n in pooled)]
        batch.deliveries.append((version, source.pk, digest, 0, moment, "parsed", version))
        batch.versions.append(
            (
                version, story, version, number, "cancellation" if cancels else "text",
                mark_order(marks), headline, dumps(marks), source.agency, moment, moment,
                dumps([place]), dumps(paragraphs), dumps(subjects), urgency, digest,
            )
        )  # fmt: skip
        own = extract_ngrams(headline) | extract_ngrams(opening)
        own |= {source_term(source.pk), place_term(place), *date_terms(at.astimezone(UTC).date())}
        if urgency or "속보" in marks:
            own.add(URGENT_TERM)
        grams = (
            subject_ngrams(subjects[0]) if is_rare else self.subjects[subject] if subjects else ()
        )
        own |= {SUBJECT_PREFIX + gram for gram in grams}
        batch.words.append((version, make_sort_key(at, version), own, list(pooled)))
        if self.now - at < EVENTS_STORED_FOR:
            kind = MatchTerm.Kind.EVENT.value
            batch.terms += [
                (version, source.pk, kind, term, moment) for term in event_terms(headline)
            ]


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=is_postgres() is False)


@transaction.atomic
def insert_batch(batch: Batch, grams: Sequence[set[str]]) -> None:
    insert_rows(Delivery, DELIVERY_COLUMNS, batch.deliveries)
    insert_rows(Story, STORY_COLUMNS, batch.stories)
    insert_rows(Version, VERSION_COLUMNS, batch.versions)
    insert_rows(MatchTerm, TERM_COLUMNS, batch.terms)
    insert_rows(Draft, DRAFT_COLUMNS, batch.drafts)
    if is_postgres():
        insert_into_table(
            "bench_found",
            ["version", "sort_key", "own", "pooled"],
            (
                (version, key, tsvector_literal(own), f"{{{','.join(map(str, pooled))}}}")
                for version, key, own, pooled in batch.words
            ),
        )
        execute_sql(
            "INSERT INTO wire_indexedversion (version_id, sort_key, words)"
            f" SELECT version, sort_key, own{POOLED_SQL} FROM bench_found ORDER BY version"
        )
        execute_sql("TRUNCATE bench_found")
        return
    keys = ((version, key) for version, key, _own, _pooled in batch.words)
    insert_rows(IndexedVersion, ("version_id", "sort_key"), keys)
    words = (
        (key, " ".join(own.union(*(grams[n] for n in pooled))))
        for _version, key, own, pooled in batch.words
    )
    insert_into_table("wire_indexedwords", ["rowid", "grams"], words)


def create_staging_tables(grams: Sequence[set[str]]) -> None:
    execute_sql(f"DROP INDEX IF EXISTS {INDEX_NAME}")
    execute_sql("CREATE TEMP TABLE bench_pool (n integer PRIMARY KEY, words tsvector)")
    insert_into_table(
        "bench_pool", ["n", "words"], ((n, tsvector_literal(each)) for n, each in enumerate(grams))
    )
    execute_sql(
        "CREATE TEMP TABLE bench_found (version bigint, sort_key bigint, own tsvector, pooled integer[])"
    )


def load_questions(stories: int) -> None:
    """Open questions between neighbours of the newest stories."""
    pairs = (
        (stories - 7 * n, stories - 7 * n - 1) for n in range(QUESTIONS) if stories > 8 * n + 9
    )
    current = dict(
        Story.objects.filter(pk__gt=stories - 9 * QUESTIONS).values_list("pk", "current")
    )
    MatchQuestion.objects.bulk_create(
        MatchQuestion(version_id=current[one], other_id=current[other], similarity=0.5)
        for one, other in pairs
        if one in current and other in current
    )


def reset_sequences() -> None:
    for model in (Delivery, Story, Version, Draft) if is_postgres() else ():
        table = model._meta.db_table
        execute_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def load_inbox(count: int) -> None:
    """Insert so many versions and all that belongs to them."""
    rows = InboxRows(count)
    if is_postgres():
        create_staging_tables(rows.grams)
    for batch in rows.batches():
        insert_batch(batch, rows.grams)
    if is_postgres():
        if connection.in_atomic_block:  # of a test: deferred checks would forbid a new index
            execute_sql("SET CONSTRAINTS ALL IMMEDIATE")
        execute_sql(f"CREATE INDEX {INDEX_NAME} ON wire_indexedversion USING gin (words)")
    reset_sequences()
    load_questions(Story.objects.order_by("-pk").values_list("pk", flat=True)[0])


def main(count: int) -> None:
    if Version.objects.exists():
        return
    began = time.monotonic()
    with constraints_disabled():
        load_inbox(count)
    execute_sql("VACUUM ANALYZE" if is_postgres() else "ANALYZE")
    print(f"{count:,} versions loaded in {time.monotonic() - began:,.0f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
