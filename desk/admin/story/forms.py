"""Story form: the fields of the story page, and the arguments of `desk.actions.edit` made of them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Author
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.admin.local_time import truncate_to_minute
from desk.admin.story.form_fields import (
    POLL_FIELDS,
    AssignmentFields,
    ButtonFields,
    EmbargoAndExpiryFields,
    PollFields,
    poll_initial_values,
)
from desk.admin.story.story_editor import from_editor_html, to_editor_html
from desk.admin.story.three_way_merge import Merge, digests_of, merge_of, parse_base
from desk.admin.widgets import (
    ArticleChoiceField,
    OrderedAutocompleteSelect,
    PhotoChooser,
    PhotoTextFields,
    overridden_photo_text,
    photo_text_initial_values,
    story_editor_widget,
)
from desk.errors import EditedElsewhere, FieldGuarded
from desk.markup_bounds import markup_problem
from desk.models import Draft, DraftAuthor, DraftPick, DraftTag
from desk.permissions import people_who_can_write
from desk.rendering import clean_body, sanitize_body
from desk.section_rights import pickable_articles, placeable_sections
from newsroom.text.normalization import is_blank, normalize_line
from polls.errors import ElectionBeforePoll
from polls.models import Choice, Poll

DRAFT_FIELDS = [
    *("headline", *EDITORIAL_FIELD_NAMES, "summary_1", "summary_2", "summary_3", "body"),
    *("section", "lead_photo", "social_photo", "slug", "comments_mode", "notes"),
    *("source_name", "source_url", "source_credit", "ai_kind", "ai_note"),
]
LIST_FIELDS = ("authors", "related", "tags")  # in an order, which a field of the model has not
MAX_TAGS, MAX_TAG_CHARS = 20, 40


def counted_text_input(field: str) -> forms.TextInput:
    """A text input with a character counter (desk/static/desk/draft.js) and the browser's spell checker."""
    max_length = getattr(Draft._meta.get_field(field), "max_length", None)
    checked = {"lang": "ko", "spellcheck": "true"}
    return AdminTextInputWidget(
        attrs={"class": "vTextField counted", "maxlength": max_length, **checked}
    )


class FieldErrors(ErrorList):
    """The errors of a field, which render no template where there are none: a story page asks for a
    hundred lists."""

    def as_ul(self) -> SafeString:
        return super().as_ul() if self else SafeString()


