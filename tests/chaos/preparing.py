"""Preparation of a chaos run, in a process of its own: staff, a subscriber, and all stories.

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
from desk.actions import schedule_draft  # noqa: E402
from desk.models import Draft  # noqa: E402
from tests.chaos.stories import (  # noqa: E402
    FIRST_HEADLINE,
    INITIALLY_LIVE_KINDS,
    ChaosStory,
    datetime_at,
    generate_stories,
)
from tests.support import make  # noqa: E402
from tests.support.bulk_copies import scheduled_story_template, scheduled_update_template  # noqa: E402
from tests.support.outbox import subscriber  # noqa: E402

FULL_STORIES = 20  # stories with a photo and a poll, each made by the real actions
START_MARGIN_SECONDS = 3.0  # seconds between the end of this and the first story's time
COPY_TIME_SHARE = 0.05  # of the time that a real draft takes, a copy of a story takes less


def prepare_run(params: dict[str, Any]) -> dict[str, Any]:
    """Create everything in the database; return what the run must know of it."""
    make.reference_rows()
    ben = make.ben()
    stories = generate_stories(params["stories"], seconds=params["seconds"], seed=params["seed"])
    hook = subscriber(params["receiver"])
    far = timezone.now() + timedelta(days=1)
    moulds = {False: scheduled_story_template(at=far, headline=FIRST_HEADLINE)}
    moulds[True] = scheduled_update_template(at=far, headline=FIRST_HEADLINE)
    plain = [story for story in stories if story.kind == "plain"][:FULL_STORIES]
    drafts, each = make_drafts(plain)
    together, bundles = [s for s in stories if s.bundle], make_bundle_drafts(stories)
    # The workers come to work after this; they take as long to start as the web server took.
    begin = (
        time.time()
        + START_MARGIN_SECONDS
        + params["start"] * 1.5
        + len(stories) * each * COPY_TIME_SHARE
    )
    for story in stories:
        story.shift(begin)
    for story, draft in zip(plain, drafts, strict=True):
        schedule_draft(draft, at=datetime_at(story.due), by=ben)
    for name, drafted_together in bundles.items():
        due = next(story.due for story in together if story.bundle == name)
        make.bundled(*drafted_together, at=datetime_at(due), title=name)
    for was_live, mould in moulds.items():
        alone = [s for s in stories if s not in plain and not s.bundle]
        copies = [s for s in alone if (s.kind in INITIALLY_LIVE_KINDS) == was_live]
        mould.copy_many([datetime_at(s.due) for s in copies], names=[s.slug for s in copies])
    load_primary_keys(stories)
    set_embargoes_and_ends(stories)
    assert time.time() < begin, "the stories took longer to make than they had"
    return {
        "begin": begin,
        "token": issue_token(ben, scopes=("desk",)),
        "secret": hook.secrets[0]["secret"],
        "stories": [story.as_json() for story in stories],
    }


def make_drafts(stories: list[ChaosStory]) -> tuple[list[Draft], float]:
    """Drafts with photo and poll, and the seconds that one took."""
    began = time.monotonic()
    drafts = [
        make.draft(
            slug=story.slug, headline=FIRST_HEADLINE, lead_photo=make.photo(), poll=make.poll_data()
        )
        for story in stories
    ]
    return drafts, (time.monotonic() - began) / max(1, len(drafts))


def make_bundle_drafts(stories: list[ChaosStory]) -> dict[str, list[Draft]]:
    """Drafts by bundle; the bundle's name is a tag of them."""
    drafts = dict[str, list[Draft]]()
    for story in stories:
        if story.bundle:
            draft = make.draft(slug=story.slug, headline=FIRST_HEADLINE, tags=[story.bundle])
            drafts.setdefault(story.bundle, []).append(draft)
    return drafts


def set_embargoes_and_ends(stories: list[ChaosStory]) -> None:
    """Set expiry times, and embargoes after the release was scheduled, as an agency's arrive."""
    for story in stories:
        if story.embargo or story.end:
            Article.objects.filter(pk=story.article).update(
                embargo_until=datetime_at(story.embargo) if story.embargo else None,
                expires_at=datetime_at(story.end) if story.end else None,
            )


def load_primary_keys(stories: list[ChaosStory]) -> None:
    """Read the primary keys of the stories."""
    articles = dict(Article.objects.values_list("slug", "pk"))
    drafts = dict(Draft.objects.values_list("article_id", "pk"))
    for story in stories:
        story.article = articles[story.slug]
        story.draft = drafts[story.article]


if __name__ == "__main__":
    spec = Path(sys.argv[1])
    spec.write_text(json.dumps(prepare_run(json.loads(spec.read_text()))))
