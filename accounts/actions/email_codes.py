"""Codes by which readers confirm their e-mail address: six digits, mailed, of which a digest is stored."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.actions.locking import lock_reader
from accounts.email_addresses import is_email_settled
from accounts.errors import CodeSentAlready, EmailAlreadyConfirmed, WrongCode
from accounts.models import EmailCode, User

EMAIL_CODE_LIFETIME = timedelta(minutes=30)
EMAIL_CODE_INTERVAL = timedelta(minutes=1)
MAX_EMAIL_CODE_TRIES = 5


@transaction.atomic
def issue_email_code(user: User) -> str:
    """Make a code for the account's address and return it, for the mail; the former one ends.

    Raises EmailAlreadyConfirmed, and CodeSentAlready within EMAIL_CODE_INTERVAL. Tries are counted over
    all codes of EMAIL_CODE_LIFETIME, so that asking for another code gives no further ones.
    """
    reader, now = lock_reader(user), timezone.now()
    if is_email_settled(reader) or not reader.email:
        raise EmailAlreadyConfirmed
    former = EmailCode.objects.filter(user=reader).first()
    if former and now < former.sent_at + EMAIL_CODE_INTERVAL:
        wait = former.sent_at + EMAIL_CODE_INTERVAL - now
        raise CodeSentAlready(max(1, round(wait.total_seconds())))
    code = f"{secrets.randbelow(10**6):06d}"
    tries = former.tries if former and now < former.expires_at else 0
    EmailCode.objects.update_or_create(
        user=reader,
        defaults={
            "email": reader.email,
            "digest": digest_code(reader, code),
            "tries": min(tries, MAX_EMAIL_CODE_TRIES),
            "sent_at": now,
            "expires_at": now + EMAIL_CODE_LIFETIME,
        },
    )
    return code


def has_tries_left(user: User) -> bool:
    """Whether the account has a code that is good and has not been tried too often."""
    return EmailCode.objects.filter(
        user=user, expires_at__gt=timezone.now(), tries__lt=MAX_EMAIL_CODE_TRIES
    ).exists()


def use_email_code(user: User, *, code: str) -> str:
    """The address that a code confirms; the code ends. Raises WrongCode, after the try is counted.

    In no transaction of its own beyond a statement: a refused try must stay counted.
    """
    now = timezone.now()
    counted = EmailCode.objects.filter(
        user=user, expires_at__gt=now, tries__lt=MAX_EMAIL_CODE_TRIES
    ).update(tries=F("tries") + 1)
    row = EmailCode.objects.filter(user=user).first()
    if not counted or row is None or row.email != user.email:
        raise WrongCode
    if not constant_time_compare(row.digest, digest_code(user, code.strip())):
        raise WrongCode
    if not EmailCode.objects.filter(pk=row.pk, digest=row.digest).delete()[0]:
        raise WrongCode  # used in a parallel request
    return row.email


def delete_expired_codes(now: datetime) -> int:
    """Delete codes that have expired; returns how many."""
    return EmailCode.objects.filter(expires_at__lte=now).delete()[0]


def digest_code(user: User, code: str) -> str:
    """The keyed digest of a code of this account for its address."""
    text = f"{user.pk}:{user.email}:{code}"
    return salted_hmac("accounts.email_codes", text, algorithm="sha256").hexdigest()
