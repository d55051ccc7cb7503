"""The reading of a delivery that several transactions file: one that is interrupted is finished later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wire", "0014_inbox_words")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="unfinished_reading",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
    ]
