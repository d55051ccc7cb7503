"""Fields of the story form that Django does not bring."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import AdminProseEditorWidget

from articles.models import Article
from desk.admin.story_editor import EDITOR_EXTENSIONS
from desk.models import Draft
from media.admin import staff_thumbnail_url
from media.models import Photo
from media.representation import PHOTO_TEXT_FIELDS, photo_text_of_use
from newsroom.text.normalization import is_blank, normalize_line


class StoryEditor(AdminProseEditorWidget):
    """The rich-text editor with our own extension, which normalizes what is pasted."""

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()  # type: ignore[no-untyped-call]
        return {**config, "js_modules": [static("desk/paste.js")]}


def story_editor_widget(**more: Any) -> StoryEditor:
    """The rich-text editor, with figures from our own photo library."""
    figure = {"Figure": {"pickerUrl": reverse("admin:media_photo_choose")}}
    config = {"extensions": EDITOR_EXTENSIONS | figure}
    widget = StoryEditor(config=config, preset="configurable", **more)  # type: ignore[no-untyped-call]
    widget.attrs |= {"cols": 80, "rows": 24}
    return widget


class DateTimeLocalInput(forms.DateTimeInput):
    """A day and a time, picked the way the browser or telephone does it."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")

    def format_value(self, value: Any) -> str | None:
        # Never the language's own form: browsers want ISO 8601 here.
        if value is None or isinstance(value, str):
            return value
        return str(formats.localize_input(value, self.format))


class DateTimeLocalField(forms.DateTimeField):
    """A time of this newsroom; years nobody means are a slip of the finger."""

    widget = DateTimeLocalInput

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment is not None and not 1900 <= moment.year <= 2100:
            raise ValidationError(_("Choose a year between 1900 and 2100."))
        return moment


class OrderedAutocompleteSelect(AutocompleteSelectMultiple):
    """Several things found by typing, in the order they were picked."""

    def __init__(self, field_name: str) -> None:
        super().__init__(
            Draft._meta.get_field(field_name), admin.site, attrs={"data-in-order": "1"}
        )

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        order = {pk: n for n, pk in enumerate(map(str, value))}
        for _name, options, _index in groups:
            options.sort(key=lambda option: order.get(str(option["value"]), -1))
        return groups


class ArticleChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # at run time
    """Articles by the headline readers see."""

    def label_from_instance(self, obj: Article) -> str:
        return obj.live.headline if obj.live else obj.slug


class PhotoTextFields(forms.Form):
    """Alternative text, caption and credit of the lead photo in this story, proposed by the library.

    `photo_text_for` is the number of the photo that they were typed for.
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
        help_text=_("For this story alone. Readers get these words with the next edition."),
    )
    photo_text_for = forms.IntegerField(required=False, widget=forms.HiddenInput)


def photo_text_initial_values(draft: Draft) -> dict[str, Any]:
    """What PhotoTextFields show of a draft."""
    text = photo_text_of_use(draft.lead_photo, draft.lead_photo_text)
    return {f"photo_{name}": words for name, words in text.items()} | {
        "photo_text_for": draft.lead_photo_id
    }


def overridden_photo_text(said: dict[str, Any]) -> dict[str, str]:
    """What was typed that the library does not say of the chosen photo; an empty alternative text
    stays the library's."""
    photo: Photo | None = said.get("lead_photo")
    if photo is None or said.get("photo_text_for") != photo.pk:
        return {}  # typed for another photo
    library = photo_text_of_use(photo)
    typed = {name: normalize_line(said.get(f"photo_{name}", "")) for name in PHOTO_TEXT_FIELDS}
    if is_blank(typed["alt"]):
        del typed["alt"]
    return {name: words for name, words in typed.items() if words != library[name]}


class PhotoChooser(forms.HiddenInput):
    """A photo with its thumbnail, picked from the library or uploaded there."""

    template_name = "desk/photo_chooser.html"
    input_type = "hidden"

    @property
    def is_hidden(self) -> bool:  # the row is shown, only the number in it is not
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["photo"] = Photo.objects.filter(pk=value).first() if str(value).isdigit() else None
        context["thumb"] = staff_thumbnail_url(context["photo"]) if context["photo"] else ""
        context["choose"] = reverse("admin:media_photo_choose")
        return context
