"""Users: accounts of staff and readers."""

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.sanctions import SanctionKind
from accounts.nicknames import random_nickname, skeleton
from accounts.password_check import reusable_salt


class UserManager(BaseUserManager["User"]):
    """Manager of users, who sign in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> "User":
        """Create a user; without a password only social sign-in is possible."""
        nickname = more.pop("nickname", "") or random_nickname()
        user = self.model(
            email=self.normalize_email(email).lower(),
            nickname=nickname,
            nickname_key=skeleton(nickname),
            **more,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **more: Any) -> "User":
        """Create a superuser, whose address counts as verified.

        Raises ValidationError if another account holds the address.
        """
        address = self.normalize_email(email).lower()
        if self.holding_email(address).exists():
            raise ValidationError(_("Somebody has an account with this address already."))
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **more)
        addresses: Any = apps.get_model("account", "EmailAddress")._default_manager
        addresses.create(user=user, email=address, verified=True, primary=True)
        return user

    def holding_email(self, email: str) -> "models.QuerySet[User]":
        """The account that holds an address, of several with it (docs/decisions/0021-sign-in.md)."""
        return self.filter(email__iexact=email, holds_email=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.holding_email(username or "").get()


def new_security_stamp() -> str:
    """A new security stamp: 128 random bits in hex."""
    return secrets.token_hex(16)


class User(AbstractBaseUser, PermissionsMixin):
    """An account of staff or of a reader. Readers see the nickname, never the address."""

    # Several accounts may have one address; one holds it (docs/decisions/0021-sign-in.md).
    email = models.EmailField(_("e-mail"), db_index=True)
    holds_email = models.BooleanField(_("holds the address"), default=True, editable=False)
    name = models.CharField(_("name"), max_length=60, blank=True, help_text=_("Staff see it."))
    nickname = models.CharField(_("nickname"), max_length=20, help_text=_("Readers see it."))
    nickname_key = models.CharField(max_length=60, unique=True, editable=False)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    suspended_until = models.DateTimeField(_("suspended until"), null=True, blank=True)
    suspension_reason = models.CharField(_("reason of the suspension"), max_length=200, blank=True)
    # What the account cannot do until then: a copy of the sanction in force (accounts.models.sanctions).
    suspension_kind = models.CharField(
        max_length=4, choices=SanctionKind, default=SanctionKind.BAN, editable=False
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    # Sessions and tokens store the stamp; a new stamp ends them.
    security_stamp = models.CharField(max_length=32, default="", editable=False)
    # The versions of the required texts that are consented to (accounts/models/consents.py); null for an
    # account that has never been asked.
    consented_versions = models.CharField(max_length=80, null=True, editable=False)
    # When the account will be closed, at its reader's wish (accounts/actions/closing.py).
    closing_at = models.DateTimeField(null=True, db_index=True, editable=False)
    # The salt of the next password hash in place of a random one (accounts.password_check).
    shared_salt: ClassVar[str | None] = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(holds_email=True),
                name="one_account_per_address",
                violation_error_message=_("Somebody has an account with this address already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.nickname or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def public_nickname(self) -> str | None:
        """The nickname as other readers see it; None for an account that is closed or about to be."""
        return self.nickname if self.is_active and self.closing_at is None else None

    def set_password(self, raw_password: str | None) -> None:
        """Set the password with the same salt (accounts.password_check); ends sessions and tokens."""
        salt = self.shared_salt or reusable_salt(self.password)
        self.password = make_password(raw_password, salt=salt)
        self._password = raw_password
        self.security_stamp = new_security_stamp()

    def check_password(self, raw_password: str | None) -> bool:
        """Check the password; rehashes it if the cost has changed, which ends no session or token."""

        def upgrade(raw_password: str) -> None:
            self.password = make_password(raw_password, salt=reusable_salt(self.password))
            self.save(update_fields=["password"])

        return check_password(raw_password, self.password, upgrade)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Digest of stamp and password that a session stores: a change of either ends the session."""
        text = f"{self.security_stamp}:{self.password}"
        return salted_hmac(
            "accounts.models.User.session", text, secret=secret, algorithm="sha256"
        ).hexdigest()

    def restriction(self, now: datetime) -> str:
        """The kind of the sanction (`SanctionKind`) that restricts the account at `now`; "" for none."""
        is_restricted = self.suspended_until is not None and now < self.suspended_until
        return self.suspension_kind if is_restricted else ""

    def is_suspended(self, now: datetime) -> bool:
        """Whether the account is suspended from writing of any sort at `now`."""
        return self.restriction(now) == SanctionKind.BAN
