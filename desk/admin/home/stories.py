"""Blocks of the desk home about stories: mine with what each waits for, and those to review."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from desk.admin.home.blocks import MAX_ROWS, Block, first_rows
from desk.agency_copy.status import agency_changes, agency_chip
from desk.models import Draft, DraftAuthor
from desk.models.querysets import unready_photos
from desk.permissions import may_approve
from desk.section_rights import visible_drafts
from desk.status import Chip, assignment_chip, status_chips, with_status
from newsroom.db.expressions import JSONArraySubquery
from newsroom.text.dates import format_short_time

# So many of a person's latest stories are looked at for those that are not finished.
MAX_OWN_STORIES = 60
# So many submitted stories are sorted by the time of their submission.
MAX_SUBMITTED = 200
REVIEW_VERBS = ("submitted", "approved", "sent_back")
# Only for its time: the scheduled edition is the text as it stands.
WAITS_FOR_ITS_TIME = Q(waiting_due__isnull=False, changed_at__lte=F("waiting_frozen"))
# Never published, changed since it was, or with a scheduled edition. Withdrawn ones wait for nothing.
IS_UNFINISHED = (
    Q(article__first_published_at__isnull=True)
    | Q(article__live__isnull=False, changed_at__gt=F("article__live__frozen_at"))
    | Q(waiting_due__isnull=False)
)


@dataclass(frozen=True)
class StoryRow:
    """A story in a block, with its status chips and, in a sentence each, what it waits for."""

    draft: Draft
    chips: list[Chip]
    waits_for: list[str]
    is_sent_back: bool = False


def my_stories(user: Any, now: datetime) -> Block | None:
    """The unfinished stories that the user created or changed last, the latest change first; those that
    wait for nothing but their time come last."""
    if not user.has_perm("desk.view_draft"):
        return None
    drafts, has_more = first_rows(unfinished_stories(user))
    entries, changes = latest_review_entries(drafts), agency_changes(drafts)
    rows = []
    for draft in drafts:
        entry, chips = entries.get(draft.pk), status_chips(draft)
        if draft.pk in changes:
            chips.append(agency_chip(changes[draft.pk]))
        waits_for = waiting_sentences(draft, entry)
        rows.append(StoryRow(draft, chips, waits_for, is_sent_back(draft, entry)))
    return Block(
        name="my_stories",
        title=gettext_lazy("My stories"),
        rows=rows,
        url=reverse("admin:desk_draft_changelist") + "?whose=mine",
        empty=gettext_lazy("No story of yours waits for anything."),
        has_more=has_more,
    )


def unfinished_stories(person: Any) -> QuerySet[Any]:
    """The unfinished ones of a person's latest stories, with all that `waiting_sentences` reads."""
    unready = unready_photos(
        body=OuterRef("body"), lead=OuterRef("lead_photo"), social=OuterRef("social_photo")
    )
    rows = with_status(visible_drafts(person).filter(pk__in=latest_story_ids(person.pk)))
    return (
        rows.filter(IS_UNFINISHED)
        .select_related("lead_photo", "approved_by", "section")
        .defer("notes", "article__live__body", "article__live__body_html")
        .annotate(
            has_byline=Exists(DraftAuthor.objects.filter(draft=OuterRef("pk"))),
            unready_rows=JSONArraySubquery(unready, state="state", alt="alt"),
            order=Case(When(WAITS_FOR_ITS_TIME, then=Value(1)), default=Value(0)),
        )
        .order_by("order", "-changed_at", "-pk")
    )


def latest_story_ids(person_id: int) -> list[int]:
    """Ids of the stories that the person created or changed last, MAX_OWN_STORIES of each. Two queries,
    each along an index of its own, whatever the number of stories."""
    own = [Q(created_by=person_id), Q(changed_by=person_id)]
    found = set[int]()
    for condition in own:
        rows = Draft.objects.not_trashed().filter(condition).order_by("-changed_at", "-pk")
        found.update(rows.values_list("pk", flat=True)[:MAX_OWN_STORIES])
    return sorted(found)


