"""Models of accounts: users, tokens, sign-ins, and what proves or retains identities."""

from accounts.models.identities import EmailCode, NicknameChange, RetainedSanction
from accounts.models.sessions import UserSession
from accounts.models.sign_ins import KnownClient, SignInAlert
from accounts.models.tokens import Token
from accounts.models.users import User, UserManager, new_security_stamp

__all__ = [
    "EmailCode",
    "KnownClient",
    "NicknameChange",
    "RetainedSanction",
    "SignInAlert",
    "Token",
    "User",
    "UserManager",
    "UserSession",
    "new_security_stamp",
]
