"""Fills nothing: `manage.py reindex_wire --missing` indexes the versions that are there, after the update.

At 3 ms each a large inbox takes an hour, for which a migration would hold one transaction; and it would
miss what workers of the former release file until they are stopped. docs/runbook.md has the steps.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wire", "0014_inbox_words")]
    operations = []
