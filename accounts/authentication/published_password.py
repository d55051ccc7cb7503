"""The published password of the demo: accounts that have it, and a validator that refuses it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

PUBLISHED_PASSWORD = "newsroom-demo"  # noqa: S105  # public: README and ./run print it
# Reserved domain (RFC 2606), used by the accounts of the demo.
DEMO_DOMAIN = "@example.com"
# In the data folder: digests of password hashes known not to be of the published password. A check takes
# a third of a second, too long to repeat it for all staff at each start.
CHECKED_FILE = "checked_passwords.json"


class PublishedPasswordValidator:
    """Password validator that refuses the published password (AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: Any = None) -> None:
        if password == PUBLISHED_PASSWORD:
            raise ValidationError(
                _("The demo's password is published. Choose another one."),
                code="published_password",
            )

    def get_help_text(self) -> str:
        return str(_("The password may not be the demo's, which is published."))


def holders_of_published_password() -> Iterator[User]:
    """Active accounts of staff or of the demo that have the published password.

    Those of the demo come first, since callers may need only one; equal hashes are checked once.
    """
    is_checked = Q(is_staff=True) | Q(is_superuser=True) | Q(email__iendswith=DEMO_DOMAIN)
    users = User.objects.filter(is_checked, is_active=True)
    candidates = list(users.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk"))
    candidates.sort(key=lambda user: not user.email.endswith(DEMO_DOMAIN))
    checked, holders = read_checked_digests(), set[str]()
    try:
        for user in candidates:
            digest = hashlib.sha256(user.password.encode()).hexdigest()
            if digest in holders or (
                digest not in checked and check_password(PUBLISHED_PASSWORD, user.password)
            ):
                holders.add(digest)
                yield user
            else:
                checked.add(digest)
    finally:
        write_checked_digests(checked)


def read_checked_digests() -> set[str]:
    """The digests of earlier checks."""
    try:
        return set(json.loads((settings.DATA_DIR / CHECKED_FILE).read_text()))
    except (OSError, ValueError):
        return set()  # all hashes are checked


def write_checked_digests(digests: set[str]) -> None:
    """Save the digests; if the data folder is read-only, the next start checks again."""
    path = settings.DATA_DIR / CHECKED_FILE
    if digests == read_checked_digests():
        return
    with suppress(OSError):
        path.touch(mode=0o600)
        path.write_text(json.dumps(sorted(digests)))
