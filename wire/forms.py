"""Forms of the wire's admin buttons."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class DateTimeLocalInput(forms.DateTimeInput):
    """Date and time input of the browser (`datetime-local`)."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """Date and time in the site's time zone, between the years 1900 and 2100."""

    widget = DateTimeLocalInput

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment is not None and not 1900 <= moment.year <= 2100:
            raise ValidationError(_("Choose a year between 1900 and 2100."))
        return moment


class ReasonForm(forms.Form):
    """The reason for an action, for the audit log."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=AdminTextInputWidget)


class EmbargoForm(ReasonForm):
    """The end of an embargo, and the reason."""

    until = MomentField(
        label=_("Embargo until"),
        required=False,
        help_text=_("Korean time. Empty: nobody knows yet, and the story waits."),
    )
    field_order = ("until", "reason")
