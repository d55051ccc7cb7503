"""Statistics of moderation: equal to a naive count over the audit log, in one query."""

import random
from collections import Counter
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    delete_comment,
    dismiss_reports,
    edit_comment,
    hide_comment,
    hold_comment,
    post_comment,
    report_comment,
    show_comment,
    undo_decision,
)
from comments.actions.blocking import block_comment, end_block, request_block
from comments.actions.classifying import classify_due_comments
from comments.classifier import ClassifierAnswer
from comments.models import Comment
from comments.moderation_statistics import WEEK, csv_rows, moderation_statistics
from newsroom.errors import Refused
from tests.support.moderation import established

pytestmark = pytest.mark.django_db
CLASSIFIER_URL = "https://classifier.example/"
QUEUE_VERBS = {"held_by_reports", "kept", "moderation_undone", "classified"}
CROWD = ["crowd1", "crowd2", "crowd3"]
DEFAULT_RULES = {"posted": "article", "edited": "edit", "held_by_reports": "reports"}
TEXTS = [
    "잘 읽었습니다",
    "너 바보 맞지",
    "고맙습니다",
    "https://a.kr https://b.kr https://c.kr https://d.kr",
]


def do_something(article: Article, people: tuple[User, User, User], dice: random.Random) -> None:
    """One random step of a reader or a moderator; what is refused changes nothing."""
    chi, mo, ben = people
    moderator = dice.choice([mo, ben])
    existing = list(Comment.objects.order_by("-pk")[:5])
    comment = dice.choice(existing) if existing else None
    text = f"{dice.choice(TEXTS)} {dice.random()}"
    if comment is None or dice.random() < 0.2:
        with override_settings(COMMENT_CLASSIFIER_URL=dice.choice(["", CLASSIFIER_URL])):
            posted = post_comment(article, by=chi, text=text)
        if dice.random() < 0.3:
            report_by_some(posted, dice.sample(CROWD, 2))
        return
    steps: list[Any] = [
        lambda: show_comment(comment, by=moderator),
        lambda: hide_comment(comment, by=moderator, reason="규칙"),
        lambda: hold_comment(comment, by=moderator, reason="보류"),
        lambda: edit_comment(comment, by=chi, text=text),
        lambda: block_and_restore(comment, mo),
        lambda: undo_decision(comment, by=moderator),
        lambda: report_by_some(comment, dice.sample(CROWD, 2)),
        lambda: report_and_keep(comment, dice.choice(CROWD), moderator),
        lambda: classify_all(is_allowed=dice.random() < 0.5),
    ]
    weights = [4, 4, 2, 3, 1, 5, 6, 5, 5]
    dice.choices(steps, weights)[0]()


def report_by_some(comment: Comment, names: list[str]) -> None:
    for name in names:
        report_comment(comment.pk, reason="abuse", by=established(name))


def report_and_keep(comment: Comment, name: str, moderator: User) -> None:
    report_comment(comment.pk, reason="spam", by=established(name))
    dismiss_reports(comment, by=moderator)


def classify_all(*, is_allowed: bool) -> None:
    answer = ClassifierAnswer(is_allowed=is_allowed, label="")
    with override_settings(COMMENT_CLASSIFIER_URL=CLASSIFIER_URL):
        classify_due_comments(classify=lambda *_args, **_options: answer)


def block_and_restore(comment: Comment, mo: User) -> None:
    request = request_block(
        comment.pk, name="한빛", email="a@example.com", basis="privacy", statement="제 일입니다."
    )
    end_block(block_comment(request, by=mo), by=mo, outcome="restored")


def without_undone(log: list[Entry]) -> list[Entry]:
    """The log as if what was undone had not been: an undoing takes the decision before it away."""
    remaining: list[Entry] = []
    for entry in log:
        if entry.verb == "moderation_undone":
            decided = [row for row in remaining if row.verb in {"showed", "hid", "kept", "held"}]
            remaining.remove(decided[-1])
        else:
            remaining.append(entry)
    return remaining


