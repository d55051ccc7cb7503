"""Counts the visible comments of readers so far as approved: their first comments are not held again."""

from typing import Any

from django.db import migrations
from django.db.models import Count

ROWS_PER_STATEMENT = 500


def count_former_comments(apps: Any, schema_editor: Any) -> None:
    comments = apps.get_model("comments", "Comment").objects.filter(state="visible")
    commenters = apps.get_model("comments", "Commenter")
    written = comments.exclude(author=None).order_by().values("author").annotate(n=Count("pk"))
    rows = (commenters(reader_id=row["author"], approved=row["n"]) for row in written.iterator())
    commenters.objects.bulk_create(rows, batch_size=ROWS_PER_STATEMENT, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_known_commenters")]

    operations = [migrations.RunPython(count_former_comments, migrations.RunPython.noop)]
