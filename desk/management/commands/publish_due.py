"""`manage.py publish_due`: one round of the clock by hand, or from cron."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.tasks import process_due


class Command(BaseCommand):
    help = "Publish everything whose time has come. Exit status 1 when a release failed."

    def handle(self, *args: Any, **options: Any) -> None:
        done = process_due()
        if done.failed:
            raise CommandError(str(done))
        self.stdout.write(str(done))
