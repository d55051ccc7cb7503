"""`manage.py createstaff EMAIL --role chief`: create a staff account; prints a link to set a password."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from accounts.authentication.published_password import DEMO_DOMAIN
from accounts.staffing import enrol_staff_by_operator, one_time_password_link

ROLES = ("reporter", "editor", "chief", "moderator")


class Command(BaseCommand):
    help = (
        "Create a staff account and print a one-time link, valid for a few days, to set its password. "
        "Run again for an account that has the role, it prints a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=ROLES, required=True)
        parser.add_argument("--name", default="", help="Shown to staff.")

    def handle(self, *args: Any, email: str, role: str, name: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"메일 주소가 아닙니다 (no e-mail address): {email}") from error
        if email.lower().endswith(DEMO_DOMAIN):
            raise CommandError(
                f"{DEMO_DOMAIN[1:]}은 체험용 주소입니다. 받을 수 있는 주소를 적어 주세요. "
                "(These addresses are the demo's: name one that receives mail.)"
            )
        group = Group.objects.filter(name=role).first()
        if group is None:
            raise CommandError(
                f"역할 {role}이(가) 없습니다: manage.py migrate (The role does not exist yet.)"
            )
        user = enrol_staff_by_operator(email, name=name or email.partition("@")[0], role=group)
        expires_at = timezone.localtime() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        self.stdout.write(
            f"{user.email} · {role}\n"
            f"비밀번호를 정하는 링크, 한 번만, {expires_at:%Y-%m-%d %H:%M}까지 "
            "(link to set a password; good once, until then):\n"
            f"  {one_time_password_link(user)}\n"
            f"그다음 로그인 (then sign in): {settings.SITE_URL}/admin/"
        )
