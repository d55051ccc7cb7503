"""Preview of the story form: the page, the search result and the share card of what is typed, unsaved.

The present values of the form become a draft in memory, which the renderer of readers' pages shows. Values
that the form would refuse are shown as far as possible, and named. Nothing is written or recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.read_queries import current_layout
from articles.slugs import make_slug
from desk.actions.drafts import SINGLE_LINE_FIELDS, is_slug_taken
from desk.actions.freezing import free_slug
from desk.admin.story.form_fields import POLL_FIELDS
from desk.admin.story.forms import DraftForm
from desk.admin.story.search_snippets import snippets_of
from desk.admin.story.story_editor import staff_media_url
from desk.admin.widgets import overridden_photo_text
from desk.errors import SlugTaken
from desk.models import Draft
from desk.preview import PreviewLists, preview_page_data
from newsroom.admin.base import BaseAdmin
from newsroom.text.normalization import is_blank, normalize_line
from polls.actions import MASCOTS
from polls.models import Poll

MAX_SLUG_CHARS = 120
# Fields of the form that the preview shows nothing of.
UNSHOWN_FIELDS = ("version", "notes", "embargo_until", "expires_at", "assign_to", "assign_due_at")


class PreviewPages(BaseAdmin):
    """The endpoints of the preview, for the admin of drafts. Each takes the whole form and answers JSON of
    HTML: {"page", "snippets", "notes"}.
    """

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("preview/", wrap(self.preview_form), name="desk_draft_preview_new"),
            path("<int:pk>/preview/", wrap(self.preview_form), name="desk_draft_preview"),
        ]
        return [*own, *super().get_urls()]

    def preview_form(self, request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
        """The preview of the submitted form, of this draft or of a new one."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        draft: Draft | None = None if pk is None else self.get_object(request, str(pk))
        if pk is not None and draft is None:
            raise Http404
        if not (
            self.has_change_permission(request, draft)
            if draft
            else self.has_add_permission(request)
        ):
            raise PermissionDenied
        form_class: Any = self.get_form(request, draft, change=draft is not None)
        form: DraftForm = form_class(request.POST, instance=draft)
        form.is_valid()
        response = JsonResponse(preview_data(form, request))
        response["Cache-Control"] = "no-store"
        return response


def preview_data(form: DraftForm, request: HttpRequest) -> dict[str, str]:
    """The HTML of the page, of the search result with the share card, and of what is to be said of them."""
    draft, lists = unsaved_draft(form), unsaved_lists(form)
    draft.poll = unsaved_poll(form)
    address = planned_address(draft)
    draft.slug = address.slug
    page = preview_page_data(draft, photos_at=staff_media_url(), lists=lists)
    notes = {
        "missing": draft.problems(has_byline=bool(lists.authors)),
        "refused": refused_values(form),
    }
    context = {"page": page, "address": address, **snippets_of(page, address.slug)}
    return {
        "page": reader_page(page, request),
        "snippets": render_to_string("desk/search_snippets.html", context),
        "notes": render_to_string("desk/preview_notes.html", notes),
    }


