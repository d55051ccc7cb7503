"""Driver of `bench.desk_home`, a process over the database to measure: `python -m bench.drivers.desk_pages
ROUNDS`."""

import random
import re
import sys
from collections.abc import Iterator

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings  # the settings stand now
from django.db import connection
from django.test import Client

from accounts.models import User
from articles.models import Section
from bench.drivers.report import describe_load, describe_machine
from bench.drivers.requests_to_measure import MeasuredRequest
from bench.drivers.scale_queries import captured_statements, statements_milliseconds, time_request
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


def measure(rounds: int) -> Iterator[tuple[MeasuredRequest, list[str]]]:
    """Each page with its times, and its statements that count rows."""
    settings.ALLOWED_HOSTS = ["*"]
    asked = [(MeasuredRequest(what, [url]), signed_in(who)) for what, who, url in pages()]
    for request, client in asked:
        time_request(client, request, request.addresses[0])
        with captured_statements() as statements:
            time_request(client, request, request.addresses[0])
        request.statements = len(statements)
        request.times.clear()
        request.counting = [sql for sql, _values in statements if COUNTED.search(sql)]  # type: ignore[attr-defined]
        reads = [found for found in statements if found[0].lstrip().upper().startswith("SELECT")]
        request.database = statements_milliseconds(reads)
    chance = random.Random(rounds)
    for _round in range(rounds):
        for request, client in chance.sample(asked, len(asked)):
            time_request(client, request, request.addresses[0])
    for request, _client in asked:
        yield request, request.counting  # type: ignore[attr-defined]


def main(rounds: int) -> None:
    print(f"{Draft.objects.count():,} stories on {connection.vendor}, {database_size()}:\n")
    print("| page | statements | COUNT(*) | in the database ms | p50 ms | p95 ms |")
    print("|---|--:|--:|--:|--:|--:|")
    for request, counting in measure(rounds):
        print(
            f"| {request.what} | {request.statements} | {len(counting)} | {request.database:.0f}"
            f" | {request.p50():.0f} | {request.p95():.0f} |"
        )
    print(f"\n{describe_machine()}. {describe_load()}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
