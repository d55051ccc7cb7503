from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("desk", "0013_add_seo_fields")]

    operations = [
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="drafts_by_due_time"
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                fields=["-changed_at", "-id"],
                condition=Q(trashed_at__isnull=False),
                name="drafts_in_the_trash",
            ),
        ),
    ]
