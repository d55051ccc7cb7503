"""Driver of `bench.polls`, a process over the database to measure: `python -m bench.drivers.poll_requests
VOTES ROUNDS`."""

import sys
import time
from collections.abc import Callable
from statistics import median, quantiles

if __name__ == "__main__":
    # Set up as the web server is, whose loaded modules the garbage collector leaves alone.
    import newsroom.wsgi  # noqa: F401

from django.db import connection, transaction
from django.test import Client

from articles.models import Article
from polls.actions import lock_poll
from polls.models import Poll
from polls.timeline import read_timeline
from tests.support import make

# Votes in one statement, each with a key of its own, cast in the hours of a week.
FILL_SQL = {
    "postgresql": """
INSERT INTO polls_vote (poll_id, side, voter, browser, state, rule, cast_at, changed_at)
SELECT %(poll)s, CASE WHEN n %% 5 < 3 THEN 'pro' ELSE 'con' END, md5(n::text) || md5('b' || n::text),
       '', 'counted', '', now() - n %% 168 * interval '1 hour', now()
FROM generate_series(1, %(votes)s) n
""",
    "sqlite": """
INSERT INTO polls_vote (poll_id, side, voter, browser, state, rule, cast_at, changed_at)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %(votes)s)
SELECT %(poll)s, CASE WHEN n %% 5 < 3 THEN 'pro' ELSE 'con' END, lower(hex(randomblob(32))),
       '', 'counted', '', datetime('now', '-' || (n %% 168) || ' hours'), datetime('now') FROM numbers
""",
}


def poll_with_votes(votes: int) -> Article:
    """A live story whose poll has so many votes."""
    story = make.live(poll=make.poll_data())
    with transaction.atomic():
        poll = lock_poll(story.poll_id or 0)
        with connection.cursor() as cursor:
            cursor.execute(FILL_SQL[connection.vendor], {"poll": poll.pk, "votes": votes})
        poll.replace_tally(poll.tally())
    return story


def read_poll(story: Article) -> None:
    assert Client().get(f"/api/v1/polls/{story.poll_id}/").status_code == 200


def read_page(story: Article) -> None:
    assert Client().get(f"/api/v1/articles/{story.slug}/").status_code == 200


def read_cards(_story: Article) -> None:
    assert Client().get("/api/v1/articles/").status_code == 200


def read_votes_by_hour(story: Article) -> None:
    poll = Poll.objects.get(pk=story.poll_id or 0)
    assert read_timeline(poll.pk).tally == poll.kept_tally()


def vote(story: Article) -> None:
    """A new browser's vote, counted since it has read the page (not measured)."""
    client = Client()
    client.get("/api/v1/me/state/", {"articles": story.slug})
    put(client, story, "pro")


def put(client: Client, story: Article, side: str) -> None:
    path = f"/api/v1/polls/{story.poll_id}/vote/"
    begins = time.perf_counter()
    answer = client.put(path, {"side": side}, content_type="application/json")
    LAST_PUT[0] = time.perf_counter() - begins
    assert answer.json()["my_vote_state"] == "counted", answer.content


LAST_PUT = [0.0]  # seconds that the last vote took, without reading the page before it


def measure(
    request: Callable[[Article], None], stories: list[Article], rounds: int
) -> list[list[float]]:
    """Milliseconds of each request by story, asked in turns."""
    times: list[list[float]] = [[] for _ in stories]
    for _ in range(rounds):
        for number, story in enumerate(stories):
            begins = time.perf_counter()
            request(story)
            seconds = LAST_PUT[0] if request is vote else time.perf_counter() - begins
            times[number].append(seconds * 1000)
    return times


def main(votes: int, rounds: int) -> None:
    few, many = poll_with_votes(10), poll_with_votes(votes)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE polls_vote")
    print(f"\n{connection.vendor}, {votes:,} votes beside 10, {rounds} rounds in turns, ms\n")
    print("| request | p50 of 10 | p50 of many | p95 of 10 | p95 of many | ratio of p50 |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, request in (
        ("GET poll", read_poll),
        ("GET article", read_page),
        ("GET cards", read_cards),
        ("PUT vote (new)", vote),
    ):
        measure(request, [few, many], 5)  # compiles queries
        of_few, of_many = measure(request, [few, many], rounds)
        p50, p95 = [
            [f(times) for times in (of_few, of_many)]
            for f in (median, lambda times: quantiles(times, n=20)[-1])
        ]
        row = (*p50, *p95, p50[1] / p50[0])
        print(f"| {name} | " + " | ".join(f"{value:.2f}" for value in row) + " |")
    [times] = measure(read_votes_by_hour, [many], 5)
    print(f"\ntimeline of the newsroom, votes by hour: {median(times):.0f} ms")
    begins = time.perf_counter()
    poll = Poll.objects.get(pk=many.poll_id or 0)
    tally = poll.tally()
    milliseconds = (time.perf_counter() - begins) * 1000
    assert tally == poll.kept_tally()
    print(
        f"\ncount of all rows (closing, reconcile): {milliseconds:.0f} ms; the kept tally equals it"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
