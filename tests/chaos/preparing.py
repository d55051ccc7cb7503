"""In a process of its own, over the run's database: staff, a subscriber, and all the stories.

`python -m tests.chaos.preparing SPEC`: reads the wishes in the file, writes what came of them there.
"""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402  # the settings stand now

from accounts.actions import issue_token  # noqa: E402
from articles.models import Article  # noqa: E402
from desk.actions import plan  # noqa: E402
from desk.models import Draft  # noqa: E402
from tests.chaos.stories import FIRST, LIVE_BEFORE, Story, invented, moment  # noqa: E402
from tests.support import make  # noqa: E402
from tests.support.bulk_copies import planned_story, planned_update  # noqa: E402
from tests.support.outbox import subscriber  # noqa: E402

REAL = 20  # stories with a photo and a poll, each made by the real actions
SPARE = 3.0  # seconds between the end of this and the first story's time
CAST_SHARE = 0.05  # of the time that a real draft takes, a copy of a story takes less


def prepared(wish: dict[str, Any]) -> dict[str, Any]:
    """Everything in the database; what the run has to know of it."""
    make.ground()
    ben = make.ben()
    stories = invented(wish["stories"], seconds=wish["seconds"], seed=wish["seed"])
    hook = subscriber(wish["receiver"])
    far = timezone.now() + timedelta(days=1)
    moulds = {False: planned_story(at=far, headline=FIRST)}
    moulds[True] = planned_update(at=far, headline=FIRST)
    plain = [story for story in stories if story.kind == "plain"][:REAL]
    drafts, each = drafted(plain)
    together, bundles = [s for s in stories if s.bundle], bundles_drafted(stories)
    # The workers come to work after this; they take as long to start as the web server took.
    begin = time.time() + SPARE + wish["start"] * 1.5 + len(stories) * each * CAST_SHARE
    for story in stories:
        story.put_off(begin)
    for story, draft in zip(plain, drafts, strict=True):
        plan(draft, at=moment(story.due), by=ben)
    for name, drafted_together in bundles.items():
        due = next(story.due for story in together if story.bundle == name)
        make.bundled(*drafted_together, at=moment(due), title=name)
    for was_live, mould in moulds.items():
        alone = [s for s in stories if s not in plain and not s.bundle]
        copies = [s for s in alone if (s.kind in LIVE_BEFORE) == was_live]
        mould.cast([moment(s.due) for s in copies], names=[s.slug for s in copies])
    number_them(stories)
    give_terms(stories)
    assert time.time() < begin, "the stories took longer to make than they had"
    return {
        "begin": begin,
        "token": issue_token(ben, scopes=("desk",)),
        "secret": hook.secrets[0]["secret"],
        "stories": [story.as_json() for story in stories],
    }


def drafted(stories: list[Story]) -> tuple[list[Draft], float]:
    """Their drafts with everything a story can have, and the seconds that one took."""
    began = time.monotonic()
    drafts = [
        make.draft(slug=story.slug, headline=FIRST, lead_photo=make.photo(), poll=make.poll_words())
        for story in stories
    ]
    return drafts, (time.monotonic() - began) / max(1, len(drafts))


def bundles_drafted(stories: list[Story]) -> dict[str, list[Draft]]:
    """The drafts of each bundle, by its name, which is a tag of them."""
    drafts = dict[str, list[Draft]]()
    for story in stories:
        if story.bundle:
            draft = make.draft(slug=story.slug, headline=FIRST, tags=[story.bundle])
            drafts.setdefault(story.bundle, []).append(draft)
    return drafts


def give_terms(stories: list[Story]) -> None:
    """Ends, and embargoes that came when the plans were made already, as an agency's do."""
    for story in stories:
        if story.embargo or story.end:
            Article.objects.filter(pk=story.article).update(
                embargo_until=moment(story.embargo) if story.embargo else None,
                expires_at=moment(story.end) if story.end else None,
            )


def number_them(stories: list[Story]) -> None:
    """Write down under which numbers the stories are kept."""
    articles = dict(Article.objects.values_list("slug", "pk"))
    drafts = dict(Draft.objects.values_list("article_id", "pk"))
    for story in stories:
        story.article = articles[story.slug]
        story.draft = drafts[story.article]


if __name__ == "__main__":
    spec = Path(sys.argv[1])
    spec.write_text(json.dumps(prepared(json.loads(spec.read_text()))))
