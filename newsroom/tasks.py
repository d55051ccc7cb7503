"""Celery tasks of the project package: housekeeping."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions() -> None:
    """Delete expired sessions, and with them personal data of people who have left."""
    call_command("clearsessions")
