"""Stored counts after the crowd, beside their rows: by `reconcile`, and counted again by other means."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

import comments.reconciliation
import polls.reconciliation
import saves.reconciliation
from articles.models import ArticleCounts
from audit.models import Entry
from comments.models import Comment, Reaction, Report
from polls.models import Tally, Vote
from saves.models import Save

RECONCILERS = (comments.reconciliation, polls.reconciliation, saves.reconciliation)


def violations() -> Iterator[str]:
    """Differences, in sentences; none is right."""
    for reconciler in RECONCILERS:
        for drift in reconciler.drift():
            yield f"reconcile: {drift.slug}: {drift.count} stored {drift.stored}, rows {drift.rows}"
    yield from wrong_counts_of_articles()
    yield from wrong_counts_of_comments()
    yield from wrong_tallies()
    yield from wrong_audit_log()


def wrong_counts_of_articles() -> Iterator[str]:
    visible = Counter(
        Comment.objects.filter(state=Comment.State.VISIBLE).values_list("article", flat=True)
    )
    saved = Counter(Save.objects.values_list("article", flat=True))
    for counts in ArticleCounts.objects.all():
        rows = visible[counts.article_id], saved[counts.article_id]
        if (counts.comments, counts.saves) != rows:
            yield f"article {counts.article_id}: {counts.comments}, {counts.saves}, rows {rows}"


def wrong_counts_of_comments() -> Iterator[str]:
    reactions = Counter(Reaction.objects.values_list("comment", "value"))
    authors = dict(Comment.objects.values_list("pk", "author"))
    replies = Counter(
        Comment.objects.filter(state__in=["visible", "blocked"]).values_list("parent", flat=True)
    )
    for comment in Comment.objects.all():
        stored = comment.likes, comment.dislikes, comment.visible_replies
        rows = reactions[comment.pk, "like"], reactions[comment.pk, "dislike"], replies[comment.pk]
        if stored != rows:
            yield f"comment {comment.pk}: {stored}, rows {rows}"
        if comment.state == Comment.State.DELETED and comment.text:
            yield f"comment {comment.pk} is deleted and has text"
    for model in (Reaction, Report):
        for comment_id, reader in model.objects.values_list("comment", "reader"):
            if reader is not None and reader == authors[comment_id]:
                yield f"{model.__name__} of the author of comment {comment_id}"


def wrong_tallies() -> Iterator[str]:
    votes = Counter(Vote.objects.filter(state="counted").values_list("poll", "side"))
    sums = Tally.objects.values("poll").annotate(pro_sum=Sum("pro"), con_sum=Sum("con"))
    tallies = {row["poll"]: (row["pro_sum"], row["con_sum"]) for row in sums}
    for poll in {*tallies, *(poll for poll, _side in votes)}:
        rows = votes[poll, "pro"], votes[poll, "con"]
        if tallies.get(poll, (0, 0)) != rows:
            yield f"poll {poll}: {tallies.get(poll)}, rows {rows}"


def wrong_audit_log() -> Iterator[str]:
    """Each comment was posted once, and is in the state that its last entry says."""
    posted, states = Counter[str](), dict[str, str]()
    entries = Entry.objects.filter(kind="comments.comment").order_by("pk")
    for subject, verb, details in entries.values_list("subject", "verb", "details"):
        posted[subject] += verb == "posted"
        states[subject] = details.get("state", states.get(subject, ""))
    for pk, state, author in Comment.objects.values_list("pk", "state", "author"):
        if posted[str(pk)] != 1:
            yield f"comment {pk}: {posted[str(pk)]} entries say that it was posted"
        if author is not None and states.get(str(pk)) != state:
            yield f"comment {pk} is {state}, its last entry says {states.get(str(pk))}"


def summary() -> str:
    models = (Comment, Reaction, Report, Save, Vote)
    return ", ".join(f"{model.objects.count()} {model._meta.model_name}s" for model in models)
