"""`manage.py tell_people`: bring notices up to date and mail them by hand, or from cron."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.models import Notice
from desk.notifications.email_sender import (
    EMAIL_NOT_SENT,
    EMAIL_SENT,
    refresh_notices,
    send_due_emails,
)


class Command(BaseCommand):
    help = (
        "Mail people what they have to know. "
        "Exit status 1 when a letter was not taken, or nobody can be told of something."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        refresh_notices()
        done, lost = send_due_emails(), Notice.objects.without_recipient().count()
        told = f"{done[EMAIL_SENT]} mailed, {done[EMAIL_NOT_SENT]} not mailed, {lost} for nobody"
        if done[EMAIL_NOT_SENT] or lost:
            raise CommandError(told)
        self.stdout.write(told)