def assigned_to_me(user: Any, now: datetime) -> Block | None:
    """Unpublished stories that are assigned to the user, the first due first; None where there are none."""
    if not user.has_perm("desk.view_draft"):
        return None
    unpublished = Q(article__isnull=True) | Q(article__first_published_at__isnull=True)
    rows = with_status(visible_drafts(user).not_trashed().assigned_to(user.pk).filter(unpublished))
    due_first = rows.order_by(F("due_at").asc(nulls_last=True), "pk").select_related("assigned_to")
    drafts, has_more = first_rows(due_first.defer("body", "notes"))
    if not drafts:
        return None
    story_rows = [StoryRow(draft, assigned_chips(draft, now), []) for draft in drafts]
    return Block(
        name="assigned",
        title=gettext_lazy("Assigned to me"),
        rows=story_rows,
        url=reverse("admin:desk_draft_changelist") + "?assigned=me",
        empty="",
        has_more=has_more,
    )


def assigned_chips(draft: Draft, now: datetime) -> list[Chip]:
    """The due time of an assigned story, and its status."""
    due = assignment_chip(draft, now) if draft.due_at else None
    return [*([due] if due else ()), *status_chips(draft)]


def latest_review_entries(drafts: Iterable[Draft]) -> dict[int, Entry]:
    """{draft id: the audit entry of its last submission, approval or return}. One query."""
    subjects = [str(draft.pk) for draft in drafts]
    entries = Entry.objects.filter(kind="desk.draft", subject__in=subjects, verb__in=REVIEW_VERBS)
    return {int(entry.subject): entry for entry in entries.order_by("at", "pk")}


def is_sent_back(draft: Draft, entry: Entry | None) -> bool:
    """Whether the last thing that a reviewer did with a story being written was to send it back."""
    return draft.stage == Draft.Stage.WRITING and entry is not None and entry.verb == "sent_back"


def waiting_sentences(draft: Any, entry: Entry | None) -> list[str]:
    """What an unfinished story waits for, in sentences; empty where its chips say it (scheduled)."""
    if draft.stage == Draft.Stage.SUBMITTED:
        since = entry.at if entry else draft.changed_at
        return [_("Waiting for review since %(at)s.") % {"at": format_short_time(since)}]
    if draft.waiting_due and draft.changed_at <= draft.waiting_frozen:
        return []
    if draft.stage == Draft.Stage.APPROVED:
        name = str(draft.approved_by) if draft.approved_by else ""
        return [_("Approved by %(name)s, not scheduled yet.") % {"name": name}]
    sentences = [sent_back_sentence(entry)] if entry and is_sent_back(draft, entry) else []
    problems = draft.problems(has_byline=draft.has_byline, photos_without_files=draft.unready_rows)
    if problems:
        sentences.append(_("Still missing: %(problems)s.") % {"problems": ", ".join(problems)})
    elif draft.waiting_due:
        sentences.append(_("Changed since it was scheduled: the scheduled edition lacks it."))
    elif draft.article and draft.article.live:
        sentences.append(_("Changed since it was published: readers do not have it yet."))
    elif not sentences:
        sentences.append(_("Complete, not handed in yet."))
    return sentences


def sent_back_sentence(entry: Entry) -> str:
    """Who sent a story back, when, and the note."""
    values = {"name": entry.by_name, "at": format_short_time(entry.at)}
    if note := str(entry.details.get("note", "")):
        return _("Sent back by %(name)s at %(at)s: “%(note)s”") % {**values, "note": note}
    return _("Sent back by %(name)s at %(at)s.") % values


def stories_to_review(user: Any, now: datetime) -> Block | None:
    """Stories submitted for review, for those who approve; the longest waiting first."""
    if not may_approve(user):
        return None
    rows, has_more = first_rows(submitted_stories(user), limit=MAX_ROWS)
    return Block(
        name="to_review",
        title=gettext_lazy("To review"),
        rows=rows,
        url=reverse("admin:desk_draft_changelist") + "?standing=submitted",
        empty=gettext_lazy("No story is waiting for review."),
        has_more=has_more,
    )


def submitted_stories(user: Any) -> QuerySet[Any]:
    """Submitted stories that the user may read, the earliest first, with their time in `submitted_at`."""
    submitted = visible_drafts(user).not_trashed().filter(stage=Draft.Stage.SUBMITTED)
    candidates = submitted.order_by("changed_at", "pk").values("pk")[:MAX_SUBMITTED]
    entries = Entry.objects.filter(
        kind="desk.draft", subject=Cast(OuterRef("pk"), CharField()), verb="submitted"
    )
    return (
        Draft.objects.filter(pk__in=candidates)
        .annotate(submitted_at=Subquery(entries.order_by("-at", "-pk").values("at")[:1]))
        .select_related("changed_by", "section")
        .only("headline", "changed_at", "changed_by__name", "changed_by__email", "section__name")
        .order_by("submitted_at", "changed_at", "pk")
    )
