"""The stories of a run: when each goes out, and what editors do to it in its last second."""

import random
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

FIRST, SECOND = "첫 판의 제목", "첫 판의 제목, 고침"
# Of a hundred stories; the others are left alone.
SHARES = {
    "later": 3,
    "earlier": 2,
    "swapped": 3,
    "cancelled": 3,
    "now": 3,
    "updated": 4,
    "withdrawn": 3,
}
LIVE_BEFORE = {"updated", "withdrawn"}
TOUCHED = {"later", "earlier", "swapped", "cancelled", "now", "withdrawn"}
# How long before its time somebody changes their mind.
BEFORE = (0.001, 0.02, 0.1, 0.3, 0.6, 1.0)


@dataclass
class Story:
    """One story: its address, its plan (seconds since 1970), and what happens to it."""

    slug: str
    kind: str
    due: float
    draft: int = 0
    article: int = 0

    @property
    def path(self) -> str:
        return f"/api/v1/articles/{quote(self.slug)}/"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def invented(number: int, *, seconds: float, seed: int) -> list[Story]:
    """So many stories over so many seconds from zero on, a tenth of them in one and the same second."""
    chance = random.Random(f"stories {seed}")
    kinds = [kind for kind, share in SHARES.items() for _ in range(number * share // 100)]
    kinds += ["plain"] * (number - len(kinds))
    chance.shuffle(kinds)
    rush = round(seconds * 0.6)
    return [
        Story(
            f"혼돈-{n}", kind, float(rush) if n % 10 == 0 else round(chance.uniform(0, seconds), 3)
        )
        for n, kind in enumerate(kinds)
    ]
