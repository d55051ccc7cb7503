"""The furniture of the site in the admin. Articles themselves are the desk's."""

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
    """Small things that readers see at once when they are saved."""

    def save_through_action(self, obj: Any, *, form: Any, by: Any) -> Any:
        return save_site_object(obj, by=by)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and may_edit_site_object(
            request.user, self.model, "add"
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and may_edit_site_object(request.user, self.model, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and may_edit_site_object(request.user, self.model, "delete")

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
    """Keeps the slug in its canonical form, so that every form a browser may send leads there."""

    def clean_slug(self) -> str:
        slug = make_slug(self.cleaned_data["slug"])
        if not slug:
            raise forms.ValidationError(_("An address needs a letter or a digit."))
        return slug


class SluggedAdmin(SiteObjectAdmin):
    """Furniture with a page of its own, and a count of the live articles on it."""

    form = SlugForm

    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name", "slug")
    counted = ""

    def get_queryset(self, request: HttpRequest) -> Any:
        live = Q(**{f"{self.counted}__live__isnull": False})
        return (
            super()
            .get_queryset(request)
            .annotate(live_articles=Count(self.counted, filter=live, distinct=True))
        )

    def get_ordering(self, request: HttpRequest) -> Any:
        return self.model._meta.ordering  # said again: counting drops it

    @admin.display(description=_("live articles"), ordering="live_articles")
    def live(self, thing: Any) -> int:
        return int(thing.live_articles)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # An address readers know does not follow a changed name.
        return {} if obj else super().get_prepopulated_fields(request, obj)


@admin.register(Section)
class SectionAdmin(SluggedAdmin):
    list_display = ("name", "slug", "position", "live")
    counted = "articles"


@admin.register(Author)
class AuthorAdmin(SluggedAdmin):
    list_display = ("name", "title", "role", "slug", "live")
    counted = "bylines__article"


@admin.register(Tag)
class TagAdmin(SluggedAdmin):
    list_display = ("name", "slug", "live")
    counted = "taggings__article"


@admin.register(Masthead)
class MastheadAdmin(SiteObjectAdmin):
    """One row: its list leads straight to it."""

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
