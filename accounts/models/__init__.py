"""Models of accounts: users, tokens, sign-ins, and what proves or retains identities."""

from accounts.models.consents import Consent, ConsentEnd, ConsentKind
from accounts.models.identities import EmailCode, NicknameChange, RetainedSanction
from accounts.models.ignored_readers import IgnoredReader, ignored_nicknames, is_ignored
from accounts.models.sanctions import Sanction, SanctionKind, SanctionReason
from accounts.models.sessions import UserSession
from accounts.models.sign_ins import KnownClient, SignInAlert
from accounts.models.tokens import Token
from accounts.models.users import User, UserManager, new_security_stamp

__all__ = [
    "Consent",
    "ConsentEnd",
    "ConsentKind",
    "EmailCode",
    "IgnoredReader",
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
    "UserSession",
    "ignored_nicknames",
    "is_ignored",
    "new_security_stamp",
]
