"""Suggestions for a draft: ask for them, have the assistant answer, disclose what was taken over.

Extraction answers at once. The assistant is asked by `answer_suggestion` with no transaction open
(desk/suggestion_worker.py), since it may take as long as ASSISTANT_TIMEOUT_SECONDS.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from accounts.models import User
from audit.actions import record_audit
from desk.actions.agency.rights import is_ai_use_prohibited
from desk.actions.locking import lock_draft
from desk.errors.suggestions import AssistantOff, NothingToSummarise
from desk.errors.wire import AIUseProhibited
from desk.models import Draft, Suggestion
from desk.permissions import may_write
from desk.section_rights import may_write_draft
from desk.suggestions.body_text import paragraphs_of
from desk.suggestions.chat_completions import AssistantFailed, complete, is_configured
from desk.suggestions.prompts import PROMPT_VERSION, lines_from, messages_for
from desk.suggestions.summary_lines import suggest_summary
from newsroom.errors import Refused, require

logger = logging.getLogger(__name__)
# How long a claimed request is left alone; that of a process that died is asked again afterwards.
CLAIM_LEASE = timedelta(minutes=3)
MAX_ATTEMPTS = 2
RETENTION = timedelta(days=180)
Kind, Origin, State = Suggestion.Kind, Suggestion.Origin, Suggestion.State


@transaction.atomic
def suggest(draft: Draft, *, by: User, kind: str, origin: str) -> Suggestion:
    """Suggest lines for a draft; those of the assistant are `waiting` at first.

    One that waits already is returned again. The draft stays as it is: a person takes lines over.

    Raises AIUseProhibited where the agency's text forbids it, AssistantOff, NothingToSummarise,
    OtherSection, Locked, Trashed.
    """
    require(may_write(by))
    draft = lock_draft(draft, by=by, may=may_write_draft)
    require_ai_use_permitted(draft)
    paragraphs = paragraphs_of(draft.body)
    if not paragraphs:
        raise NothingToSummarise
    if origin == Origin.EXTRACTION:
        return extract(draft, paragraphs, by=by)
    if not is_configured():
        raise AssistantOff
    waiting = Suggestion.objects.filter(draft=draft, kind=kind, state=State.WAITING).first()
    return waiting or record(draft, kind, Origin.ASSISTANT, by=by, due_at=timezone.now())


def require_ai_use_permitted(draft: Draft) -> None:
    """Raise AIUseProhibited where the agency copy that the draft was begun with forbids it."""
    if is_ai_use_prohibited(draft):
        raise AIUseProhibited


def extract(draft: Draft, paragraphs: Iterable[str], *, by: User) -> Suggestion:
    lines = [line.text for line in suggest_summary(paragraphs)]
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
        model=settings.ASSISTANT_MODEL if origin == Origin.ASSISTANT else "",
        prompt_version=PROMPT_VERSION if origin == Origin.ASSISTANT else "",
        **columns,
    )
    record_audit(draft, verb="asked_suggestion", by=by, kind=kind, origin=str(origin))
    return row


def claim_suggestion(now: datetime) -> Suggestion | None:
    """Claim the oldest request that waits for CLAIM_LEASE, which counts as an attempt; None without one."""
    for row in Suggestion.objects.due(now).select_related("draft")[:10]:
        same = Suggestion.objects.filter(pk=row.pk, due_at=row.due_at, state=State.WAITING)
        row.due_at = now + CLAIM_LEASE
        row.attempts += 1
        if same.update(due_at=row.due_at, attempts=F("attempts") + 1):
            return row
    return None


def answer_suggestion(row: Suggestion) -> None:
    """Ask the assistant, and store its lines or why there are none. No transaction may be open."""
    with translation.override(settings.LANGUAGE_CODE):  # reasons are stored
        try:
            lines, model = ask_assistant(row)
        except AssistantFailed as failure:
            logger.warning("The assistant failed on suggestion %s: %s", row.pk, failure.reason)
            if row.attempts < MAX_ATTEMPTS:
                Suggestion.objects.filter(pk=row.pk, due_at=row.due_at).update(
                    due_at=timezone.now()
                )
            else:
                settle(row, state=State.FAILED, reason=str(failure))
        except Refused as refusal:
            settle(row, state=State.FAILED, reason=str(refusal))
        else:
            settle(row, state=State.READY, lines=lines, model=model)


def ask_assistant(row: Suggestion) -> tuple[list[str], str]:
    """The assistant's lines for the text as it is now, and its model.

    Raises AIUseProhibited, AssistantFailed.
    """
    draft = row.draft
    require_ai_use_permitted(draft)
    text = "\n".join(paragraphs_of(draft.body))
    answer = complete(messages_for(row.kind, headline=draft.headline, text=text))
    lines = lines_from(row.kind, answer.text)
    if not lines:
        raise AssistantFailed("no usable line")
    return lines, answer.model


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


def disclose_assistance(draft: Draft) -> list[str]:
    """Set the disclosure of AI where lines of an assistant stand in the draft and none is set.

    The columns that changed. No query without an assistant.
    """
    if draft.ai_kind or draft.pk is None or not is_configured():
        return []
    written = {kind: set[str]() for kind in Kind.values}
    for kind, lines in Suggestion.objects.answers_for(draft).values_list("kind", "lines"):
        written[kind].update(lines)
    if written[Kind.SUMMARY].intersection(draft.summary):
        draft.ai_kind = Draft.AIUse.SUMMARY
    elif draft.headline in written[Kind.HEADLINE] or any(
        line in draft.body for line in written[Kind.SUBHEADS]
    ):
        draft.ai_kind = Draft.AIUse.ASSISTED
    else:
        return []
    return ["ai_kind"]
