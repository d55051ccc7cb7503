"""Form fields of the story form by subject: poll, embargo and expiry, buttons."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import CorrectionKind
from desk.admin.local_time import DateTimeLocalField, truncate_to_minute
from polls.models import Poll

POLL_FIELDS = (
    "poll_question",
    "poll_title",
    "poll_pro",
    "poll_con",
    "poll_opens_at",
    "poll_closes_at",
    "poll_results",
    "poll_election_day",
)


class PollFields(forms.Form):
    """Fields of the story's poll; without a question there is no poll."""

    poll_question = forms.CharField(
        label=_("question"),
        max_length=200,
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("Leave empty for a story without a poll."),
    )
    poll_title = forms.CharField(
        label=_("title"), max_length=80, required=False, widget=AdminTextInputWidget
    )
    poll_pro = forms.CharField(
        label=_("Booki's argument (pro)"),
        max_length=300,
        required=False,
        widget=AdminTextInputWidget,
    )
    poll_con = forms.CharField(
        label=_("Moki's argument (con)"),
        max_length=300,
        required=False,
        widget=AdminTextInputWidget,
    )
    poll_opens_at = DateTimeLocalField(
        label=_("opens"), required=False, help_text=_("Leave empty to open at once.")
    )
    poll_closes_at = DateTimeLocalField(
        label=_("closes"), required=False, help_text=_("Leave empty for no end.")
    )
    poll_results = forms.ChoiceField(
        label=_("results are shown"),
        choices=Poll.Results.choices,
        required=False,
        initial=Poll.Results.ALWAYS,
    )
    poll_election_day = forms.DateField(
        label=_("day of the election"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_(
            "Of a poll about a party, a candidate or the outcome: from six days before, it takes no votes"
            " and shows no result (Public Official Election Act, article 108)."
        ),
    )


class EmbargoAndExpiryFields(forms.Form):
    """Embargo and expiry of the story; they take effect when saved, without a new edition."""

    embargo_until = DateTimeLocalField(
        label=_("embargo until"),
        required=False,
        help_text=_(
            "Not public before this time, whatever is scheduled. Leave empty for no embargo of our own."
        ),
    )
    expires_at = DateTimeLocalField(
        label=_("expiry"),
        required=False,
        help_text=_("The story is removed automatically at this time. Leave empty for no expiry."),
    )


class AssignmentFields(forms.Form):
    """Fields of the assignment: parameters of the button `assign`, and no part of the text."""

    assign_to = forms.ModelChoiceField(
        label=_("assigned to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody"),
    )
    assign_due_at = DateTimeLocalField(label=_("due"), required=False)


class ButtonFields(forms.Form):
    """Fields of the story buttons: `do` is the pressed button, the others are its parameters.

    `version` is the draft's version when the page was opened, `overwrite` the newer one that the user chose
    to overwrite, `merge` the one that they chose to merge with, `base` the digests of the fields as they
    were opened (desk/admin/story/three_way_merge.py), `form_token` the id of a form for a new story (it
    creates     at most one).
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    form_token = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    do = forms.CharField(required=False, widget=forms.HiddenInput)
    overwrite = forms.IntegerField(required=False, widget=forms.HiddenInput)
    merge = forms.IntegerField(required=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, max_length=5000, widget=forms.HiddenInput)
    at = DateTimeLocalField(label=_("Publish at"), required=False)
    correction_kind = forms.ChoiceField(
        label=_("kind"), choices=CorrectionKind.choices, required=False
    )
    correction_note = forms.CharField(
        label=_("Correction note for readers"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    review_note = forms.CharField(label=_("Reason for the writer"), required=False, max_length=300)


def poll_initial_values(poll: Poll) -> dict[str, Any]:
    """Initial values of PollFields."""
    arguments = {side.key: side.argument for side in poll.sides.all()}
    return {
        "poll_question": poll.question,
        "poll_title": poll.title,
        "poll_pro": arguments.get("pro", ""),
        "poll_con": arguments.get("con", ""),
        "poll_opens_at": truncate_to_minute(poll.opens_at),
        "poll_closes_at": truncate_to_minute(poll.closes_at),
        "poll_results": poll.results,
        "poll_election_day": poll.election_day,
    }
