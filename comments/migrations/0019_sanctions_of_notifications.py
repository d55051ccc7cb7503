"""Link notifications of sanctions to the sanctions, so that none is notified again."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def link_sanctions(apps: Any, schema_editor: Any) -> None:
    notifications = apps.get_model("comments", "Notification").objects
    same = apps.get_model("accounts", "Sanction").objects.filter(
        user=OuterRef("reader"), until=OuterRef("until")
    )
    linkable = notifications.filter(comment=None, until__isnull=False, sanction=None)
    linkable.update(sanction=Subquery(same.order_by("pk").values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [("comments", "0018_notifications_of_procedures")]
    operations = [migrations.RunPython(link_sanctions, migrations.RunPython.noop)]
