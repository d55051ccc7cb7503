"""`manage.py reset_second_factor EMAIL`: remove lost second factors, where no chief can do it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.authentication.second_factor import reset_second_factor
from accounts.models import User
from newsroom.errors import Refused


class Command(BaseCommand):
    help = "Remove all second factors of an account, and end its sessions and tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.holding_email(options["email"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['email']}.")
        try:
            reset_second_factor(user, by=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{user.email} signs in with the password alone until a new one is set up."
        )
