"""Forms of claims: what was received, the answer, the correction that fulfils it."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import Article
from desk.actions.legal.claims import CLAIMANT_FIELDS
from desk.admin.local_time import DateTimeLocalField
from desk.models import Claim, Claimant
from desk.section_rights import claimable_articles
from newsroom.text.normalization import canonical_slug

TEXTAREA = forms.Textarea(attrs={"rows": 4, "cols": 80, "class": "vLargeTextField"})
CLAIM_FIELDS = (
    *("kind", "received_at", "known_on", "reported_on"),
    *("passage", "reason", "wanted_text", "wants_story_corrected"),
)


class DayInput(forms.DateInput):
    """`<input type="date">`: the browser's own date picker, which requires ISO 8601."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ArticleAddressField(forms.CharField):
    """The article at an address: its slug, or the address copied from the browser.

    Those of sections where `user` records no claims are not found.
    """

    widget = AdminTextInputWidget
    user: Any = None

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip().partition("?")[0].rstrip("/")
        slug = canonical_slug(text.rpartition("/")[2])
        published = Article.objects.filter(slug=slug, first_published_at__isnull=False)
        article = claimable_articles(self.user, published).first()
        if article is None:
            raise ValidationError(_("There is no published article at this address."))
        return article


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]  # at run time
    """The claim as it came in, with the claimant's data for those who may see them."""

    article_address = ArticleAddressField(
        label=_("article"),
        max_length=400,
        help_text=_("Copy the address of the article from the browser."),
    )
    received_at = DateTimeLocalField(
        label=pgettext_lazy("claim", "received at"),
        help_text=_("The clocks count from this day, which is not counted itself."),
    )
    name = forms.CharField(
        label=_("name of the claimant"), max_length=80, widget=AdminTextInputWidget
    )
    address = forms.CharField(
        label=_("postal address"), max_length=200, required=False, widget=AdminTextInputWidget
    )
    phone = forms.CharField(
        label=_("phone of the claimant"), max_length=40, required=False, widget=AdminTextInputWidget
    )
    email = forms.EmailField(
        label=_("email address of the claimant"), max_length=254, required=False
    )
    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Claim
        fields = CLAIM_FIELDS
        widgets = {
            "known_on": DayInput,
            "reported_on": DayInput,
            "passage": TEXTAREA,
            "reason": TEXTAREA,
            "wanted_text": TEXTAREA,
        }
        help_texts = {
            "known_on": _("For a follow-up claim, of the acquittal or an equal ending."),
            "reported_on": _("Leave empty for the day of the first publication."),
            "wanted_text": _("With a title that represents it (§15 ⑤)."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        claim = kwargs.get("instance")
        if claim is not None and claim.pk:
            initial = {"read_version": claim.version, "article_address": claim.article.slug}
            if claimant := Claimant.objects.filter(claim=claim).first():
                initial |= {name: getattr(claimant, name) for name in CLAIMANT_FIELDS}
            kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if "reported_on" in self.fields:
            self.fields["reported_on"].required = False
        if claim is not None and claim.pk and not claim.passage:  # erased with its article
            self.fields["passage"].required = False

    def claim_fields(self) -> dict[str, Any]:
        """The values of the claim's own fields that were changed; without an empty day of the report."""
        names = [name for name in self.changed_data if name in CLAIM_FIELDS]
        fields = {name: self.cleaned_data[name] for name in names}
        if fields.get("reported_on", 1) is None:
            del fields["reported_on"]
        return fields

    def claimant_fields(self) -> dict[str, str] | None:
        """The claimant's data where they were changed; None otherwise."""
        if not set(self.changed_data) & set(CLAIMANT_FIELDS):
            return None
        return {name: self.cleaned_data[name] for name in CLAIMANT_FIELDS}


class AcceptForm(forms.Form):
    """What was agreed with the claimant."""

    note = forms.CharField(
        label=_("Agreed content, size, number of times and place"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )
    publish_by = forms.DateField(
        label=_("Day set by the arbitration"),
        required=False,
        widget=DayInput,
        help_text=_("Only after an arbitration. Otherwise seven days from receipt."),
    )


class RefuseForm(forms.Form):
    """The ground of the law, and what was written to the claimant."""

    refusal_reason = forms.ChoiceField(
        label=_("ground of refusal"), choices=Claim.RefusalReason.choices
    )
    note = forms.CharField(
        label=_("Reason given to the claimant"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )


class ClaimPublishForm(forms.Form):
    """The note with which the story is published, at the version of the draft that was shown."""

    note = forms.CharField(
        label=_("Correction note for readers"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 60}),
    )
    draft_version = forms.IntegerField(widget=forms.HiddenInput)


class LinkEditionForm(forms.Form):
    """The published correction that fulfils the claim."""

    edition = forms.TypedChoiceField(label=_("Published correction"), coerce=int)

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["edition"]
        field.choices = list(choices)
        if not field.choices:
            field.help_text = _("No correction of this kind was published since the claim came in.")
