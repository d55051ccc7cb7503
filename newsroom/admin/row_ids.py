"""Ids of rows in submitted text."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
else:
    Admin = object

MAX_ID_DIGITS = 18


def is_id(text: str) -> bool:
    """Whether the text can be the id of a row: `isdigit` takes superscripts too, which `int` does not."""
    return text.isdecimal() and len(text) <= MAX_ID_DIGITS


class SelectedIdsMixin(Admin):
    """A list whose actions take ids alone as selected rows; Django's filter raises for other text."""

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:  # type: ignore[override]
        selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(map(is_id, selected)):
            submitted: Any = request.POST.copy()
            submitted.setlist(ACTION_CHECKBOX_NAME, [text for text in selected if is_id(text)])
            request.POST = submitted
        return super().response_action(request, queryset)
