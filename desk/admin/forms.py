"""The story form: what an editor fills in, turned into words for desk.actions.edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Author
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.admin.widgets import (
    ArticleChoiceField,
    DateTimeLocalField,
    OrderedAutocompleteSelect,
    PhotoChooser,
    PhotoTextFields,
    overridden_photo_text,
    photo_text_initial_values,
    story_editor_widget,
)
from desk.editor_html import from_editor_html, to_editor_html
from desk.errors import EditedElsewhere, FieldGuarded
from desk.html_normalizer.bounds import markup_problem
from desk.models import Draft, DraftAuthor, DraftPick, DraftTag
from desk.rendering import clean_body, sanitize_body
from newsroom.text.normalization import is_blank, normalize_line
from polls.models import Choice, Poll

POLL_FIELDS = (
    "poll_question",
    "poll_title",
    "poll_pro",
    "poll_con",
    "poll_opens_at",
    "poll_closes_at",
    "poll_results",
)
CORRECTION_CHOICES = [
    ("correction", _("correction (we were wrong)")),
    ("clarification", _("clarification")),
    ("update", _("update")),
    ("rebuttal", _("reply of the person concerned")),
    ("follow_up", _("later news of the outcome")),
]
DRAFT_FIELDS = [
    *("headline", *EDITORIAL_FIELD_NAMES, "summary_1", "summary_2", "summary_3", "body"),
    *("section", "lead_photo", "slug", "comments_mode", "notes"),
    *("source_name", "source_url", "source_credit", "ai_kind", "ai_note"),
]
MAX_TAGS, MAX_TAG_CHARS = 20, 40


def counted_text_input(field: str) -> forms.TextInput:
    """A line with a counter beside it."""
    longest = getattr(Draft._meta.get_field(field), "max_length", None)
    return AdminTextInputWidget(attrs={"class": "vTextField counted", "maxlength": longest})


class PollFields(forms.Form):
    """The two mascots' vote. Without a question there is none."""

    poll_question = forms.CharField(
        label=_("question"),
        max_length=200,
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("Leave it empty, and the story has no poll."),
    )
    poll_title = forms.CharField(
        label=_("title"), max_length=80, required=False, widget=AdminTextInputWidget
    )
    poll_pro = forms.CharField(
        label=_("Booki says yes"), max_length=300, required=False, widget=AdminTextInputWidget
    )
    poll_con = forms.CharField(
        label=_("Moki says no"), max_length=300, required=False, widget=AdminTextInputWidget
    )
    poll_opens_at = DateTimeLocalField(
        label=_("opens"), required=False, help_text=_("Empty: at once.")
    )
    poll_closes_at = DateTimeLocalField(
        label=_("closes"), required=False, help_text=_("Empty: it stays open.")
    )
    poll_results = forms.ChoiceField(
        label=_("results are shown"),
        choices=Poll.Results.choices,
        required=False,
        initial=Poll.Results.ALWAYS,
    )


class EmbargoAndExpiryFields(forms.Form):
    """Before which time, and from which on, no reader sees the story. They count at once."""

    embargo_until = DateTimeLocalField(
        label=_("embargo until"),
        required=False,
        help_text=_("Nobody sees it before, whatever is planned. Empty: no embargo of ours."),
    )
    expires_at = DateTimeLocalField(
        label=_("comes down"),
        required=False,
        help_text=_("It comes down by itself then. Empty: it stays."),
    )


