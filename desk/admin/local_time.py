"""Form field of a local date and time. Imports no app's admin, so that the admin site can use it."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _


class DateTimeLocalInput(forms.DateTimeInput):
    """`<input type="datetime-local">`: the browser's own date and time picker."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")

    def format_value(self, value: Any) -> str | None:
        # Not localized: browsers require ISO 8601 here.
        if value is None or isinstance(value, str):
            return value
        return str(formats.localize_input(value, self.format))


class DateTimeLocalField(forms.DateTimeField):
    """A local date and time; a year before 1900 or after 2100 is refused as a typing error."""

    widget = DateTimeLocalInput

    def clean(self, value: Any) -> Any:
        at = super().clean(value)
        if at is not None and not 1900 <= at.year <= 2100:
            raise ValidationError(_("Choose a year between 1900 and 2100."))
        return at


def truncate_to_minute(at: datetime | None) -> datetime | None:
    """The time as the form shows it, so that an unchanged field is submitted with the same value."""
    return at and at.replace(second=0, microsecond=0)
