"""Sanctions of the writer on the screen of a comment, and the way to the form that imposes one."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from accounts.models import Sanction, SanctionKind, SanctionReason, User
from accounts.permissions import may_sanction, outranks
from accounts.status import how_it_ended, sanction_tone
from comments.moderation_context import ModerationContext


def sanction_rows(sanctions: Iterable[Sanction], now: datetime) -> list[dict[str, Any]]:
    """Each sanction as a line: kind, until when, whether it is in force, rule, reason, by whom."""
    return [
        {
            "tone": sanction_tone(row, now),
            "label": row.get_kind_display(),
            "until": row.until,
            "state": how_it_ended(row, now),
            "rule": row.get_reason_code_display(),
            "reason": row.reason,
            "by": row.imposed_by or gettext("taken over from a closed account"),
            "starts_at": row.starts_at,
        }
        for row in sanctions
    ]


def sanction_url(context: ModerationContext, *, by: User) -> str:
    """The form that sanctions the writer, with what is known of it; empty where `by` may not do so."""
    writer = context.comment.author
    is_reader = writer is not None and writer.is_active and not writer.is_staff
    if writer is None or not is_reader or not outranks(by, writer):
        return ""
    if not (may_sanction(by) and by.has_perm("accounts.view_user")):
        return ""
    values = {"next": reverse("admin:moderation_item", args=[context.comment.pk])}
    if rule := offered_rule(context):
        values["reason_code"] = rule
    if not context.record.sanctions:
        values["kind"] = SanctionKind.WARN.value
    return (
        f"{reverse('admin:accounts_user_press', args=[writer.pk, 'suspend'])}?{urlencode(values)}"
    )


def offered_rule(context: ModerationContext) -> str:
    """The rule that was broken by the last decision that hid the comment, else by most open reports."""
    codes = [row.reason_code for row in context.decisions if row.reason_code and not row.undone_at]
    reports = Counter(report.reason for report in context.open_reports)
    codes += [reason for reason, _number in reports.most_common()]
    return next((code for code in codes if code in SanctionReason.values), "")