class ButtonFields(forms.Form):
    """What the buttons of the state box need beside the words."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    form_token = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    do = forms.CharField(required=False, widget=forms.HiddenInput)
    overwrite = forms.IntegerField(required=False, widget=forms.HiddenInput)
    at = DateTimeLocalField(label=_("Goes out at"), required=False)
    correction_kind = forms.ChoiceField(label=_("kind"), choices=CORRECTION_CHOICES, required=False)
    correction_note = forms.CharField(
        label=_("What readers are told"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    review_note = forms.CharField(label=_("A word why"), required=False, max_length=300)


class DraftForm(PollFields, PhotoTextFields, EmbargoAndExpiryFields, ButtonFields, forms.ModelForm):  # type: ignore[type-arg]  # at run time
    """A story as a page to fill in."""

    tags = forms.CharField(
        label=_("tags"),
        required=False,
        max_length=800,
        widget=AdminTextInputWidget,
        help_text=_("Names, with commas between them."),
    )
    source_url = forms.URLField(
        label=_("address of the source"), required=False, max_length=500, assume_scheme="https"
    )
    authors = forms.ModelMultipleChoiceField(
        label=_("authors"),
        queryset=Author.objects.all(),
        required=False,
        help_text=_("Found by typing; they sign in the order you pick them."),
    )
    related = ArticleChoiceField(
        label=_("related articles"),
        queryset=Article.objects.select_related("live"),
        required=False,
    )

    class Meta:
        model = Draft
        # Declared above instead: made of the model it would warn of the scheme it assumes.
        fields = [name for name in DRAFT_FIELDS if name != "source_url"]
        widgets = {
            name: counted_text_input(name)
            for name in ("headline", *EDITORIAL_FIELD_NAMES, "summary_1", "summary_2", "summary_3")
        } | {"lead_photo": PhotoChooser}
        help_texts = {
            "slug": _("Empty: made of the headline. It changes for readers at the next edition."),
            "notes": _("Only the desk sees this."),
        }

    said: Any = ""  # what came of the button, in a sentence
    closed: Mapping[str, FieldGuarded] = {}  # fields that this person may not change, and why
    dropped: Sequence[str] = ()  # what of the body is not kept

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        draft = kwargs.get("instance")
        if draft is not None and draft.pk:
            kwargs["initial"] = initial_values(draft) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.kept_body = self.instance.body  # validation puts what was typed in its place
        if "body" in self.fields:
            self.fields["body"].widget = story_editor_widget()
        for name in self.closed.keys() & self.fields.keys():
            self.fields[name].disabled = True
            self.fields[name].help_text = str(self.closed[name].sentence)
        for name in ("authors", "related"):
            if name in self.fields:
                found: Any = self.fields[name]
                found.widget = OrderedAutocompleteSelect(name)
                found.widget.choices = found.choices

    def clean_tags(self) -> list[str]:
        names = [normalize_line(name) for name in self.cleaned_data["tags"].split(",")]
        names = [name for name in names if not is_blank(name)]
        if len(names) > MAX_TAGS:
            raise ValidationError(_("A story has at most 20 tags."))
        if any(len(name) > MAX_TAG_CHARS for name in names):
            raise ValidationError(_("A tag has at most 40 letters."))
        return names

    def clean_body(self) -> str:
        if problem := markup_problem(self.cleaned_data["body"]):
            raise ValidationError(str(problem))
        return from_editor_html(self.cleaned_data["body"])

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        do = cleaned.get("do")
        if self.instance.pk and cleaned.get("version") is None:
            self.add_error(None, str(EditedElsewhere()))
        if do in {"schedule", "move"} and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Choose the day and the time."))
        if do == "correct" and is_blank(cleaned.get("correction_note", "")):
            self.add_error("correction_note", _("Tell readers what was wrong and what is right."))
        opens, closes = cleaned.get("poll_opens_at"), cleaned.get("poll_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("poll_closes_at", _("A poll closes after it opens."))
        return cleaned

    def words(self) -> dict[str, Any]:
        """What was changed on the page, as words for desk.actions.start_draft and edit."""
        plain = [*DRAFT_FIELDS, *EmbargoAndExpiryFields.base_fields, "tags"]
        words = {name: self.cleaned_data[name] for name in self.changed_data if name in plain}
        if "body" in words:
            words["body"], self.dropped = sanitize_body(words["body"])
            if words["body"] in {self.kept_body, clean_body(self.kept_body)}:
                del words["body"]  # the editor writes the same text in another way
        for name in ("authors", "related"):
            picked = self.picked(name)
            if [thing.pk for thing in picked] != self.initial.get(name, []):
                words[name] = picked
        text = overridden_photo_text(self.cleaned_data)
        if "lead_photo" in words or text != self.instance.lead_photo_text:
            words["lead_photo_text"] = text
        if set(self.changed_data) & set(POLL_FIELDS):
            words["poll"] = self.poll_words()
        return words

    def picked(self, name: str) -> list[Any]:
        """Things found by typing, in the order they were picked."""
        found = {str(thing.pk): thing for thing in self.cleaned_data[name]}
        order = self.fields[name].widget.value_from_datadict(self.data, self.files, name)
        return [found[pk] for pk in order or () if pk in found]

    def poll_words(self) -> dict[str, Any] | None:
        """The poll as polls.actions.create_poll takes it; times nobody touched keep their seconds."""
        said = self.cleaned_data
        if is_blank(said["poll_question"]):
            return None
        words = {
            "question": said["poll_question"],
            "title": said["poll_title"],
            "results": said["poll_results"] or Poll.Results.ALWAYS,
            "sides": [
                {"key": Choice.PRO.value, "argument": said["poll_pro"]},
                {"key": Choice.CON.value, "argument": said["poll_con"]},
            ],
        }
        poll = self.instance.poll
        for name in ("opens_at", "closes_at"):
            touched = poll is None or f"poll_{name}" in self.changed_data
            words[name] = said[f"poll_{name}"] if touched else getattr(poll, name)
        if words["opens_at"] is None and poll is not None:
            words["opens_at"] = poll.opens_at
        return words


def initial_values(draft: Draft) -> dict[str, Any]:
    """What the form shows of a draft beside its own columns, lists in their order."""
    authors = DraftAuthor.objects.filter(draft=draft).values_list("author_id", flat=True)
    picks = DraftPick.objects.filter(draft=draft).values_list("article_id", flat=True)
    tags = DraftTag.objects.filter(draft=draft).values_list("tag__name", flat=True)
    return {
        "version": draft.version,
        "body": to_editor_html(draft.body),
        "authors": list(authors),
        "related": list(picks),
        "tags": ", ".join(tags),
        **photo_text_initial_values(draft),
        **{
            name: truncate_to_minute(getattr(draft, name))
            for name in EmbargoAndExpiryFields.base_fields
        },
        **(poll_initial_values(draft.poll) if draft.poll else {}),
    }


def truncate_to_minute(moment: datetime | None) -> datetime | None:
    """As the page shows it: a time nobody touched must come back as no change."""
    return moment and moment.replace(second=0, microsecond=0)


def poll_initial_values(poll: Poll) -> dict[str, Any]:
    arguments = {side.key: side.argument for side in poll.sides.all()}
    return {
        "poll_question": poll.question,
        "poll_title": poll.title,
        "poll_pro": arguments.get("pro", ""),
        "poll_con": arguments.get("con", ""),
        "poll_opens_at": truncate_to_minute(poll.opens_at),
        "poll_closes_at": truncate_to_minute(poll.closes_at),
        "poll_results": poll.results,
    }
