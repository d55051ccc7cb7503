"""The permit of a legal erasure to redact `details`, and the triggers anew, which look for it."""

from django.db import migrations, models

from audit.triggers import permit_redactions, refuse_redactions


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="RedactionPermit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=60)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["kind", "subject"], name="permits_of_a_thing")],
            },
        ),
        migrations.RunPython(permit_redactions, refuse_redactions),
    ]
