"""Accounts of the demo: staff and readers, created where no account has their e-mail address."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actions import fill_account_defaults
from accounts.authentication.published_password import DEMO_DOMAIN, PUBLISHED_PASSWORD
from accounts.models import User
from accounts.nicknames import skeleton
from audit.actions import record_audit


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo. Those without `signs_in` have no password and only write comments."""

    key: str
    name: str
    nickname: str
    role: str = ""
    signs_in: bool = True

    @property
    def email(self) -> str:
        return f"{self.key}{DEMO_DOMAIN}"


DEMO_ACCOUNTS = (
    DemoAccount("reporter", "윤하람", "윤하람", role="reporter"),
    DemoAccount("editor", "문가온", "문가온", role="editor"),
    DemoAccount("chief", "정누리", "정누리", role="chief"),
    DemoAccount("moderator", "한결", "한결", role="moderator"),
    DemoAccount("reader", "", "느티나무"),
    DemoAccount("pine", "", "솔방울소리", signs_in=False),
    DemoAccount("river", "", "강건너불빛", signs_in=False),
)


def get_or_create_people() -> dict[str, User]:
    """{key: account of the demo}. An account that exists already is left as it is."""
    people = {account.key: find_user(account.email) for account in DEMO_ACCOUNTS}
    new = [account for account in DEMO_ACCOUNTS if people[account.key] is None]
    # Hashed once for all accounts: it is published, and each hash takes a third of a second.
    password = make_password(PUBLISHED_PASSWORD) if new else ""
    created = {account.key: create_account(account, password=password) for account in new}
    return {key: user or created[key] for key, user in people.items()}


def find_user(email: str) -> User | None:
    return User.objects.holding_email(email).first()


@transaction.atomic
def create_account(account: DemoAccount, *, password: str) -> User:
    """Create the account, its e-mail address verified; `password` is hashed already."""
    is_taken = User.objects.filter(nickname_key=skeleton(account.nickname)).exists()
    user = fill_account_defaults(
        User(email=account.email, name=account.name, nickname="" if is_taken else account.nickname)
    )
    user.is_staff = bool(account.role)
    user.password = password if account.signs_in else make_password(None)
    user.save()
    if account.role:
        user.groups.add(Group.objects.get(name=account.role))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record_audit(user, verb="hired" if account.role else "joined", by=None, roles=[account.role])
    return user
