"""Kept tallies, made of the votes that there are."""

import django.db.models.deletion
from django.db import migrations, models

FILL_SQL = """
INSERT INTO polls_tally (poll_id, slot, pro, con)
SELECT poll_id, 0, sum(CASE WHEN side = 'pro' THEN 1 ELSE 0 END), sum(CASE WHEN side = 'con' THEN 1 ELSE 0 END)
FROM polls_vote WHERE state = 'counted' GROUP BY poll_id
"""


class Migration(migrations.Migration):
    dependencies = [("polls", "0003_index_vote_states")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.PositiveSmallIntegerField()),
                ("pro", models.BigIntegerField(default=0)),
                ("con", models.BigIntegerField(default=0)),
                ("poll", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="polls.poll")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("poll", "slot"), name="one_tally_per_poll_and_slot")]},
        ),
        migrations.AddField("poll", "tally_drift", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddIndex("poll", models.Index(fields=["tally_drift"], condition=models.Q(tally_drift__gt=0), name="polls_with_drift")),
        migrations.RunSQL(FILL_SQL, migrations.RunSQL.noop),
    ]
