"""Admin of claims under the Press Arbitration Act: the register, and each claim with its clocks."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.actions.legal.claim_decisions import (
    TRANSITIONS,
    accept_claim,
    link_edition_to_claim,
    possible_editions,
    publish_for_claim,
    refuse_claim,
    take_claim_to_arbitration,
    withdraw_claim,
)
from desk.actions.legal.claims import CLAIMANT_FIELDS, edit_claim, record_claim
from desk.admin.claim_clocks import CLAIM_TONES, clock_chip
from desk.admin.claim_forms import (
    CLAIM_FIELDS,
    AcceptForm,
    ClaimForm,
    ClaimPublishForm,
    LinkEditionForm,
    RefuseForm,
)
from desk.models import Claim, Draft
from desk.permissions import may_handle_claims, may_publish, may_view_claimants
from desk.section_rights import visible_claims
from desk.status import TONE_GONE, Chip
from newsroom.admin.base import ActionBackedAdmin, Button, ButtonAdmin
from newsroom.text.dates import format_short_time

State = Claim.State


def follows(*states: Claim.State) -> Any:
    """Condition of a button: one of these states may follow that of the claim."""
    return lambda claim: bool(set(states) & TRANSITIONS.get(State(claim.state), set()))


class ClaimStateFilter(admin.SimpleListFilter):
    """Filter by state. Without a choice, all claims."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("running", _("clock running")),
            ("late", _("clock over")),
            *((value, label) for value, label in State.choices),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        claims: Any = queryset
        if self.value() == "running":
            return claims.running()  # type: ignore[no-any-return]
        if self.value() == "late":
            return claims.late(timezone.now())  # type: ignore[no-any-return]
        return queryset.filter(state=self.value()) if self.value() else queryset


