"""Actions on accounts: create, nickname, close, tokens, suspension. Each writes its audit entry."""

from accounts.actions.closing import cancel_closing, request_closing
from accounts.actions.consents import give_consent, withdraw_consent
from accounts.actions.email_codes import issue_email_code, use_email_code
from accounts.actions.ignoring import end_ignoring, ignore_reader
from accounts.actions.lifecycle import (
    close_account,
    create_reader,
    fill_account_defaults,
    record_joined,
)
from accounts.actions.locking import (
    lock_account,
    lock_commenter,
    lock_confirmed_writer,
    lock_reader,
    lock_writer,
    lock_writing_account,
)
from accounts.actions.nicknames import change_nickname, check_nickname, reset_nickname
from accounts.actions.retained_sanctions import settle_suspension
from accounts.actions.retention import delete_outdated_identities
from accounts.actions.sanctions import (
    lift_sanction,
    lift_suspension,
    sanction,
    sanction_history,
    sanction_version,
    suspend,
)
from accounts.actions.sessions import end_session, end_sessions
from accounts.actions.tokens import TOKEN_SCOPES, issue_token, revoke_token

__all__ = [
    "TOKEN_SCOPES",
    "cancel_closing",
    "change_nickname",
    "check_nickname",
    "close_account",
    "create_reader",
    "delete_outdated_identities",
    "end_ignoring",
    "end_session",
    "end_sessions",
    "fill_account_defaults",
    "give_consent",
    "ignore_reader",
    "issue_email_code",
    "issue_token",
    "lift_sanction",
    "lift_suspension",
    "lock_account",
    "lock_commenter",
    "lock_confirmed_writer",
    "lock_reader",
    "lock_writer",
    "lock_writing_account",
    "record_joined",
    "request_closing",
    "reset_nickname",
    "revoke_token",
    "sanction",
    "sanction_history",
    "sanction_version",
    "settle_suspension",
    "suspend",
    "use_email_code",
    "withdraw_consent",
]
