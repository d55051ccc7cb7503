"""Preferences of notifications: by topic, on screen and by e-mail; and the end of all e-mails."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from comments.models import TOPIC_BY_KIND, Notification, NotificationPreferences, Topic

# {"replies": {"screen": True, "mail": False}}
Choices = Mapping[str, Mapping[str, bool]]


def read_preferences(reader: User) -> dict[str, dict[str, Any]]:
    """The choices of a reader for each topic, with its label."""
    row = NotificationPreferences.objects.filter(reader=reader).first()
    row = row or NotificationPreferences(reader=reader)
    return {
        topic.value: {
            "label": topic.label,
            "screen": row.is_on_screen(topic.value),
            "mail": row.is_by_mail(topic.value),
        }
        for topic in Topic
    }


@transaction.atomic
def change_preferences(reader: User, *, choices: Choices) -> dict[str, dict[str, Any]]:
    """Change the choices that are given, others stay. E-mails not wanted any more are not sent."""
    row = lock_preferences(reader)
    columns = {"screen": "on_screen", "mail": "by_mail"}
    for topic, choice in choices.items():
        for name, value in choice.items():
            setattr(row, f"{topic}_{columns[name]}", value)
    row.save()
    cancel_unwanted_emails(row)
    return read_preferences(reader)


@transaction.atomic
def stop_emails(reader: User) -> None:
    """Send no e-mail of notifications to this reader any more. Idempotent."""
    change_preferences(reader, choices={topic.value: {"mail": False} for topic in Topic})


def lock_preferences(reader: User) -> NotificationPreferences:
    """Lock the preferences of a reader, made where there are none."""
    NotificationPreferences.objects.get_or_create(reader=reader)
    return NotificationPreferences.objects.select_for_update().get(reader=reader)


def cancel_unwanted_emails(preferences: NotificationPreferences) -> None:
    """Cancel the e-mails of topics for which the reader wants none."""
    unwanted = [kind for kind, topic in TOPIC_BY_KIND.items() if not preferences.is_by_mail(topic)]
    due = Notification.objects.of(preferences.pk).filter(mail_at__isnull=False, kind__in=unwanted)
    ids = list(due.order_by("pk").select_for_update().values_list("pk", flat=True))
    Notification.objects.filter(pk__in=ids).update(mail_at=None)
