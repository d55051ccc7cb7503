"""Dry runs of a changed word list (community B60): what it would find, before it counts."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from comments.actions import post_comment, word_list_trials
from comments.actions.screening import screen_comment
from comments.actions.word_list_trials import apply_trial, run_batch, run_due_trials, start_trial
from comments.actions.word_lists import changed_entries, save_word_list
from comments.errors import TrialNotFinished, WordListChanged
from comments.models import Comment, WordList, WordListTrial
from newsroom.errors import NotAllowed
from tests.support.clients.comment_client import backdate_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial(article: Article, chi: User, mo: User) -> WordListTrial:
    """A dry run that adds 감자 and no longer finds 바보, over six comments, one of them too old."""
    for text in ("감자 같은 글", "이 감1자야", "너 바보 맞지", "시발 정말", "좋은 글"):
        post_comment(article, by=chi, text=text)
    backdate_comment(post_comment(article, by=chi, text="오래된 감자").pk, days=30)
    entries = changed_entries(
        WordList.objects.get().entries,
        added=[{"text": "감자", "severity": "hold", "mode": "word"}],
        removed=[("바보", "word")],
    )
    return start_trial(entries, by=mo, base_number=1, days=7)


def test_a_dry_run_counts_new_and_released_comments_and_changes_none(trial: WordListTrial) -> None:
    """community B60."""
    before = list(Comment.objects.order_by("pk").values("pk", "state", "version", "reason"))
    run_due_trials()
    trial.refresh_from_db()
    assert trial.finished_at
    assert (trial.scanned, trial.found_by_current, trial.found_by_proposed) == (5, 2, 3)
    assert (trial.added, trial.released) == (2, 1)
    spans = {
        (s["kind"], Comment.objects.get(pk=s["comment"]).text[s["start"] : s["end"]])
        for s in trial.samples
    }
    assert spans == {("added", "감자"), ("added", "감1자"), ("released", "바보")}
    assert list(Comment.objects.order_by("pk").values("pk", "state", "version", "reason")) == before
    assert screen_comment("감자야") is None  # it does not count yet


def test_a_dry_run_goes_on_in_batches_up_to_a_bound(
    trial: WordListTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_list_trials, "BATCH_ROWS", 2)
    monkeypatch.setattr(word_list_trials, "MAX_TRIAL_ROWS", 4)
    assert run_batch()
    trial.refresh_from_db()
    assert (trial.scanned, trial.finished_at) == (2, None)
    assert run_due_trials() == 1
    trial.refresh_from_db()
    assert trial.scanned == 4
    assert trial.finished_at


def test_the_list_of_a_finished_dry_run_can_count(trial: WordListTrial, mo: User) -> None:
    with pytest.raises(TrialNotFinished):
        apply_trial(trial, by=mo)
    run_due_trials()
    assert apply_trial(trial, by=mo).number == 2
    assert screen_comment("감자야") is not None
    assert screen_comment("바보야") is None
    with pytest.raises(TrialNotFinished):
        apply_trial(trial, by=mo)


def test_a_dry_run_of_an_older_list_does_not_overwrite_a_newer_one(
    trial: WordListTrial, mo: User
) -> None:
    run_due_trials()
    other = start_trial([], by=mo, base_number=1, days=1)
    run_due_trials()
    apply_trial(other, by=mo)
    with pytest.raises(WordListChanged):
        apply_trial(trial, by=mo)


def test_only_moderators_start_dry_runs(ada: User) -> None:
    with pytest.raises(NotAllowed):
        start_trial([], by=ada, base_number=1, days=1)


def test_a_dry_run_against_a_list_that_does_not_count_is_refused_at_once(mo: User) -> None:
    save_word_list(WordList.objects.get().entries[1:], by=mo, base_number=1)
    with pytest.raises(WordListChanged):
        start_trial([], by=mo, base_number=1, days=1)
    assert not WordListTrial.objects.exists()


def test_the_admin_shows_samples_with_the_span_marked(
    trial: WordListTrial, mo: User, client: Client
) -> None:
    client.force_login(mo)
    url = reverse("admin:comments_wordlisttrial_change", args=[trial.pk])
    assert 'http-equiv="refresh"' in client.get(url).content.decode()
    run_due_trials()
    page = client.get(url).content.decode()
    assert "<mark>감1자</mark>" in page
    assert 'http-equiv="refresh"' not in page
    client.post(reverse("admin:comments_wordlisttrial_press", args=[trial.pk, "apply"]))
    assert WordList.objects.latest("number").number == 2


def test_the_admin_starts_a_dry_run_without_reading_comments(
    mo: User, client: Client, trial: WordListTrial
) -> None:
    client.force_login(mo)
    body: dict[str, Any] = {
        "base": "1", "words": "감자", "severity": "hold", "mode": "word", "days": "3", "try": "1",
    }  # fmt: skip
    response = client.post(reverse("admin:comments_wordlist_edit"), body)
    started = WordListTrial.objects.latest("pk")
    assert response["Location"].endswith(f"/{started.pk}/change/")
    assert (started.scanned, started.days) == (0, 3)
    assert WordList.objects.count() == 1


def test_comments_deleted_meanwhile_are_left_out(trial: WordListTrial) -> None:
    Comment.objects.filter(text="이 감1자야").update(state=Comment.State.DELETED, text="")
    run_due_trials()
    trial.refresh_from_db()
    assert trial.added == 1
    assert trial.finished_at
