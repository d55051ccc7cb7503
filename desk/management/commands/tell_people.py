"""`manage.py tell_people`: bring notices up to date and mail them by hand, or from cron."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.models import Notice
from desk.notifications.email_sender import MAILED, UNMAILED, carry_all, look_around


class Command(BaseCommand):
    help = (
        "Mail people what they have to know. "
        "Exit status 1 when a letter was not taken, or nobody can be told of something."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        look_around()
        done, lost = carry_all(), Notice.objects.to_nobody().count()
        told = f"{done[MAILED]} mailed, {done[UNMAILED]} not mailed, {lost} for nobody"
        if done[UNMAILED] or lost:
            raise CommandError(told)
        self.stdout.write(told)
