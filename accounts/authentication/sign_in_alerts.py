"""Sign-in alerts: audit entry and e-mail after many failed sign-ins.

The web process writes the same rows for known and unknown addresses, so that its time discloses nothing;
a task sends the e-mails (accounts.tasks).
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
from django.utils.translation import gettext, override

from accounts.models import SignInAlert, User
from audit.actions import record_audit

logger = logging.getLogger(__name__)
FAILURES_PER_ALERT = 10
ALERT_INTERVAL = timedelta(days=1)
ALERT_EMAIL_MAX_AGE = timedelta(days=1)
ALERT_RETENTION = timedelta(days=90)


@transaction.atomic
def raise_sign_in_alert(name: str, *, user: User | None) -> None:
    """Record that sign-in with this name has failed FAILURES_PER_ALERT times, once per ALERT_INTERVAL."""
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
    """Send the e-mails of new alerts; returns the numbers of those sent and failed."""
    now = timezone.now()
    due = SignInAlert.objects.filter(
        user__isnull=False, mailed_at__isnull=True, at__gt=now - ALERT_EMAIL_MAX_AGE
    )
    sent = failed = 0
    for alert in due.select_related("user").order_by("pk")[:100]:
        if not SignInAlert.objects.filter(pk=alert.pk, mailed_at=None).update(mailed_at=now):
            continue  # claimed by another worker
        try:
            alert_email(alert).send()
            sent += 1
        except (OSError, smtplib.SMTPException):
            logger.exception("The e-mail of alert %s could not be sent", alert.pk)
            SignInAlert.objects.filter(pk=alert.pk).update(mailed_at=None)
            failed += 1
    return sent, failed


def delete_old_alerts(now: datetime) -> int:
    """Delete alerts older than ALERT_RETENTION; their audit entries stay."""
    return SignInAlert.objects.filter(at__lt=now - ALERT_RETENTION).delete()[0]


def alert_email(alert: SignInAlert) -> EmailMessage:
    """The e-mail about failed sign-ins to an account, in the site's language."""
    with override(settings.LANGUAGE_CODE):
        at = f"{timezone.localtime(alert.at):%Y-%m-%d %H:%M}"
        subject = gettext("Failed sign-ins to your account")
        body = gettext(
            "By %(at)s somebody had tried %(failures)s times to sign in to your account and failed.\n\n"
            "If that was you, there is nothing to do. If it was not, your account is still yours: further "
            "attempts are slowed down, and you can sign in as usual from where you have signed in before. "
            "Choose a password that you use nowhere else, and a second factor if you work here."
        ) % {"at": at, "failures": alert.failures}
    message_id = f"<sign-in-alert-{alert.pk}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    text = f"{body}\n\n-- \n{settings.SITE_URL}/account/\n"
    return EmailMessage(subject, text, to=[alert.email], headers=headers)
