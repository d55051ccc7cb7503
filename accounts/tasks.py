"""Celery tasks of accounts: e-mails of sign-in alerts, retention."""

from celery import shared_task
from django.utils import timezone

from accounts.actions import delete_outdated_identities
from accounts.authentication.sign_in_alerts import delete_old_alerts, send_due_alert_emails


@shared_task(name="accounts.tasks.mail_sign_in_alerts")
def mail_sign_in_alerts() -> None:
    """Send the e-mails of new sign-in alerts and delete old alerts."""
    send_due_alert_emails()
    delete_old_alerts(timezone.now())


@shared_task(name="accounts.tasks.delete_outdated")
def delete_outdated() -> None:
    """Delete ended restrictions, old changes of nicknames, expired codes and ended consents."""
    delete_outdated_identities(timezone.now())