class DraftForm(
    PollFields,
    PhotoTextFields,
    EmbargoAndExpiryFields,
    AssignmentFields,
    ButtonFields,
    forms.ModelForm,  # type: ignore[type-arg]  # at run time
):
    """The form of the story page.

    After it is saved, `result_message` says what was done and `dropped` lists the HTML that was not stored.
    """

    tags = forms.CharField(
        label=_("tags"),
        required=False,
        max_length=800,
        widget=AdminTextInputWidget,
        help_text=_("Names, separated by commas."),
    )
    source_url = forms.URLField(
        label=_("address of the source"), required=False, max_length=500, assume_scheme="https"
    )
    authors = forms.ModelMultipleChoiceField(
        label=_("authors"),
        queryset=Author.objects.all(),
        required=False,
        help_text=_("Type to search. The byline lists them in the order in which you pick them."),
    )
    related = ArticleChoiceField(
        label=_("related articles"),
        queryset=Article.objects.select_related("live"),
        required=False,
    )

    class Meta:
        model = Draft
        # source_url is declared above: a field made from the model warns about `assume_scheme`.
        fields = [name for name in DRAFT_FIELDS if name != "source_url"]
        widgets = {
            name: counted_text_input(name)
            for name in ("headline", *EDITORIAL_FIELD_NAMES, "summary_1", "summary_2", "summary_3")
        } | {"lead_photo": PhotoChooser, "social_photo": PhotoChooser}
        help_texts = {
            "slug": _(
                "Leave empty to derive it from the headline. A change takes effect with the next edition."
            ),
            "notes": _("Visible to staff only."),
            "seo_title": _("Leave empty for the headline."),
            "seo_description": _("Leave empty for the deck, or else the three summary lines."),
            "social_photo": _(
                "Leave empty for the lead photo. Cards show it twice as wide as high."
            ),
        }

    result_message: Any = ""
    guarded_fields: Mapping[str, FieldGuarded] = {}  # fields the user may not change, and why
    dropped: Sequence[str] = ()
    sections: Any = None  # into which the user may put the story
    pickable: Any = None  # articles that the user may pick as related
    reader: Any = None  # who sees the form; without one, related boxes have no headlines

    @classmethod
    def restrict_choices(cls, user: Any, draft: Draft | None) -> None:
        """Offer what the user may choose by their section roles, in this class, which the admin makes anew
        for each request."""
        cls.sections = placeable_sections(user, draft)
        cls.pickable = pickable_articles(user, draft)
        cls.reader = user

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        draft = kwargs.get("instance")
        kwargs.setdefault("error_class", FieldErrors)
        self.reader = kwargs.pop("reader", self.reader)
        if draft is not None and draft.pk:
            kwargs["initial"] = initial_values(draft, reader=self.reader) | kwargs.get(
                "initial", {}
            )
        super().__init__(*args, **kwargs)
        cast("Any", self.fields["assign_to"]).queryset = people_who_can_write(timezone.now())
        if "section" in self.fields and self.sections is not None:
            cast("Any", self.fields["section"]).queryset = self.sections
        if "related" in self.fields and self.pickable is not None:
            cast("Any", self.fields["related"]).queryset = self.pickable.select_related("live")
        self.stored_body = self.instance.body  # validation replaces it by the submitted one
        if "body" in self.fields:
            self.fields["body"].widget = story_editor_widget(draft)
        for name in {"lead_photo", "social_photo"} & self.fields.keys():
            cast("Any", self.fields[name].widget).draft = draft
        for name in self.guarded_fields.keys() & self.fields.keys():
            self.fields[name].disabled = True
            self.fields[name].help_text = str(self.guarded_fields[name].sentence)
        if not self.is_bound and "body" in self.fields:
            self.initial["base"] = json.dumps(digests_of(self))
        for name in ("authors", "related"):
            if name in self.fields:
                field: Any = self.fields[name]
                field.widget = OrderedAutocompleteSelect(name)
                field.widget.choices = field.choices

    def clean_tags(self) -> list[str]:
        names = [normalize_line(name) for name in self.cleaned_data["tags"].split(",")]
        names = [name for name in names if not is_blank(name)]
        if len(names) > MAX_TAGS:
            raise ValidationError(_("A story has at most 20 tags."))
        if any(len(name) > MAX_TAG_CHARS for name in names):
            raise ValidationError(_("A tag has at most 40 characters."))
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
        election_day = cleaned.get("poll_election_day")
        is_new_day = "poll_election_day" in self.changed_data
        if election_day and is_new_day and election_day < timezone.localdate(opens):
            self.add_error("poll_election_day", ElectionBeforePoll.sentence)
        return cleaned

    def changed_fields(self) -> dict[str, Any]:
        """The changed fields, as keyword arguments of `desk.actions.start_draft` and `edit`."""
        names = [*DRAFT_FIELDS, *EmbargoAndExpiryFields.base_fields, "tags"]
        fields = {name: self.cleaned_data[name] for name in self.changed_data if name in names}
        if "body" in fields:
            fields["body"], self.dropped = sanitize_body(fields["body"])
            if fields["body"] in {self.stored_body, clean_body(self.stored_body)}:
                del fields["body"]  # the editor only serializes the same text in another way
        for name in ("authors", "related"):
            picked = self.picked_in_order(name)
            if [row.pk for row in picked] != self.initial.get(name, []):
                fields[name] = picked
        text = overridden_photo_text(self.cleaned_data)
        if "lead_photo" in fields or text != self.instance.lead_photo_text:
            fields["lead_photo_text"] = text
        if set(self.changed_data) & set(POLL_FIELDS):
            fields["poll"] = self.poll_data()
        return fields

    def merge_with_saved(self) -> Merge:
        """What the user has changed since the form was opened, and what others have saved meanwhile."""
        base = parse_base(self.data.get("base", ""))
        return merge_of(base=base, mine=digests_of(self), theirs=digests_of(self.saved_form()))

    def saved_form(self) -> "DraftForm":
        """The form as it would be opened now."""
        return DraftForm(instance=Draft.objects.get(pk=self.instance.pk), reader=self.reader)

    def picked_in_order(self, name: str) -> list[Any]:
        """The rows picked in an autocomplete field, in the order in which they were picked."""
        rows = {str(row.pk): row for row in self.cleaned_data[name]}
        order = self.fields[name].widget.value_from_datadict(self.data, self.files, name)
        return [rows[pk] for pk in order or () if pk in rows]

    def poll_data(self) -> dict[str, Any] | None:
        """The poll as `polls.actions.create_poll` takes it; None without a question.

        Times that were not changed keep their seconds, which the form does not show.
        """
        cleaned = self.cleaned_data
        if is_blank(cleaned["poll_question"]):
            return None
        data = {
            "question": cleaned["poll_question"],
            "title": cleaned["poll_title"],
            "results": cleaned["poll_results"] or Poll.Results.ALWAYS,
            "election_day": cleaned["poll_election_day"],
            "sides": [
                {"key": Choice.PRO.value, "argument": cleaned["poll_pro"]},
                {"key": Choice.CON.value, "argument": cleaned["poll_con"]},
            ],
        }
        poll = self.instance.poll
        for name in ("opens_at", "closes_at"):
            is_changed = poll is None or f"poll_{name}" in self.changed_data
            data[name] = cleaned[f"poll_{name}"] if is_changed else getattr(poll, name)
        if data["opens_at"] is None and poll is not None:
            data["opens_at"] = poll.opens_at
        return data


def initial_values(draft: Draft, *, reader: Any) -> dict[str, Any]:
    """Initial values of the form's fields that are no columns of the draft; lists in their order."""
    authors = DraftAuthor.objects.filter(draft=draft).values_list("author_id", flat=True)
    picks = DraftPick.objects.filter(draft=draft).values_list("article_id", flat=True)
    tags = DraftTag.objects.filter(draft=draft).values_list("tag__name", flat=True)
    return {
        "version": draft.version,
        "assign_to": draft.assigned_to_id,
        "assign_due_at": truncate_to_minute(draft.due_at),
        "body": to_editor_html(draft.body, reader=reader),
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
