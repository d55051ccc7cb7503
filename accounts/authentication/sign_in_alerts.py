"""Alerts of guessing: the audit line of many failed sign-ins, and the letter about it.

The web process writes the same rows whether there is an account or not, so that its time tells nothing;
the letter is written by a task (accounts.tasks).
"""

import hashlib
import logging
import smtplib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import override

from accounts.models import SignInAlert, User
from audit.actions import record_audit

logger = logging.getLogger(__name__)
FAILURES_PER_ALERT = 10
ALERT_INTERVAL = timedelta(days=1)
ALERT_EMAIL_MAX_AGE = timedelta(days=1)
ALERT_RETENTION = timedelta(days=90)


@transaction.atomic
def raise_sign_in_alert(name: str, *, user: User | None) -> None:
    """Write down that sign-in with this name has failed ten times, at most once a day."""
    digest, now = hashlib.sha256(name.encode()).hexdigest(), timezone.now()
    if SignInAlert.objects.filter(digest=digest, at__gt=now - ALERT_INTERVAL).exists():
        return
    alert = SignInAlert.objects.create(
        digest=digest,
        user=user,
        email=user.email if user else "",
        failures=FAILURES_PER_ALERT,
        at=now,
    )
    record_audit(user or alert, verb="sign_in_failed", by=None, failures=FAILURES_PER_ALERT)


def send_due_alert_emails() -> tuple[int, int]:
    """Write to everybody whose alert has not been mailed; how many letters went out, and how many not."""
    now = timezone.now()
    due = SignInAlert.objects.filter(
        user__isnull=False, mailed_at__isnull=True, at__gt=now - ALERT_EMAIL_MAX_AGE
    )
    sent = failed = 0
    for alert in due.select_related("user").order_by("pk")[:100]:
        if not SignInAlert.objects.filter(pk=alert.pk, mailed_at=None).update(mailed_at=now):
            continue  # another worker has it
        try:
            alert_email(alert).send()
            sent += 1
        except (OSError, smtplib.SMTPException):
            logger.exception("The letter of alert %s was not mailed", alert.pk)
            SignInAlert.objects.filter(pk=alert.pk).update(mailed_at=None)
            failed += 1
    return sent, failed


def delete_old_alerts(now: datetime) -> int:
    """Delete alerts of long ago; their audit lines stay."""
    return SignInAlert.objects.filter(at__lt=now - ALERT_RETENTION).delete()[0]


def alert_email(alert: SignInAlert) -> EmailMessage:
    """The letter that tells somebody of failed sign-ins with their address, in the site's language."""
    with override(settings.LANGUAGE_CODE):
        at = f"{timezone.localtime(alert.at):%Y-%m-%d %H:%M}"
        subject = _now("Failed sign-ins to your account")
        body = _now(
            "By %(at)s somebody had tried %(failures)s times to sign in to your account and failed.\n\n"
            "If that was you, there is nothing to do. If it was not, your account is still yours: further "
            "attempts are slowed down, and you can sign in as usual from where you have signed in before. "
            "Choose a password that you use nowhere else, and a second factor if you work here."
        ) % {"at": at, "failures": alert.failures}
    number = f"<sign-in-alert-{alert.pk}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Message-ID": number, "Auto-Submitted": "auto-generated"}
    words = f"{body}\n\n-- \n{settings.SITE_URL}/account/\n"
    return EmailMessage(subject, words, to=[alert.email], headers=headers)
