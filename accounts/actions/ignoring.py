"""Ignore a reader, and end that. Private, so without audit entries."""

from django.db import transaction
from django.utils import timezone

from accounts.actions.locking import lock_reader
from accounts.errors import OwnAccountIgnored, StaffIgnored, TooManyIgnored
from accounts.models import IgnoredReader, User
from newsroom.errors import NotFound
from newsroom.text.normalization import normalize_line

MAX_IGNORED_READERS = 200


@transaction.atomic
def ignore_reader(nickname: str, *, by: User) -> IgnoredReader:
    """Ignore the reader with a nickname; idempotent. The account is what is ignored, not the nickname.

    Raises NotFound for a nickname that no open account has, StaffIgnored, OwnAccountIgnored, and
    TooManyIgnored beyond MAX_IGNORED_READERS.
    """
    reader, author = lock_reader(by), find_author(nickname)
    if author is None:
        raise NotFound
    if author.pk == reader.pk:
        raise OwnAccountIgnored
    if author.is_staff:
        raise StaffIgnored
    if existing := IgnoredReader.objects.filter(reader=reader, author=author).first():
        return existing
    if IgnoredReader.objects.filter(reader=reader).count() >= MAX_IGNORED_READERS:
        raise TooManyIgnored(MAX_IGNORED_READERS)
    return IgnoredReader.objects.create(reader=reader, author=author, since=timezone.now())


@transaction.atomic
def end_ignoring(nickname: str, *, by: User) -> None:
    """End that a reader is ignored; idempotent. Raises NotFound for an unknown nickname."""
    author = find_author(nickname)
    if author is None:
        raise NotFound
    IgnoredReader.objects.filter(reader=by, author=author).delete()


def find_author(nickname: str) -> User | None:
    """The open account with exactly this nickname, in any Unicode normalization form."""
    name = normalize_line(nickname)
    return User.objects.filter(nickname=name, is_active=True).first() if name else None
