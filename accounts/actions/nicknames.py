"""Nicknames of readers: check, change, reset by a moderator, the term of former ones."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.locking import lock_reader, lock_writer
from accounts.errors import InvalidNickname, NicknameReserved, NicknameTaken, NicknameTooSoon
from accounts.models import NicknameChange, User
from accounts.nicknames import (
    former_skeleton,
    is_invalid_nickname,
    is_lookalike,
    is_reserved,
    normalize_nickname,
    random_nickname,
    retired_nickname_key,
    skeleton,
)
from audit.actions import record_audit
from newsroom.http.change_token import renew_on_commit
from newsroom.nickname_registry import is_held_by_content_filter, reserved_names

NICKNAME_CHANGE_INTERVAL = timedelta(days=30)
# For which nobody else may take a former nickname.
FORMER_NICKNAME_TERM = timedelta(days=90)
NICKNAME_CHANGE_RETENTION = timedelta(days=365)


@transaction.atomic
def change_nickname(user: User, *, nickname: str) -> User:
    """Change a reader's nickname, once in NICKNAME_CHANGE_INTERVAL; other spellings of it are free.

    Raises NotAllowed, Suspended, AccountClosing, ConsentNeeded, InvalidNickname, NicknameReserved,
    NicknameTaken, NicknameTooSoon.
    """
    reader = lock_writer(user)
    nickname = check_nickname(nickname, by=reader)
    if nickname == reader.nickname:
        return reader
    if skeleton(nickname) != reader.nickname_key:
        require_change_due(reader)
    save_nickname(reader, nickname, by_staff=False)
    # Without the names: the audit log is kept for ever.
    record_audit(reader, verb="renamed", by=reader)
    return reader


@transaction.atomic
def reset_nickname(user: User, *, by: User) -> None:
    """Replace a reader's nickname by a random one, as a moderator; the reader may choose another."""
    reader = lock_reader(user)
    save_nickname(reader, random_nickname(), by_staff=True)
    user.nickname, user.nickname_key = reader.nickname, reader.nickname_key
    record_audit(reader, verb="nickname_reset", by=by)


def save_nickname(reader: User, nickname: str, *, by_staff: bool) -> None:
    """Save the nickname of a locked reader and its change. Raises NicknameTaken."""
    former, former_key = reader.nickname, reader.nickname_key
    reader.nickname, reader.nickname_key = nickname, skeleton(nickname)
    try:
        with transaction.atomic():
            reader.save(update_fields=["nickname", "nickname_key"])
    except IntegrityError:
        raise NicknameTaken from None
    if reader.nickname_key != former_key:
        NicknameChange.objects.create(
            user=reader,
            former=former,
            former_key=former_key,
            nickname=nickname,
            by_staff=by_staff,
            changed_at=timezone.now(),
        )
    renew_on_commit()  # cached comments show the former name


def require_change_due(reader: User) -> None:
    """Raise NicknameTooSoon within NICKNAME_CHANGE_INTERVAL of the last change, if the reader made it."""
    last = NicknameChange.objects.filter(user=reader).order_by("-changed_at", "-pk").first()
    if last and not last.by_staff and timezone.now() < last.changed_at + NICKNAME_CHANGE_INTERVAL:
        raise NicknameTooSoon(last.changed_at + NICKNAME_CHANGE_INTERVAL)


def check_nickname(nickname: str, *, by: User | None) -> str:
    """The normalized nickname, if this person (None: a new one) may take it.

    Raises InvalidNickname for its form or a word that the content filter holds; NicknameReserved if it
    passes for a byline, a mascot or the paper; NicknameTaken if it looks like the name of staff, the
    nickname of another reader or of a closed account, one given up within FORMER_NICKNAME_TERM, or one that
    staff have taken away from this person within NICKNAME_CHANGE_RETENTION.
    """
    nickname = normalize_nickname(nickname)
    if is_invalid_nickname(nickname) or is_held_by_content_filter(nickname):
        raise InvalidNickname
    others = User.objects.exclude(pk=by.pk if by else 0)
    staff = others.filter(is_staff=True).values_list("name", flat=True)
    if any(is_lookalike(nickname, name) for name in staff):
        raise NicknameTaken
    if (by is None or not by.is_staff) and is_reserved(nickname, reserved_names()):
        raise NicknameReserved
    key = skeleton(nickname)
    retired = [retired_nickname_key(key), retired_nickname_key(former_skeleton(nickname))]
    # In this order: a name that is given up meanwhile is found in the one table or in the other.
    if others.filter(nickname_key__in=[key, *retired]).exists():
        raise NicknameTaken
    former = NicknameChange.objects.filter(former_key__in=[key, *retired])
    own = Q(user=by) if by else Q(pk=None)
    given_up = ~own & Q(changed_at__gt=timezone.now() - FORMER_NICKNAME_TERM)
    taken_away = own & Q(by_staff=True)
    if former.filter(given_up | taken_away).exists():
        raise NicknameTaken
    return nickname


def retire_former_nicknames(reader: User) -> None:
    """Erase the former nicknames of an account that closes; their terms go on by digest."""
    for change in NicknameChange.objects.filter(user=reader):
        change.former = change.nickname = ""
        change.former_key = retired_nickname_key(change.former_key)
        change.save(update_fields=["former", "nickname", "former_key"])


def delete_old_nickname_changes(now: datetime) -> int:
    """Delete changes older than NICKNAME_CHANGE_RETENTION; returns how many."""
    old = NicknameChange.objects.filter(changed_at__lt=now - NICKNAME_CHANGE_RETENTION)
    return old.delete()[0]