@admin.register(Claim)
class ClaimAdmin(ButtonAdmin, ActionBackedAdmin):
    """The register of claims: running clocks first, then the newest."""

    class Media:
        css = {"all": ("desk/claims.css",)}

    form = ClaimForm
    list_display = ("claim_name", "story", "state_chip", "clock", "received")
    list_display_links = ("claim_name",)
    list_filter = (ClaimStateFilter, "kind")
    search_fields = ("article__slug", "article__live__headline")
    readonly_fields = ("state_chip", "clock", "deadlines", "story", "answer", "correction")
    buttons = (
        Button(
            "accept",
            _("Accept"),
            action=accept_claim,
            success_message=_("Accepted. Publish the correction within its period."),
            is_allowed=may_handle_claims,
            is_available=follows(State.ACCEPTED),
            form=AcceptForm,
            help_text=_(
                "Note what was agreed with the claimant. An accepted claim is published within seven days"
                " of receipt, in the same place and with the same effect (§15 ③, ⑥)."
            ),
        ),
        Button(
            "refuse",
            _("Refuse"),
            action=refuse_claim,
            success_message=_("Refused. Send the claimant the reason in writing."),
            is_allowed=may_handle_claims,
            is_available=follows(State.REFUSED),
            form=RefuseForm,
            help_text=_("A claim is refused only on a ground of the law (§15 ④)."),
        ),
        Button(
            "publish",
            _("Publish the correction"),
            action=publish_for_claim,
            success_message=_("Published. Readers see the note, and the clock has stopped."),
            is_allowed=lambda user: may_handle_claims(user) and may_publish(user),
            is_available=follows(State.PUBLISHED),
            form=ClaimPublishForm,
            help_text=_(
                "The story is published as it stands, with this note of the kind that was claimed. Change"
                " the story first where it is to be corrected itself."
            ),
        ),
        Button(
            "link",
            _("Link a published correction"),
            action=link_edition_to_claim,
            success_message=_("Linked. The clock has stopped."),
            is_allowed=may_handle_claims,
            is_available=follows(State.PUBLISHED),
            form=LinkEditionForm,
        ),
        Button(
            "arbitrate",
            _("In arbitration"),
            action=take_claim_to_arbitration,
            success_message=_("Noted. The clocks stop until it is decided."),
            is_allowed=may_handle_claims,
            is_available=follows(State.ARBITRATION),
        ),
        Button(
            "withdraw",
            _("Withdrawn by the claimant"),
            action=withdraw_claim,
            success_message=_("Noted. The claim is closed."),
            is_allowed=may_handle_claims,
            is_available=follows(State.WITHDRAWN),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_claims(request.user, Claim.objects.with_details().with_due_day())

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [F("due_on").asc(nulls_last=True), "-received_at", "-pk"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        """The claim, who claims (for those who may see it), and on an existing one its state."""
        own = (
            ("story", *CLAIM_FIELDS, "read_version") if obj else ("article_address", *CLAIM_FIELDS)
        )
        erased = _("The article was erased by law, and what was written into its claims with it.")
        description = erased if obj and not obj.passage else ""
        claim = (_("What is claimed"), {"fields": own, "description": description})
        state = (None, {"fields": ("state_chip", "deadlines", "answer", "correction")})
        fieldsets: list[Any] = [state, claim] if obj else [claim]
        if self.shows_claimant(request, obj):
            help_text = _("Personal data: deleted some time after the claim is closed.")
            fields = {"fields": CLAIMANT_FIELDS, "description": help_text}
            fieldsets.append((_("Who claims"), fields))
        return fieldsets

    def shows_claimant(self, request: HttpRequest, obj: Claim | None) -> bool:
        """Whether the form has the claimant's data: by permission; to record a claim takes them."""
        return obj is None or (
            may_view_claimants(request.user) and obj.personal_data_erased_at is None
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form without the fields that this page does not show."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        hidden = [] if self.shows_claimant(request, obj) else list(CLAIMANT_FIELDS)
        hidden += ["article_address"] if obj else ["read_version"]

        class ShownForm(form):  # type: ignore[misc]  # a class of a class made at run time
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                self.fields["article_address"].user = request.user
                for name in hidden:
                    self.fields.pop(name, None)

        return ShownForm

    def save_through_action(self, obj: Any, *, form: Any, by: Any) -> Claim:
        fields, claimant = form.claim_fields(), form.claimant_fields()
        if obj.pk is None:
            article = form.cleaned_data["article_address"]
            return record_claim(article, by=by, claimant=claimant or {}, **fields)
        version = form.cleaned_data.get("read_version")
        return edit_claim(obj, by=by, version=version, claimant=claimant, **fields)

    def response_add(self, request: HttpRequest, obj: Claim, *args: Any) -> HttpResponse:
        messages.success(request, _now("Recorded. The clocks run; see the days below."))
        return redirect("admin:desk_claim_change", obj.pk)

    def response_change(self, request: HttpRequest, obj: Claim) -> HttpResponse:
        messages.success(request, _now("Saved."))
        return redirect("admin:desk_claim_change", obj.pk)

    def button_form(self, request: HttpRequest, button: Button, obj: Any) -> forms.Form | None:
        """The form of a button: with the text asked for and the draft's version, or the corrections."""
        data = request.POST or None
        if button.verb == "publish":
            draft = Draft.objects.filter(article=obj.article_id).first()
            initial = {
                "note": obj.wanted_text[:2000],
                "draft_version": draft.version if draft else None,
            }
            return ClaimPublishForm(data, initial=initial)
        if button.verb == "link":
            rows = possible_editions(obj).values_list("number", "correction_note")
            choices = [(number, f"{number}. {note[:80]}") for number, note in rows[:50]]
            return LinkEditionForm(data, choices=choices)
        return super().button_form(request, button, obj)

    # -- columns and fields ------------------------------------------------------------------

    @admin.display(description=_("claim"), ordering="pk")
    def claim_name(self, claim: Claim) -> str:
        return str(claim)

    @admin.display(description=_("article"))
    def story(self, claim: Claim) -> str:
        live = claim.article.live
        url = reverse("admin:articles_article_change", args=[claim.article_id])
        return format_html('<a href="{}">{}</a>', url, live.headline if live else claim.article)

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, claim: Claim) -> str:
        tone = CLAIM_TONES[State(claim.state)]
        return format_html('<span class="chip {}">{}</span>', tone, claim.get_state_display())

    @admin.display(description=_("time left"), ordering="due_on")
    def clock(self, claim: Claim) -> str:
        chip = clock_chip(claim)
        late = "" if claim.is_admissible else _now("claimed too late")
        if chip is None:
            return late or "–"
        day = date_format(claim.due_day, "DATE_FORMAT") if claim.due_day else ""
        return format_html(
            '<span class="chip {}">{}</span> <span class="quiet">{} {}</span>',
            chip.tone, chip.words, day, late,
        )  # fmt: skip

    @admin.display(description=pgettext_lazy("claim", "received at"), ordering="-received_at")
    def received(self, claim: Claim) -> str:
        return format_short_time(claim.received_at)

    @admin.display(description=_("days of the law"))
    def deadlines(self, claim: Claim) -> str:
        """The last days of all clocks, and what is left of the one that runs."""
        rows = (
            (_now("answer by"), claim.answer_by),
            (_now("publish by"), claim.publish_by),
            (_now("claim possible until"), claim.admissible_until),
        )
        days = ((label, date_format(day, "DATE_FORMAT")) for label, day in rows)
        text = format_html_join("", "<span><b>{}</b>{}</span>", days)
        chip = clock_chip(claim)
        if not claim.is_admissible:
            chip = chip or Chip(_now("claimed too late"), TONE_GONE)
        left = format_html('<span class="chip {}">{}</span>', chip.tone, chip.words) if chip else ""
        return format_html('<span class="clock-days">{}{}</span>', text, left)

    @admin.display(description=pgettext_lazy("claim", "answer"))
    def answer(self, claim: Claim) -> str:
        if claim.answered_at is None:
            return "–"
        parts = [format_short_time(claim.answered_at), str(claim.answered_by)]
        parts += [claim.get_refusal_reason_display()] if claim.refusal_reason else []
        return " · ".join([*parts, claim.answer_note] if claim.answer_note else parts)

    @admin.display(description=_("correction edition"))
    def correction(self, claim: Claim) -> str:
        edition = claim.edition
        return f"{edition} — {edition.correction_note}" if edition else "–"
