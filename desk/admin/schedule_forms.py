"""Forms to reschedule a release and to schedule a bundle."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.admin.local_time import DateTimeLocalField
from desk.models import Bundle, Draft
from desk.section_rights import visible_bundles
from newsroom.text.dates import format_short_time
from newsroom.text.normalization import is_blank


class RescheduleForm(forms.Form):
    """The new time of a release or bundle."""

    at = DateTimeLocalField(label=_("Publish at"))


class BundleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # at run time
    """Choice of a bundle, labelled with its title and due time."""

    def label_from_instance(self, obj: Bundle) -> str:
        return f"{obj.title} · {format_short_time(obj.due_at)}"


class BundleForm(forms.Form):
    """Title and time of a new bundle, or a waiting bundle that the stories join."""

    title = forms.CharField(
        label=_("title"),
        max_length=120,
        required=False,
        help_text=_("Internal name, not shown to readers."),
    )
    at = DateTimeLocalField(label=_("Publish at"), required=False)
    bundle = BundleChoice(
        label=_("or add to a waiting bundle"),
        queryset=Bundle.objects.none(),
        required=False,
        empty_label=_("a new bundle"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bundle"]
        waiting = Bundle.objects.waiting().filter(due_at__gt=timezone.now())
        upcoming = visible_bundles(self.user, waiting)
        field.queryset = upcoming.order_by("due_at", "pk")

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("bundle") is None and "bundle" not in self.errors:
            if is_blank(cleaned.get("title", "")) and "title" not in self.errors:
                self.add_error("title", _("Give the bundle a name."))
            if not cleaned.get("at") and "at" not in self.errors:
                self.add_error("at", _("Choose the day and the time."))
        return cleaned


def submitted_versions(data: Any, drafts: list[Draft]) -> dict[int, int | None]:
    """The expected version of each draft by its id, from the inputs `version_<id>`; None if missing."""
    values = {draft.pk: data.get(f"version_{draft.pk}", "") for draft in drafts}
    return {pk: int(v) if v.isdecimal() and len(v) < 10 else None for pk, v in values.items()}
