"""Driver of `bench.comments`, a process over the database to measure: `python -m
bench.drivers.comment_requests COMMENTS TOTAL ROUNDS`."""

import sys
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from statistics import median, quantiles

if __name__ == "__main__":
    # Set up as the web server is, whose loaded modules the garbage collector leaves alone.
    import newsroom.wsgi  # noqa: F401

from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from bench.load.comments import load_comments
from comments.actions import post_comment
from comments.models import Comment
from tests.support import make

WRITERS, COMMENTS_PER_WRITER = 8, 40
MAX_HIDDEN_SHOWN = 10


def milliseconds(request: Callable[[], object]) -> float:
    begins = time.perf_counter()
    request()
    return (time.perf_counter() - begins) * 1000


def measure(requests: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each request, asked in turns."""
    times: dict[str, list[float]] = {name: [] for name in requests}
    for number in range(rounds + 3):
        for name, request in requests.items():
            duration = milliseconds(request)
            if number >= 3:  # the first ones compile queries
                times[name].append(duration)
    return times


def get(url: str, client: Client | None = None) -> Callable[[], object]:
    def request() -> None:
        assert (client or Client()).get(url).status_code == 200, url

    return request


def table(title: str, times: dict[str, list[float]], *, base: str) -> None:
    """Print p50, p95 and the ratio of the p50 to that of one of the rows."""
    print(f"\n| {title} | p50 ms | p95 ms | ratio |\n|---|--:|--:|--:|")
    for name, durations in times.items():
        ratio = median(durations) / median(times[base])
        print(
            f"| {name} | {median(durations):.1f} | {quantiles(durations, n=20)[-1]:.1f} | {ratio:.2f} |"
        )


def load(comments: int, total: int) -> dict[str, Article]:
    """Threads of ten, of many, of many hidden ones, of many replies to one; the rest is older."""
    chi = make.reader("chi")
    older = make.live()
    load_comments(older, max(1, total - 3 * comments), author=make.reader("mal"))
    load_comments(older, 40, author=make.reader("sol"))
    threads = {
        name: make.live() for name in ("10", "many", "10 among many hidden", "many replies to one")
    }
    load_comments(threads["10"], 10, author=chi)
    load_comments(threads["many"], comments, author=chi)
    load_comments(threads["10 among many hidden"], MAX_HIDDEN_SHOWN, author=chi)
    hidden = comments - MAX_HIDDEN_SHOWN
    load_comments(threads["10 among many hidden"], hidden, author=chi, state="hidden")
    answered = post_comment(threads["many replies to one"], by=chi, text="모두 답하는 글")
    load_comments(threads["many replies to one"], comments, author=chi, parent=answered)
    with connection.cursor() as cursor:
        vacuum = connection.vendor == "postgresql"
        cursor.execute("VACUUM ANALYZE comments_comment" if vacuum else "ANALYZE")
    return threads


def measure_threads(threads: dict[str, Article], rounds: int) -> None:
    for sort in ("newest", "oldest", "best"):
        urls = {
            name: f"/api/v1/articles/{article.slug}/comments/?sort={sort}"
            for name, article in threads.items()
        }
        times = measure({name: get(url) for name, url in urls.items()}, rounds)
        table(f"first page, {sort}", times, base="10")


def measure_admin(rounds: int) -> None:
    client = Client()
    client.force_login(make.staff("mo", role="moderator"))
    base = reverse("admin:comments_comment_changelist")
    queries = {
        "list": "",
        "list of hidden ones": "?state__exact=hidden",
        "page 100": "?p=100",
        "search of a frequent word": "?q=출근길",
        "search of a rare word": "?q=노을빛",
        "search of no word": "?q=없는낱말",
        "search of a nickname": "?q=sol",
    }
    times = measure({name: get(base + query, client) for name, query in queries.items()}, rounds)
    table(f"admin, {Comment.objects.count():,} comments", times, base="list")


def measure_writers(article: Article) -> None:
    """Writers of one story at once, beside as many that insert the bare row."""
    writers = [make.reader(f"writer{number}") for number in range(WRITERS)]

    def bare(writer: User, number: int) -> None:
        Comment.objects.create(article=article, author=writer, text=f"글 {number}", fingerprint="")

    def posted(writer: User, number: int) -> None:
        post_comment(article, by=writer, text=f"{writer.nickname}의 {number}번째 생각")

    times = {
        "bare insert, one writer": run_writers(writers[:1], bare),
        f"bare insert, {WRITERS} writers": run_writers(writers, bare),
        "post_comment, one writer": run_writers(writers[:1], posted),
        f"post_comment, {WRITERS} writers": run_writers(writers, posted),
    }
    table("writers of one story", times, base="bare insert, one writer")


def run_writers(writers: Iterable[User], write: Callable[[User, int], None]) -> list[float]:
    """Milliseconds of each write, by writers in threads with connections of their own."""
    durations = list[float]()

    def run(writer: User) -> None:
        for number in range(COMMENTS_PER_WRITER):
            durations.append(milliseconds(partial(write, writer, number)))
        connections.close_all()

    threads = [threading.Thread(target=run, args=(writer,)) for writer in writers]
    begins = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{len(durations) / (time.perf_counter() - begins):.0f} a second by {len(threads)}")
    return durations


def main(comments: int, total: int, rounds: int) -> None:
    make.reference_rows()
    threads = load(comments, total)
    print(f"\n{connection.vendor}, threads of {comments:,} beside 10, {rounds} rounds in turns")
    measure_threads(threads, rounds)
    measure_admin(rounds)
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        measure_writers(threads["many"])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
