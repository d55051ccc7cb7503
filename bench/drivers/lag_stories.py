"""Stories of `bench.lag`, prepared in a process of its own: live ones and scheduled ones.

`python -m bench.drivers.lag_stories SPEC`: reads the wishes in the file, writes what came of them there.
"""

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from accounts.actions import issue_token  # noqa: E402  # the settings stand now
from articles.models import Article  # noqa: E402
from desk.actions import publish_now  # noqa: E402
from tests.support import make  # noqa: E402
from tests.support.bulk_copies import StoryTemplate, scheduled_story_template  # noqa: E402

START_MARGIN_SECONDS = 15.0  # seconds for the processes to start, and for readers to read in peace


def prepare_stories(params: dict[str, Any]) -> dict[str, Any]:
    """Create the stories; return what the measurement must know of them."""
    make.reference_rows()
    ben = make.ben()
    began = time.monotonic()
    shown = [f"공개-{n}" for n in range(params["shown"])]
    past = datetime.now(UTC)
    live = StoryTemplate(lambda: publish_now(make.draft(), by=ben))
    live.copy_many([past] * len(shown), names=shown)
    each = (time.monotonic() - began) / (len(shown) + 1)
    number = params["planned"]
    begin = time.time() + START_MARGIN_SECONDS + number * each * 2
    if not params["over"]:
        begin = float(round(begin))  # all in one second
    chance = random.Random(params["seed"])
    dues = sorted(begin + chance.uniform(0, params["over"]) for _ in range(number))
    names = [f"예약-{n}" for n in range(number)]
    if number:
        mould = scheduled_story_template(at=datetime.fromtimestamp(begin + 86_400, UTC))
        mould.copy_many([datetime.fromtimestamp(due, UTC) for due in dues], names=names)
    return {
        "shown": shown,
        "planned": list(zip(names, dues, strict=True)),
        "token": issue_token(ben, scopes=("desk",)),
        "live_now": Article.objects.filter(live__isnull=False).count(),
        "seconds": time.monotonic() - began,
    }


if __name__ == "__main__":
    spec = Path(sys.argv[1])
    spec.write_text(json.dumps(prepare_stories(json.loads(spec.read_text()))))
