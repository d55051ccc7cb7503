"""Stories of a chaos run: when each is due, and what editors do to it at the last moment."""

import random
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

FIRST_HEADLINE, SECOND_HEADLINE = "첫 판의 제목", "첫 판의 제목, 고침"
# Of a hundred stories; the others are left alone.
KINDS_PER_HUNDRED = {
    "later": 3,
    "earlier": 2,
    "swapped": 3,
    "cancelled": 3,
    "now": 3,
    "updated": 4,
    "withdrawn": 3,
    "embargoed": 2,
    "ending": 3,
    "bundled": 2,
}
INITIALLY_LIVE_KINDS = {"updated", "withdrawn"}
EDITED_KINDS = {"later", "earlier", "swapped", "cancelled", "now", "withdrawn"}
BUNDLE_SIZE = 5
# Of the seconds of a run, and at most: for as long readers see a story that has an end.
SHOWN_SHARE, MAX_SHOWN_SECONDS = 0.3, 20.0
# How long before its time somebody changes their mind.
LEAD_TIMES_SECONDS = (0.001, 0.02, 0.1, 0.3, 0.6, 1.0)


@dataclass
class ChaosStory:
    """One story: its slug, its due time (seconds since 1970), and what happens to it.

    Some are under an `embargo` that ends after the time of the plan, some come down at an `end`, some
    go out together with others of a `bundle`.
    """

    slug: str
    kind: str
    due: float
    draft: int = 0
    article: int = 0
    embargo: float | None = None
    end: float | None = None
    bundle: str = ""

    def shift(self, seconds: float) -> None:
        """Move all times of the story by so many seconds."""
        self.due += seconds
        self.embargo = None if self.embargo is None else self.embargo + seconds
        self.end = None if self.end is None else self.end + seconds

    @property
    def path(self) -> str:
        return f"/api/v1/articles/{quote(self.slug)}/"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def datetime_at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def generate_stories(number: int, *, seconds: float, seed: int) -> list[ChaosStory]:
    """Generate stories over so many seconds from zero on, a tenth of them due in one second."""
    chance = random.Random(f"stories {seed}")
    kinds = [
        kind for kind, share in KINDS_PER_HUNDRED.items() for _ in range(number * share // 100)
    ]
    kinds += ["plain"] * (number - len(kinds))
    chance.shuffle(kinds)
    rush = round(seconds * 0.6)
    stories = [
        ChaosStory(
            f"혼돈-{n}", kind, float(rush) if n % 10 == 0 else round(chance.uniform(0, seconds), 3)
        )
        for n, kind in enumerate(kinds)
    ]
    assign_embargoes_and_ends(stories, chance, seconds=seconds)
    assign_bundles([story for story in stories if story.kind == "bundled"])
    return stories


def assign_embargoes_and_ends(
    stories: list[ChaosStory], chance: random.Random, *, seconds: float
) -> None:
    """Assign embargoes and expiry times within the seconds of the run."""
    lasts = min(seconds * SHOWN_SHARE, MAX_SHOWN_SECONDS)
    for story in stories:
        if story.kind == "embargoed":
            story.due = round(chance.uniform(0, seconds * 0.7), 3)
            story.embargo = round(story.due + chance.uniform(0.5, seconds * 0.2), 3)
        elif story.kind == "ending":
            story.due = round(chance.uniform(0, seconds * 0.6), 3)
            story.end = round(story.due + lasts, 3)


def assign_bundles(stories: list[ChaosStory]) -> None:
    """Put some stories at a time into a bundle that is due with the first of them."""
    for start in range(0, len(stories), BUNDLE_SIZE):
        together = stories[start : start + BUNDLE_SIZE]
        for story in together:
            story.bundle, story.due = f"묶음{start}", together[0].due
