"""Admin of accounts: people, API tokens, changes of nicknames."""

from accounts.admin.nickname_changes import NicknameChangeAdmin
from accounts.admin.tokens import TokenAdmin
from accounts.admin.users import UserAdmin

__all__ = ["NicknameChangeAdmin", "TokenAdmin", "UserAdmin"]
