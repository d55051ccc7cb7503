"""How many stories each month has is kept, so that the index of the sitemaps counts none."""

from django.db import migrations, models
from django.db.models import Count, Max
from django.db.models.functions import TruncMonth


def count(apps, schema_editor):
    article, month = (apps.get_model("articles", name) for name in ("Article", "Month"))
    shown = article.objects.filter(told__gt=0).order_by()
    by_month = shown.annotate(month=TruncMonth("first_published_at")).values("month")
    month.objects.bulk_create(
        month(first_day=row["month"].date(), stories=row["n"], changed_at=row["changed"])
        for row in by_month.annotate(n=Count("pk"), changed=Max("published_at"))
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0015_shelves_are_read_newest_first")]

    operations = [
        migrations.CreateModel(
            name="Month",
            fields=[
                ("first_day", models.DateField(primary_key=True, serialize=False)),
                ("stories", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
