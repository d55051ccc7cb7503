"""Query plans of publishing and of what follows from it do not depend on statistics (publishing 5, 22).

PostgreSQL knows what its last ANALYZE saw. Where that ran before a burst was committed, or beside the
transaction that wrote it, the planner takes every table for empty and nests full reads of one in another.
"""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from articles.search.indexer import sync_index
from articles.syndication.change_feed import append_pending_changes
from desk.models import Bundle, Release
from desk.workers.scheduler import process_due
from outbox.actions import fan_out_all
from tests.support import make
from tests.support.bulk_copies import scheduled_story_template, scheduled_update_template
from tests.support.faults.failing_releases import after_due_time, break_release
from tests.support.plan_work import analyze_beside_transaction, counting_plan_work

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

COPIES = 100  # of each of two stories
# The busiest statement visits each row of the tables of a story and its four list rows once. A join that
# nests one full read in another visits a hundred times as many.
MAX_ROWS_PER_STORY = 12


def test_rows_visited_by_publishing_grow_with_the_stories_alone(ben: User) -> None:
    broken = copy_stories(by=ben)
    waiting = Release.objects.waiting().count()
    analyze_beside_transaction()
    with after_due_time(), counting_plan_work() as work:
        done = process_due()
        fan_out_all()
        while append_pending_changes():
            pass
        while sync_index():
            pass
    assert (done.published, done.failed) == (waiting - 1, 1)
    assert Release.objects.get(state=Release.State.FAILED) == broken
    assert work.above(MAX_ROWS_PER_STORY * waiting) == {}


def copy_stories(*, by: User) -> Release:
    """Stories due at one time, with all that a story can have: published first, published again, and a
    third of them in a bundle. Returns one that fails, for which batches are halved."""
    at = timezone.now() + make.DUE_AFTER
    parts: dict[str, Any] = {"related": [make.live(), make.live()], "tags": ["반도체", "시세"]}
    first = scheduled_story_template(at=at, lead_photo=make.photo(), poll=make.poll_data(), **parts)
    again = scheduled_update_template(
        at=at, headline="고친다", lead_photo=make.photo(), poll=make.poll_data(), **parts
    )
    for template, name in ((first, "처음"), (again, "다시")):
        template.copy_many([at] * COPIES, names=[f"{name}-{n}" for n in range(COPIES)])
    bundle = Bundle.objects.create(title="묶음", due_at=at, planned_by=by)
    bundled = Release.objects.waiting().filter(pk__gt=again.release.pk).order_by("-pk")[::3]
    Release.objects.filter(pk__in=[release.pk for release in bundled]).update(bundle=bundle)
    break_release(first.release)
    return first.release
