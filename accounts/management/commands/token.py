"""`manage.py token EMAIL --scope desk`: issue a bearer token and print it."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import TOKEN_SCOPES, issue_token
from accounts.models import User


class Command(BaseCommand):
    help = "Issue a bearer token for a staff account and print it. It cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--scope", action="append", choices=TOKEN_SCOPES, required=True, help="May be repeated."
        )
        parser.add_argument("--label", default="")
        parser.add_argument("--days", type=int, help="Days until it expires; without it, never.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.holding_email(options["email"]).filter(is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account {options['email']}.")
        if not user.is_staff:
            raise CommandError(f"{user.email} is a reader's account; tokens are for staff.")
        days = options["days"]
        if days is not None and days < 1:
            raise CommandError("--days must be at least 1.")
        lasting = timedelta(days=days) if days else None
        key = issue_token(user, scopes=options["scope"], label=options["label"], lifetime=lasting)
        self.stdout.write(key)
