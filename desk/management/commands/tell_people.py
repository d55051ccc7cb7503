"""`manage.py tell_people`: bring notices up to date and send their e-mails, by hand or from cron."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.models import Notice
from desk.notifications import refresh_notices
from desk.notifications.email_sender import EMAIL_NOT_SENT, EMAIL_SENT, send_due_emails


class Command(BaseCommand):
    help = (
        "Send the notification e-mails that are due. "
        "Exit status 1 when one was not accepted, or a notification has no recipient."
    )
    # For cron: the system checks would take three times as long as the rest, each time.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        refresh_notices()
        counts, lost = send_due_emails(), Notice.objects.without_recipient().count()
        summary = (
            f"{counts[EMAIL_SENT]} mailed, {counts[EMAIL_NOT_SENT]} not mailed, {lost} for nobody"
        )
        if counts[EMAIL_NOT_SENT] or lost:
            raise CommandError(summary)
        self.stdout.write(summary)
