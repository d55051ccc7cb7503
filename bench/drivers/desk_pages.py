"""Driver of `bench.desk_home`, a process over the database to measure: `python -m bench.drivers.desk_pages
ROUNDS`."""

import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

if __name__ == "__main__":
    # Set up as the web server is, whose loaded modules the garbage collector leaves alone.
    import newsroom.wsgi  # noqa: F401

from django.conf import settings  # the settings stand now
from django.db import connection
from django.test import Client

from accounts.models import User
from articles.models import Section
from bench.drivers.report import describe_load, describe_machine
from bench.drivers.requests_to_measure import MeasuredRequest
from bench.drivers.scale_queries import captured_statements, statements_milliseconds
from bench.load.articles import database_size
from desk.models import Draft

COUNTED = re.compile(r"COUNT\(\*\)", re.IGNORECASE)
LIST, CALENDAR = "/admin/desk/draft/", "/admin/calendar/"


def pages() -> list[tuple[str, str, str]]:
    """(what, whose session, address) of each page."""
    section = Section.objects.order_by("pk").values_list("pk", flat=True)[2]
    person = User.objects.get(email="staff5@example.com").pk
    rare = Draft.objects.order_by("pk").values_list("headline", flat=True)[50]
    return [
        ("home, reporter", "staff0", "/admin/"),
        ("home, editor", "staff1", "/admin/"),
        ("home, chief", "chief", "/admin/"),
        ("stories, first page", "staff1", LIST),
        ("stories, page 20", "staff1", f"{LIST}?p=20"),
        ("stories, my own", "staff1", f"{LIST}?whose=mine"),
        ("stories, waiting for review", "staff1", f"{LIST}?standing=submitted"),
        ("stories, scheduled", "staff1", f"{LIST}?standing=planned"),
        ("stories, in progress", "staff1", f"{LIST}?standing=writing"),
        ("stories, of a section", "staff1", f"{LIST}?section__id__exact={section}"),
        ("stories, search: many found", "staff1", f"{LIST}?q=로봇"),
        ("stories, search: an old one", "staff1", f"{LIST}?q={rare}"),
        ("stories, search: nothing found", "staff1", f"{LIST}?q=없는낱말"),
        ("calendar, month", "staff1", CALENDAR),
        ("calendar, month of a section", "staff1", f"{CALENDAR}?section={section}"),
        ("calendar, month of a person", "staff1", f"{CALENDAR}?person={person}"),
        ("calendar, week", "staff1", f"{CALENDAR}?view=week"),
        ("calendar, day", "staff1", f"{CALENDAR}?view=day"),
    ]


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=f"{name}@example.com"))
    return client


@dataclass
class MeasuredPage(MeasuredRequest):
    """A page with its processor times in this process (on SQLite with the database), and its statements
    that count rows."""

    processor: list[float] = field(default_factory=list)
    counting: int = 0

    def request_with(self, client: Client) -> None:
        began, busy = time.perf_counter(), time.process_time()
        answer = client.get(self.addresses[0])
        self.times.append((time.perf_counter() - began) * 1000)
        self.processor.append((time.process_time() - busy) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{self.addresses[0]}: {answer.status_code}")


def measure_pages(pages: Sequence[tuple[str, str, str]], rounds: int) -> Iterator[MeasuredPage]:
    """The pages (what, whose session, address), each requested so many times, in turns."""
    settings.ALLOWED_HOSTS = ["*"]
    asked = [(MeasuredPage(what, [url]), signed_in(who)) for what, who, url in pages]
    for page, client in asked:
        page.request_with(client)
        with captured_statements() as statements:
            page.request_with(client)
        page.statements = len(statements)
        page.counting = sum(bool(COUNTED.search(sql)) for sql, _values in statements)
        reads = [found for found in statements if found[0].lstrip().upper().startswith("SELECT")]
        page.database = statements_milliseconds(reads)
        page.times.clear()
        page.processor.clear()
    chance = random.Random(rounds)
    for _round in range(rounds):
        for page, client in chance.sample(asked, len(asked)):
            page.request_with(client)
    yield from (page for page, _client in asked)


def print_table(what: str, pages_measured: Sequence[MeasuredPage], rounds: int) -> None:
    """The Markdown table, the machine, and the slowest page."""
    print(f"{what} on {connection.vendor}, {database_size()}:\n")
    print("| page | statements | COUNT(*) | in the database ms | processor ms | p50 ms | p95 ms |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for page in pages_measured:
        print(
            f"| {page.what} | {page.statements} | {page.counting} | {page.database:.0f}"
            f" | {median(page.processor):.0f} | {page.p50():.0f} | {page.p95():.0f} |"
        )
    print(f"\n{describe_machine()}. {describe_load()}")
    slowest = max(pages_measured, key=MeasuredPage.p95)
    print(
        f"Slowest: {slowest.what}, p95 {slowest.p95():.0f} ms, of {rounds} requests of each page."
    )


def main(rounds: int) -> None:
    stories = Draft.objects.count()
    print_table(f"{stories:,} stories", list(measure_pages(pages(), rounds)), rounds)
    print(f"To measure again: `python -m bench.desk_home --drafts {stories} --rounds {rounds}`.\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
