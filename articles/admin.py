"""Admin of masthead, sections, authors and tags. That of articles is in desk/admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from articles.actions import delete_site_object, save_site_object
from articles.models import Author, Masthead, Section, Tag
from articles.permissions import may_edit_site_object
from articles.slugs import make_slug
from newsroom.admin.base import ActionBackedAdmin
from newsroom.errors import Refused


class SiteObjectAdmin(ActionBackedAdmin):
    """Admin of site objects, which are public at once when saved."""

    def save_through_action(self, obj: Any, *, form: Any, by: Any) -> Any:
        return save_site_object(obj, by=by)

    def has_add_permission(self, request: HttpRequest) -> bool:
        is_allowed = super().has_add_permission(request)
        return is_allowed and may_edit_site_object(request.user, self.model, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_allowed = super().has_change_permission(request, obj)
        return is_allowed and may_edit_site_object(request.user, self.model, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_allowed = super().has_delete_permission(request, obj)
        return is_allowed and may_edit_site_object(request.user, self.model, "delete")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_site_object(obj, by=request.user)  # type: ignore[arg-type]  # staff by now

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(f"admin:articles_{self.opts.model_name}_change", object_id)


class SlugForm(forms.ModelForm[Any]):
    """Form that stores the slug in canonical form, to which all forms a browser may send are normalized."""

    def clean_slug(self) -> str:
        slug = make_slug(self.cleaned_data["slug"])
        if not slug:
            raise forms.ValidationError(_("An address needs a letter or a digit."))
        return slug


class SluggedAdmin(SiteObjectAdmin):
    """Admin of site objects with a page of their own, with a count of the live articles on it."""

    form = SlugForm

    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name", "slug")
    articles_lookup = ""  # lookup from the model to its articles

    def get_queryset(self, request: HttpRequest) -> Any:
        live = Q(**{f"{self.articles_lookup}__live__isnull": False})
        return (
            super()
            .get_queryset(request)
            .annotate(live_articles=Count(self.articles_lookup, filter=live, distinct=True))
        )

    def get_ordering(self, request: HttpRequest) -> Any:
        return self.model._meta.ordering  # again, since annotate() with an aggregate drops it

    @admin.display(description=_("live articles"), ordering="live_articles")
    def live(self, obj: Any) -> int:
        return int(obj.live_articles)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # The slug of an existing object must not follow a changed name.
        return {} if obj else super().get_prepopulated_fields(request, obj)


@admin.register(Section)
class SectionAdmin(SluggedAdmin):
    list_display = ("name", "slug", "position", "needs_approval", "live")
    articles_lookup = "articles"


@admin.register(Author)
class AuthorAdmin(SluggedAdmin):
    list_display = ("name", "title", "role", "slug", "live")
    articles_lookup = "bylines__article"


@admin.register(Tag)
class TagAdmin(SluggedAdmin):
    list_display = ("name", "slug", "live")
    articles_lookup = "taggings__article"


@admin.register(Masthead)
class MastheadAdmin(SiteObjectAdmin):
    """Admin of the single masthead row: the list redirects to it."""

    fieldsets = (
        (None, {"fields": ("name", "greeting", "description", "tip_address", "phone")}),
        (
            _("What an internet newspaper must show (신문법 §21)"),
            {
                "fields": (
                    "publisher",
                    "editor",
                    "company",
                    "address",
                    "registration_number",
                    "registered_on",
                    "founded_on",
                    "youth_officer",
                    "copyright",
                )
            },
        ),
    )

    def save_through_action(self, obj: Masthead, *, form: Any, by: Any) -> Masthead:
        obj.pk = 1
        return save_site_object(obj, by=by)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Masthead.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if Masthead.objects.exists():
            return redirect("admin:articles_masthead_change", 1)
        if self.has_add_permission(request):
            return redirect("admin:articles_masthead_add")
        return super().changelist_view(request, extra_context)
