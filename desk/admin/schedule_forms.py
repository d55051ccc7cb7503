"""What is asked before a plan is moved, and before stories are bundled."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.admin.widgets import DateTimeLocalField
from desk.models import Bundle, Draft
from newsroom.text.dates import format_short_time
from newsroom.text.normalization import is_blank


class RescheduleForm(forms.Form):
    """Another time to come."""

    at = DateTimeLocalField(label=_("Goes out at"))


class BundleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # at run time
    """A bundle with the time at which it goes out."""

    def label_from_instance(self, obj: Bundle) -> str:
        return f"{obj.title} · {format_short_time(obj.due_at)}"


class BundleForm(forms.Form):
    """When the chosen stories go out together, or with which others."""

    title = forms.CharField(
        label=_("title"),
        max_length=120,
        required=False,
        help_text=_("What the desk calls it; readers never see it."),
    )
    at = DateTimeLocalField(label=_("Goes out at"), required=False)
    bundle = BundleChoice(
        label=_("or with a bundle that waits"),
        queryset=Bundle.objects.none(),
        required=False,
        empty_label=_("a new bundle"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bundle"]
        coming = Bundle.objects.waiting().filter(due_at__gt=timezone.now())
        field.queryset = coming.order_by("due_at", "pk")

    def clean(self) -> Any:
        told = super().clean() or self.cleaned_data
        if told.get("bundle") is None and "bundle" not in self.errors:
            if is_blank(told.get("title", "")) and "title" not in self.errors:
                self.add_error("title", _("Give the bundle a name."))
            if not told.get("at") and "at" not in self.errors:
                self.add_error("at", _("Choose the day and the time."))
        return told


def submitted_versions(data: Any, drafts: list[Draft]) -> dict[int, int | None]:
    """The versions of these stories that somebody read, as the page sends them along."""
    told = {draft.pk: data.get(f"version_{draft.pk}", "") for draft in drafts}
    return {pk: int(v) if v.isdecimal() and len(v) < 10 else None for pk, v in told.items()}
