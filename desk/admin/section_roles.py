"""Admin of section roles: which sections a member of staff is restricted to."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from desk.actions import remove_section_role, set_section_role
from desk.models import SectionRole
from desk.section_rights import may_manage_section_roles
from newsroom.admin.base import ActionBackedAdmin


@admin.register(SectionRole)
class SectionRoleAdmin(ActionBackedAdmin):
    """Chief editors give and take roles in sections; the row of a person and a section is never moved."""

    list_display = ("person", "section", "role")
    list_display_links = ("person",)
    list_filter = ("section", "role")
    list_select_related = ("person", "section")
    search_fields = ("person__name", "person__email")
    fields = ("person", "section", "role")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SectionRole]:
        rows: QuerySet[SectionRole] = super().get_queryset(request)
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("person", "section") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "person":
            staff = User.objects.filter(is_staff=True, is_active=True)
            kwargs["queryset"] = staff.order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_manage_section_roles(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_manage_section_roles(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_manage_section_roles(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_manage_section_roles(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_manage_section_roles(request.user)

    def save_through_action(self, obj: SectionRole, *, form: Any, by: Any) -> SectionRole:
        return set_section_role(obj.person, section=obj.section, role=obj.role, by=by)

    def delete_model(self, request: HttpRequest, obj: SectionRole) -> None:
        remove_section_role(obj, by=request.user)  # type: ignore[arg-type]  # staff by now
