"""A person may allow a withheld version; a version may be superseded by a later parsing."""

import django.db.models.deletion
from django.db import migrations, models

from wire.triggers import rebuild_wire_triggers, replace_on_postgresql


class Migration(migrations.Migration):

    dependencies = [
        ("wire", "0010_index_inbox_filters"),
    ]

    operations = rebuild_wire_triggers([
        migrations.RunPython(replace_on_postgresql, migrations.RunPython.noop),
        migrations.AddField(
            model_name='story',
            name='overruled_withholding',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wire.version'),
        ),
    ])
