"""Items of the moderation queue for comments that are held or reported already."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations
from django.db.models import Count, Q

ROWS_PER_STATEMENT = 500
# As in comments/moderation_rules.py: ten points for a held comment, twenty for one that readers read.
SECONDS_PER_POINT, POINTS_HELD, POINTS_READABLE = 360, 10, 20
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def open_items(apps: Any, schema_editor: Any) -> None:
    comments = apps.get_model("comments", "Comment").objects
    items = apps.get_model("comments", "ModerationItem")
    open_reports = Count("reports", filter=Q(reports__settled_at=None))
    waiting = comments.filter(Q(state="held") | Q(reports__settled_at=None, reports__isnull=False))
    rows = waiting.order_by().annotate(open_reports=open_reports).values_list(
        "pk", "state", "open_reports", "created_at"
    )
    items.objects.bulk_create(
        (
            items(
                comment_id=pk,
                opened_at=at,
                is_held=state == "held",
                is_reported=reports > 0,
                reports=reports,
                urgency=(POINTS_HELD if state == "held" else POINTS_READABLE) * SECONDS_PER_POINT
                - int((at - EPOCH).total_seconds()),
            )
            for pk, state, reports, at in rows.iterator()
        ),
        batch_size=ROWS_PER_STATEMENT,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0013_decision_reasons")]

    operations = [migrations.RunPython(open_items, migrations.RunPython.noop)]
