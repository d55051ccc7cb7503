"""Models of accounts: users, tokens, sign-ins, and what proves or retains identities."""

from accounts.models.identities import EmailCode, NicknameChange, RetainedSanction
from accounts.models.sanctions import Sanction, SanctionKind, SanctionReason
from accounts.models.sign_ins import KnownClient, SignInAlert
from accounts.models.tokens import Token
from accounts.models.users import User, UserManager, new_security_stamp

__all__ = [
    "EmailCode",
    "KnownClient",
    "NicknameChange",
    "RetainedSanction",
    "Sanction",
    "SanctionKind",
    "SanctionReason",
    "SignInAlert",
    "Token",
    "User",
    "UserManager",
    "new_security_stamp",
]
