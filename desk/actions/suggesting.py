"""Suggestions for a draft: ask for them, have the assistant answer, disclose what was taken over.

Extraction answers at once. The assistant is asked by `answer_suggestion` with no transaction open
(desk/workers/suggestions.py), since it may take as long as ASSISTANT_TIMEOUT_SECONDS.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from accounts.models import User
from audit.actions import record_audit
from desk.actions.agency.rights import is_ai_use_prohibited
from desk.actions.locking import lock_draft
from desk.errors import Trashed
from desk.errors.suggestions import (
    AssistantOff,
    NoLinesToTakeOver,
    NotExtractable,
    NothingToSummarise,
)
from desk.errors.wire import AIUseProhibited
from desk.models import Draft, Suggestion
from desk.permissions import may_write
from desk.section_rights import may_write_draft
from desk.suggestions.body_text import paragraphs_of, subheads_of
from desk.suggestions.chat_completions import (
    MAX_MODEL_CHARS,
    AssistantFailed,
    complete,
    is_configured,
)
from desk.suggestions.prompts import PROMPT_VERSION, lines_from, messages_for
from desk.suggestions.summary_lines import suggest_summary
from newsroom.errors import Refused, require

logger = logging.getLogger(__name__)
# How much longer than the assistant may take a claimed request is left alone; that of a process that died
# is asked again afterwards.
CLAIM_MARGIN = timedelta(minutes=1)
MAX_ATTEMPTS = 2
RETENTION = timedelta(days=180)
Kind, Origin, State = Suggestion.Kind, Suggestion.Origin, Suggestion.State


def suggest(draft: Draft, *, by: User, kind: str, origin: str) -> Suggestion:
    """Suggest lines for a draft; those of the assistant are `waiting` at first.

    One that waits already is returned again, and so are the lines that were extracted from this version of
    the text. The draft stays as it is: a person takes lines over.

    Raises NotExtractable, AIUseProhibited where the agency's text forbids it, AssistantOff,
    NothingToSummarise, OtherSection, Locked, Trashed.
    """
    require(may_write(by))
    if origin == Origin.EXTRACTION and kind != Suggestion.Kind.SUMMARY:
        raise NotExtractable
    # Read without a lock: extraction takes time, and nobody who saves the draft is to wait for it.
    body, version = Draft.objects.values_list("body", "version").get(pk=draft.pk)
    paragraphs = paragraphs_of(body)
    if origin == Origin.EXTRACTION and not extracted(draft, version).exists():
        lines = [line.text for line in suggest_summary(paragraphs)]
    else:
        lines = []
    with transaction.atomic():
        draft = lock_draft(draft, by=by, may=may_write_draft)
        require_ai_use_permitted(draft)
        if not paragraphs:
            raise NothingToSummarise
        draft.version = version  # that of the text which was read; not saved
        if origin == Origin.EXTRACTION:
            return extracted(draft, version).first() or record_extraction(draft, lines, by=by)
        if not is_configured():
            raise AssistantOff
        waiting = Suggestion.objects.filter(draft=draft, kind=kind, state=State.WAITING).first()
        return waiting or record(draft, kind, Origin.ASSISTANT, by=by, due_at=timezone.now())


def extracted(draft: Draft, version: int) -> QuerySet[Suggestion]:
    """The lines that were extracted from this version of the draft."""
    return Suggestion.objects.filter(
        draft=draft, draft_version=version, origin=Origin.EXTRACTION, state=State.READY
    )


def require_ai_use_permitted(draft: Draft) -> None:
    """Raise AIUseProhibited where the agency copy that the draft was begun with forbids it."""
    if is_ai_use_prohibited(draft):
        raise AIUseProhibited


def record_extraction(draft: Draft, lines: list[str], *, by: User) -> Suggestion:
    if not lines:
        raise NothingToSummarise
    return record(
        draft,
        Kind.SUMMARY,
        Origin.EXTRACTION,
        by=by,
        state=State.READY,
        lines=lines,
        answered_at=timezone.now(),
    )


def record(
    draft: Draft, kind: str, origin: Suggestion.Origin, *, by: User, **columns: object
) -> Suggestion:
    """Store the request with its audit entry."""
    row = Suggestion.objects.create(
        draft=draft,
        kind=kind,
        origin=origin,
        asked_by=by,
        draft_version=draft.version,
        model=settings.ASSISTANT_MODEL[:MAX_MODEL_CHARS] if origin == Origin.ASSISTANT else "",
        prompt_version=PROMPT_VERSION if origin == Origin.ASSISTANT else "",
        **columns,
    )
    record_audit(draft, verb="asked_suggestion", by=by, kind=kind, origin=str(origin))
    return row


def claim_lease() -> timedelta:
    """How long a claimed request is left alone."""
    return timedelta(seconds=settings.ASSISTANT_TIMEOUT_SECONDS) + CLAIM_MARGIN


def claim_suggestion(now: datetime) -> Suggestion | None:
    """Claim the oldest request that waits for `claim_lease`, which counts as an attempt; None without one.

    Those whose last attempt never ended, because its process did, fail.
    """
    due = Suggestion.objects.due(now).select_related("draft")
    for row in due.filter(attempts__gte=MAX_ATTEMPTS):
        fail(row, AssistantFailed("process ended"))
    for row in due.filter(attempts__lt=MAX_ATTEMPTS)[:10]:
        same = Suggestion.objects.filter(pk=row.pk, due_at=row.due_at, state=State.WAITING)
        row.due_at = now + claim_lease()
        row.attempts += 1
        if same.update(due_at=row.due_at, attempts=F("attempts") + 1):
            return row
    return None


def answer_suggestion(row: Suggestion) -> None:
    """Ask the assistant, and store its lines or why there are none. No transaction may be open.

    Only what the assistant failed at is tried again: each attempt sends the text out.
    """
    try:
        settle(row, state=State.READY, **ask_assistant(row))
    except AssistantFailed as failure:
        logger.warning("The assistant failed on suggestion %s: %s", row.pk, failure.reason)
        if row.attempts < MAX_ATTEMPTS:
            Suggestion.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=timezone.now())
        else:
            fail(row, failure)
    except Refused as refusal:
        fail(row, refusal)
    except Exception:
        logger.exception("Suggestion %s was not answered", row.pk)
        fail(row, AssistantFailed("unexpected error"))


def ask_assistant(row: Suggestion) -> dict[str, object]:
    """The assistant's lines for the text as it is now: columns of the suggestion.

    Raises Trashed, NothingToSummarise, AIUseProhibited, AssistantFailed.
    """
    draft = Draft.objects.get(pk=row.draft_id)
    if draft.trashed_at:
        raise Trashed
    require_ai_use_permitted(draft)
    paragraphs = paragraphs_of(draft.body)
    if not paragraphs:
        raise NothingToSummarise
    messages = messages_for(row.kind, headline=draft.headline, text="\n".join(paragraphs))
    answer = complete(messages)
    lines = lines_from(row.kind, answer.text)
    if not lines:
        raise AssistantFailed("no usable line")
    return {"lines": lines, "model": answer.model, "draft_version": draft.version}


def fail(row: Suggestion, refusal: Refused) -> None:
    """Store why there are no lines, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        settle(row, state=State.FAILED, reason=str(refusal))