def naive_figures() -> dict[str, Any]:
    """The figures by walking through the log comment by comment, state by state."""
    counts, seconds = Counter[str](), []
    rules: dict[str, list[int]] = {}
    moderators: dict[int, list[int]] = {}
    for pk in Comment.objects.values_list("pk", flat=True):
        log = list(Entry.objects.filter(kind="comments.comment", subject=str(pk)).order_by("pk"))
        state, waiting_since, held_by_rules = "", None, list[str]()
        last_decision: Entry | None = None
        for entry in without_undone(log):
            after = {"held": "held", "showed": "visible", "hid": "hidden"}.get(
                entry.verb, entry.details.get("state", state)
            )
            counts["posted"] += entry.verb == "posted"
            if after == "held" and state != "held":
                counts["held"] += 1
                waiting_since = entry.at
                default = DEFAULT_RULES.get(entry.verb, "moderator")
                held_by_rules.append(entry.details.get("rule", default))
            if entry.verb == "classified" and after == "visible":
                held_by_rules = []
            if entry.verb in {"showed", "hid", "kept"}:
                counts[entry.verb] += 1
                moderators.setdefault(entry.by or 0, [0, 0])[0] += 1
                is_hidden = [row and row.verb == "hid" for row in (last_decision, entry)]
                is_opposite = last_decision is not None and is_hidden[0] != is_hidden[1]
                if last_decision and is_opposite and last_decision.by != entry.by:
                    moderators[last_decision.by or 0][1] += 1
                last_decision = entry
            if entry.verb in {"showed", "hid"}:
                if state == "held" and waiting_since:
                    seconds.append((entry.at - waiting_since).total_seconds())
                for rule in held_by_rules:
                    decided, overturned = rules.setdefault(rule, [0, 0])
                    rules[rule] = [decided + 1, overturned + (entry.verb == "showed")]
                held_by_rules = []
            state = after
    return {"counts": counts, "seconds": sorted(seconds), "rules": rules, "moderators": moderators}


@pytest.mark.parametrize("seed", [1, 2, 3])
@override_settings(REPORTS_HIDE_WEIGHT=20, REPORTS_HIDE_REPORTERS=2)
def test_figures_equal_a_naive_count_over_the_log(
    article: Article, chi: User, mo: User, ben: User, seed: int
) -> None:
    """community B100."""
    dice = random.Random(seed)
    for _step in range(140):
        try:
            do_something(article, (chi, mo, ben), dice)
        except Refused:
            continue
    assert set(Entry.objects.values_list("verb", flat=True)) >= QUEUE_VERBS
    today = timezone.localdate()
    figures = moderation_statistics(today - timedelta(days=1), today)
    naive = naive_figures()
    total = Counter[str]()
    seconds: list[float] = []
    for row in figures.periods.values():
        total.update(posted=row.posted, held=row.queued, showed=row.shown, hid=row.hidden)
        total["kept"] += row.left
        seconds += row.decision_seconds
    assert total == naive["counts"]
    assert sorted(seconds) == naive["seconds"]
    assert {r: [f.decided, f.overturned] for r, f in figures.rules.items()} == naive["rules"]
    assert {m: [f.decided, f.overturned] for m, f in figures.moderators.items()} == naive[
        "moderators"
    ]
    if seconds:
        week = moderation_statistics(today - timedelta(days=1), today, by=WEEK)
        newest = week.periods[max(week.periods)]
        assert newest.median_seconds == pytest.approx(median(newest.decision_seconds))


def test_one_query_whatever_the_number_of_entries(article: Article, chi: User, mo: User) -> None:
    today = timezone.localdate()
    for size in (1, 20):
        for number in range(size):
            hide_comment(
                post_comment(article, by=chi, text=f"글 {size} {number}"), by=mo, reason=""
            )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            moderation_statistics(today, today)
        assert len(queries) == 1


def test_a_colleagues_reversal_is_overturning_and_ones_own_is_not(
    article: Article, chi: User, mo: User, ben: User
) -> None:
    """community B100."""
    first, second = (post_comment(article, by=chi, text=text) for text in ("하나", "둘"))
    for comment in (first, second):
        hide_comment(comment, by=mo, reason="")
    show_comment(first, by=mo)
    show_comment(second, by=ben)
    delete_comment(first, by=chi)
    today = timezone.localdate()
    figures = moderation_statistics(today, today).moderators
    assert (figures[mo.pk].decided, figures[mo.pk].overturned) == (3, 1)
    assert figures[mo.pk].rate == pytest.approx(1 / 3)
    assert figures[ben.pk].overturned == 0


def test_page_and_csv_for_moderators_alone(
    article: Article, chi: User, mo: User, ada: User
) -> None:
    show_comment(post_comment(article, by=chi, text="너 바보 맞지"), by=mo)
    client, page = Client(), reverse("admin:moderation_statistics")
    client.force_login(ada)
    assert client.get(page).status_code == 403
    client.force_login(mo)
    content = client.get(f"{page}?days=28&by=week").content.decode()
    assert f"mo #{mo.pk}" in content
    assert "1 (100 %)" in content
    assert page in client.get(reverse("admin:index")).content.decode()
    lines = client.get(f"{page}?format=csv").content.decode("utf-8-sig").splitlines()
    today = timezone.localdate()
    assert lines[0].startswith("from,posted,held")
    assert lines[-1].startswith(f"{today},1,1,1,0,1,")
    assert len(list(csv_rows(moderation_statistics(today, today)))) == 2
