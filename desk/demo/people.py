"""The people of the demo: staff and readers, made only where nobody has their address."""

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
    """A part in the demo. Those without `signs_in` have no password and only write comments."""

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
    """Everybody of the demo by key; who was there before stays exactly as they were."""
    people = {part.key: find_user(part.email) for part in DEMO_ACCOUNTS}
    new = [part for part in DEMO_ACCOUNTS if people[part.key] is None]
    # Hashed once for all: it is no secret, and each time would cost the first start a third of a second.
    password = make_password(PUBLISHED_PASSWORD) if new else ""
    made = {part.key: create_account(part, password=password) for part in new}
    return {key: user or made[key] for key, user in people.items()}


def find_user(email: str) -> User | None:
    return User.objects.holding_email(email).first()


@transaction.atomic
def create_account(part: DemoAccount, *, password: str) -> User:
    """A new account for this part, its address verified; `password` is hashed already."""
    taken = User.objects.filter(nickname_key=skeleton(part.nickname)).exists()
    user = fill_account_defaults(
        User(email=part.email, name=part.name, nickname="" if taken else part.nickname)
    )
    user.is_staff = bool(part.role)
    user.password = password if part.signs_in else make_password(None)
    user.save()
    if part.role:
        user.groups.add(Group.objects.get(name=part.role))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record_audit(user, verb="hired" if part.role else "joined", by=None, roles=[part.role])
    return user
