"""Celery tasks of pages: closing of accounts whose reader has asked for it."""

from celery import shared_task
from django.utils import timezone

from pages.account_data import close_due_accounts


@shared_task(name="pages.tasks.close_due_accounts")
def close_accounts() -> None:
    """Close the accounts whose term to take it back is over."""
    close_due_accounts(timezone.now())
