"""Tokens of unsubscribe links: signed, for this purpose alone, good for UNSUBSCRIBE_TERM.

Bound to the address that the e-mail went to: a token does nothing for the account's next address.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User

UNSUBSCRIBE_TERM = timedelta(days=60)
SALT = "comments.notifications.unsubscribe"


def unsubscribe_url(reader: User) -> str:
    """The absolute URL that a mail program posts to (RFC 8058) and a reader opens."""
    token = signing.dumps([reader.pk, reader.email], salt=SALT)
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[token])}"


def reader_of_token(token: str) -> User | None:
    """The reader whom an unexpired token is for, while the account is open and has that address."""
    try:
        reader_id, email = signing.loads(token, salt=SALT, max_age=UNSUBSCRIBE_TERM)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return User.objects.filter(pk=reader_id, email=email, is_active=True).first()
