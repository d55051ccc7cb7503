"""Forms of the word list in the admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.actions.word_list_trials import MAX_TRIAL_DAYS
from comments.actions.word_lists import check_entry
from comments.content_filter import MatchMode, Severity
from comments.errors import InvalidWord
from comments.models.word_list import MODE_LABELS, SEVERITY_LABELS

DEFAULT_DAYS = 7
MAX_ADDED_WORDS = 500


class WordListForm(forms.Form):
    """Words to add, with one severity and mode, and the period of a dry run.

    Those to remove are the values `remove` of the request, `mode:text`.
    """

    words = forms.CharField(
        label=_("Words to add"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One a line. A word already in the list with the same use gets the new severity."
        ),
    )
    severity = forms.ChoiceField(
        label=_("What they do to a comment"),
        choices=[(one.value, label) for one, label in SEVERITY_LABELS.items()],
        initial=Severity.HOLD.value,
    )
    mode = forms.ChoiceField(
        label=_("Where they count"),
        choices=[(one.value, label) for one, label in MODE_LABELS.items()],
        initial=MatchMode.WORD.value,
        help_text=_("An innocent word is never found, nor another word that is inside it."),
    )
    note = forms.CharField(label=_("What changed, and why"), required=False, max_length=200)
    days = forms.IntegerField(
        label=_("Days of comments for the dry run"),
        min_value=1,
        max_value=MAX_TRIAL_DAYS,
        initial=DEFAULT_DAYS,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lines = [line.strip() for line in cleaned.get("words", "").splitlines() if line.strip()]
        if len(lines) > MAX_ADDED_WORDS:
            self.add_error("words", _("At most 500 words at once."))
        try:
            cleaned["added"] = [
                check_entry(
                    {
                        "text": line,
                        "severity": cleaned.get("severity", Severity.HOLD),
                        "mode": cleaned.get("mode", MatchMode.WORD),
                        "note": cleaned.get("note", ""),
                    }
                )
                for line in lines[:MAX_ADDED_WORDS]
            ]
        except InvalidWord as refusal:
            self.add_error("words", str(refusal))
        return cleaned
