"""Admin of people: staff and their roles, readers and their suspensions and nicknames."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import lift_suspension, reset_nickname
from accounts.admin.forms import (
    STAFF_ROLE_LABELS,
    AccountForm,
    ConfirmForm,
    NewStaffForm,
    PasswordForm,
)
from accounts.admin.sanctions import (
    SanctionForm,
    history_table,
    imposed_message,
    sanction_for,
)
from accounts.authentication.second_factor import has_second_factor, reset_second_factor
from accounts.models import User
from accounts.permissions import may_sanction
from accounts.staffing import assign_roles, create_staff_account, set_password
from accounts.status import format_local_time
from newsroom.admin.base import ActionBackedAdmin, Button, ButtonAdmin


def may_manage_accounts(user: Any) -> bool:
    """Whether the user may manage staff accounts: chiefs."""
    return bool(user.has_perm("accounts.change_user"))


def is_restricted(user: User) -> bool:
    """Whether a sanction restricts the account now."""
    return bool(user.restriction(timezone.now()))


class RoleFilter(admin.SimpleListFilter):
    """Filter of accounts by role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*STAFF_ROLE_LABELS.items(), ("none", _("reader"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "none":
            return queryset.filter(groups=None)
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(ButtonAdmin, ActionBackedAdmin):
    """Admin of users: chiefs manage staff, moderators suspend readers."""

    list_display = ("email", "name", "nickname", "role_chips", "status", "date_joined")
    list_filter = (RoleFilter, "is_active")
    search_fields = ("email", "name", "nickname")
    ordering = ("-is_staff", "name", "pk")
    buttons = (
        Button(
            "password",
            _("Set a new password"),
            action=set_password,
            success_message=_("The new password holds. Tell it to them in person."),
            is_allowed=may_manage_accounts,
            is_available=lambda user: not user.is_superuser,  # or a chief could take their rights
            form=PasswordForm,
        ),
        Button(
            "reset-second-factor",
            _("Reset the second factor"),
            action=reset_second_factor,
            success_message=_(
                "Reset. They sign in with the password alone until they set up a new one."
            ),
            is_allowed=may_manage_accounts,
            is_available=lambda user: not user.is_superuser and has_second_factor(user),
            form=ConfirmForm,
            help_text=_(
                "For a colleague who has lost their device and recovery codes. Make sure that it is "
                "them: meet or call them. They are signed out everywhere, and their tokens end."
            ),
            tone="danger",
        ),
        Button(
            "suspend",
            _("Sanction"),
            action=sanction_for,
            success_message=imposed_message,
            is_allowed=may_sanction,
            is_available=lambda user: not user.is_staff and user.is_active,
            form=SanctionForm,
            tone="danger",
        ),
        Button(
            "lift",
            _("Lift the sanction"),
            action=lift_suspension,
            success_message=_("The sanction is lifted."),
            is_allowed=may_sanction,
            is_available=is_restricted,
        ),
        Button(
            "reset-nickname",
            _("Reset the nickname"),
            action=reset_nickname,
            success_message=_("The nickname is a random one now. The reader may choose another."),
            is_allowed=may_sanction,
            is_available=lambda user: not user.is_staff and user.is_active,
            form=ConfirmForm,
            help_text=_("For a nickname that breaks the house rules."),
            tone="danger",
        ),
    )

    def button_form(self, request: HttpRequest, button: Button, obj: Any) -> Any:
        """The form of a button; that of a sanction with what the link to it says."""
        if button.form is SanctionForm and request.method != "POST":
            return SanctionForm(initial=SanctionForm.offered(request.GET.dict()))
        return super().button_form(request, button, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = AccountForm if obj else NewStaffForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("email", "name", "roles", "password")})]
        if not self.has_change_permission(request, obj):
            return [
                (
                    None,
                    {"fields": ("email", "name", "nickname", "role_chips", "status", "sanctions")},
                )
            ]
        facts = ("email", "nickname", "status", "sanctions", "date_joined", "last_login")
        return [(None, {"fields": ("name", "roles", "is_active")}), (_("Facts"), {"fields": facts})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        facts = ("email", "nickname", "role_chips", "status", "sanctions")
        return (*facts, "date_joined", "last_login")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_protected = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_protected and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # owners close their accounts; the admin removes roles and sign-in

    def save_through_action(self, obj: User, *, form: Any, by: Any) -> User:
        data = form.cleaned_data
        name, roles = data["name"], list(data["roles"])
        if obj._state.adding:
            password = data["password"]
            return create_staff_account(
                data["email"], name=name, roles=roles, password=password, by=by
            )
        user = User.objects.get(pk=obj.pk)
        return assign_roles(user, name=name, roles=roles, is_active=data["is_active"], by=by)

    @admin.display(description=_("roles"))
    def role_chips(self, user: User) -> str:
        labels = (
            (str(STAFF_ROLE_LABELS.get(group.name, group.name)),) for group in user.groups.all()
        )
        return format_html_join(" ", '<span class="chip calm">{}</span>', labels)

    @admin.display(description=_("state"))
    def status(self, user: User) -> str:
        if not user.is_active:
            return format_html('<span class="chip gone">{}</span>', _("may not sign in"))
        if is_restricted(user):
            label = gettext("%(kind)s until %(day)s") % {
                "kind": user.get_suspension_kind_display(),
                "day": format_local_time(user.suspended_until),
            }
            return format_html(
                '<span class="chip warns">{}</span> {}', label, user.suspension_reason
            )
        return gettext("all right")

    @admin.display(description=_("sanctions"))
    def sanctions(self, user: User) -> str:
        return history_table(user)
