"""Forms of the admin's buttons on polls."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from polls.actions import VoteClass, decide_votes
from polls.models import RULE_CHOICES, Poll, Vote, VoteDecision

LOCAL_TIME = "%Y-%m-%dT%H:%M"
# What can be decided, as (state before, state after).
DECISIONS = {
    "release": (Vote.State.ON_HOLD, Vote.State.COUNTED),
    "void_held": (Vote.State.ON_HOLD, Vote.State.VOID),
    "void": (Vote.State.COUNTED, Vote.State.VOID),
    "hold": (Vote.State.COUNTED, Vote.State.ON_HOLD),
    "reinstate": (Vote.State.VOID, Vote.State.COUNTED),
}


class LocalTimeField(forms.DateTimeField):
    """A local date and time; a year before 1900 or after 2100 is refused as a typing error."""

    def clean(self, value: Any) -> Any:
        at = super().clean(value)
        if at is not None and not 1900 <= at.year <= 2100:
            raise forms.ValidationError(_("Choose a year between 1900 and 2100."))
        return at


def local_time_field(label: Any) -> LocalTimeField:
    widget = forms.DateTimeInput(
        format=LOCAL_TIME, attrs={"type": "datetime-local", "step": "3600"}
    )
    return LocalTimeField(label=label, required=False, widget=widget, input_formats=[LOCAL_TIME])


class DecisionForm(forms.Form):
    """Which votes, what becomes of them, and why."""

    decision = forms.ChoiceField(
        label=_("decision"),
        choices=[
            ("release", _("count the held ones")),
            ("void_held", _("take out the held ones")),
            ("void", _("take out counted ones")),
            ("hold", _("hold counted ones")),
            ("reinstate", _("count again what was taken out")),
        ],
    )
    rule = forms.ChoiceField(
        label=_("held since"), required=False, choices=[("", _("whatever")), *RULE_CHOICES]
    )
    since = local_time_field(_("cast from"))
    until = local_time_field(_("cast before"))
    reason = forms.CharField(label=_("reason"), max_length=300)


def decide_by_form(
    poll: Poll, *, by: Any, decision: str, reason: str, version: int | None = None, **votes: Any
) -> VoteDecision:
    """Carry out what a DecisionForm says."""
    before, after = DECISIONS[decision]
    chosen = VoteClass(state=before, **votes)
    return decide_votes(poll, votes=chosen, to=after, reason=reason, by=by, version=version)


class ElectionDayForm(forms.Form):
    """The day of the election that a poll is about."""

    election_day = forms.DateField(
        label=_("day of the election"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: the poll is about no election."),
    )
