"""Admin of the reasons of decisions, with their messages to writers."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from comments.actions import save_reason
from comments.models import DecisionReason
from comments.permissions import may_lead_moderation
from newsroom.admin.base import ActionBackedAdmin


@admin.register(DecisionReason)
class DecisionReasonAdmin(ActionBackedAdmin):
    """Reasons are added and changed; one that is not offered any more stays with its decisions."""

    list_display = ("code", "label_ko", "label_en", "message_ko", "is_offered")
    ordering = ("position", "pk")
    fields: ClassVar[Any] = (
        "code",
        ("label_ko", "label_en"),
        "message_ko",
        "message_en",
        ("position", "is_offered"),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_lead_moderation(request.user)  # type: ignore[arg-type]  # staff by now

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj else []

    def save_through_action(self, obj: DecisionReason, *, form: Any, by: Any) -> DecisionReason:
        return save_reason(obj, by=by)
