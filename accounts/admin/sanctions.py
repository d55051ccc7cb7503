"""Sanctions on the page of a reader: the form to impose one, and their history."""

from collections.abc import Sequence
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import sanction, sanction_history
from accounts.models import Sanction, SanctionKind, SanctionReason, User
from accounts.status import format_local_time, how_it_ended, sanction_tone

DURATION_CHOICES = [
    (1, _("1 day")),
    (3, _("3 days")),
    (7, _("7 days")),
    (30, _("30 days")),
    (365, _("a year")),
]
KIND_CHOICES = [
    (SanctionKind.WARN, _("Warning: recorded and shown to the reader, nothing else")),
    (SanctionKind.HOLD, _("Hold: all comments wait for a moderator")),
    (SanctionKind.MUTE, _("Mute: no comments; votes, reactions and reports stay possible")),
    (SanctionKind.BAN, _("Suspension: no comments, votes, reactions, reports or new nickname")),
]
MAX_SANCTIONS_SHOWN = 50


class SanctionForm(forms.Form):
    """Form of a sanction: kind, duration, rule and the reason for the reader."""

    kind = forms.ChoiceField(
        label=_("Sanction"),
        choices=KIND_CHOICES,
        initial=SanctionKind.BAN,
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label=_("For how long"),
        choices=DURATION_CHOICES,
        coerce=int,
        initial=7,
        help_text=_(
            "Not for a warning, which has no end. A newer sanction takes the place of the one in force."
        ),
    )
    reason_code = forms.ChoiceField(
        label=_("Rule"),
        choices=SanctionReason.choices,
        initial=SanctionReason.OTHER,
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The reader is told this.")
    )

    @classmethod
    def offered(cls, values: dict[str, str]) -> dict[str, str]:
        """The kind and the rule of a query string, where they are some: the form offers them."""
        choices = {"kind": SanctionKind.values, "reason_code": SanctionReason.values}
        return {name: values[name] for name in choices if values.get(name) in choices[name]}


def sanction_for(
    user: User, *, kind: str, days: int, reason: str, by: User, reason_code: str = ""
) -> Sanction:
    """Sanction a reader for a number of days."""
    return sanction(
        user,
        kind=kind,
        until=None if kind == SanctionKind.WARN else timezone.now() + timedelta(days=days),
        reason=reason,
        reason_code=reason_code or SanctionReason.OTHER,
        by=by,
    )


def imposed_message(imposed: Sanction) -> str:
    """What to say after imposing a sanction."""
    if imposed.until is None:
        return gettext("The warning is recorded. The reader sees it on “My page”.")
    return gettext("“%(kind)s” until %(day)s.") % {
        "kind": imposed.get_kind_display(),
        "day": format_local_time(imposed.until),
    }


def history_table(user: User) -> str:
    """The sanctions of a reader as a list, the newest first."""
    newest_first: Sequence[Sanction] = sanction_history(user)[::-1][:MAX_SANCTIONS_SHOWN]
    now = timezone.now()
    lines = (
        (
            sanction_tone(row, now),
            row.get_kind_display(),
            format_local_time(row.starts_at),
            f"~ {format_local_time(row.until)}" if row.until else "",
            row.get_reason_code_display(),
            row.reason,
            row.imposed_by or gettext("taken over from a closed account"),
            how_it_ended(row, now),
        )
        for row in newest_first
    )
    entry = (
        '<div class="sanction"><span class="chip {}">{}</span> {} {}<br>{} · {}<br>'
        '<span class="quiet">{} · {}</span></div>'
    )
    return format_html_join("", entry, lines) or "–"