def reader_page(page: dict[str, Any], request: HttpRequest) -> str:
    """The article page of the site, in the language that readers get."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "page": page,
            "is_preview": True,
            "is_beside_form": True,
            **current_layout()._asdict(),
        }
        return render_to_string("pages/article.html", context, request=request)


# -- the draft as the form has it ----------------------------------------------------------------


def unsaved_draft(form: DraftForm) -> Draft:
    """The draft with the values of a validated form; lines that were refused as they were typed, cut."""
    draft: Draft = form.instance  # its valid fields were set by the validation
    for name in SINGLE_LINE_FIELDS:
        typed = form.data.get(name) if name in form.errors else getattr(draft, name)
        max_length = Draft._meta.get_field(name).max_length  # type: ignore[union-attr]
        setattr(draft, name, normalize_line(str(typed or ""))[:max_length])
    if "slug" in form.errors:
        draft.slug = form.data.get("slug", "")
    draft.lead_photo_text = overridden_photo_text(form.cleaned_data)
    return draft


def unsaved_lists(form: DraftForm) -> PreviewLists:
    """The lists of the form; of those that were refused, nothing but the tags."""
    picked = {
        name: form.picked_in_order(name) if name in form.cleaned_data else []
        for name in ("authors", "related")
    }
    tags = form.cleaned_data.get("tags", form.data.get("tags", "").split(","))
    return PreviewLists(
        authors=picked["authors"],
        tags=[{"slug": slug, "name": name} for name in tags if (slug := make_slug(name))],
        picks=[article.pk for article in picked["related"]],
        sides=unsaved_sides(form),
    )


def unsaved_poll(form: DraftForm) -> Poll | None:
    """The poll as the form has it; None without a question."""
    question = typed_text(form, "poll_question")
    if is_blank(question):
        return None
    stored, cleaned = form.instance.poll, form.cleaned_data
    return Poll(
        pk=stored.pk if stored else 0,
        title=typed_text(form, "poll_title"),
        question=question,
        opens_at=cleaned.get("poll_opens_at") or (stored.opens_at if stored else timezone.now()),
        closes_at=cleaned.get("poll_closes_at"),
        results=cleaned.get("poll_results") or Poll.Results.ALWAYS,
        election_day=cleaned.get("poll_election_day"),
    )


def unsaved_sides(form: DraftForm) -> list[dict[str, Any]]:
    """The sides of the poll as the form has them: Booki and Moki, or as they are stored, without votes."""
    stored = form.instance.poll
    names = ("key", "label", "persona", "avatar")
    sides = stored.sides.order_by("-key").values(*names) if stored else ()
    rows = list(sides) or [dict(zip(names, (key, *MASCOTS[key]), strict=True)) for key in MASCOTS]
    return [row | {"argument": typed_text(form, f"poll_{row['key']}"), "votes": 0} for row in rows]


def typed_text(form: DraftForm, name: str) -> str:
    """A line of the form, valid or not, at most as long as its field takes."""
    field: Any = form.fields[name]
    return normalize_line(form.data.get(name, ""))[: field.max_length]


# -- what is to be said of it ----------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedAddress:
    """The address that the story gets with its next edition, and what is to be said of it."""

    slug: str
    note: str = ""
    is_taken: bool = False

    @property
    def url(self) -> str:
        """The whole address, readable; as a link it is percent-encoded."""
        return f"{settings.SITE_URL}/articles/{self.slug}/"


def planned_address(draft: Draft) -> PlannedAddress:
    """The address of a draft whose fields are not saved. Reads only."""
    wanted = make_slug(draft.slug, max_chars=MAX_SLUG_CHARS)
    article = draft.article
    if wanted and is_slug_taken(wanted, excluding=article.pk if article else None):
        return PlannedAddress(wanted, str(SlugTaken()), is_taken=True)
    if article is None:
        draft.slug = wanted
        note = (
            "" if wanted else _("Made of the headline when the story is frozen for the first time.")
        )
        return PlannedAddress(free_slug(draft), note)
    if wanted in {"", article.slug}:
        return PlannedAddress(article.slug)
    if article.first_published_at is None:
        return PlannedAddress(wanted)
    note = _("With the next edition, /articles/%(slug)s/ redirects here.") % {"slug": article.slug}
    return PlannedAddress(wanted, note)


def refused_values(form: DraftForm) -> Iterator[str]:
    """A sentence for each shown value that the form would refuse."""
    for name, errors in form.errors.items():
        if name in form.fields and name not in UNSHOWN_FIELDS:
            field: Any = form.fields[name]
            prefix = f"{_('poll')}: " if name in POLL_FIELDS else ""
            yield f"{prefix}{capfirst(str(field.label))}: {' '.join(map(str, errors))}"