@transaction.atomic
def settle(row: Suggestion, **columns: object) -> None:
    """Store the outcome of a claimed request, unless another process did so meanwhile."""
    same = Suggestion.objects.filter(pk=row.pk, due_at=row.due_at, state=State.WAITING)
    if same.update(answered_at=timezone.now(), **columns):
        verb = "got_suggestion" if columns["state"] == State.READY else "suggestion_failed"
        record_audit(
            row.draft,
            verb=verb,
            by=None,
            kind=row.kind,
            model=str(columns.get("model", row.model)),
            prompt=row.prompt_version,
        )


@transaction.atomic
def delete_old_suggestions(*, before: datetime) -> int:
    """Delete suggestions asked for before this time; how many."""
    deleted, _by_model = Suggestion.objects.filter(asked_at__lt=before).delete()
    return deleted


@transaction.atomic
def mark_taken_over(row: Suggestion, *, by: User, is_taken: bool) -> Suggestion:
    """Record that lines of a suggestion go into the draft, changed or not, or that all were taken back.

    The draft stays as it is: saving it discloses the use of AI (`disclose_assistance`).

    Raises NoLinesToTakeOver, OtherSection, Locked, Trashed.
    """
    require(may_write(by))
    draft = lock_draft(row.draft, by=by, may=may_write_draft)
    row = Suggestion.objects.get(pk=row.pk)
    if row.state != State.READY:
        raise NoLinesToTakeOver
    if is_taken != (row.taken_at is not None):
        row.taken_by, row.taken_at = (by, timezone.now()) if is_taken else (None, None)
        row.save(update_fields=["taken_by", "taken_at"])
        verb = "took_over_suggestion" if is_taken else "took_back_suggestion"
        record_audit(draft, verb=verb, by=by, kind=row.kind, origin=row.origin, model=row.model)
    return row


def disclose_assistance(draft: Draft) -> list[str]:
    """Set the disclosure of AI where none is set and the draft uses lines of an assistant.

    Those of a suggestion that counts as taken over are used, whatever they have become; and those that
    stand in the draft as they were suggested. The columns that changed.
    """
    if draft.ai_kind or draft.pk is None:
        return []
    written, used = {kind: set[str]() for kind in Kind.values}, set[str]()
    answers = Suggestion.objects.answers_for(draft)
    for kind, lines, taken_at in answers.values_list("kind", "lines", "taken_at"):
        written[kind].update(lines)
        if taken_at:
            used.add(kind)
    subheads = written[Kind.SUBHEADS]
    if Kind.SUMMARY in used or written[Kind.SUMMARY].intersection(draft.summary):
        draft.ai_kind = Draft.AIUse.SUMMARY
    elif (
        used
        or draft.headline in written[Kind.HEADLINE]
        or (subheads and subheads.intersection(subheads_of(draft.body)))
    ):
        draft.ai_kind = Draft.AIUse.ASSISTED
    else:
        return []
    return ["ai_kind"]
