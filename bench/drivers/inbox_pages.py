"""Driver of `bench.wire_inbox`, a process over the database to measure: `python -m bench.drivers.inbox_pages
ROUNDS`."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

if __name__ == "__main__":
    # Set up as the web server is, whose loaded modules the garbage collector leaves alone.
    import newsroom.wsgi  # noqa: F401

from django.utils import timezone  # the settings stand now

from bench.drivers.desk_pages import measure_pages, print_table
from bench.load.wire_inbox import RARE_NAME, RARE_PLACE, RARE_SUBJECT
from newsroom.db.expressions import IdArray
from wire.admin.inbox_list import OLDER_VAR, place_of
from wire.matching.clusters import find_clusters
from wire.models import Source, Story, Version

LIST, API = "/admin/wire/story/", "/api/v1/desk/wire/"


def pages() -> list[tuple[str, str, str]]:
    """(what, whose session, address) of each page."""
    return [(what, "inbox", url) for what, url in addresses()]


def addresses() -> Iterator[tuple[str, str]]:
    sources = dict(Source.objects.values_list("slug", "pk"))
    day = timezone.localdate() - timedelta(days=1)

    def inbox(what: str, **query: object) -> tuple[str, str]:
        return what, f"{LIST}?{urlencode(query)}"

    yield "first page", LIST
    yield inbox("older, after 1,000 stories", **{OLDER_VAR: place_at(1_000)})
    yield inbox("older, the last ones", **{OLDER_VAR: place_at(-100)})
    yield inbox("urgency: urgent", urgency="flash")
    yield inbox("source, frequent", source__id__exact=sources["agency0"])
    yield inbox("source, rare", source__id__exact=sources["agency5"])
    yield inbox("place, frequent", place="서울")
    yield inbox("place, rare", place=RARE_PLACE)
    yield inbox("place, none", place="없는곳")
    yield inbox("subject, frequent", subject="경제")
    yield inbox("subject, by code", subject="medtop:02")
    yield inbox("subject, rare", subject=RARE_SUBJECT)
    yield inbox("state: usable", status__exact="usable")
    yield inbox("state: waiting", status__exact="withheld")
    yield inbox("state: cancelled", status__exact="cancelled")
    yield inbox("embargo, end unknown", embargo__exact="open")
    yield inbox("question: open", question="open")
    yield inbox("day", day=day)
    yield inbox("search: frequent word", q="정부")
    yield inbox("search: part of a word", q="공지능")
    yield inbox("search: two words", q="반도체 수출")
    yield inbox("search: phrase", q='"정부는 반도체"')
    yield inbox("search: without a word", q="정부 -반도체")
    yield inbox("search: rare word", q=RARE_NAME)
    yield inbox("search: nothing found", q="없는낱말")
    yield inbox("search, in a source", q="반도체", source__id__exact=sources["agency0"])
    yield inbox("search, in a rare source", q="정부", source__id__exact=sources["agency5"])
    yield inbox("search, in a state", q="정부", status__exact="withheld")
    yield inbox("search, urgent, of a place", q="정부", urgency="flash", place="부산")
    yield inbox("search, of a day", q="반도체", day=day)
    yield "a story with a cluster", f"{LIST}{story_with_cluster()}/change/"
    yield "API, first page", f"{API}?page_size=50"
    yield "API, search", f"{API}?{urlencode({'page_size': 50, 'q': '반도체 수출'})}"


def place_at(number: int) -> str:
    """The place of the story of this number in the list; with a negative one from the end."""
    order = ("-news_at", "-pk") if number >= 0 else ("news_at", "pk")
    rows = Story.objects.order_by(*order).values_list("pk", "news_at")
    return place_of(rows[min(abs(number), rows.count() - 1)])


def story_with_cluster() -> int:
    newest = list(Version.objects.order_by("-pk").values_list("story", flat=True)[:200])
    stories = list(Story.objects.filter(pk__in_array=IdArray(newest)))
    return next(iter(find_clusters(stories)), newest[0])


def main(rounds: int) -> None:
    versions = Version.objects.count()
    print_table(f"{versions:,} versions", list(measure_pages(pages(), rounds)), rounds)
    print(
        f"To measure again: `python -m bench.wire_inbox --versions {versions} --rounds {rounds}`.\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
