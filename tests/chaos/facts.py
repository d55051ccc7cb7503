"""Final state of the database by story, read in plain SQL so that no model judges itself."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

UNSETTLED_STATES = ("pending", "failed")


@dataclass(frozen=True)
class ReleaseRecord:
    """A release: its headline, due time and state."""

    pk: int
    state: str
    due: datetime
    edition: int
    words: str
    settled: datetime | None = None


@dataclass
class StoryRecord:
    """All rows of one story."""

    live: int | None
    first_published: datetime | None
    withdrawn: bool
    plans: list[ReleaseRecord] = field(default_factory=list)
    appearances: list[int] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)  # name, uid, in their order
    verbs: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    expires: datetime | None = None

    @property
    def done(self) -> list[ReleaseRecord]:
        """Releases that were published, in the order of their editions."""
        return sorted((p for p in self.plans if p.state == "done"), key=lambda p: p.edition)


def load_story_records(database: psycopg.Connection[Any]) -> dict[int, StoryRecord]:
    """Story records by primary key of the article."""
    found = {
        pk: StoryRecord(live, first, withdrawn is not None, expires=expires)
        for pk, live, first, withdrawn, expires in database.execute(
            "SELECT a.id, e.number, a.first_published_at, a.withdrawn_at, a.expires_at "
            "FROM articles_article a LEFT JOIN articles_edition e ON e.id = a.live_id"
        )
    }
    of_release: dict[int, StoryRecord] = {}
    for article, *plan in database.execute(
        "SELECT r.article_id, r.id, r.state, r.due_at, e.number, e.headline, r.settled_at "
        "FROM desk_release r JOIN articles_edition e ON e.id = r.edition_id ORDER BY r.id"
    ):
        found[article].plans.append(ReleaseRecord(*plan))
        of_release[plan[0]] = found[article]
    for article, number in database.execute(
        "SELECT s.article_id, e.number FROM articles_appearance s "
        "JOIN articles_edition e ON e.id = s.edition_id ORDER BY e.number"
    ):
        found[article].appearances.append(number)
    for name, key, uid in database.execute("SELECT name, key, uid FROM outbox_event ORDER BY id"):
        if key.startswith("article-"):
            found[int(key.removeprefix("article-"))].events.append((name, uid.hex))
    for subject, verb in database.execute(
        "SELECT subject, verb FROM audit_entry WHERE kind = 'desk.release' ORDER BY id"
    ):
        of_release[int(subject)].verbs[int(subject)].append(verb)
    return found


def count_unfinished(database: psycopg.Connection[Any]) -> dict[str, int]:
    """Counts of unfinished work: releases due, articles to expire, events and deliveries to send."""
    counts: dict[str, int] = {}
    for name, question in {
        "plans": "SELECT count(*) FROM desk_release WHERE state IN ('pending', 'failed') "
        "AND due_at < now() + interval '1 hour'",
        "ends": "SELECT count(*) FROM articles_article "
        "WHERE live_id IS NOT NULL AND expires_at <= now()",
        "events": "SELECT count(*) FROM outbox_event WHERE fanned_out_at IS NULL",
        "deliveries": "SELECT count(*) FROM outbox_delivery WHERE state = 'waiting'",
    }.items():
        row = database.execute(question).fetchone()
        assert row
        counts[name] = row[0]
    return counts
