"""Stories of `bench.mixed`, prepared in a process of its own: bulk ones, and a hundred of the desk's own.

`python -m bench.drivers.mixed_stories SPEC`: reads the number of stories in the file, writes what readers,
writers and editors need: slugs, polls, drafts, tokens, and addresses of lists.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # the settings stand now
from django.test import Client  # noqa: E402

from accounts.actions import issue_token  # noqa: E402
from accounts.models import User  # noqa: E402
from articles.models import Article, Tag  # noqa: E402
from bench.load.articles import load_articles  # noqa: E402
from bench.load.grammar import SECTIONS  # noqa: E402
from desk.models import Draft  # noqa: E402
from tests.support import make  # noqa: E402

DESK_STORIES, READERS, TAGS, CURSOR_PAGES = 100, 40, 20, 40


def prepare_stories(articles: int, *, popular: int, desk: int = DESK_STORIES) -> dict[str, Any]:
    """Load so many stories, of which the `popular` newest are read, and publish some of the desk."""
    make.reference_rows()
    if articles:
        load_articles(articles, hands=1)
    editor = make.ben()
    stories = [make.live(poll=make.poll_data(), section=make.section()) for _ in range(desk)]
    drafts = dict(Draft.objects.values_list("article_id", "pk"))
    of_desk = [
        {"slug": story.slug, "poll": story.poll_id, "draft": drafts[story.pk]} for story in stories
    ]
    bulk = Article.objects.live().exclude(pk__in=[story.pk for story in stories]).newest_first()
    readers = [make.reader(f"reader{number}") for number in range(READERS)]
    return {
        "desk": of_desk,
        "bulk": list(bulk.values_list("slug", flat=True)[:popular]),
        "sections": SECTIONS,
        "tags": list(Tag.objects.order_by("pk").values_list("slug", flat=True)[:TAGS]),
        "cursor_pages": CURSOR_PAGES,
        "editor": issue_token(editor, scopes=("desk",)),
        "readers": [sign_in(reader) for reader in readers],
    }


def sign_in(reader: User) -> str:
    """The session cookie of a reader."""
    client = Client()
    client.force_login(reader)
    return client.cookies[settings.SESSION_COOKIE_NAME].OutputString().partition(";")[0]


if __name__ == "__main__":
    spec = Path(sys.argv[1])
    spec.write_text(json.dumps(prepare_stories(**json.loads(spec.read_text()))))
