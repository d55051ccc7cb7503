"""A worker killed with SIGKILL before any of its statements: the story is fully old or fully new.

publishing 7 (all or nothing after a crash at any point), 8, 9; wire 5c (killed between the change of
state and its effects).
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from articles.models import (
    Appearance,
    Article,
    ArticleCounts,
    Byline,
    Edition,
    FormerSlug,
    PhotoUse,
    Tagging,
)
from audit.models import Entry
from desk.actions import publish_now, schedule_draft
from desk.actions.freezing import Correction
from desk.models import Draft, Release
from media.models import Photo
from outbox.models import Event
from polls.models import Poll
from tests.desk.actions.test_publish_clock import address_of_test_database
from tests.support import make
from tests.support.loopback.processes import PROJECT_ROOT, process_environment

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MAX_STATEMENTS = 400  # statements; a round takes far fewer
TABLES: list[type[models.Model]] = [
    Article, Release, Draft, Appearance, Byline, Tagging, PhotoUse, FormerSlug, ArticleCounts, Photo,
    Poll, Event, Entry,
]  # fmt: skip

Snapshot = dict[str, list[dict[str, Any]]]


def rows() -> Snapshot:
    """Every row that a publication could touch."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in TABLES
    }


@dataclass(frozen=True)
class Job:
    """Something a worker is told to do, and whether it is done: all of it."""

    order: str
    number: int
    done: Callable[[], bool]


class Worker:
    """A warm process that does one job after the other, each time killed where it is told."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def do(self, job: Job, *, until: int = MAX_STATEMENTS) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{until} {job.order} {job.number}\n")
        self.process.stdin.flush()
        outcome = self.process.stdout.readline().strip()
        assert outcome in {"killed", "finished"}, outcome
        return outcome


@pytest.fixture(scope="module")
def worker(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    folder = tmp_path_factory.mktemp("worker")
    env = process_environment(folder, DATABASE_URL=address_of_test_database(), REDIS_URL="")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.faults.crash_at_statement"],
        cwd=PROJECT_ROOT,
        env=env,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield Worker(process)
        assert process.stdin
        process.stdin.close()


def due(release: Release, done: Callable[[Release], bool]) -> Job:
    Release.objects.filter(pk=release.pk).update(due_at=timezone.now())
    return Job("publish_due", 0, lambda: done(Release.objects.get(pk=release.pk)))


def first_publication() -> Job:
    """With everything that becomes public beside the words."""
    extra: dict[str, Any] = {
        "lead_photo": make.photo(),
        "poll": make.poll_data(),
        "tags": ["로봇"],
    }
    return due(make.planned(**extra), is_out)


def an_update() -> Job:
    """New words, another photo, another address, a correction note."""
    draft = make.draft_of(make.live(lead_photo=make.photo(), poll=make.poll_data()))
    make.changed(
        draft,
        headline="고친 제목",
        lead_photo=make.photo(),
        slug=f"새-주소-{draft.pk}",
        tags=["새 말"],
    )
    note: Correction = {"kind": "correction", "note": "이름을 바로잡았습니다."}
    at = timezone.now() + make.DUE_AFTER
    return due(schedule_draft(draft, at=at, by=make.ben(), correction=note), is_out)


def an_overtaken_plan() -> Job:
    """Older than what readers have seen since: settled, not shown."""
    release = make.planned()
    publish_now(make.draft_of(release.article), by=make.ben())
    Release.objects.filter(pk=release.pk).update(state="pending", settled_at=None)
    return due(release, is_overtaken)


def a_withdrawal() -> Job:
    """Of a story with a photo and a poll, while its update waits."""
    article = make.live(lead_photo=make.photo(), poll=make.poll_data())
    schedule_draft(make.draft_of(article), at=timezone.now() + make.DUE_AFTER, by=make.ben())
    return Job("withdraw", article.pk, lambda: is_gone(Article.objects.get(pk=article.pk)))


def is_out(release: Release) -> bool:
    """Fully new: the pointer, the outcome, event, audit log, photos, poll and lists all agree."""
    article, edition = Article.objects.get(pk=release.article_id), release.edition
    tags = list(Tagging.objects.filter(article=article).values_list("tag_id", flat=True))
    photo, poll = edition.lead_photo, edition.poll
    return (
        release.state == Release.State.DONE
        and (article.live_id, article.slug) == (edition.pk, edition.slug)
        and article.published_at == release.due_at
        and Appearance.objects.filter(article=article).count() == edition.number
        and Event.objects.filter(key=article.key()).count() == edition.number
        and lines(release, "published") == 1
        and tags == edition.tag_ids
        and (photo is None or photos_shown_for(article) == {photo.pk})
        and (poll is None or poll.public)
    )


def is_overtaken(release: Release) -> bool:
    """Once by the editor who put out newer words, once more by the clock."""
    return release.state == Release.State.OVERTAKEN and lines(release, "overtaken") == 2


def is_gone(article: Article) -> bool:
    """Fully withdrawn: no pointer, no plan, no photo, no poll, one event, one line."""
    return (
        article.live_id is None
        and bool(article.withdrawn_at)
        and not Release.objects.waiting().filter(article=article).exists()
        and photos_shown_for(article) == set()
        and not (article.poll and article.poll.public)
        and Event.objects.filter(key=article.key(), name="article.withdrawn").count() == 1
        and lines(article, "withdrew") == 1
    )


def lines(subject: models.Model, verb: str) -> int:
    kind = subject._meta.label_lower
    return Entry.objects.filter(kind=kind, subject=str(subject.pk), verb=verb).count()


def photos_shown_for(article: Article) -> set[int]:
    """Of all photos its editions ever had, those that are public."""
    had = Edition.objects.filter(article=article).values("lead_photo")
    return set(Photo.objects.filter(pk__in=had, public=True).values_list("pk", flat=True))


@pytest.mark.parametrize(
    "job_made", [first_publication, an_update, an_overtaken_plan, a_withdrawal]
)
def test_killed_before_any_statement_a_story_is_fully_old_or_fully_new(
    worker: Worker, job_made: Callable[[], Job]
) -> None:
    deaths = {"old": 0, "new": 0}
    job = job_made()
    old = rows()
    for statement in range(1, MAX_STATEMENTS):
        if worker.do(job, until=statement) == "finished":
            break
        if rows() == old:  # to the last column, so the next round stands where this one stood
            deaths["old"] += 1
            continue
        deaths["new"] += 1
        assert job.done(), f"half done before statement {statement}"
        settled = rows()
        assert worker.do(job) == "finished"
        assert rows() == settled, "the next round did something twice"
        job = job_made()
        old = rows()
    assert job.done(), "the round that nobody killed left it undone"
    assert deaths["old"] > 5
    assert deaths["new"] > 0 or job.order == "withdraw"  # nothing comes after its COMMIT
