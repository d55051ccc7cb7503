"""Admin of API tokens."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import revoke_token
from accounts.models import Token
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin


@admin.register(Token)
class TokenAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Admin of API tokens: read-only but for revoking."""

    list_display = ("user", "label", "scopes", "created_at", "expires_at", "state")
    list_select_related = ("user",)
    search_fields = ("user__email", "label")
    fields = ("user", "label", "scopes", "created_at", "expires_at", "revoked_at", "state")
    ordering = ("-pk",)
    buttons = (
        Button(
            "revoke",
            _("Revoke for ever"),
            action=revoke_token,
            success_message=_("Revoked. Whoever uses it is refused from now on."),
            is_allowed=lambda user: user.has_perm("accounts.change_token"),
            is_available=lambda token: token.revoked_at is None,
            tone="danger",
        ),
    )

    @admin.display(description=_("state"))
    def state(self, token: Token) -> str:
        return gettext("in use") if (reason := token.end_reason()) is None else str(reason)
