"""The hour of each vote, with the index of the timeline; the version of a poll's decisions."""

from django.db import migrations, models

from newsroom.db.expressions import UtcHour

RULES = [
    ("no_page", "no page was read before it"),
    ("address", "very many votes from one address"),
    ("network", "very many votes from one network"),
    ("burst", "far more votes a minute than before"),
    ("double", "the account has voted itself"),
    ("none", "no rule"),
]


class Migration(migrations.Migration):
    dependencies = [("polls", "0007_previous_decisions")]

    operations = [
        migrations.AddField("vote", "cast_hour", models.GeneratedField(db_persist=True, expression=UtcHour("cast_at"), output_field=models.DateTimeField())),
        migrations.AddIndex("vote", models.Index(fields=["poll", "cast_hour", "rule", "state", "side"], name="votes_by_hour")),
        migrations.AddField("poll", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        migrations.AlterField("votedecision", "rule", models.CharField(blank=True, choices=RULES, max_length=7, verbose_name="rule")),
    ]
