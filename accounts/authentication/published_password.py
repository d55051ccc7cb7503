"""The demo's published password: who still has it, and a validator that lets nobody choose it."""

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

PUBLISHED_PASSWORD = "newsroom-demo"  # noqa: S105  # meant to be known; README and ./run print it
# Nobody real has an address there (RFC 2606), so the demo's people do.
DEMO_DOMAIN = "@example.com"
# In the data folder: digests of password hashes that were checked and are another password's. Checking
# one takes a third of a second, and a start must not pay that for every colleague each time.
CHECKED_FILE = "checked_passwords.json"


class PublishedPasswordValidator:
    """Refuses the published password for everybody (Django's AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: Any = None) -> None:
        if password == PUBLISHED_PASSWORD:
            raise ValidationError(
                _("The demo's password is published. Choose another one."),
                code="published_password",
            )

    def get_help_text(self) -> str:
        return str(_("The password may not be the demo's, which is published."))


def holders_of_published_password() -> Iterator[User]:
    """Active accounts, of staff or of the demo, that open with the published password.

    The demo's come first, so that whoever needs only one finds it soon; equal hashes are checked once.
    """
    members = Q(is_staff=True) | Q(is_superuser=True) | Q(email__iendswith=DEMO_DOMAIN)
    found = User.objects.filter(members, is_active=True)
    people = list(found.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk"))
    people.sort(key=lambda user: not user.email.endswith(DEMO_DOMAIN))
    checked, holders = read_checked_digests(), set[str]()
    try:
        for user in people:
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
    try:
        return set(json.loads((settings.DATA_DIR / CHECKED_FILE).read_text()))
    except (OSError, ValueError):
        return set()  # nothing was checked yet: every hash is


def write_checked_digests(digests: set[str]) -> None:
    """Keep what was found, where the data folder can be written; else the next start checks again."""
    path = settings.DATA_DIR / CHECKED_FILE
    if digests == read_checked_digests():
        return
    with suppress(OSError):
        path.touch(mode=0o600)
        path.write_text(json.dumps(sorted(digests)))
