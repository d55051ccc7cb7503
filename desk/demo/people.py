"""The people of the demo: staff and readers, made only where nobody has their address."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actions import dress
from accounts.authentication.published_password import DEMO_DOMAIN, PUBLISHED_PASSWORD
from accounts.models import User
from accounts.nicknames import skeleton
from audit.actions import record


@dataclass(frozen=True)
class Part:
    """A part in the demo. Those without `signs_in` have no password and only write comments."""

    key: str
    name: str
    nickname: str
    role: str = ""
    signs_in: bool = True

    @property
    def email(self) -> str:
        return f"{self.key}{DEMO_DOMAIN}"


CAST = (
    Part("reporter", "윤하람", "윤하람", role="reporter"),
    Part("editor", "문가온", "문가온", role="editor"),
    Part("chief", "정누리", "정누리", role="chief"),
    Part("moderator", "한결", "한결", role="moderator"),
    Part("reader", "", "느티나무"),
    Part("pine", "", "솔방울소리", signs_in=False),
    Part("river", "", "강건너불빛", signs_in=False),
)


def gathered() -> dict[str, User]:
    """Everybody of the demo by key; who was there before stays exactly as they were."""
    people = {part.key: found(part.email) for part in CAST}
    new = [part for part in CAST if people[part.key] is None]
    # Hashed once for all: it is no secret, and each time would cost the first start a third of a second.
    password = make_password(PUBLISHED_PASSWORD) if new else ""
    made = {part.key: enrolled(part, password=password) for part in new}
    return {key: user or made[key] for key, user in people.items()}


def found(email: str) -> User | None:
    return User.objects.holding(email).first()


@transaction.atomic
def enrolled(part: Part, *, password: str) -> User:
    """A new account for this part, its address verified; `password` is hashed already."""
    taken = User.objects.filter(nickname_key=skeleton(part.nickname)).exists()
    user = dress(User(email=part.email, name=part.name, nickname="" if taken else part.nickname))
    user.is_staff = bool(part.role)
    user.password = password if part.signs_in else make_password(None)
    user.save()
    if part.role:
        user.groups.add(Group.objects.get(name=part.role))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record(user, verb="hired" if part.role else "joined", by=None, roles=[part.role])
    return user
