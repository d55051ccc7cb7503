"""Driver of `bench.wire_inbox`, a process of its own: `python -m bench.drivers.inbox_pages ROUNDS`."""

import sys
from datetime import timedelta
from urllib.parse import urlencode

if __name__ == "__main__":
    # Set up as the web server is, whose loaded modules the garbage collector leaves alone.
    import newsroom.wsgi  # noqa: F401

from django.utils import timezone  # the settings stand now

from bench.drivers.desk_pages import measure_pages, print_table
from bench.load.wire_inbox import RARE_NAME, RARE_PLACE, RARE_SOURCE, RARE_SUBJECT
from newsroom.db.expressions import IdArray
from wire.admin.inbox_list import OLDER_VAR, cursor_of
from wire.matching.clusters import find_clusters
from wire.models import Source, Story, Version

LIST, API = "/admin/wire/story/", "/api/v1/desk/wire/"


def pages() -> list[tuple[str, str, str]]:
    """(what, whose session, address) of each page."""
    listed = {**plain_lists(), **filtered_lists(), **searches()}
    requests = {what: f"{LIST}?{urlencode(query)}" for what, query in listed.items()}
    requests["a story with a cluster"] = f"{LIST}{story_with_cluster()}/change/"
    requests["API, first page"] = f"{API}?page_size=50"
    requests["API, search"] = f"{API}?{urlencode({'page_size': 50, 'q': '반도체 수출'})}"
    return [(what, "inbox", url) for what, url in requests.items()]


def source(number: int) -> dict[str, object]:
    return {"source__id__exact": Source.objects.get(slug=f"agency{number}").pk}


def yesterday() -> dict[str, object]:
    return {"day": timezone.localdate() - timedelta(days=1)}


def plain_lists() -> dict[str, dict[str, object]]:
    return {
        "first page": {},
        "older, after 1,000 stories": {OLDER_VAR: place_at(1_000)},
        "older, the last ones": {OLDER_VAR: place_at(-100)},
    }


def filtered_lists() -> dict[str, dict[str, object]]:
    return {
        "urgency: urgent": {"urgency": "flash"},
        "source, frequent": source(0),
        "source, rare": source(RARE_SOURCE),
        "place, frequent": {"place": "서울"},
        "place, rare": {"place": RARE_PLACE},
        "place, none": {"place": "없는곳"},
        "subject, frequent": {"subject": "경제"},
        "subject, by code": {"subject": "medtop:02"},
        "subject, rare": {"subject": RARE_SUBJECT},
        "state: usable": {"status__exact": "usable"},
        "state: waiting": {"status__exact": "withheld"},
        "state: cancelled": {"status__exact": "cancelled"},
        "taken: a draft was begun": {"taken": "yes"},
        "taken: free": {"taken": "no"},
        "embargo, end unknown": {"embargo__exact": "open"},
        "question: open": {"question": "open"},
        "day": yesterday(),
    }


def searches() -> dict[str, dict[str, object]]:
    return {
        "search: frequent word": {"q": "정부"},
        "search: part of a word": {"q": "공지능"},
        "search: two words": {"q": "반도체 수출"},
        "search: phrase": {"q": '"정부는 반도체"'},
        "search: without a word": {"q": "정부 -반도체"},
        "search: rare word": {"q": RARE_NAME},
        "search: nothing found": {"q": "없는낱말"},
        "search, in a source": {"q": "반도체", **source(0)},
        "search, in a rare source": {"q": "정부", **source(RARE_SOURCE)},
        "search, in a state": {"q": "정부", "status__exact": "withheld"},
        "search, urgent, of a place": {"q": "정부", "urgency": "flash", "place": "부산"},
        "search, of a day": {"q": "반도체", **yesterday()},
    }


def place_at(number: int) -> str:
    """The place of the story of this number in the list; with a negative one from the end."""
    order = ("-news_at", "-pk") if number >= 0 else ("news_at", "pk")
    rows = Story.objects.order_by(*order).values_list("pk", "news_at")
    return cursor_of(rows[min(abs(number), rows.count() - 1)])


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
