"""Form fields and widgets of the story form: editor, ordered autocomplete, photo chooser."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelectMultiple
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import AdminProseEditorWidget

from articles.models import Article
from desk.admin.story.story_editor import EDITOR_EXTENSIONS, EDITOR_MODULES
from desk.models import Draft
from media.admin import staff_thumbnail_url
from media.models import Photo
from media.representation import PHOTO_TEXT_FIELDS, photo_text_of_use
from newsroom.admin.row_ids import is_id
from newsroom.text.normalization import is_blank, normalize_line


class StoryEditor(AdminProseEditorWidget):
    """Rich-text editor with our own extensions: paste normalizer, find and replace, counts."""

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()  # type: ignore[no-untyped-call]
        return {**config, "js_modules": [static(name) for name in EDITOR_MODULES]}


def photo_library_url(draft: Draft | None) -> str:
    """The URL of the photo chooser, which offers the photos of the draft's wire story first."""
    url = reverse("admin:media_photo_choose")
    return f"{url}?draft={draft.pk}" if draft and draft.wire_version_id else url


def story_editor_widget(draft: Draft | None = None, **options: Any) -> StoryEditor:
    """The rich-text editor configured for stories, with figures picked from the photo library."""
    blocks = {
        "Figure": {"pickerUrl": photo_library_url(draft)},
        "RelatedBox": {"storiesUrl": reverse("admin:desk_draft_stories")},
    }
    config = {"extensions": EDITOR_EXTENSIONS | blocks}
    widget = StoryEditor(config=config, preset="configurable", **options)  # type: ignore[no-untyped-call]
    widget.attrs |= {"cols": 80, "rows": 24}
    return widget


class OrderedAutocompleteSelect(AutocompleteSelectMultiple):
    """Autocomplete with several choices, which keeps the order in which they were picked."""

    def __init__(self, field_name: str) -> None:
        super().__init__(
            Draft._meta.get_field(field_name), admin.site, attrs={"data-in-order": "1"}
        )

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        """Without the cross that clears all choices, a mouse's alone and no item of the list that it is in;
        the results are inside the main landmark. desk/static/desk/combobox.js does the rest."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-allow-clear": "false", "data-dropdown-parent": "#content-start"}

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        ids = list(filter(is_id, map(str, value)))
        groups = super().optgroups(name, ids, attrs)
        order = {pk: n for n, pk in enumerate(ids)}
        for _name, options, _index in groups:
            options.sort(key=lambda option: order.get(str(option["value"]), -1))
        return groups


class ArticleChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # at run time
    """Choice of articles, labelled by their live headline."""

    def label_from_instance(self, obj: Article) -> str:
        return obj.live.headline if obj.live else obj.slug


class PhotoTextFields(forms.Form):
    """Alternative text, caption and credit of the lead photo in this story; the library's are the default.

    `photo_text_for` is the id of the photo that they were typed for.
    """

    photo_alt = forms.CharField(
        label=_("alternative text"), max_length=250, required=False, widget=AdminTextInputWidget
    )
    photo_caption = forms.CharField(
        label=_("caption"), max_length=300, required=False, widget=AdminTextInputWidget
    )
    photo_credit = forms.CharField(
        label=_("credit"),
        max_length=120,
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("For this story only. Readers see it with the next edition."),
    )
    photo_text_for = forms.IntegerField(required=False, widget=forms.HiddenInput)


def photo_text_initial_values(draft: Draft) -> dict[str, Any]:
    """Initial values of PhotoTextFields."""
    text = photo_text_of_use(draft.lead_photo, draft.lead_photo_text)
    return {f"photo_{name}": value for name, value in text.items()} | {
        "photo_text_for": draft.lead_photo_id
    }


def overridden_photo_text(cleaned_data: dict[str, Any]) -> dict[str, str]:
    """The texts of the lead photo that differ from the library's; without an empty alternative text."""
    photo: Photo | None = cleaned_data.get("lead_photo")
    if photo is None or cleaned_data.get("photo_text_for") != photo.pk:
        return {}  # typed for another photo
    library = photo_text_of_use(photo)
    typed = {
        name: normalize_line(cleaned_data.get(f"photo_{name}", "")) for name in PHOTO_TEXT_FIELDS
    }
    if is_blank(typed["alt"]):
        del typed["alt"]
    return {name: value for name, value in typed.items() if value != library[name]}


class PhotoChooser(forms.HiddenInput):
    """Hidden input with the id of a photo, its thumbnail, and a button that opens the photo library."""

    template_name = "desk/photo_chooser.html"
    input_type = "hidden"
    draft: Draft | None = None

    @property
    def is_hidden(self) -> bool:  # so that the row of the field is shown
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["photo"] = Photo.objects.filter(pk=value).first() if is_id(str(value)) else None
        context["thumb"] = staff_thumbnail_url(context["photo"]) if context["photo"] else ""
        context["choose"] = photo_library_url(self.draft)
        return context
