"""Two stories that pick each other, or share a photo, no longer wait for each other at the commit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_articles_keep_their_change_history")]
    operations = [
        migrations.AlterField(
            model_name="pick",
            name="related",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="picked_beside",
                to="articles.article",
            ),
        ),
    ]
