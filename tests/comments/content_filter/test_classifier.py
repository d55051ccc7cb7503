"""The outside classifier (community B59, B62): comments wait for its verdict, never shown unscanned."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import sanction
from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    edit_comment,
    hide_comment,
    post_comment,
    set_thread_policy,
    show_comment,
    undo_decision,
)
from comments.actions.classifying import CALLING, MAX_ATTEMPTS, classify_due_comments
from comments.classifier import ClassifierAnswer
from comments.metrics import measure_classifier
from comments.models import Classification, Comment, ModerationItem, Notification
from comments.reconciliation import drift
from comments.tasks import classify_due
from tests.support.clients.comment_client import comment_count_of
from tests.support.loopback.receivers import LOOPBACK_NETWORKS, HTTPReceiver, running_receiver

pytestmark = pytest.mark.django_db
State = Comment.State
ALLOW = (200, {"Content-Type": "application/json"}, b'{"verdict": "allow"}')
HOLD: tuple[int, dict[str, str], bytes] = (
    200,
    {},
    json.dumps({"verdict": "hold", "label": "혐오"}).encode(),
)


@pytest.fixture
def classifier(settings: Any) -> Iterator[HTTPReceiver]:
    with running_receiver() as receiver:
        receiver.answer = ALLOW
        settings.OUTBOX_PRIVATE_NETWORKS = LOOPBACK_NETWORKS
        settings.OUTBOX_EXTRA_PORTS = [receiver.port, 9]
        settings.COMMENT_CLASSIFIER_URL = receiver.url
        settings.COMMENT_CLASSIFIER_KEY = "열쇠".encode().hex()
        settings.COMMENT_CLASSIFIER_TIMEOUT_SECONDS = 5.0
        yield receiver


def make_due() -> None:
    Classification.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_a_comment_is_held_until_the_classifier_allows_it(
    article: Article, chi: User, classifier: HTTPReceiver
) -> None:
    comment = post_comment(article, by=chi, text="잘 읽었습니다")
    assert (comment.state, comment_count_of(article)) == (State.HELD, 0)
    assert classify_due_comments() == 1
    comment.refresh_from_db()
    assert comment.classification.last_error == ""
    assert (comment.state, comment.reason, comment_count_of(article)) == (State.VISIBLE, "", 1)
    assert not comment.findings.exists()
    (request,) = classifier.got
    assert json.loads(request.body) == {"id": str(comment.pk), "text": "잘 읽었습니다"}
    assert request.headers["authorization"].startswith("Bearer ")
    assert Entry.objects.get(verb="classified").by is None
    assert classify_due_comments() == 0


def test_a_comment_that_the_classifier_holds_waits_for_a_moderator(
    article: Article, chi: User, mo: User, classifier: HTTPReceiver
) -> None:
    classifier.answer = HOLD
    comment = post_comment(article, by=chi, text="미묘한 글")
    classify_due_comments()
    comment.refresh_from_db()
    assert comment.state == State.HELD
    assert "혐오" in comment.reason
    assert comment.findings.get().match == "혐오"
    assert show_comment(comment, by=mo).state == State.VISIBLE


@pytest.mark.parametrize(
    "answer",
    [
        500,
        204,
        (302, {"Location": "http://127.0.0.1/"}, b""),
        (200, {}, b"<html>"),
        (200, {}, b'{"verdict": "perhaps"}'),
        (200, {}, b"[" * 5000),
        (200, {}, b'{"verdict": "hold", "verdict": "allow"}'),
        (200, {}, b'{"verdict": "allow", "id": "-7"}'),
        (200, {}, b'{"verdict": "allow", "label": "' + b"x" * 20_000),
    ],
)
def test_an_answer_without_a_verdict_keeps_the_comment_held(
    article: Article, chi: User, classifier: HTTPReceiver, answer: Any
) -> None:
    """community B59."""
    classifier.answer = answer
    comment = post_comment(article, by=chi, text="평범한 글")
    assert classify_due_comments() == 1
    comment.refresh_from_db()
    row = comment.classification
    assert (comment.state, row.verdict, row.attempts) == (State.HELD, "", 1)
    assert row.last_error
    assert "평범" not in row.last_error
    assert row.next_attempt_at > timezone.now()
    classifier.answer = ALLOW
    make_due()
    classify_due_comments()
    comment.refresh_from_db()
    assert comment.state == State.VISIBLE


def test_a_slow_classifier_is_given_up_at_the_deadline(
    article: Article, chi: User, classifier: HTTPReceiver, settings: Any
) -> None:
    settings.COMMENT_CLASSIFIER_TIMEOUT_SECONDS = 0.2
    released = threading.Event()

    def wait(_request: Any) -> Any:
        released.wait(20)
        return ALLOW

    classifier.answer = wait
    comment = post_comment(article, by=chi, text="평범한 글")
    classify_due_comments()
    released.set()
    comment.refresh_from_db()
    assert comment.state == State.HELD
    assert "Timeout" in comment.classification.last_error


def test_a_slow_classifier_occupies_one_thread_for_a_limited_time(
    article: Article, chi: User, mal: User, classifier: HTTPReceiver, settings: Any
) -> None:
    """Publications share the threads of the worker with the calls."""
    settings.COMMENT_CLASSIFIER_TIMEOUT_SECONDS = 0.2
    released = threading.Event()
    runs_meanwhile = []

    def answer_late(_request: Any) -> Any:
        released.wait(20)
        return ALLOW

    classifier.answer = answer_late
    for reader in (chi, mal):
        post_comment(article, by=reader, text="평범한 글")
    assert classify_due_comments(max_seconds=0.1) == 1
    assert Classification.objects.filter(attempts=0).count() == 1

    def call_again(*_text: Any, **_more: Any) -> ClassifierAnswer:
        runs_meanwhile.append(classify_due())
        return ClassifierAnswer(is_allowed=True)

    released.set()
    with CALLING:
        assert classify_due_comments(classify=call_again) == 1
    assert runs_meanwhile == ["still calling"]
    classifier.answer = ALLOW
    make_due()
    assert classify_due() == "1 calls"


def test_without_a_server_the_comment_stays_held_and_a_moderator_decides_in_the_end(
    article: Article, chi: User, mo: User, settings: Any, classifier: HTTPReceiver
) -> None:
    settings.COMMENT_CLASSIFIER_URL = "http://127.0.0.1:9/"
    comment = post_comment(article, by=chi, text="평범한 글")
    for _attempt in range(MAX_ATTEMPTS):
        make_due()
        classify_due_comments()
    row = Classification.objects.get()
    assert (row.verdict, row.attempts) == (Classification.Verdict.GIVEN_UP, MAX_ATTEMPTS)
    assert show_comment(comment, by=mo).state == State.VISIBLE


def test_a_private_address_is_not_called(
    article: Article, chi: User, classifier: HTTPReceiver, settings: Any
) -> None:
    settings.OUTBOX_PRIVATE_NETWORKS = []
    post_comment(article, by=chi, text="평범한 글")
    classify_due_comments()
    assert classifier.got == []
    assert Classification.objects.get().last_error


def test_an_edit_needs_a_new_verdict(article: Article, chi: User, classifier: HTTPReceiver) -> None:
    comment = post_comment(article, by=chi, text="평범한 글")
    classify_due_comments()
    comment.refresh_from_db()
    edit_comment(comment, by=chi, text="고친 글")
    comment.refresh_from_db()
    assert comment.state == State.HELD
    classify_due_comments()
    comment.refresh_from_db()
    assert (comment.state, comment.text) == (State.VISIBLE, "고친 글")


def test_a_verdict_on_a_former_text_changes_nothing(
    article: Article, chi: User, classifier: HTTPReceiver
) -> None:
    comment = post_comment(article, by=chi, text="평범한 글")

    def answer(*_arguments: Any, **_options: Any) -> Any:
        edit_comment(comment, by=chi, text="고친 글")
        return type("Answer", (), {"is_allowed": True, "label": ""})()

    classify_due_comments(classify=answer)
    comment.refresh_from_db()
    assert comment.state == State.HELD
    assert comment.classification.verdict == ""


def test_the_verdict_does_not_release_what_another_rule_holds(
    article: Article, chi: User, mo: User, classifier: HTTPReceiver
) -> None:
    comment = post_comment(article, by=chi, text="바보야")
    assert comment.state == State.HELD
    assert not Classification.objects.exists()
    edit_comment(comment, by=chi, text="좋은 글")
    assert classify_due_comments() == 0
    comment.refresh_from_db()
    assert comment.state == State.HELD


def test_the_backlog_is_measured(article: Article, chi: User, classifier: HTTPReceiver) -> None:
    post_comment(article, by=chi, text="평범한 글")
    later = timezone.now() + timedelta(minutes=5)
    backlog = measure_classifier(later)
    assert backlog.waiting == 1
    assert 290 < backlog.oldest_seconds < 310
    classify_due_comments()
    assert measure_classifier(later).waiting == 0


def test_an_allowing_verdict_does_not_override_what_holds_all_by_now(
    article: Article, chi: User, mal: User, mo: User, classifier: HTTPReceiver
) -> None:
    """community B62: the writer is under the sanction `hold`, or the thread holds all, since the post."""
    own = post_comment(article, by=mal, text="내일은 비가 온다고 합니다")
    sanction(mal, kind="hold", until=timezone.now() + timedelta(days=3), reason="도배", by=mo)
    classify_due_comments()
    own.refresh_from_db()
    assert own.state == State.HELD
    assert own.reason.startswith("댓글 보류 제재 중인 독자")
    other = post_comment(article, by=chi, text="모레는 맑다고 합니다")
    set_thread_policy(article, by=mo, mode="hold")
    classify_due_comments()
    other.refresh_from_db()
    assert (other.state, other.reason, comment_count_of(article)) == (State.HELD, "", 0)
    assert set(ModerationItem.objects.values_list("pk", flat=True)) == {own.pk, other.pk}
    assert not Notification.objects.exists()
    assert drift() == []


def test_the_first_release_by_the_classifier_is_no_decision_to_notify_of(
    article: Article, chi: User, mal: User, mo: User, classifier: HTTPReceiver
) -> None:
    comment = post_comment(article, by=chi, text="잘 읽었습니다")
    classify_due_comments()
    reply = post_comment(article, by=mal, text="저도 잘 읽었습니다", parent=comment.pk)
    classify_due_comments()
    assert [(row.reader, row.kind) for row in Notification.objects.all()] == [(chi, "reply")]
    reply.refresh_from_db()
    hide_comment(reply, by=mo)
    assert Notification.objects.get(reader=mal).kind == "comment_hidden"


@pytest.mark.parametrize("is_classified_between", [False, True])
def test_an_undone_decision_leaves_a_comment_that_is_classified(
    article: Article,
    chi: User,
    mo: User,
    classifier: HTTPReceiver,
    is_classified_between: bool,
) -> None:
    """community B99: it does not wait for a verdict that nobody asks for."""
    comment = post_comment(article, by=chi, text="잘 읽었습니다")
    show_comment(comment, by=mo)
    if is_classified_between:
        assert classify_due_comments() == 0
    undo_decision(comment, by=mo)
    comment.refresh_from_db()
    assert comment.state == State.HELD
    assert classify_due_comments() == 1
    comment.refresh_from_db()
    assert comment.state == State.VISIBLE
