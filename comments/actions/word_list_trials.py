"""Dry runs of a changed word list over the comments of the last days. No comment changes.

A worker goes on with a run in batches, each in a transaction of its own, so that no request waits for it.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import User
from audit.actions import record_audit
from comments.actions.word_lists import Entry, require_current, save_word_list, words_of
from comments.content_filter import CompiledWords, Finding, compile_words, find_words
from comments.errors import TrialNotFinished
from comments.models import Comment, WordList, WordListTrial
from comments.permissions import may_moderate_comments
from newsroom.errors import NotAllowed

MAX_TRIAL_DAYS = 90
MAX_TRIAL_ROWS = 20_000  # the newest comments
BATCH_ROWS = 500
MAX_SAMPLES = 50  # of each kind
TRIALS_KEPT = 100


@transaction.atomic
def start_trial(
    entries: Sequence[Entry], *, by: User, base_number: int, days: int, note: str = ""
) -> WordListTrial:
    """Write down that a list is to be tried on the comments of the last days.

    Raises NotAllowed, WordListChanged: a run against a list that does not count could never be applied.
    """
    if not may_moderate_comments(by):
        raise NotAllowed
    require_current(base_number)
    trial = WordListTrial.objects.create(
        base_number=base_number,
        entries=list(entries),
        days=min(max(days, 1), MAX_TRIAL_DAYS),
        note=note[:200],
        created_by=by,
    )
    record_audit(trial, verb="list_tried", by=by, days=trial.days, base=base_number)
    old = WordListTrial.objects.order_by("-pk").values_list("pk", flat=True)[TRIALS_KEPT:]
    WordListTrial.objects.filter(pk__in=list(old)).delete()
    return trial


def run_due_trials(*, max_batches: int = 8) -> int:
    """Go on with unfinished dry runs for so many batches; how many batches were looked at."""
    done = 0
    while done < max_batches and run_batch():
        done += 1
    return done


@transaction.atomic
def run_batch() -> bool:
    """Look at the next batch of comments of the oldest unfinished run. False without one.

    The row is locked, so that two workers never count the same comments; one skips what another has.
    """
    rows = WordListTrial.objects.unfinished().order_by("pk")
    trial = rows.select_for_update(skip_locked=True, no_key=True).first()
    if trial is None:
        return False
    current, proposed = compiled_pair(trial)
    low, high = id_range(trial)
    texts = Comment.objects.filter(pk__lte=high, pk__gte=low).exclude(state=Comment.State.DELETED)
    batch = list(texts.order_by("-pk").values_list("pk", "text")[:BATCH_ROWS])
    for pk, text in batch:
        count(trial, pk, find_words(text, current), find_words(text, proposed))
    trial.scanned += len(batch)
    trial.next_id = batch[-1][0] - 1 if batch else 0
    if len(batch) < BATCH_ROWS or trial.scanned >= MAX_TRIAL_ROWS:
        trial.finished_at = timezone.now()
    trial.save(
        update_fields=[
            "scanned",
            "next_id",
            "finished_at",
            "found_by_current",
            "found_by_proposed",
            "added",
            "released",
            "samples",
        ]
    )
    return True


def id_range(trial: WordListTrial) -> tuple[int, int]:
    """The ids of comments still to be looked at: those of the last days, which are in order of time."""
    since = trial.created_at - timedelta(days=trial.days)
    recent = Comment.objects.filter(created_at__gt=since, created_at__lte=trial.created_at)
    ids = recent.aggregate(low=Min("pk"), high=Max("pk"))
    high = ids["high"] or 0
    return ids["low"] or 0, high if trial.next_id is None else min(high, trial.next_id)


def compiled_pair(trial: WordListTrial) -> tuple[CompiledWords, CompiledWords]:
    """The list that the proposed one started from, and the proposed one."""
    base = WordList.objects.filter(number=trial.base_number).first()
    return compile_words(words_of(base.entries if base else [])), compile_words(
        words_of(trial.entries)
    )


def count(trial: WordListTrial, pk: int, now: list[Finding], then: list[Finding]) -> None:
    """Count what both lists find in a comment, and keep samples of the difference."""
    trial.found_by_current += bool(now)
    trial.found_by_proposed += bool(then)
    if bool(now) == bool(then):
        return
    kind, finding = ("added", then[0]) if then else ("released", now[0])
    setattr(trial, kind, getattr(trial, kind) + 1)
    if getattr(trial, kind) <= MAX_SAMPLES:
        trial.samples.append(
            {
                "comment": pk,
                "kind": kind,
                "match": finding.match,
                "start": finding.start,
                "end": finding.end,
            }
        )


@transaction.atomic
def apply_trial(trial: WordListTrial, *, by: User) -> WordList:
    """Save the list of a finished dry run as the next version; older comments stay as they are.

    Raises TrialNotFinished, and what save_word_list raises.
    """
    locked = WordListTrial.objects.select_for_update(no_key=True).get(pk=trial.pk)
    if locked.finished_at is None or locked.applied_number is not None:
        raise TrialNotFinished
    saved = save_word_list(locked.entries, by=by, base_number=locked.base_number, note=locked.note)
    locked.applied_number = saved.number
    locked.save(update_fields=["applied_number"])
    return saved
